using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands.Drill;

/// <summary>What a drill showed, beside what the planner says of the same people and doctors. Seconds of the drill.</summary>
/// <param name="DifferencePercent">Of the mean wait of those who got a doctor, drill against plan; of all, whoever nobody took counted too: <paramref name="JDifferencePercent"/>.</param>
/// <param name="LatePercent">Of the people, who came more than ten seconds of the drill late: the machine could not keep up.</param>
/// <param name="Kept">So many times faster than the clock on the wall it was while people came and were helped, on average: what the machine bears of <paramref name="Speed"/>.</param>
/// <param name="SeatLate">By so much a seat became free later than the work was done, on average: what of the machine is in the waits.</param>
/// <param name="LevelChanged">Somebody set another surge level while it ran. The plan has that of the beginning: the two are of different days.</param>
/// <param name="Told">The forecast of the wait as production tells it, against these waits.</param>
/// <param name="PlanTold">The same against the waits of the plan.</param>
internal sealed record DrillReport(
    int People, int Doctors, double Speed, double Kept, DrillFigures Drill, DrillFigures Plan, double DifferencePercent, double JDifferencePercent, double LatePercent, double SeatLate, bool LevelChanged, Hits Told, Hits PlanTold, ImmutableArray<DrillLine> ByUrgency);

/// <param name="Taken">People whom a doctor took.</param>
/// <param name="J">Weighted seconds until a doctor came, per person; whoever nobody took waited until they left, and that is counted as the rules of the day say.</param>
internal sealed record DrillFigures(double Mean, double P50, double P95, double GaveUpPercent, int Taken, double J);

/// <param name="Second">Of the drill; 0 while doctors are being hired.</param>
/// <param name="Ended">Helped, promised a date, or gone.</param>
/// <param name="Kept">Times faster than the clock on the wall, so far.</param>
internal sealed record DrillProgress(double Second, int Hired, int Came, int Ended, double Kept);

internal sealed record DrillLine(int Urgency, int People, double DrillMean, double PlanMean);

/// <content>What came of it, beside the plan.</content>
internal sealed partial class DrillRun
{
    /// <summary>The first with everybody at the moment at which they were in the queue, each other with everybody up to <see cref="Shift"/> seconds later.</summary>
    private const int Plays = 16;
    private const int Shift = 3;

    /// <summary>Waits as the product recorded them, from the place in the queue to the first doctor; and the plan of the same people as the product judged them, the mean of <see cref="Plays"/>.</summary>
    public async Task<DrillReport> Report(IDbContextFactory<Database> databases, DispatchRules rules, ForecastRules told, int level, CancellationToken ct)
    {
        var began = clock.BeganAt.Ms();
        await using var database = await databases.CreateDbContextAsync(ct);
        var changed = await database.Set<SurgeRow>().AsNoTracking().AnyAsync(s => s.At >= began && s.Level != level, ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(h => h.ArrivedAt != null).ToListAsync(ct);
        var played = heads.Select(h => (Head: h, Number: personOf.GetValueOrDefault(new ConsultationId(h.Id).ToString(), -1))).Where(x => x.Number >= 0).ToList();
        var judged = day.People.ToArray();
        foreach (var (head, number) in played)
        {
            // At the moment at which they were in the queue: how long the machine took to let them in is no wait for a doctor.
            judged[number] = judged[number] with { At = (int)clock.At((head.ArrivedAt ?? began).Utc()), Urgency = (Urgency)(head.Urgency ?? (int)Urgency.Routine), Need = head.Need };
        }

        // Who happens to be next hangs on seconds, and moves the figures of so few people by some per cent: the plan is what comes of it on average.
        var plans = Enumerable.Range(0, Plays).Select(play => DayRun.Play(day with { People = [.. played.Select(x => judged[x.Number]).Select((p, n) => p with { At = p.At + Later(play, n) }).OrderBy(p => p.At)] }, rules, level)).ToList();
        var plan = plans[0];
        List<Queued> planned = [.. plans.SelectMany(p => p.People.Zip(p.Day.People, (made, who) => new Queued((int)who.Urgency, (made.FirstAt ?? made.EndedAt) - who.At, made.FirstAt is null ? made.End : DayEnd.Served)))];
        var drilled = played.ConvertAll(x => Queued.Of(x.Head, clock));
        var (drill, said) = (Of(drilled), Of(planned) is var all ? all with { Taken = (int)Math.Round((double)all.Taken / Plays) } : all);
        return new DrillReport(
            played.Count, day.Shifts.Length, speed, Math.Round(kept, 1), drill, said, Against(drill.Mean, said.Mean), Against(drill.J, said.J), Math.Round(100d * late / Math.Max(1, played.Count), 1), Math.Round(clock.Late, 1), changed,
            Told(played.Select(x => Stood.Of(x.Head)), told),
            Told(plan.People.Select((made, n) => Stood.Of(made, plan.Day.People[n], n)), told),
            [.. drilled.GroupBy(d => d.Urgency).OrderBy(g => g.Key).Select(g => new DrillLine(g.Key, g.Count(), Of([.. g]).Mean, Of([.. planned.Where(p => p.Urgency == g.Key)]).Mean))]);
    }

    /// <summary>Seconds, mixed so that no two plays shift people alike, and the same in each report.</summary>
    private static int Later(int play, int person)
    {
        var mixed = unchecked(((uint)(person + 1) * 2_654_435_761u) ^ ((uint)play * 2_246_822_519u));
        return play == 0 ? 0 : (int)(unchecked((mixed ^ (mixed >> 15)) * 2_654_435_761u) >> 16) % (Shift + 1);
    }

    private static double Against(double drill, double plan) => plan == 0 ? 0 : Math.Round(100 * (drill - plan) / plan, 1);

    /// <summary>The forecast of production, told to everybody who came, in the order in which things happened.</summary>
    private static Hits Told(IEnumerable<Stood> people, ForecastRules rules)
    {
        var forecast = new Forecast(rules);
        var steps = people.SelectMany(p => new (long At, int Kind, Stood Who)[] { (p.Came, 0, p), p.Taken is { } taken ? (taken, 1, p) : (p.Left, 2, p) });
        foreach (var (at, kind, who) in steps.OrderBy(s => s.At).ThenBy(s => s.Kind).ThenBy(s => s.Who.Id))
        {
            if (kind == 0)
            {
                forecast.Joined(who.Id, who.Urgency, who.Need, who.Channel, at);
            }
            else if (kind == 1)
            {
                forecast.Started(who.Id, at);
            }
            else
            {
                forecast.Left(who.Id, at);
            }
        }

        return forecast.Hits.All;
    }

    private DrillFigures Of(List<Queued> people)
    {
        var waits = people.Where(p => p.End == DayEnd.Served).Select(p => p.Seconds).Order().ToList();
        var weight = people.Sum(p => (double)day.Rules.Weight((Urgency)p.Urgency));
        var j = weight == 0 ? 0 : people.Sum(p => day.Rules.Weight((Urgency)p.Urgency) * (p.Seconds + DayFigures.Costs(p.End, day.Rules))) / weight;
        return new DrillFigures(
            waits.Count == 0 ? 0 : Math.Round(waits.Average(), 1), At(50), At(95), people.Count == 0 ? 0 : Math.Round(100d * (people.Count - waits.Count) / people.Count, 1), waits.Count, Math.Round(j, 1));

        double At(int percent) => waits.Count == 0 ? 0 : Math.Round(waits[Math.Max(0, (((waits.Count * percent) + 99) / 100) - 1)], 1);
    }

    /// <summary>When they took a date instead of waiting, which in a drill is when it was offered: from then on they do not wait, whenever the answer comes.</summary>
    private static long? Dated(Head head) => head.Promise is null ? null : head.OfferedAt;

    /// <summary>Somebody in the queue, in milliseconds of the day: when they came, and when a doctor took them or they left.</summary>
    private sealed record Stood(Guid Id, Urgency Urgency, string Need, string Channel, long Came, long? Taken, long Left)
    {
        public static Stood Of(Head h) => new(h.Id, (Urgency)(h.Urgency ?? (int)Urgency.Routine), h.Need, h.Channel, h.ArrivedAt ?? 0, Dated(h) is null ? h.FirstAssignedAt : null, Dated(h) ?? h.ChangedAt);

        public static Stood Of(DayOf made, Coming who, int number) => new(new Guid(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), who.Urgency, who.Need, who.Channel, who.At * 1000L, made.FirstAt * 1000L, made.EndedAt * 1000L);
    }

    /// <param name="Seconds">Of the drill, until a doctor took them or they were not waiting any more.</param>
    /// <param name="End">Served: a doctor took them, whatever came of it.</param>
    private sealed record Queued(int Urgency, double Seconds, DayEnd End)
    {
        public static Queued Of(Head head, DrillClock clock) => new(
            head.Urgency ?? (int)Rules.Triage.Urgency.Routine,
            clock.At((Dated(head) ?? head.FirstAssignedAt ?? head.ChangedAt).Utc()) - clock.At((head.ArrivedAt ?? 0).Utc()),
            Dated(head) is not null ? DayEnd.Offered : head.FirstAssignedAt is not null ? DayEnd.Served : DayEnd.GaveUp);
    }
}
