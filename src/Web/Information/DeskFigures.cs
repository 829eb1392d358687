using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Information;

/// <summary>What became of whoever said in the last thirty days that the desk had answered them. A breakdown below eleven, or whose rest is, is withheld: null.</summary>
/// <param name="Answered">Said so, of whom the hours below are over or who have come back.</param>
/// <param name="CameBack">Opened a consultation, or pressed Start again on the same device or account, within the hours.</param>
/// <param name="Worse">Of those, triaged as urgent or as an emergency.</param>
/// <param name="StillOpen">Said so less than those hours ago: not counted yet.</param>
public sealed record DeskFigures(int Answered, int? CameBack, int? Worse, int StillOpen, int Hours);

/// <param name="Said">Yes or no; null: withheld, for they are fewer than eleven.</param>
/// <param name="Helped">Yes; null: withheld, for these or the others are few.</param>
public sealed record EntryFigures(string Key, int? Said, int? Helped);

/// <summary>Whether the desk spared people the doctor, or only the question: counted from the door and the heads, on the same device or account.</summary>
internal sealed class CountDesk(IDbContextFactory<Database> databases)
{
    /// <summary>A cell of fewer is not shown (design, section 8).</summary>
    public const int Fewest = 11;

    private static readonly TimeSpan Window = TimeSpan.FromHours(72);
    private static readonly TimeSpan Looked = TimeSpan.FromDays(30);

    public async Task<DeskFigures> Now(DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var since = (now - Looked).Ms();
        var answered = await database.Set<DoorRow>().AsNoTracking().Where(d => d.AnsweredAt > since && d.TurnedBack == null).ToListAsync(ct);
        var accounts = answered.Select(d => d.Account).Distinct().ToList();
        var doors = (await database.Set<DoorRow>().AsNoTracking().Where(d => accounts.Contains(d.Account) && d.TurnedBack == null).ToListAsync(ct)).ToLookup(d => d.Account);
        var ids = doors.SelectMany(d => d).Select(d => d.Id).ToList();
        var heads = await database.Set<Head>().AsNoTracking().Where(h => ids.Contains(h.Id)).Select(h => new { h.Id, h.OpenedAt, h.Urgency }).ToDictionaryAsync(h => h.Id, ct);
        var (counted, back, worse, open) = (0, 0, 0, 0);
        foreach (var row in answered)
        {
            var (from, to) = (row.AnsweredAt ?? 0, (row.AnsweredAt ?? 0) + (long)Window.TotalMilliseconds);
            var again = doors[row.Account].Where(d => d.Id != row.Id && d.StartedAt > from && d.StartedAt <= to).ToList();
            var opened = doors[row.Account].Select(d => heads.GetValueOrDefault(d.Id)).Where(h => h is not null && h.OpenedAt > from && h.OpenedAt <= to).ToList();
            if (again.Count > 0 || opened.Count > 0)
            {
                (counted, back) = (counted + 1, back + 1);
                worse += opened.Any(h => h?.Urgency <= (int)Urgency.Urgent) ? 1 : 0;
            }
            else if (to > now.Ms())
            {
                open++;
            }
            else
            {
                counted++;
            }
        }

        var shown = Shown(back, counted);
        return new DeskFigures(counted, shown, shown is null ? null : Shown(worse, back), open, (int)Window.TotalHours);
    }

    public async Task<IReadOnlyList<EntryFigures>> ByEntry(Guid organisation, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<DeskAnswerRow>().AsNoTracking().Where(d => d.Organisation == organisation).GroupBy(d => new { d.Key, d.Helped }).Select(g => new { g.Key.Key, g.Key.Helped, Count = g.Count() }).ToListAsync(ct);
        return [.. rows.GroupBy(r => r.Key, StringComparer.Ordinal).Select(g => (g.Key, All: g.Sum(r => r.Count), Helped: g.Where(r => r.Helped).Sum(r => r.Count)))
            .Select(e => new EntryFigures(e.Key, e.All >= Fewest ? e.All : null, Shown(e.Helped, e.All)))];
    }

    /// <summary>Neither the part nor the rest of it may be small, unless it is none of many.</summary>
    private static int? Shown(int part, int all) => all >= Fewest && (part is 0 or >= Fewest) && (all - part is 0 or >= Fewest) ? part : null;
}
