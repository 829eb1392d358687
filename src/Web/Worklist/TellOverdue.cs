using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Worklist;

/// <summary>
/// A report is reminded of before its time is up. An entry that nobody has seen to in time lies open to everybody again, stands on the operator's board, and
/// the standby number gets a message: number and urgency, not a word about health.
/// </summary>
internal sealed class TellOverdue(IDbContextFactory<Database> databases, Entries entries, Settings settings, Messages messages, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    public const string Kind = "entry_overdue";
    private const int NumberLetters = 6;
    private const int Most = 500;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <param name="number">E.164; null where this deployment has no standby number.</param>
    /// <returns>How many entries were escalated.</returns>
    public async Task<int> Tell(string? number, DateTimeOffset now, CancellationToken ct)
    {
        await entries.MakeForWhoLeft(now, ct);
        await entries.MakeForFlags(now, ct);
        await entries.MakeForMissedPromises(now, ct);
        await entries.MakeForMissedPauses(now, ct);
        var escalated = await entries.Escalate(now, ct);
        if (number is not null && await Write(number, now, ct) > 0)
        {
            messages.Ring();
        }

        return escalated;
    }

    /// <summary>
    /// One message for each time an entry was escalated. Its id follows from entry and time, and the rows say what is missing: a stop between escalation and
    /// outbox, or another node, sends it later, and once.
    /// </summary>
    private async Task<int> Write(string number, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        // Those escalated last first: a turn escalates fewer than are looked at here, so that none is passed over however many lie undone.
        var late = await database.Set<EntryRow>().AsNoTracking().Where(e => e.State != EntryRow.Done && e.Escalated > 0).OrderByDescending(e => e.EscalateAt).Take(Most).ToListAsync(ct);
        var ids = late.Select(MessageOf).ToList();
        var known = await database.Set<OutboxRow>().AsNoTracking().Where(o => ids.Contains(o.Id)).Select(o => o.Id).ToHashSetAsync(ct);
        var urgencies = await UrgencyNow.Of(database, late, ct);
        var written = 0;
        foreach (var row in late.Where(row => !known.Contains(MessageOf(row))))
        {
            var code = new ConsultationId(row.Consultation).ToString()[^NumberLetters..];
            var urgency = urgencies.TryGetValue(row.Consultation, out var current) ? (int)current : row.Urgency;
            var left = (row.DueAt.Utc() - now).TotalMinutes;
            var text = left > 0
                ? $"【义诊】待办快到时间，还剩 {left:0} 分钟，编号 {code}。请打开待办清单处理。 A worklist entry is due in {left:0} minutes, no. {code}."
                : $"【义诊】待办超过时间，{urgency} 级，编号 {code}。请打开待办清单处理。 A worklist entry is overdue, urgency {urgency}, no. {code}.";
            database.Add(messages.ToNumber(MessageOf(row), Kind, number, text, now));
            try
            {
                await database.SaveChangesAsync(ct);
                written++;
            }
            catch (DbUpdateException) when (!ct.IsCancellationRequested)
            {
                // Another node was faster; or the database is away, and the next turn writes it.
                database.ChangeTracker.Clear();
            }
        }

        return written;
    }

    private static Guid MessageOf(EntryRow row) => FollowingId.Of(row.Id, Kind, row.Escalated);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Tell(settings.Standby, clock.GetUtcNow(), stoppingToken);
                heartbeats.Beat(nameof(TellOverdue), clock.GetUtcNow());
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                heartbeats.Failed(nameof(TellOverdue), broken.GetType().Name, clock.GetUtcNow());
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
