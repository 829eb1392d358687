using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Worklist;

/// <summary>
/// A report is reminded of before its time is up. An entry that nobody has seen to in time lies open to everybody again, stands on the operator's board, and the standby number gets a message: number
/// and urgency, not a word about health.
/// </summary>
internal sealed class TellOverdue(IDbContextFactory<Database> databases, Entries entries, Settings settings, Messages messages, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    public const string Kind = "entry_overdue";
    private const int NumberLetters = 6;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <param name="number">E.164; null where this deployment has no standby number.</param>
    /// <returns>How many entries were escalated.</returns>
    public async Task<int> Tell(string? number, DateTimeOffset now, CancellationToken ct)
    {
        var late = await entries.Escalate(now, ct);
        foreach (var (row, times) in late)
        {
            if (number is null)
            {
                break;
            }

            var code = new ConsultationId(row.Consultation).ToString()[^NumberLetters..];
            var text = row.DueAt > now.Ms()
                ? $"【义诊】待办快到时间，还剩 {(row.DueAt.Utc() - now).TotalMinutes:0} 分钟，编号 {code}。请打开待办清单处理。 A worklist entry is due in {(row.DueAt.Utc() - now).TotalMinutes:0} minutes, no. {code}."
                : $"【义诊】待办超过时间，{row.Urgency} 级，编号 {code}。请打开待办清单处理。 A worklist entry is overdue, urgency {row.Urgency}, no. {code}.";
            await using var database = await databases.CreateDbContextAsync(ct);
            database.Add(messages.ToNumber(FollowingId.Of(row.Id, Kind, times), Kind, number, text, now));
            await database.SaveChangesAsync(ct);
            messages.Ring();
        }

        return late.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await heartbeats.Opened;
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
