using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>A turn of dispatch reads what has changed since the last. Nobody is missed by it, and whoever it sees too late is never taken wrongly.</summary>
public sealed class HeadsSeenTests
{
    private const int Steps = 120;
    private static readonly byte[] None = [];
    private static readonly ImmutableArray<string> Needs = ["general", "fever", "psych"];
    private static readonly ImmutableArray<string> Ways = ["chat", "chat", "phone", "video"];

    [Theory, OnBothDatabases]
    public async Task Who_came_in_the_same_millisecond_is_taken_in_the_order_of_the_log_and_not_of_ids(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind, TestClock.InJanuary2020());
        var came = new List<string>();
        for (var n = 0; n < 5; n++)
        {
            using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
            came.Add(patient.Id);
        }

        using var doctor = await Caller.DoctorAsync(site, seats: came.Count);
        await doctor.Given(came[^1]);
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var taken = await database.Set<JournalRow>().AsNoTracking().Where(j => j.Kind == "assigned").OrderBy(j => j.Seq).Select(j => j.Consultation).ToListAsync();
        Assert.Equal(came, taken.OfType<Guid>().Select(id => new ConsultationId(id).ToString()));
    }

    [Theory, OnBothDatabases]
    public async Task Kept_from_turn_to_turn_it_is_what_another_leader_reads_anew_whatever_happens_between(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var (log, rules) = (site.Services.GetRequiredService<ConsultationLog>(), site.Services.GetRequiredService<DispatchRules>());
        using var leaves = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        var (kept, contact) = (Seen(site, allMs: long.MaxValue), site.Services.GetRequiredService<LightConsultation>().Contact);
        var (chance, ids, taken) = (new Random(7), new List<ConsultationId>(), 0);
        for (var step = 0; step < Steps; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(50));
            var now = clock.GetUtcNow();
            if (ids.Count < 3 || chance.Next(3) == 0)
            {
                ids.Add(new ConsultationId(Guid.CreateVersion7(now)));
                await log.Decide(ids[^1], "system", now, _ => Queued(chance, now));
            }
            else
            {
                var (who, what) = (ids[chance.Next(ids.Count)], chance.Next(11));
                await log.Decide(who, "system", now, c => Happens(c, what, contact, now));
            }

            if (step == Steps / 2)
            {
                await leaves.Delete<JsonElement>("/api/v1/me");
            }

            await kept.Look(now, CancellationToken.None);
            taken += (await Same(site, kept, rules, clock)).Assignments.Length;
        }

        Assert.InRange(taken, Steps, int.MaxValue);
        Assert.DoesNotContain(kept.Open, h => new ConsultationId(h.Id).ToString() == leaves.Id);
    }

    [Theory, OnBothDatabases]
    public async Task What_became_visible_late_or_was_mended_by_hand_is_seen_when_everything_is_read_again(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var (log, now) = (site.Services.GetRequiredService<ConsultationLog>(), clock.GetUtcNow());
        var (kept, anew) = (Seen(site, allMs: long.MaxValue), Seen(site, allMs: 0));
        await kept.Look(now, CancellationToken.None);
        await anew.Look(now, CancellationToken.None);

        // Within the overlap at the next turn; by a clock that is half a minute behind, or by hand, when all is read again.
        var (soon, late) = (new ConsultationId(Guid.CreateVersion7(now)), new ConsultationId(Guid.CreateVersion7(now)));
        await log.Decide(soon, "system", now.AddSeconds(-1), _ => Queued(new Random(1), now.AddSeconds(-1)));
        await log.Decide(late, "system", now.AddSeconds(-30), _ => Queued(new Random(2), now.AddSeconds(-30)));
        await kept.Look(now, CancellationToken.None);
        await anew.Look(now, CancellationToken.None);
        Assert.Equal([soon.Value], kept.Open.Select(h => h.Id));
        Assert.Equal([.. new[] { soon.Value, late.Value }.Order()], anew.Open.Select(h => h.Id).Order());

        await site.RunAsync("update head set urgency = 2, need = 'psych'");
        await anew.Look(now, CancellationToken.None);
        Assert.All(anew.Open, h => Assert.Equal((2, "psych"), (h.Urgency, h.Need)));
        Assert.InRange(site.Services.GetRequiredService<DispatchRules>().Reading.AllMs, 0, 10_000);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_has_left_is_not_taken_by_a_view_that_is_behind(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var (log, rules) = (site.Services.GetRequiredService<ConsultationLog>(), site.Services.GetRequiredService<DispatchRules>());
        using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        var behind = Seen(site, allMs: long.MaxValue);
        await behind.Look(clock.GetUtcNow(), CancellationToken.None);
        await patient.Post<JsonElement>($"{patient.Consultation}/close", new { });

        var chosen = Assert.Single(Decide(behind, rules, clock.GetUtcNow()).Assignments);
        var stored = await log.Decide(new ConsultationId(chosen.Consultation), "dispatch", clock.GetUtcNow(), c => c.Assign(chosen.Clinician, "林医生", chosen.Why));
        Assert.False(stored.Is(out _, out var why));
        Assert.Equal(Refusal.ConsultationClosed, why);
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'assigned'"));
        Assert.True((await site.LedgerAsync()).Holds);
    }

    internal static HeadsSeen Seen(TestSite site, long allMs) => new(
        site.Services.GetRequiredService<IDbContextFactory<Database>>(), site.Services.GetRequiredService<LogOrder>(), site.Services.GetRequiredService<DispatchRules>() is var rules ? rules with { Reading = rules.Reading with { Share = 0, AllMs = allMs } } : rules);

    /// <summary>The product's own loop goes on beside it, so both views are brought up to date until nothing happened between them; who was missed would stay missed.</summary>
    private static async Task<Round> Same(TestSite site, HeadsSeen kept, DispatchRules rules, TestClock clock)
    {
        for (var attempt = 1; ; attempt++)
        {
            var anew = Seen(site, allMs: 0);
            await anew.Look(clock.GetUtcNow(), CancellationToken.None);
            await kept.Look(clock.GetUtcNow(), CancellationToken.None);
            var (heads, round, other) = (Heads(kept), Decide(kept, rules, clock.GetUtcNow()), Decide(anew, rules, clock.GetUtcNow()));
            if (attempt < 20 && !heads.SequenceEqual(Heads(anew)))
            {
                continue;
            }

            Assert.Equal(Heads(anew), heads);
            Assert.Equal(anew.Line.Select(h => h.Id), kept.Line.Select(h => h.Id));
            Assert.Equal(other.Assignments.Select(a => (a.Consultation, a.Clinician)), round.Assignments.Select(a => (a.Consultation, a.Clinician)));
            Assert.Equal(other.Offers, round.Offers);
            return round;
        }
    }

    private static List<Head> Heads(HeadsSeen seen) => [.. seen.Open.Select(h => h with { LastHash = None }).OrderBy(h => h.Id)];

    /// <summary>Three clinicians who are not on duty in the product, so that only the test decides by them.</summary>
    private static Round Decide(HeadsSeen seen, DispatchRules rules, DateTimeOffset now)
    {
        var pool = new Pool(rules, seen.Flow(now));
        foreach (var n in Enumerable.Range(1, 3))
        {
            pool.On(new OnDuty(new Guid(n, 0, 0, new byte[8]), "", n, [.. Needs, "respiratory"], ["zh"], ["*"], ["chat", "phone", "video"], 2, 0, InCall: false, Paused: false, 0, rules.Slowdown));
        }

        foreach (var (head, order) in seen.Open.Where(h => h.Bucket == Bucket.Waiting.Code()).OrderBy(h => (h.ArrivedAt, h.Id)).Select((h, order) => (h, order)))
        {
            pool.Arrive(head.Asks(order));
        }

        return pool.Decide(now.Ms(), rules.Offers.Level);
    }

    internal static Decision<ImmutableArray<Fact>> Queued(Random chance, DateTimeOffset now)
    {
        var (pin, words) = (new ProtocolPin("RESP-CN", "national-v1"), new Wording("看医生", "See a doctor"));
        var (urgency, need) = ((Urgency)chance.Next(2, 6), Needs[chance.Next(Needs.Length)]);
        return ImmutableArray.Create<Fact>(
            new Opened("wuhan", "link", Guid.Empty, "zh", ServiceMode.LightConsultation, Guid.CreateVersion7(now), Relation.Self, new Consent("2", true, true, true, true, false, false), new(2020, 1, 26), Ways[chance.Next(Ways.Length)]),
            new PlaceStated("420102", null),
            new Triaged(new Outcome(Disposition.D3, urgency, need, [], pin, "R1", [pin], words, words, [words], [words], [words], [], [])),
            new Queued(now, urgency, need, null));
    }

    /// <summary>What may happen to a consultation between two turns; what its state does not let happen is refused.</summary>
    private static Decision<ImmutableArray<Fact>> Happens(Consultation c, int what, ContactRule contact, DateTimeOffset now)
    {
        var doctor = c.AssignedTo ?? c.Prompt?.Clinician ?? new Guid(9, 0, 0, new byte[8]);
        return what switch
        {
            0 or 1 => c.Assign(doctor, "林医生", "urgency_then_wait"),
            2 => c.HandOver(doctor, "off_duty", null),
            3 => c.Hold("patient_silent", now.AddHours(1)),
            4 => c.ComeBack(),
            5 => c.Ask(doctor, "林医生", "urgency_then_wait", now.AddHours(1)),
            6 => c.PassPrompt(doctor, Prompting.Declined, now.AddMinutes(1)),
            7 => c.OfferAnswer(now.AddHours(2), now.AddHours(2), now.AddHours(1), "waited").Is(out var offered, out _) && !offered.IsEmpty ? offered : c.TakeOffer(Promising.WrittenAnswer, now),
            8 => c.Bucket == Bucket.Waiting && c.Urgency > Urgency.Urgent ? ImmutableArray.Create<Fact>(new UrgencyChanged(c.Urgency ?? Urgency.Question, Urgency.Urgent, "worse")) : c.WaitInLine(now),
            9 => c.CloseByPatient("better", contact, now),
            _ => c.Erase(),
        };
    }
}
