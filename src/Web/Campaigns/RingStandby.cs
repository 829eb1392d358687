using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// Each time dispatch has rung the operator, the standby number gets a message too. The message's id follows from consultation, since when it
/// waits and attempt, so that several nodes, or a restart, send it once.
/// </summary>
internal sealed class RingStandby(IDbContextFactory<Database> databases, Settings settings, Messages messages, Bell bell, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    public const string Kind = "operator_rung";
    private const int NumberLetters = 6;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(3);

    /// <summary>One outbox row for each ring that has none yet; returns how many were written.</summary>
    public async Task<int> Tell(string number, DateTimeOffset now, CancellationToken ct)
    {
        var (waits, talks, held) = (Bucket.Waiting.Code(), Bucket.InConsultation.Code(), Bucket.OnHold.Code());
        await using var database = await databases.CreateDbContextAsync(ct);
        var rung = await database.Set<Head>().AsNoTracking()
            .Where(h => h.TimesRung > 0 && ((h.Urgency == (int)Urgency.Emergency && (h.Bucket == waits || (h.Bucket == talks && h.DueAt != null))) || (h.Urgency <= (int)Urgency.Urgent && h.Bucket == held)))
            .Select(h => new { h.Id, h.TimesRung, h.Urgency, Waits = h.Bucket == waits, Since = h.QueuedAt ?? 0 }).ToListAsync(ct);
        var told = 0;
        foreach (var head in rung)
        {
            var id = FollowingId.Of(FollowingId.Of(head.Id, Kind, head.Since), Kind, head.TimesRung);
            if (await database.Set<OutboxRow>().AsNoTracking().AnyAsync(o => o.Id == id, ct))
            {
                continue;
            }

            var code = new ConsultationId(head.Id).ToString()[^NumberLetters..];
            var text = head.Waits
                ? $"【义诊】1 危急没有医生，已等 {(int)(now - head.Since.Utc()).TotalSeconds} 秒，编号 {code}。请马上上岗或找值班医生。 Urgency 1 without a doctor, no. {code}."
                : $"【义诊】{head.Urgency} 级患者突然没有回音，编号 {code}。请找接诊医生，想办法联系本人。 Urgency {head.Urgency} has stopped answering, no. {code}.";
            database.Add(messages.ToNumber(id, Kind, number, text, now));
            try
            {
                await database.SaveChangesAsync(ct);
                told++;
            }
            catch (DbUpdateException) when (!ct.IsCancellationRequested)
            {
                // Another node was faster; or the database is away, and the next turn writes it.
                database.ChangeTracker.Clear();
            }
        }

        if (told > 0)
        {
            messages.Ring();
        }

        return told;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Standby is not { } number)
        {
            return;
        }

        using var ear = bell.Listen(Bell.Queue);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Tell(number, clock.GetUtcNow(), stoppingToken);
                heartbeats.Beat(nameof(RingStandby), clock.GetUtcNow());
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
                await ear.NextAsync(LookAgain, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                heartbeats.Failed(nameof(RingStandby), broken.GetType().Name, clock.GetUtcNow());
                await Task.Delay(LookAgain, clock, stoppingToken);
            }
        }
    }
}
