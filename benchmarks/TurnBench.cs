using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Benchmarks;

/// <summary>
/// <c>./bench turn</c>: what one turn of the live dispatch costs, reading and deciding, while so many wait and every seat is taken: each turn reading everything,
/// as the first of a leader does, and as the loop does it. One in nine is a call. People and clinicians are stored through the product's own log, on SQLite or in
/// the empty database that is named; nothing else runs beside it. <c>--on-duty N</c>: so many clinicians; <c>--pairs</c>: two and two come in the same millisecond;
/// <c>--near</c>: what looking for whose turn is near costs instead, with one person away from the page at the end of the line, and with everybody away, whoever is near told; <c>--place</c>: what telling a place costs.
/// </summary>
internal static class TurnBench
{
    private const int Writers = 32;
    /// <summary>So many that what the loop does includes a reading of everything.</summary>
    private const int Turns = 400;
    private const int Whole = 40;
    /// <summary>Two whose numbers differ by this are as urgent, and with <c>--pairs</c> come in the same millisecond.</summary>
    private const int PairApart = 4;
    private static readonly string[] Needs = ["general", "fever", "chronic", "pediatrics", "psych"];
    private static readonly string[] Places = ["420102", "420106", "420922", "440106", "330106", "110105", "310115", "510104", "610113", "320102"];

    public static async Task<int> RunAsync(string[] told)
    {
        var at = Array.IndexOf(told, "--database");
        var connection = at >= 0 && at + 1 < told.Length ? told[at + 1] : null;
        var (more, pairs) = (Array.IndexOf(told, "--on-duty"), told.Contains("--pairs"));
        int Number(int n) => n >= 0 && n < told.Length && int.TryParse(told[n], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        int[] sizes = [.. Enumerable.Range(0, told.Length).Where(n => more < 0 || n != more + 1).Select(Number).Where(n => n > 0)];
        var folder = Directory.CreateTempSubdirectory("yizhen-bench-turn-").FullName;
        try
        {
            var now = TimeProvider.System.GetUtcNow();
            var deployment = await Deployment.OpenAsync(Place.From(connection is null ? folder : null, connection, null, folder), DeploymentKind.Demo, make: true, "Asia/Shanghai", now, CancellationToken.None);
            // Built, and only what writes is started: its own loop would take turns too.
            await using var site = Site.Build(deployment, "http://127.0.0.1:0");
            _ = site.Services.GetRequiredService<DemoSecret>();
            await site.Services.GetRequiredService<Lanes>().StartAsync(CancellationToken.None);
            await DemoCampaign.Seed(site.Services, now);
            var (house, doctors) = await FullAsync(site, more < 0 ? 0 : Number(more + 1), now);
            var waiting = 0;
            foreach (var size in sizes is [] ? [150, 2_000, 10_000] : sizes.Order().ToArray())
            {
                await JoinAsync(site, house, waiting, size, pairs ? PairApart : 0, now);
                waiting = size;
                foreach (var away in told.Contains("--near") ? new[] { false, true } : [])
                {
                    await NearAsync(site, size, doctors, away);
                }

                if (told.Contains("--place"))
                {
                    await PlaceLook.MeasureAsync(site, size, doctors);
                }

                foreach (var level in told.Contains("--near") || told.Contains("--place") ? [] : new[] { 0, 2 })
                {
                    await MeasureAsync(site, size, doctors, level, everything: true);
                    await MeasureAsync(site, size, doctors, level, everything: false);
                }
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Everybody of the demo, or so many made after them, on duty with one seat, and somebody in it.</summary>
    private static async Task<(Guid House, int Doctors)> FullAsync(WebApplication site, int onDuty, DateTimeOffset now)
    {
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var staff = await database.Set<StaffRow>().AsNoTracking().Where(s => s.Login.StartsWith("doctor")).ToListAsync();
        var made = Enumerable.Range(staff.Count, Math.Max(0, onDuty - staff.Count)).Select(n => Like(staff[n % staff.Count], n)).ToList();
        database.AddRange(made);
        await database.SaveChangesAsync();
        staff.AddRange(made);
        foreach (var (doctor, n) in staff.Select((s, n) => (s, n)))
        {
            database.Add(new DutyRow { Clinician = doctor.Id, Pool = Duties.Pool, State = "on", Seats = 1, Since = now.Ms() + n, LastSignAt = now.AddHours(1).Ms(), LastAssignedAt = now.Ms() });
        }

        await database.SaveChangesAsync();
        await Parallel.ForEachAsync(staff, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (doctor, _) => await WriteAsync(site, 0, doctor.Organisation, now, doctor.Id));
        return (staff[0].Organisation, staff.Count);
    }

    private static StaffRow Like(StaffRow one, int n) => new()
    {
        Id = Guid.CreateVersion7(), Organisation = one.Organisation, Role = one.Role, Login = string.Create(CultureInfo.InvariantCulture, $"bench-{n}"), Name = one.Name, Title = one.Title, Wrapped = one.Wrapped,
        PhoneSealed = one.PhoneSealed, PasswordHash = one.PasswordHash, Skills = one.Skills, Langs = one.Langs, Licence = one.Licence, Channels = one.Channels, Active = true, Failures = 0, CreatedAt = one.CreatedAt,
    };

    private static Task JoinAsync(WebApplication site, Guid house, int from, int to, int apart, DateTimeOffset now) =>
        Parallel.ForEachAsync(Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (n, _) => await WriteAsync(site, n, house, now.AddSeconds(-(n & ~apart)), null));

    private static async Task WriteAsync(WebApplication site, int n, Guid house, DateTimeOffset at, Guid? taken)
    {
        var pin = new ProtocolPin("RESP-CN", "national-v1");
        var words = new Wording("看医生", "See a doctor");
        var (urgency, need) = ((Urgency)(2 + (n % 4)), Needs[n % Needs.Length]);
        Fact[] facts =
        [
            new Opened("wuhan", "link", house, n % 9 == 0 ? "en" : "zh", ServiceMode.LightConsultation, Guid.CreateVersion7(at), Relation.Self, new Consent("2", true, true, true, true, false, false), new(2020, 1, 26), taken is null && n % 9 == 1 ? "phone" : "chat"),
            new PlaceStated(Places[n % Places.Length], null),
            new Triaged(new Outcome(Disposition.D3, urgency, need, [], pin, "R1", [pin], words, words, [words], [words], [words], [], [])),
            new Queued(at, urgency, need, null),
        ];
        var all = taken is { } clinician ? [.. facts, new Assigned(clinician, "林医生", 1, "urgency_then_wait")] : facts;
        var stored = await site.Services.GetRequiredService<ConsultationLog>().Decide(new ConsultationId(Guid.CreateVersion7(at)), "system", at, _ => all.ToImmutableArray());
        _ = stored.Is(out _, out var why) ? true : throw new InvalidOperationException($"Not stored: {why}");
    }

    private static async Task MeasureAsync(WebApplication site, int size, int doctors, int level, bool everything)
    {
        var room = site.Services.GetRequiredService<ReadPool>();
        var rules = site.Services.GetRequiredService<DispatchRules>();
        var (databases, reading) = (site.Services.GetRequiredService<IDbContextFactory<Database>>(), everything ? rules with { Reading = rules.Reading with { AllMs = 0 } } : rules);
        var seen = new HeadsSeen(databases, site.Services.GetRequiredService<LogOrder>(), reading);
        var duty = new DutySeen(databases, site.Services.GetRequiredService<StaffRoster>(), site.Services.GetRequiredService<Shifts>(), reading);
        var turns = everything ? Whole : Turns;
        var (reads, decides) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < turns + 10; turn++)
        {
            var now = TimeProvider.System.GetUtcNow();
            var began = Stopwatch.GetTimestamp();
            await seen.Look(now, CancellationToken.None);
            var pool = await room.At(seen, duty, now, Rules.Dispatch.SurgeLevels.Of(level), _ => false, CancellationToken.None);
            var read = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            var round = pool.Decide(now.Ms(), level);
            if (pool.Size < size || !round.Assignments.IsEmpty)
            {
                throw new InvalidOperationException($"{pool.Size} wait and {round.Assignments.Length} are taken; {size} and nobody were meant.");
            }

            if (turn >= 10)
            {
                reads.Add(read);
                decides.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds - read);
            }
        }

        reads.Sort();
        decides.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{size,6} wait, {doctors} on duty and full, level {level}, {(everything ? "everything anew" : "what has changed")}: reading mean {reads.Average():0.0} ms, p50 {reads[turns / 2]:0.0} ms, p95 {reads[turns * 95 / 100]:0.0} ms; deciding p50 {decides[turns / 2]:0.00} ms, p95 {decides[turns * 95 / 100]:0.00} ms"));
    }

    private static async Task NearAsync(WebApplication site, int size, int doctors, bool everybody)
    {
        var (tell, waits, times) = (site.Services.GetRequiredService<TellTurn>(), Bucket.Waiting.Code(), new List<double>());
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var waiting = database.Set<Head>().Where(h => h.Bucket == waits);
        await waiting.ExecuteUpdateAsync(set => set.SetProperty(h => h.Verified, everybody).SetProperty(h => h.Patient, h => h.Id));
        var told = (everybody ? await waiting.Select(h => h.Id).ToListAsync() : []).Select(id => new OutboxRow { Id = FollowingId.Of(id, "turn_near", 0), At = 0, Kind = "turn_near", Sealed = [], Attempts = 0 });
        var last = await waiting.OrderByDescending(h => h.Urgency).ThenByDescending(h => h.ArrivedAt).Where(h => h.QueuedAt < TimeProvider.System.GetUtcNow().AddMinutes(-3).Ms()).Select(h => h.Id).FirstAsync();
        await waiting.Where(h => h.Id == last).ExecuteUpdateAsync(set => set.SetProperty(h => h.Verified, true));
        var known = await database.Set<OutboxRow>().Select(o => o.Id).ToListAsync();
        database.AddRange(told.ExceptBy(known, o => o.Id));
        await database.SaveChangesAsync();
        for (var look = 0; look < Whole + 5; look++)
        {
            var began = Stopwatch.GetTimestamp();
            await tell.Tell(TimeProvider.System.GetUtcNow(), near: true, CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.RemoveRange(0, 5);
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size,6} wait, {doctors} on duty, {(everybody ? "everybody" : "one")} away: looking for whose turn is near p50 {times[Whole / 2]:0.0} ms, p95 {times[Whole * 95 / 100]:0.0} ms"));
    }
}
