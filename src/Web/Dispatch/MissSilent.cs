using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>
/// Nobody stays in between for ever: whoever was being asked and has been silent for a day has left, with contact to be attempted; a held place is
/// looked for when it is due. Any node may turn this: each decision is made on the newest state.
/// </summary>
internal sealed class MissSilent(IDbContextFactory<Database> databases, ConsultationLog log, LightConsultation policy, TimeProvider clock, Heartbeats heartbeats, Unreadable unreadable) : BackgroundService
{
    private const int Batch = 200;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <returns>How many were looked at.</returns>
    public async Task<int> Look(DateTimeOffset now, CancellationToken ct)
    {
        var (asked, held) = (Bucket.BeingAsked.Code(), Bucket.OnHold.Code());
        var silentSince = (now - policy.Clocks.Silent).Ms();
        await using var database = await databases.CreateDbContextAsync(ct);
        var ids = await database.Set<Head>().AsNoTracking()
            .Where(h => (h.Bucket == asked && h.ChangedAt <= silentSince) || (h.Bucket == held && h.DueAt <= now.Ms()))
            .OrderBy(h => h.ChangedAt).Select(h => h.Id).Take(Batch).ToListAsync(ct);
        foreach (var id in ids)
        {
            try
            {
                await log.Decide(new ConsultationId(id), "system", now, c => c.MissSilent(policy.Clocks.Silent, policy.Contact, now));
            }
            catch (Exception fault) when (Unreadable.Is(fault))
            {
                // One that cannot be read stops nobody else.
                await unreadable.Tell(new ConsultationId(id), fault, now);
            }
        }

        return ids.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Look(clock.GetUtcNow(), stoppingToken);
                heartbeats.Beat(nameof(MissSilent), clock.GetUtcNow());
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                heartbeats.Failed(nameof(MissSilent), broken.GetType().Name, clock.GetUtcNow());
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
