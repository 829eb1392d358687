using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>When a dated answer is promised for, and when it goes to a clinician so that it can be kept. Times in UTC milliseconds.</summary>
public static class Promises
{
    private const long Thousand = 1000;

    /// <summary>
    /// Both times that are offered: after the promises that lie open, at the rate at which people of urgency 4 and 5 are taken now, for those whose promise is due
    /// go before whoever of these has just come. Nobody is told a time that cannot be kept.
    /// </summary>
    /// <param name="open">Promises that are still to be kept.</param>
    /// <param name="seats">Of clinicians on duty.</param>
    /// <param name="taken">People of urgency 4 and 5 within the window of the offers: <see cref="Flow.BegunFrom"/>.</param>
    /// <param name="from">Since when somebody is there who may answer: <see cref="From"/>.</param>
    public static (long Written, long CallBack) By(Urgency urgency, int open, int seats, int taken, PromiseRules rules, DispatchRules dispatch, long now, long from)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(dispatch);
        var each = taken >= dispatch.Offers.TooFew ? dispatch.Offers.WindowMs * Thousand / taken : dispatch.TypicalMs * Thousand * Thousand / (Math.Max(1, seats) * rules.Seats);
        var before = open * each / Thousand * rules.Longer / Thousand;
        return (At(rules.WrittenMs), At(rules.CallBackMs));

        long At(ImmutableArray<long> soonest) => Round(Math.Min(from + soonest[(int)urgency - 1] + before, now + rules.MostMs), rules);
    }

    /// <summary>
    /// When somebody is there who may answer this person: now, or when the first comes by the roster. Null: nobody does in time for any date, and none is offered, for
    /// it could not be kept. Where there is no roster nothing is known of the hours to come, and they are taken to be as now.
    /// </summary>
    /// <param name="there">Now, and on the roster of the time within which dates lie.</param>
    public static long? From(Waiting who, IReadOnlyCollection<Presence> there, PromiseRules rules, DispatchRules dispatch, long now)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(there);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(dispatch);
        return there.All(p => p.IsHere) ? now
            : there.Where(p => p.To - p.From > dispatch.Finish(who.Urgency) && Fit.Of(who, p.Like) == Filter.None).Min(p => (long?)p.From) is { } from
                && from + rules.WrittenMs[(int)who.Urgency - 1] <= now + rules.MostMs ? Math.Max(now, from)
            : null;
    }

    /// <summary>
    /// Whether somebody with a promise is in the pool now: a written answer so long before it is due, or sooner while nobody waits; a call-back about the time that was said.
    /// </summary>
    /// <param name="anybodyWaits">Whom somebody on duty may take: <see cref="Pool.AnybodyWaits"/>.</param>
    public static bool Joins(bool isCallBack, long by, bool anybodyWaits, PromiseRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return (!isCallBack && !anybodyWaits) || by <= DueBefore(isCallBack, rules, now);
    }

    /// <summary>Whoever has a date up to this moment is in the pool, also while others wait.</summary>
    public static long DueBefore(bool isCallBack, PromiseRules rules, long now) => now + Lead(isCallBack, rules);

    /// <summary>When they are in the pool also while others wait.</summary>
    public static long JoinsAt(bool isCallBack, long by, PromiseRules rules) => by - Lead(isCallBack, rules);

    /// <summary>
    /// Somebody with a promise among those who wait: in the order of what is due, a wait by its target and a promise by its time. Whoever has a date does not
    /// wait, and is never put before the urgent: overdue, they are lifted as far as urgency 4.
    /// </summary>
    /// <param name="by">When the answer is promised for.</param>
    public static Waiting InPool(Waiting who, long by, DispatchRules dispatch)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(dispatch);
        return who with { ArrivedAt = by - dispatch.Target(who.Urgency), LiftsTo = Urgency.Routine };
    }

    /// <summary>
    /// Somebody in the line again, from a date or a day after advice: among those as urgent the place is that of the arrival, but the hours between were no wait and
    /// lift nobody, or they would stand before people who are more urgent. What lifts is the wait since.
    /// </summary>
    /// <param name="waitsFrom">Since when they wait, or are with clinicians, without such hours; null: since the arrival.</param>
    public static Waiting Since(Waiting who, long? waitsFrom, DispatchRules dispatch, long now)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(dispatch);
        return waitsFrom > who.ArrivedAt && now - waitsFrom <= dispatch.Target(who.Urgency) ? who with { LiftsTo = Urgency.Question } : who;
    }

    /// <summary>A health adviser as the pool sees them: the needs and urgencies that the policy allows, of the campaigns that stand at the level; null where none does.</summary>
    public static OnDuty? AsAdviser(OnDuty who, SurgeLevels levels, AdviserRules rules)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(rules);
        return levels.Highest < rules.Level ? null : who with { Skills = [.. who.Skills.Intersect(rules.Needs)], MostUrgent = rules.From, Reach = levels.Reach(rules.Level) };
    }

    /// <summary>The same for one who is rostered: whoever counts on the hours to come counts on no adviser for a patient.</summary>
    public static Rostered? AsAdviser(Rostered shift, SurgeLevels levels, AdviserRules rules)
    {
        ArgumentNullException.ThrowIfNull(shift);
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(rules);
        return levels.Highest < rules.Level ? null : shift with { Skills = [.. shift.Skills.Intersect(rules.Needs)], MostUrgent = rules.From, Reach = levels.Reach(rules.Level) };
    }

    private static long Lead(bool isCallBack, PromiseRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return isCallBack ? rules.CallBackLeadMs : rules.LeadMs;
    }

    private static long Round(long at, PromiseRules rules) => (at + rules.RoundMs - 1) / rules.RoundMs * rules.RoundMs;
}

/// <summary>How promises were kept, counted.</summary>
/// <param name="Offered">People to whom a dated answer was offered.</param>
/// <param name="Open">Not yet due and not yet kept.</param>
/// <param name="Missed">Due, and still nobody has answered.</param>
/// <param name="GaveUp">The person ended it before it was kept.</param>
public sealed record PromisesKept(int Offered, int Open, int InTime, int Late, int Missed, int GaveUp)
{
    public int Promised => Open + InTime + Late + Missed + GaveUp;

    /// <summary>Of a day that was played with one in so many.</summary>
    public PromisesKept Times(int many) => new(Offered * many, Open * many, InTime * many, Late * many, Missed * many, GaveUp * many);
}
