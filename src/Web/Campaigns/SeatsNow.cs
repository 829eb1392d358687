using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// Free seats against those who wait, by what is needed, and what keeps the seats. A pool is filled as for a turn of dispatch and asked; what it would give
/// now is left to the turn.
/// </summary>
internal sealed class SeatsNow(StaffOnDuty staff, Surges surges, SurgeRules surge, DispatchRules rules)
{
    /// <param name="waiting">Everybody who waits.</param>
    /// <param name="unreadable">Whom dispatch sets aside, because their record cannot be read.</param>
    /// <returns>One line for each need of which somebody waits, most people first.</returns>
    public async Task<ImmutableArray<SeatLine>> Count(Database database, IReadOnlyCollection<Head> waiting, HashSet<Guid> unreadable, DateTimeOffset now, CancellationToken ct)
    {
        if (waiting.Count == 0)
        {
            return [];
        }

        var levels = await surges.Levels(ct);
        var pool = new Pool(rules, await Calls(database, now, ct));
        foreach (var clinician in await staff.Now(now, levels, waiting.Any(h => h.Need == SettingUrgency.Physician), ct))
        {
            pool.On(clinician);
        }

        var dated = await DuePromises.Of(database.Set<Head>().AsNoTracking(), surge.Promise, now).OrderBy(h => h.ArrivedAt).ToListAsync(ct);
        foreach (var (head, order) in waiting.Concat(dated).Select((head, order) => (head, order)).Where(w => w.head.PromptedTo is null && !unreadable.Contains(w.head.Id)))
        {
            pool.Arrive(head.InPool(order, rules, now));
        }

        var given = pool.Decide(now.Ms(), levels.Highest).Assignments.Select(a => a.Consultation).ToHashSet();
        var byNeed = waiting.GroupBy(h => h.Need).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var seats = pool.FreeSeats(byNeed.Keys, [.. waiting.Where(h => h.PromptedTo is not null).Select(h => (h.InPool(0, rules, now), h.PromptedUntil ?? now.Ms()))], now.Ms());
        return [.. seats.Select(s => Line(s, byNeed[s.Need])).OrderByDescending(l => l.Waiting).ThenBy(l => l.Need, StringComparer.Ordinal)];

        SeatLine Line(FreeSeats s, List<Head> those) => new(
            s.Need, those.Count, now - those.Min(h => h.WaitsSince()).Utc(), s.OnDuty, s.Free, s.OnBreak, those.Count(h => given.Contains(h.Id)), those.Count(h => h.PromptedTo is not null), those.Count(h => unreadable.Contains(h.Id)),
            [.. s.Kept.Select(k => new KeptLine(k.Why, k.Seats, k.Until?.Utc()))]);
    }

    /// <summary>By how many calls come it is decided how many clinicians are emptied for them.</summary>
    private async Task<Flow> Calls(Database database, DateTimeOffset now, CancellationToken ct)
    {
        var (flow, since) = (new Flow(rules), now.Ms() - rules.Calls.WindowMs);
        foreach (var head in await database.Set<Head>().AsNoTracking().Where(h => h.Channel != Waiting.Chat && h.ArrivedAt > since).OrderBy(h => h.ArrivedAt).ToListAsync(ct))
        {
            flow.Came(head.Asks(0), head.ArrivedAt ?? now.Ms());
        }

        return flow;
    }
}
