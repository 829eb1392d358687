using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>When a dated answer is promised for, and when it goes to a clinician so that it can be kept. Times in UTC milliseconds.</summary>
public static class Promises
{
    /// <summary>Both times that are offered. The more promises lie open for each seat, the later: nobody is told a time that cannot be kept.</summary>
    /// <param name="open">Promises that are still to be kept.</param>
    /// <param name="seats">Of clinicians on duty.</param>
    public static (long Written, long CallBack) By(Urgency urgency, int open, int seats, PromiseRules rules, DispatchRules dispatch, long now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(dispatch);
        var before = open * dispatch.TypicalMs / Math.Max(1, seats);
        return (Round(now + rules.WrittenMs[(int)urgency - 1] + before, rules), Round(now + rules.CallBackMs[(int)urgency - 1] + before, rules));
    }

    /// <summary>
    /// Whether somebody with a promise is in the pool now: a written answer so long before it is due, or sooner while nobody waits; a call-back about the time that was said.
    /// </summary>
    public static bool Joins(bool isCallBack, long by, bool anybodyWaits, PromiseRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return isCallBack ? now >= by - rules.CallBackLeadMs : !anybodyWaits || now >= by - rules.LeadMs;
    }

    /// <summary>A health adviser as the pool sees them: the needs and urgencies that the policy allows, of the campaigns that stand at the level; null where none does.</summary>
    public static OnDuty? AsAdviser(OnDuty who, SurgeLevels levels, AdviserRules rules)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(rules);
        return levels.Highest < rules.Level ? null : who with { Skills = [.. who.Skills.Intersect(rules.Needs)], MostUrgent = rules.From, Reach = levels.Reach(rules.Level) };
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
}
