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
}

internal sealed class StaffRoster(IDbContextFactory<Database> databases)
{
    public async Task<IReadOnlyDictionary<Guid, RosterEntry>> Of(IEnumerable<Guid> staff, CancellationToken ct)
    {
        var ids = staff.ToList();
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<StaffRow>().AsNoTracking().Where(s => s.Active && ids.Contains(s.Id)).ToListAsync(ct);
        return rows.ToDictionary(s => s.Id, s => new RosterEntry(s.Id, s.Name, s.Title, Enum.Parse<Role>(s.Role), s.Organisation, List(s.Skills), List(s.Langs), List(s.Licence), List(s.Channels), s.RegistrationCheckedAt is not null));
    }

    private static ImmutableArray<string> List(string commas) => [.. commas.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
