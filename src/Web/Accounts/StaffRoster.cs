using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>What dispatch asks of a clinician.</summary>
internal sealed record RosterEntry(Guid Id, string Name, string Title, Role Role, Guid Organisation, ImmutableArray<string> Skills, ImmutableArray<string> Langs, ImmutableArray<string> Licence, ImmutableArray<string> Channels, bool RegistrationChecked)
{
    /// <summary>What dispatch may give them. That they are a physician counts while somebody waits for one, and costs nothing else.</summary>
    /// <param name="physicianWanted">A doctor has been called for somebody who waits.</param>
    public ImmutableArray<string> Serves(bool physicianWanted) => physicianWanted && Role == Role.Physician ? Skills.Add(Rules.Consultations.SettingUrgency.Physician) : Skills;

    /// <summary>In all that dispatch asks for.</summary>
    public bool IsLike(RosterEntry other) => (Role, Organisation) == (other.Role, other.Organisation)
        && Skills.SequenceEqual(other.Skills) && Langs.SequenceEqual(other.Langs) && Licence.SequenceEqual(other.Licence) && Channels.SequenceEqual(other.Channels);
}

internal sealed class StaffRoster(IDbContextFactory<Database> databases)
{
    /// <summary>In one statement: what many take grows with their square.</summary>
    private const int AtOnce = 400;

    public async Task<IReadOnlyDictionary<Guid, RosterEntry>> Of(IEnumerable<Guid> staff, CancellationToken ct)
    {
        var found = new Dictionary<Guid, RosterEntry>();
        await using var database = await databases.CreateDbContextAsync(ct);
        foreach (var ids in staff.Chunk(AtOnce).Select(some => some.ToList()))
        {
            var rows = await database.Set<StaffRow>().AsNoTracking().Where(s => s.Active && ids.Contains(s.Id))
                .Select(s => new { s.Id, s.Name, s.Title, s.Role, s.Organisation, s.Skills, s.Langs, s.Licence, s.Channels, Checked = s.RegistrationCheckedAt != null }).ToListAsync(ct);
            foreach (var s in rows)
            {
                found[s.Id] = new RosterEntry(s.Id, s.Name, s.Title, Enum.Parse<Role>(s.Role), s.Organisation, List(s.Skills), List(s.Langs), List(s.Licence), List(s.Channels), s.Checked);
            }
        }

        return found;
    }

    private static ImmutableArray<string> List(string commas) => [.. commas.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
