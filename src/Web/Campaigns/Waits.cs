using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Log;
using Yizhen.Web.Overload;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <param name="Range">Null where too few waits were measured.</param>
internal sealed record Wait(WaitRange? Range, int Waiting, int OnDuty, DateTimeOffset MeasuredAt);

/// <summary>
/// How long the wait is now: what those who got a clinician in the last hour have really waited. Measured at most every few seconds
/// for a campaign, because everybody who comes looks at it.
/// </summary>
internal sealed class Waits(IDbContextFactory<Database> databases, Duties duties, CampaignRules rules, DispatchRules dispatch, Gate gate)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FreshWhileSparing = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Wait> measured = new(StringComparer.Ordinal);

    public async Task<Wait> Now(string campaign, DateTimeOffset now, CancellationToken ct)
    {
        if (measured.TryGetValue(campaign, out var known) && now >= known.MeasuredAt && now - known.MeasuredAt < (gate.IsSparing ? FreshWhileSparing : Fresh))
        {
            return known;
        }

        var since = (now - rules.WaitWindow).Ms();
        var waits = Bucket.Waiting.Code();
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking().Where(h => h.Campaign == campaign);
        // Whoever took a date did not wait for the answer.
        var spans = await heads.Where(h => h.FirstAssignedAt > since && h.ArrivedAt != null && h.Promise == null).Select(h => new { From = h.ArrivedAt, To = h.FirstAssignedAt }).ToListAsync(ct);
        var waiting = await heads.CountAsync(h => h.Bucket == waits, ct);
        var seen = now.Ms() - dispatch.UnreachableAfterMs;
        var onDuty = (await duties.All(ct)).Count(d => d.State == "on" && d.LastSignAt > seen);
        return measured[campaign] = new Wait(rules.Range([.. spans.Select(s => TimeSpan.FromMilliseconds((s.To - s.From) ?? 0))]), waiting, onDuty, now);
    }
}
