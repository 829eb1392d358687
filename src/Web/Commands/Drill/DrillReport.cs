using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands.Drill;

/// <summary>What a drill showed, beside what the planner says of the same people and doctors. Seconds of the drill.</summary>
/// <param name="DifferencePercent">Of the mean wait, drill against plan.</param>
/// <param name="LatePercent">Of the people, who came more than ten seconds of the drill late: the machine could not keep up.</param>
/// <param name="SeatLate">By so much a seat became free later than the work was done, on average: what of the machine is in the waits.</param>
/// <param name="Told">The forecast of the wait as production tells it, against these waits, in the time of the drill.</param>
internal sealed record DrillReport(
    int People, int Doctors, double Speed, DrillFigures Drill, DrillFigures Plan, double DifferencePercent, double LatePercent, double SeatLate, Hits Told, ImmutableArray<DrillLine> ByUrgency);

internal sealed record DrillFigures(double Mean, double P50, double P95, double GaveUpPercent);

/// <param name="Second">Of the drill; 0 while doctors are being hired.</param>
/// <param name="Ended">Helped, promised a date, or gone.</param>
internal sealed record DrillProgress(double Second, int Hired, int Came, int Ended);

internal sealed record DrillLine(int Urgency, int People, double DrillMean, double PlanMean);

/// <content>What came of it, beside the plan.</content>
internal sealed partial class DrillRun
{
    /// <summary>Waits as the product recorded them, from the place in the queue to the first doctor; and the plan of the same people as the product judged them.</summary>
    public async Task<DrillReport> Report(IDbContextFactory<Database> databases, DispatchRules rules, int level, CancellationToken ct)
    {
        var began = clock.BeganAt.Ms();
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(h => h.ArrivedAt != null).ToListAsync(ct);
        var played = heads.Select(h => (Head: h, Number: personOf.GetValueOrDefault(new ConsultationId(h.Id).ToString(), -1))).Where(x => x.Number >= 0).ToList();
        var judged = day.People.ToArray();
        foreach (var (head, number) in played)
        {
            // At the moment at which they were in the queue: how long the machine took to let them in is no wait for a doctor.
            judged[number] = judged[number] with { At = (int)(((head.ArrivedAt ?? began) - began) / 1000d * speed), Urgency = (Urgency)(head.Urgency ?? (int)Urgency.Routine), Need = head.Need };
        }

        var plan = DayRun.Play(day with { People = [.. played.Select(x => judged[x.Number]).OrderBy(p => p.At)] }, rules, level);
        var planned = plan.People.Zip(plan.Day.People).Select(x => (Urgency: (int)x.Second.Urgency, Wait: x.First.FirstAt is { } at ? at - x.Second.At : (double?)null)).ToList();
        var drilled = played.ConvertAll(x => (Urgency: x.Head.Urgency ?? 4, Wait: x.Head is { FirstAssignedAt: { } at, ArrivedAt: { } came } ? (at - came) / 1000d * speed : (double?)null));
        var (drill, said) = (Of(drilled), Of(planned));
        return new DrillReport(
            played.Count, day.Shifts.Length, speed, drill, said, said.Mean == 0 ? 0 : Math.Round(100 * (drill.Mean - said.Mean) / said.Mean, 1), Math.Round(100d * late / Math.Max(1, played.Count), 1), Math.Round(clock.Late, 1),
            Told([.. played.Select(x => x.Head)], began),
            [.. drilled.GroupBy(d => d.Urgency).OrderBy(g => g.Key).Select(g => new DrillLine(g.Key, g.Count(), Of([.. g]).Mean, Of([.. planned.Where(p => p.Urgency == g.Key)]).Mean))]);
    }

    /// <summary>The forecast of production, told to everybody who came, in the order and the time of the drill.</summary>
    private Hits Told(IReadOnlyList<Head> heads, long began)
    {
        var forecast = new Forecast();
        var steps = heads.SelectMany(h => new (long At, int Kind, Head Who)[] { (h.ArrivedAt ?? 0, 0, h), h.FirstAssignedAt is { } taken ? (taken, 1, h) : (h.ChangedAt, 2, h) });
        foreach (var (at, kind, who) in steps.OrderBy(s => s.At).ThenBy(s => s.Kind).ThenBy(s => s.Who.Id))
        {
            var then = began + (long)((at - began) * speed);
            if (kind == 0)
            {
                forecast.Joined(who.Id, (Urgency)(who.Urgency ?? (int)Urgency.Routine), who.Need, who.Channel, then);
            }
            else if (kind == 1)
            {
                forecast.Started(who.Id, then);
            }
            else
            {
                forecast.Left(who.Id, then);
            }
        }

        return forecast.Hits.All;
    }

    private static DrillFigures Of(List<(int Urgency, double? Wait)> people)
    {
        var waits = people.Select(p => p.Wait).OfType<double>().Order().ToList();
        return waits.Count == 0
            ? new DrillFigures(0, 0, 0, people.Count == 0 ? 0 : 100)
            : new DrillFigures(Math.Round(waits.Average(), 1), At(50), At(95), Math.Round(100d * (people.Count - waits.Count) / people.Count, 1));

        double At(int percent) => Math.Round(waits[Math.Max(0, (((waits.Count * percent) + 99) / 100) - 1)], 1);
    }
}
