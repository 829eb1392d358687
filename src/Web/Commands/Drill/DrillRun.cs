using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Commands.Replay;
using Yizhen.Web.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands.Drill;

/// <summary>What a drill showed, beside what the planner says of the same people and doctors. Seconds of the drill.</summary>
/// <param name="DifferencePercent">Of the mean wait, drill against plan.</param>
/// <param name="LatePercent">Of the people, who came more than ten seconds of the drill late: the machine could not keep up.</param>
internal sealed record DrillReport(
    int People, int Doctors, double Speed, DrillFigures Drill, DrillFigures Plan, double DifferencePercent, double LatePercent, ImmutableArray<DrillLine> ByUrgency);

internal sealed record DrillFigures(double Mean, double P50, double P95, double GaveUpPercent);

internal sealed record DrillLine(int Urgency, int People, double DrillMean, double PlanMean);

/// <summary>Virtual people and doctors of a day, each at the public HTTP interface with a network of their own.</summary>
internal sealed class DrillRun(Uri server, string secret, string campaign, PlannedDay day, double speed, TimeProvider time) : IDisposable
{
    private const int LateSeconds = 10;

    private readonly ConcurrentDictionary<string, int> work = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> personOf = new(StringComparer.Ordinal);
    private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 10_000, AutomaticDecompression = DecompressionMethods.All, UseCookies = false })
    {
        BaseAddress = server,
        Timeout = TimeSpan.FromSeconds(100),
    };

    private int late;
    private long began;

    public void Dispose() => client.Dispose();

    public async Task Play(CancellationToken ct)
    {
        var clock = new DrillClock(time, speed);
        var hired = new List<DrillDoctor>();
        for (var n = 0; n < day.Shifts.Length; n++)
        {
            hired.Add(new DrillDoctor(Network(n, 1), day.Shifts[n], n, work, clock));
            await hired[n].Join(ct);
        }

        // The day begins when everybody is hired.
        clock.Begin();
        began = time.GetUtcNow().Ms();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var desks = hired.ConvertAll(d => d.Serve(over.Token));
        await Task.WhenAll(day.People.Select((person, n) => Come(person, n, clock, ct)));
        await over.CancelAsync();
        await Task.WhenAll(desks);
    }

    private Door Network(int n, int kind) => new(client, $"10.{kind + (n / 62_500)}.{n / 250 % 250}.{n % 250}", secret);

    private async Task Come(Coming person, int number, DrillClock clock, CancellationToken ct)
    {
        await clock.Until(person.At, ct);
        var door = Network(number, 10);
        var started = await door.Post<Started>($"/api/v1/campaigns/{campaign}/start", new { entrance = "link" }, ct);
        door.Token = started.Token;
        var consultation = $"/api/v1/consultations/{started.Consultation}";
        var consent = new Consent(started.ConsentVersion, AdviceOnly: true, ShareWithClinician: true, Keep: true, FollowUp: false, Statistics: false, Guardian: false);
        await door.Post<ConsultationView>($"{consultation}/opening", new OpeningBody(Relation.Self, consent, DrillDay.Lang(person), null), ct);
        await door.Put<ConsultationView>($"{consultation}/place", new PlaceBody(DrillDay.Place(person), null), ct);
        await door.Put<ConsultationView>($"{consultation}/story", new StoryBody(DrillDay.Story(person), 5), ct);
        work[started.Consultation] = person.WorkSeconds;
        personOf[started.Consultation] = number;
        await door.Post<ConsultationView>($"{consultation}/triage", null, ct);
        await door.Post<object>($"{consultation}/contact/recovery", null, ct);
        await door.Post<Stored>($"{consultation}/queue", null, ct);
        Interlocked.Add(ref late, clock.Now - person.At > LateSeconds ? 1 : 0);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(clock.Real(person.PatienceSeconds));
        try
        {
            await foreach (var (kind, view) in door.Follow<ConsultationView>($"{consultation}/events", patience.Token))
            {
                if (kind == "version" && view.Bucket == Bucket.Served.Code())
                {
                    return;
                }

                if (kind == "version" && view.Bucket == Bucket.InConsultation.Code())
                {
                    // Whoever has a doctor does not leave any more.
                    patience.CancelAfter(Timeout.InfiniteTimeSpan);
                }
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await door.Post<Stored>($"{consultation}/close", null, ct);
        }
    }

    /// <summary>Waits as the product recorded them, from the place in the queue to the first doctor; and the plan of the same people as the product judged them.</summary>
    public async Task<DrillReport> Report(IDbContextFactory<Database> databases, DispatchRules rules, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(h => h.ArrivedAt != null).ToListAsync(ct);
        var played = heads.Select(h => (Head: h, Number: personOf.GetValueOrDefault(new ConsultationId(h.Id).ToString(), -1))).Where(x => x.Number >= 0).ToList();
        var judged = day.People.ToArray();
        foreach (var (head, number) in played)
        {
            // At the moment at which they were in the queue: how long the machine took to let them in is no wait for a doctor.
            judged[number] = judged[number] with { At = (int)(((head.ArrivedAt ?? began) - began) / 1000d * speed), Urgency = (Urgency)(head.Urgency ?? (int)Urgency.Routine), Need = head.Need };
        }

        var plan = DayRun.Play(day with { People = [.. played.Select(x => judged[x.Number]).OrderBy(p => p.At)] }, rules, 0);
        var planned = plan.People.Zip(plan.Day.People).Select(x => (Urgency: (int)x.Second.Urgency, Wait: x.First.FirstAt is { } at ? at - x.Second.At : (double?)null)).ToList();
        var drilled = played.ConvertAll(x => (Urgency: x.Head.Urgency ?? 4, Wait: x.Head is { FirstAssignedAt: { } at, ArrivedAt: { } came } ? (at - came) / 1000d * speed : (double?)null));
        var (drill, said) = (Of(drilled), Of(planned));
        return new DrillReport(
            played.Count, day.Shifts.Length, speed, drill, said, said.Mean == 0 ? 0 : Math.Round(100 * (drill.Mean - said.Mean) / said.Mean, 1), Math.Round(100d * late / Math.Max(1, played.Count), 1),
            [.. drilled.GroupBy(d => d.Urgency).OrderBy(g => g.Key).Select(g => new DrillLine(g.Key, g.Count(), Of([.. g]).Mean, Of([.. planned.Where(p => p.Urgency == g.Key)]).Mean))]);
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
