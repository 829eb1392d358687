using System.Collections.Concurrent;
using System.Net;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Commands.Replay;
using Yizhen.Web.Consultations;

namespace Yizhen.Web.Commands.Drill;

/// <summary>Virtual people and doctors of a day, each at the public HTTP interface with a network of their own.</summary>
internal sealed partial class DrillRun(Uri server, string secret, string campaign, PlannedDay day, double speed, DrillClock clock) : IDisposable
{
    private const int LateSeconds = 10;
    private const int LookAgain = 30;
    private const int HiredAtOnce = 4;

    private readonly ConcurrentDictionary<string, int> work = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> personOf = new(StringComparer.Ordinal);
    private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 10_000, AutomaticDecompression = DecompressionMethods.All, UseCookies = false })
    {
        BaseAddress = server,
        Timeout = TimeSpan.FromSeconds(100),
    };

    private int late;
    private int hired;
    private int came;
    private int ended;
    private bool going;
    private double kept;

    public void Dispose() => client.Dispose();

    /// <summary>How far it is, without a look at the instance.</summary>
    public DrillProgress Progress => new(going ? clock.Now : 0, hired, came, ended, going ? clock.Kept : speed);

    public async Task Play(CancellationToken ct)
    {
        var doctors = day.Shifts.Select((shift, n) => new DrillDoctor(Network(n, 1), shift, n, day.Rules, work, clock)).ToList();
        await Parallel.ForEachAsync(doctors, new ParallelOptions { MaxDegreeOfParallelism = HiredAtOnce, CancellationToken = ct }, async (doctor, stop) =>
        {
            await doctor.Join(stop);
            Interlocked.Increment(ref hired);
        });

        // The day begins when everybody is hired, and those of the first hour are on duty.
        await Parallel.ForEachAsync(doctors, new ParallelOptions { MaxDegreeOfParallelism = HiredAtOnce, CancellationToken = ct }, async (doctor, stop) => await doctor.BeOnTime(stop));
        clock.Begin();
        going = true;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var desks = doctors.ConvertAll(d => d.Serve(over.Token));
        var people = Task.WhenAll(day.People.Select((person, n) => Come(person, n, ct)));
        for (var working = desks.ToList(); !people.IsCompleted;)
        {
            // A doctor whose program broke would be waited for in vain.
            var done = await Task.WhenAny(working.Append(people));
            await done;
            working.Remove(done);
        }

        await people;
        kept = clock.Kept;
        await over.CancelAsync();
        await Task.WhenAll(desks);
        clock.End();
    }

    private Door Network(int n, int kind) => new(client, $"10.{kind + (n / 62_500)}.{n / 250 % 250}.{n % 250}", secret);

    private async Task Come(Coming person, int number, CancellationToken ct)
    {
        await clock.Until(person.At, ct);
        Interlocked.Increment(ref came);
        await Stay(person, number, ct);
        Interlocked.Increment(ref ended);
    }

    private async Task Stay(Coming person, int number, CancellationToken ct)
    {
        var door = Network(number, 10);
        var started = await door.Post<Started>($"/api/v1/campaigns/{(person.Campaign.Length > 0 ? person.Campaign : campaign)}/start", new { entrance = "link" }, ct);
        door.Token = started.Token;
        var consultation = $"/api/v1/consultations/{started.Consultation}";
        var consent = new Consent(started.ConsentVersion, AdviceOnly: true, ShareWithClinician: true, Keep: true, FollowUp: false, Statistics: false, Guardian: false);
        await door.Post<ConsultationView>($"{consultation}/opening", new OpeningBody(Relation.Self, consent, DrillDay.Lang(person), null), ct);
        await door.Put<ConsultationView>($"{consultation}/place", new PlaceBody(DrillDay.Place(person), null), ct);
        await door.Put<ConsultationView>($"{consultation}/story", new StoryBody(DrillDay.Story(person), 5), ct);
        var answers = DrillDay.Answered(person);
        if (answers.Count > 0)
        {
            await door.Put<object>($"{consultation}/answers", new AnswersBody(answers, null), ct);
        }

        work[started.Consultation] = person.WorkSeconds;
        personOf[started.Consultation] = number;
        await door.Post<ConsultationView>($"{consultation}/triage", null, ct);
        await door.Post<object>($"{consultation}/contact/recovery", null, ct);
        var joined = clock.Now;
        await door.Post<Stored>($"{consultation}/queue", null, ct);
        Interlocked.Add(ref late, clock.Now - person.At > LateSeconds ? 1 : 0);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var leaves = joined + person.PatienceSeconds;
        var leaving = Leave(() => Volatile.Read(ref leaves), patience, over.Token);
        try
        {
            var had = false;
            await foreach (var (kind, view) in door.Follow<ConsultationView>($"{consultation}/events", patience.Token))
            {
                if (kind == "version" && (view.Bucket == Bucket.Served.Code() || view.Bucket == Bucket.Promised.Code()))
                {
                    return;
                }

                if (kind == "version" && view.Bucket == Bucket.Waiting.Code() && view.Offer is not null)
                {
                    // As on the bench: a date that is offered is taken.
                    await door.Tell($"{consultation}/offer", new OfferBody(Promising.WrittenAnswer), ct);
                }

                if (kind == "version" && had != (view.Bucket == Bucket.InConsultation.Code()))
                {
                    // Whoever has a doctor does not leave; after a hand-over the wait begins anew.
                    had = !had;
                    Volatile.Write(ref leaves, had ? double.MaxValue : clock.Now + person.PatienceSeconds);
                }
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await door.Tell($"{consultation}/close", null, ct);
        }
        finally
        {
            await over.CancelAsync();
            await leaving;
        }
    }

    /// <summary>When the time has come, as the clock of the drill has it; it is looked at again, because that clock changes its pace and the time may be put off.</summary>
    private async Task Leave(Func<double> at, CancellationTokenSource patience, CancellationToken over)
    {
        try
        {
            while (at() > clock.Now)
            {
                await clock.Until(Math.Min(at(), clock.Now + LookAgain), over);
            }

            await patience.CancelAsync();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
    }
}
