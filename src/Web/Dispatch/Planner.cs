using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>What an operator asks about the hours to come.</summary>
/// <param name="Hours">How far it looks.</param>
/// <param name="Stay">For how many hours those who are on duty now stay.</param>
/// <param name="Roster">Who is to come, as doctors.csv; times of the clock.</param>
/// <param name="LentRoster">A hospital that joins, the same way, and whom it brings.</param>
internal sealed record PlanQuestion(
    int Hours, int Stay, int Level, int ToLevel, ImmutableArray<MoreDoctors> More, ImmutableArray<Training> Trained, string Roster, string LentRoster, int BroughtPerHour);

/// <param name="Lately">People who came in the hours that it looks back.</param>
/// <param name="FirstHour">Clock hour in which the day begins.</param>
internal sealed record LivePlan(PlanAnswer Answer, int Lately, int Waiting, int OnDuty, int ToCome, int FirstHour, DateTimeOffset From, double Seconds);

/// <summary>Plays the hours to come from what the pool knows now: heads of the last hours, who waits, who is on duty. Reads, and writes nothing.</summary>
internal sealed class Planner(IDbContextFactory<Database> databases, WhoComes comes, Aids aids, Surges surges, Strains strains, DispatchRules dispatch, SurgeRules surge, PlanRules rules, Deployment deployment, TimeProvider clock) : IDisposable
{
    private const int Second = 1000;
    private const int Hour = 3600;
    private const int Day = 24 * Hour;
    private const ulong Seed = 20200126;

    /// <summary>One at a time: a planner that is pressed often must not take the machine from those who wait.</summary>
    private readonly SemaphoreSlim turn = new(1, 1);

    public int Hours => rules.AheadHours;

    public int LookBack => rules.LookBackHours;

    public void Dispose() => turn.Dispose();

    public async Task<LivePlan> Answer(PlanQuestion asked, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var local = TimeZoneInfo.ConvertTime(now, deployment.Zone);
        // The day that is played begins at the full hour, so that hours on the page are hours of the clock.
        var past = (local.Minute * 60) + local.Second;
        var midnight = -(local.Hour * Hour);
        // Whoever is on duty without a shift on the roster is taken to stay as long as was asked.
        var levels = await surges.LevelsAt(ct);
        // Health advisers too, if either level lets them take anybody: the day knows from which on.
        var there = await comes.Ahead(now, levels(Math.Max(asked.Level, asked.ToLevel)), TimeSpan.FromHours(asked.Hours), TimeSpan.FromHours(asked.Stay), ct);
        var onDuty = there.Where(p => p.IsHere).Select(p => p.Like).ToList();
        var placeOf = onDuty.Select((d, n) => (d.Clinician, n)).ToDictionary(x => x.Clinician, x => x.n);
        var strain = await strains.Now(now, ct);
        var shifts = there.OrderByDescending(p => p.IsHere).SelectMany(p => Enumerable.Range(0, p.People).Select(_ => new Shift(
            p.Like.Name, p.Like.Skills, p.Like.Langs, p.Like.Licence, p.Like.Channels, past + Seconds(p.From - now.Ms()), past + Seconds(p.To - now.Ms()), p.Like.Seats, rules.BusyMinutes * 60, p.Like.Slowdown, p.Like.Organisation, p.IsHere ? Seconds(strain.GetValueOrDefault(p.Like.Clinician, Strain.None).ContinuousMs) : 0)
        {
            MostUrgent = p.Like.MostUrgent, Reach = p.Like.Reach, FromLevel = p.Like.MostUrgent > Urgency.Emergency ? surge.Advisers.Level : 0,
        })).ToList();
        shifts.AddRange(Moved(new DayText().Shifts(asked.Roster), midnight));
        var (lately, waiting, promised) = await Heads(now, placeOf, ct);
        // Of those who are open as many as are lent are somebody else's; whose does not matter.
        var running = onDuty.SelectMany((d, n) => Enumerable.Range(0, d.Taken).Select(open => new Running(n, past + rules.WorkSeconds, d.InCall, open < d.Lent ? Guid.Empty : d.Organisation))).ToImmutableArray();
        var aid = await aids.Day(now.AddSeconds(-past), ct);
        var lent = Moved(new DayText().Shifts(asked.LentRoster), midnight).ToImmutableArray();
        var change = new WhatIf(
            asked.ToLevel, [.. asked.More.Select(m => Ahead(m, midnight))], asked.Trained, lent,
            Demand.Brought(lately, asked.BroughtPerHour, rules, asked.Hours, Seed + 1));
        await turn.WaitAsync(ct);
        try
        {
            var began = clock.GetTimestamp();
            var answer = await Task.Run(
                () => Plan.Answer(Demand.Day(lately, waiting, [.. shifts], running, rules, local.Hour, now.Ms(), past, asked.Hours, Seed) with { Aid = aid, Levels = levels, Promised = Demand.Promised(promised, rules, now.AddSeconds(-past).Ms(), Seed + 2), Rules = rules.Day with { Fatigue = strains.Rule, Promise = surge.Promise } }, dispatch, asked.Level, change, rules.MostPeople), ct);
            return new LivePlan(answer, lately.Count, waiting.Count, onDuty.Count, shifts.Count - onDuty.Count, local.Hour, now, clock.GetElapsedTime(began).TotalSeconds);
        }
        finally
        {
            turn.Release();
        }
    }

    private static int Seconds(long ms) => (int)(ms / Second);

    /// <summary>Hours of the clock that are over today are meant for tomorrow; an end before the beginning is after midnight.</summary>
    private static MoreDoctors Ahead(MoreDoctors more, int midnight)
    {
        var (from, to) = (more.From + midnight, (more.To <= more.From ? more.To + Day : more.To) + midnight);
        return to <= 0 ? more with { From = from + Day, To = to + Day } : more with { From = from, To = to };
    }

    private static IEnumerable<Shift> Moved(IEnumerable<Shift> shifts, int midnight) =>
        shifts.Select(s => s with { From = s.From + midnight, To = s.To + midnight }).Select(s => s.To <= 0 ? s with { From = s.From + Day, To = s.To + Day } : s);

    private async Task<(List<CameLately> Lately, List<CameLately> Waiting, List<(CameLately, long, bool)> Promised)> Heads(DateTimeOffset now, Dictionary<Guid, int> placeOf, CancellationToken ct)
    {
        var since = now.Ms() - ((long)rules.LookBackHours * Hour * Second);
        var (waits, promised) = (Bucket.Waiting.Code(), Bucket.Promised.Code());
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(h => h.QueuedAt != null && (h.ArrivedAt > since || h.Bucket == waits || h.Bucket == promised)).OrderBy(h => h.ArrivedAt).ThenBy(h => h.OpenedAt).ToListAsync(ct);
        var seen = heads.Select((h, order) => (Head: h, CameLately: Of(h, order, placeOf))).ToList();
        return (
            [.. seen.Where(s => s.CameLately.Who.ArrivedAt > since).Select(s => s.CameLately)],
            [.. seen.Where(s => s.Head.Bucket == waits).Select(s => s.CameLately)],
            [.. seen.Where(s => s.Head.Bucket == promised).Select(s => (s.CameLately, s.Head.PromisedBy ?? now.Ms(), s.Head.Promise == Promising.CallBack))]);
    }

    private static CameLately Of(Head head, int order, Dictionary<Guid, int> placeOf)
    {
        var who = head.Asks(order);
        return new CameLately(who, who.Area ?? "", who.OwnClinician is { } own && placeOf.TryGetValue(own, out var place) ? place : null);
    }
}
