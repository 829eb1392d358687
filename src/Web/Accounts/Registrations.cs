using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>
/// Whoever advises is found in the national register first (CN-DOC-04: record of the check with its time and who made it). In a demo or a drill
/// nobody is real, and nobody is asked; patients' pages then do not say that it was checked.
/// </summary>
internal sealed class Registrations(IDbContextFactory<Database> databases, Deployment deployment)
{
    /// <summary>In characters; a physician's certificate has 15 digits, others differ.</summary>
    private const int Shortest = 5;
    private const int Longest = 40;

    public static bool IsNumber(string number) => number.Length is >= Shortest and <= Longest && number.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>Professions with a register. Counsellors and health advisers have none.</summary>
    public static bool Needed(Role role) => role is Role.Physician or Role.AssistantPhysician or Role.Nurse or Role.Pharmacist;

    /// <summary>Whether this person may go on duty here.</summary>
    public async Task<Decision<bool>> Allow(Subject who, CancellationToken ct)
    {
        if (deployment.IsRehearsal || !Needed(who.Role))
        {
            return true;
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<StaffRow>().AnyAsync(s => s.Id == who.Account && s.RegistrationCheckedAt != null, ct) ? true : Refusal.RegistrationNotChecked;
    }

    /// <summary>The operator has looked the number up, for somebody of their own organisation.</summary>
    public async Task<Decision<bool>> Check(Subject by, Guid staff, string number, DateTimeOffset now)
    {
        if (!IsNumber(number))
        {
            return Refusal.RegistrationUnreadable;
        }

        await using var database = await databases.CreateDbContextAsync();
        var changed = await database.Set<StaffRow>().Where(s => s.Id == staff && s.Organisation == by.Organisation).ExecuteUpdateAsync(set => set
            .SetProperty(s => s.Registration, number).SetProperty(s => s.RegistrationCheckedBy, by.Account).SetProperty(s => s.RegistrationCheckedAt, now.Ms()));
        return changed == 0 ? Refusal.NotFound : true;
    }
}
