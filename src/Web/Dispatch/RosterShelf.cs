using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>The roster as it is stored: lines are added all together or not at all, and each change is a line of the pool's journal.</summary>
internal sealed class RosterShelf(IDbContextFactory<Database> databases, Shifts shifts, Deployment deployment, Bell bell)
{
    /// <summary>No further ahead.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(400);

    /// <summary>Within it whoever is still there may stay on.</summary>
    public static readonly TimeSpan JustOver = TimeSpan.FromHours(1);

    public const string Stayed = "shift_stayed";

    public TimeZoneInfo Zone => deployment.Zone;

    /// <summary>What a roster may name, and what stands on it already.</summary>
    public async Task<RosterKnown> Known(DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var staff = await database.Set<StaffRow>().AsNoTracking().Where(s => s.Active && s.Role != nameof(Role.Operator)).Select(s => new { s.Id, s.Organisation, s.Login, s.Name }).ToListAsync(ct);
        var clinicians = staff.GroupBy(s => s.Name).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => (g.First().Id, g.First().Organisation), StringComparer.Ordinal);
        staff.ForEach(s => clinicians[s.Login] = (s.Id, s.Organisation));
        var houses = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var house in await database.Set<OrganisationRow>().AsNoTracking().ToListAsync(ct))
        {
            (houses[house.NameZh], houses[house.NameEn], houses[house.Id.ToString("N")]) = (house.Id, house.Id, house.Id);
        }

        return new RosterKnown(clinicians, houses, Words, Moment, await shifts.Between(now.Ms(), (now + Ahead).Ms(), ct), now.Ms());
    }

    /// <summary>All of them, in one transaction; none where somebody else has put one of them on the roster meanwhile.</summary>
    public async Task<Decision<int>> Add(ImmutableArray<RosterLine> lines, Subject who, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        foreach (var shift in lines.Select(l => l.Shift))
        {
            var row = new ShiftRow
            {
                Id = Guid.CreateVersion7(now), Organisation = shift.Organisation, Clinician = shift.Clinician, People = shift.People, Skills = string.Join(',', shift.Skills), Langs = string.Join(',', shift.Langs),
                Licence = string.Join(',', shift.Licence), Channels = string.Join(',', shift.Channels), Seats = shift.Seats, StartsAt = shift.From, EndsAt = shift.To, MadeBy = who.Account, MadeAt = now.Ms(),
            };
            database.Add(row);
            database.Add(Line("shift_added", row, who, now));
        }

        try
        {
            await database.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            return Refusal.Conflict;
        }

        bell.Ring(Bell.Queue);
        return lines.Length;
    }

    /// <summary>Changes one shift that is not over and was not taken off.</summary>
    /// <param name="own">Only of this clinician; null: of anybody.</param>
    public async Task<Decision<ShiftRow>> Change(string address, Guid? own, string kind, Subject who, DateTimeOffset now, Func<ShiftRow, bool> change)
    {
        if (!Base32.TryRead(address, out var id))
        {
            return Refusal.NotFound;
        }

        await using var database = await databases.CreateDbContextAsync();
        var row = await database.Set<ShiftRow>().FirstOrDefaultAsync(s => s.Id == id && s.WithdrawnAt == null && (own == null || s.Clinician == own));
        if (row is null)
        {
            return Refusal.NotFound;
        }

        if (row.EndsAt <= (kind == Stayed ? now - JustOver : now).Ms())
        {
            return Refusal.ShiftOver;
        }

        if (!change(row))
        {
            return row;
        }

        database.Add(Line(kind, row, who, now));
        try
        {
            await database.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            return Refusal.Conflict;
        }

        bell.Ring(Bell.Queue);
        return row;
    }

    private long Moment(DateOnly day, int seconds) =>
        new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(TimeOnly.MinValue).AddSeconds(seconds), deployment.Zone), TimeSpan.Zero).Ms();

    /// <summary>Skills, languages and channels by code and by their words, so that a hospital may write what it calls them.</summary>
    private static readonly IReadOnlyDictionary<string, string> Words = new[] { Lang.Zh, Lang.En }.SelectMany(t =>
            PoolWords.Skills.Select(c => (Key: $"skills:{PoolWords.Skill(t, c)}", Code: c))
                .Concat(PoolWords.Languages.Select(c => (Key: $"langs:{PoolWords.Language(t, c)}", Code: c)))
                .Concat(PoolWords.Channels.Select(c => (Key: $"channels:{PoolWords.Channel(t, c)}", Code: c))))
        .Concat(PoolWords.Skills.Select(c => ($"skills:{c}", c))).Concat(PoolWords.Languages.Select(c => ($"langs:{c}", c))).Concat(PoolWords.Channels.Select(c => ($"channels:{c}", c)))
        .DistinctBy(w => w.Item1, StringComparer.OrdinalIgnoreCase).ToDictionary(w => w.Item1, w => w.Item2, StringComparer.OrdinalIgnoreCase);

    private static JournalRow Line(string kind, ShiftRow row, Subject who, DateTimeOffset now) => new()
    {
        Pool = Duties.Pool, At = now.Ms(), Kind = kind, Clinician = row.Clinician,
        Body = JsonSerializer.Serialize(new { shift = row.Id, organisation = row.Organisation, people = row.People, starts_at = row.StartsAt, ends_at = row.EndsAt, by = who.Account }),
    };
}
