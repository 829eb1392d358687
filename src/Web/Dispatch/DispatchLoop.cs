using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>
/// The one place where the queue moves: reads heads and duty, lets the pure dispatcher decide, writes each assignment with its reason.
/// One leader per pool; a decision carries the leader's term and is refused when another leads by then.
/// </summary>
internal sealed partial class DispatchLoop(
    IDbContextFactory<Database> databases, ConsultationLog log, LogOrder order, Duties duties, StaffRoster roster, Shifts shifts, Leadership leadership,
    DispatchRules rules, SurgeRules surge, Surges surges, MakeOffers offers, ReadPool room, Bell bell, TimeProvider clock, Heartbeats heartbeats, Telemetry telemetry, Unreadable unreadable) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SetAside = TimeSpan.FromMinutes(1);
    internal static readonly JsonSerializerOptions JournalBody = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private const string BeyondAdviser = "beyond_adviser";

    private readonly Dictionary<Guid, DateTimeOffset> aside = [];
    private readonly HeadsSeen seen = new(databases, order, rules);
    private readonly DutySeen duty = new(databases, roster, shifts, rules);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ear = bell.Listen(Bell.Queue);
        var looked = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await leadership.Lead(Duties.Pool, stoppingToken) is { } term)
                {
                    var now = clock.GetUtcNow();
                    await Assign(term, now, stoppingToken);
                    // Each ring may be an assignment; whoever is lost or silent is so by seconds, however often it rings.
                    if (Stopwatch.GetElapsedTime(looked) >= Tick)
                    {
                        await LookAfter(term, now, stoppingToken);
                        looked = Stopwatch.GetTimestamp();
                    }
                }

                heartbeats.Beat(nameof(DispatchLoop), clock.GetUtcNow());
                await ear.NextAsync(Tick, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                // The database is away: nobody is lost, the queue stands still. The health page shows it. A loop that ended would take the whole node with it.
                heartbeats.Failed(nameof(DispatchLoop), broken.GetType().Name, clock.GetUtcNow());
                await Task.Delay(Tick, clock, stoppingToken);
            }
        }
    }

    private async Task Assign(Term term, DateTimeOffset now, CancellationToken ct)
    {
        var levels = await surges.Levels(ct);
        await seen.Look(now, ct);
        var pool = await room.At(seen, duty, now, levels, id => IsAside(id, now), ct);
        if (pool.Size == 0)
        {
            return;
        }

        var round = pool.Decide(now.Ms(), levels.Highest);
        if (!await duty.AreStill(round.Assignments.Select(a => a.Clinician), ct))
        {
            return;
        }

        foreach (var chosen in round.Assignments)
        {
            if (chosen.AskedUntil is { } until)
            {
                await Ask(term, chosen, until.Utc(), now);
                continue;
            }

            var body = JsonSerializer.Serialize(chosen with { ClinicianName = "" }, JournalBody);
            var record = new JournalRow { Pool = term.Pool, At = now.Ms(), Kind = "assigned", Clinician = chosen.Clinician, Consultation = chosen.Consultation, Body = body };
            if (await Decide(chosen.Consultation, now, c => c.Assign(chosen.Clinician, chosen.ClinicianName, chosen.Why), new Beside(term, [record])))
            {
                telemetry.Assigned.Add(1);
                await duties.Assigned(chosen.Clinician, now);
            }
        }

        foreach (var (id, decide, record) in round.Offers.IsEmpty ? [] : await offers.Of(term, round.Offers, seen.Flow(now), levels, now, ct))
        {
            await Decide(id, now, decide, new Beside(term, [record]));
        }
    }

    /// <summary>Lost and slow clinicians, silent patients, and urgency 1 without anybody; as it is after what the turn has decided.</summary>
    private async Task LookAfter(Term term, DateTimeOffset now, CancellationToken ct)
    {
        await seen.Look(now, ct);
        var (inTalk, waits) = (Bucket.InConsultation.Code(), Bucket.Waiting.Code());
        var heads = seen.Open.Where(h => h.Bucket == inTalk || (h.Bucket == waits && h.Urgency == (int)Urgency.Emergency) || h.PromptedTo is not null).ToList();
        await duty.Look(now, signs: true, ct);
        // Who has somebody and is not here: there should be nobody.
        var gone = await roster.Of(heads.Select(h => h.AssignedTo).OfType<Guid>().Where(id => duty.Who(id) is null).Distinct(), ct);
        foreach (var head in heads.Where(h => !IsAside(h.Id, now)))
        {
            if (head.PromptedTo is not null)
            {
                await LookAfterPrompt(term, head, now);
            }

            if (head.Bucket != inTalk && head.Urgency != (int)Urgency.Emergency)
            {
                continue;
            }

            if (head.AssignedTo is { } clinician && duty.Who(clinician) is null)
            {
                // Gone, and not by a lost connection: nobody waits for them, and nobody is told that they may come back.
                var reason = gone.ContainsKey(clinician) ? "off_duty" : "revoked";
                var record = new JournalRow { Pool = term.Pool, At = now.Ms(), Kind = reason, Clinician = clinician, Consultation = head.Id, Body = "{}" };
                await Decide(head.Id, now, c => c.HandOver(clinician, reason, null), new Beside(term, [record]));
                continue;
            }

            if (head.AssignedTo is { } adviser && duty.Who(adviser)?.Role == Role.HealthAdviser && head.Urgency < (int)surge.Advisers.From)
            {
                // Grown more urgent than what an adviser may answer: a doctor goes on, in the place that the person has.
                var record = new JournalRow { Pool = term.Pool, At = now.Ms(), Kind = BeyondAdviser, Clinician = adviser, Consultation = head.Id, Body = "{}" };
                await Decide(head.Id, now, c => c.HandOver(adviser, BeyondAdviser, null), new Beside(term, [record]));
                continue;
            }

            var act = head.Bucket == waits
                ? Ring(head, now)
                : Watch.Look(Seen(head), rules, now.Ms());
            await Act(term, head, act, now);
        }
    }

    private Talk Seen(Head head) => new(
        (Urgency)(head.Urgency ?? (int)Urgency.Routine),
        duty.Of(head.AssignedTo ?? Guid.Empty)?.LastSignAt ?? head.AssignedAt ?? head.ChangedAt,
        head.AssignedAt ?? head.ChangedAt,
        head.UnansweredSince,
        head.ChangedAt,
        head.OutOfSight);

    private async Task Act(Term term, Head head, WatchAct act, DateTimeOffset now)
    {
        var clinician = head.AssignedTo ?? Guid.Empty;
        Func<Consultation, Rules.Decision<ImmutableArray<Fact>>>? decide = act switch
        {
            WatchAct.TellPatientUnreachable => c => c.LoseSight(clinician),
            WatchAct.TellPatientBack => c => c.FindAgain(clinician),
            WatchAct.ReassignLost => c => c.HandOver(clinician, "lost", null),
            WatchAct.HoldSilentPatient => c => c.Hold("patient_silent", now.AddMilliseconds(rules.HoldForMs)),
            WatchAct.RingOperator => c => c.Ring("operator"),
            WatchAct.RingForSilentPatient => c => c.Ring(Queueing.SilentPatient),
            // A nudge and an offer to hand over are shown on the desk from the same rule; they change nothing.
            WatchAct.Nothing or WatchAct.Nudge or WatchAct.OfferHandOver => null,
        };
        if (decide is null)
        {
            return;
        }

        var record = new JournalRow { Pool = term.Pool, At = now.Ms(), Kind = act.ToString(), Clinician = head.AssignedTo, Consultation = head.Id, Body = "{}" };
        await Decide(head.Id, now, decide, new Beside(term, [record]));
    }

    /// <summary>A consultation that cannot be read stops nobody else: it is set aside for a while, and the operator is told.</summary>
    private async Task<bool> Decide(Guid id, DateTimeOffset now, Func<Consultation, Rules.Decision<ImmutableArray<Fact>>> decide, Beside beside)
    {
        try
        {
            return (await log.Decide(new ConsultationId(id), "dispatch", now, decide, beside)).Is(out _, out _);
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            aside[id] = now + SetAside;
            await unreadable.Tell(new ConsultationId(id), fault, now);
            return false;
        }
    }

    private bool IsAside(Guid id, DateTimeOffset now) => aside.TryGetValue(id, out var until) && now < until;
}
