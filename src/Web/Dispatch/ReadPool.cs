using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>Fills a pool from heads and duty: what another leader would read, and so decide by, in the same moment.</summary>
internal sealed class ReadPool(IDbContextFactory<Database> databases, Duties duties, StaffRoster roster, DispatchRules rules)
{
    private const int ProvinceDigits = 2;

    /// <param name="isAside">Consultations that cannot be read now.</param>
    public async Task<Pool> At(DateTimeOffset now, Func<Guid, bool> isAside, CancellationToken ct)
    {
        var waiting = await Waiting(isAside, ct);
        var pool = new Pool(rules, await Lately(waiting, now, ct));
        foreach (var clinician in waiting.Count == 0 ? [] : await OnDuty(now, ct))
        {
            pool.On(clinician);
        }

        foreach (var person in waiting)
        {
            pool.Arrive(person);
        }

        return pool;
    }

    private async Task<IReadOnlyList<Waiting>> Waiting(Func<Guid, bool> isAside, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var waits = Bucket.Waiting.Code();
        var heads = await database.Set<Head>().AsNoTracking()
            .Where(h => h.Bucket == waits)
            .OrderBy(h => h.Urgency).ThenBy(h => h.ArrivedAt).ThenBy(h => h.OpenedAt)
            .ToListAsync(ct);
        return [.. heads.Where(h => !isAside(h.Id)).Select((h, order) => Asks(h, order))];
    }

    public static Waiting Asks(Head h, int order) => new(
        h.Id, (Urgency)(h.Urgency ?? (int)Urgency.Routine), h.ArrivedAt ?? h.OpenedAt, order, h.Need, h.Lang, Province(h.Region), h.Channel, h.OwnClinician);

    /// <summary>A licence names provinces; a person abroad, or who did not say where, may be advised by anybody.</summary>
    private static string? Province(string? region) => region is { Length: >= ProvinceDigits } ? region[..ProvinceDigits] : null;

    /// <summary>Calls of the last minutes, from the heads, so that another leader decides by the same; where none waits they decide nothing, and are not read.</summary>
    private async Task<Flow> Lately(IEnumerable<Waiting> waiting, DateTimeOffset now, CancellationToken ct)
    {
        var flow = new Flow(rules);
        if (!waiting.Any(w => w.IsCall))
        {
            return flow;
        }

        var since = now.Ms() - rules.Calls.WindowMs;
        await using var database = await databases.CreateDbContextAsync(ct);
        foreach (var head in await database.Set<Head>().AsNoTracking().Where(h => h.Channel != Rules.Dispatch.Waiting.Chat && h.ArrivedAt > since).ToListAsync(ct))
        {
            flow.Came(Asks(head, 0), head.ArrivedAt ?? 0);
        }

        return flow;
    }

    public async Task<IReadOnlyList<OnDuty>> OnDuty(DateTimeOffset now, CancellationToken ct)
    {
        var on = await duties.All(ct);
        var staff = await roster.Of(on.Select(d => d.Clinician), ct);
        await using var database = await databases.CreateDbContextAsync(ct);
        var taken = await database.Set<Head>().AsNoTracking()
            .Where(h => h.AssignedTo != null)
            .GroupBy(h => h.AssignedTo)
            .Select(g => new { Clinician = g.Key, Count = g.Count(), Calls = g.Count(h => h.Channel != Rules.Dispatch.Waiting.Chat) })
            .ToDictionaryAsync(g => g.Clinician ?? Guid.Empty, g => (g.Count, g.Calls), ct);
        return [.. on.Where(d => staff.ContainsKey(d.Clinician)).Select((d, order) =>
        {
            var (who, (open, calls)) = (staff[d.Clinician], taken.GetValueOrDefault(d.Clinician));
            var paused = d.State != "on" || now.Ms() - d.LastSignAt >= rules.UnreachableAfterMs;
            return new OnDuty(
                d.Clinician, who.Name, order, who.Skills, who.Langs, who.Licence, who.Channels, d.Seats, open, calls > 0, paused, d.LastAssignedAt, rules.Slowdown);
        })];
    }
}
