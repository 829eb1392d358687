using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <content>What is to be told: the state of consultations that have changed, against what was told of each last.</content>
internal sealed partial class SendHooks
{
    private const int MostHeads = 20_000;

    private async Task Collect(WebhookRow hook, DateTimeOffset now, CancellationToken ct)
    {
        var since = hook.SeenUntil - (rules.OverlapSeconds * 1000L);
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(h => h.Campaign == hook.Campaign && h.Entrance == hook.Entrance && h.ChangedAt > since && h.OpenedAt >= hook.At)
            .OrderBy(h => h.ChangedAt).Take(MostHeads).Select(h => new { h.Id, h.Version, h.Bucket, h.ChangedAt }).ToListAsync(ct);
        if (heads.Count == 0)
        {
            return;
        }

        var ids = heads.Select(h => h.Id).ToList();
        var told = (await database.Set<DeliveryRow>().AsNoTracking().Where(d => d.Webhook == hook.Id && ids.Contains(d.Consultation)).Select(d => new { d.Consultation, d.Version, d.State }).ToListAsync(ct))
            .GroupBy(d => d.Consultation).ToDictionary(g => g.Key, g => g.MaxBy(d => d.Version));
        var until = heads[^1].ChangedAt;
        foreach (var head in heads)
        {
            var state = CallByPartner.StateOf(head.Bucket);
            if (told.GetValueOrDefault(head.Id) is { } last && (last.State == state || last.Version >= head.Version))
            {
                continue;
            }

            database.Add(new DeliveryRow
            {
                Id = FollowingId.Of(head.Id, $"hook {hook.Id:N}", head.Version), Webhook = hook.Id, Consultation = head.Id, Version = head.Version, State = state, At = head.ChangedAt, Attempts = 0, NextAt = now.Ms(),
            });
            try
            {
                await database.SaveChangesAsync(ct);
            }
            catch (DbUpdateException) when (!ct.IsCancellationRequested)
            {
                // Another node was faster; or it could not be stored, and the next turn has to find it again.
                database.ChangeTracker.Clear();
                var id = FollowingId.Of(head.Id, $"hook {hook.Id:N}", head.Version);
                until = await database.Set<DeliveryRow>().AnyAsync(d => d.Id == id, ct) ? until : Math.Min(until, head.ChangedAt - 1);
            }
        }

        if (until <= hook.SeenUntil)
        {
            return;
        }

        await database.Set<WebhookRow>().Where(h => h.Id == hook.Id && h.SeenUntil < until).ExecuteUpdateAsync(set => set.SetProperty(h => h.SeenUntil, until), ct);
    }
}

/// <param name="Id">The same at every attempt: whoever has seen it does nothing.</param>
internal sealed record HookEvent(string Id, string Type, DateTimeOffset At, HookState Data);

/// <param name="State">asking, waiting, in_consultation or ended.</param>
/// <param name="Version">Grows with each change of a consultation: an older one that comes later is passed over.</param>
internal sealed record HookState(string Consultation, string State, long Version, string Campaign, string Entrance);
