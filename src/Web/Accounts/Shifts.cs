using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>The roster as dispatch, planner and board read it: who is still to come or should be here, without those who cannot come.</summary>
internal sealed class Shifts(IDbContextFactory<Database> databases, StaffRoster roster, RosterRules rules)
{
    private const int Few = 400;

    /// <summary>Everything that is not over at <paramref name="from"/> and begins before <paramref name="to"/>, with what each can do.</summary>
    public async Task<ImmutableArray<Rostered>> Between(long from, long to, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await Standing(database).Where(s => s.EndsAt > from && s.StartsAt < to).OrderBy(s => s.StartsAt).ThenBy(s => s.Id).ToListAsync(ct);
        var staff = await roster.Of(rows.Select(r => r.Clinician).OfType<Guid>().Distinct(), ct);
        return [.. rows.Where(r => r.Clinician is not { } named || staff.ContainsKey(named)).Select(r => Of(r, r.Clinician is { } named ? staff[named] : null))];
    }

    /// <summary>When the shift of each ends or ended, of those who are in one. One statement.</summary>
    /// <param name="since">Since when each is on duty.</param>
    public async Task<IReadOnlyDictionary<Guid, long>> Ends(IReadOnlyDictionary<Guid, long> since, DateTimeOffset now, CancellationToken ct)
    {
        if (since.Count == 0)
        {
            return ImmutableDictionary<Guid, long>.Empty;
        }

        var (oldest, at, whose) = (since.Values.Min(), now.Ms(), since.Keys.ToList());
        // What begins within a day may join onto what is now.
        var ahead = at + (long)TimeSpan.FromDays(1).TotalMilliseconds;
        await using var database = await databases.CreateDbContextAsync(ct);
        // Of few those alone; so many that naming them costs more than reading everybody's, everybody's.
        var shifts = Standing(database).Where(s => s.Clinician != null && s.EndsAt > oldest && s.StartsAt < ahead);
        var rows = await (whose.Count > Few ? shifts : shifts.Where(s => whose.Contains(s.Clinician ?? Guid.Empty))).Select(s => new { s.Clinician, s.StartsAt, s.EndsAt }).ToListAsync(ct);
        var ends = new Dictionary<Guid, long>();
        foreach (var own in rows.GroupBy(r => r.Clinician ?? Guid.Empty).Where(g => since.ContainsKey(g.Key)))
        {
            if (Roster.EndOf(own.Select(s => new Rostered(own.Key, Guid.Empty, 1, [], [], [], [], 1, s.StartsAt, s.EndsAt)), rules, since[own.Key], at) is { } end)
            {
                ends[own.Key] = end;
            }
        }

        return ends;
    }

    public static IQueryable<ShiftRow> Standing(Database database) => database.Set<ShiftRow>().AsNoTracking().Where(s => s.WithdrawnAt == null && s.DeclinedAt == null);

    private static Rostered Of(ShiftRow row, RosterEntry? who) => new(
        row.Clinician, row.Organisation, row.People, who?.Skills ?? List(row.Skills), who?.Langs ?? List(row.Langs), who?.Licence ?? List(row.Licence), who?.Channels ?? List(row.Channels),
        row.Seats, row.StartsAt, row.EndsAt) { IsAdviser = who?.Role == Role.HealthAdviser };

    private static ImmutableArray<string> List(string commas) => [.. commas.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
