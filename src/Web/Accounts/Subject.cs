using System.Collections.Immutable;

namespace Yizhen.Web.Accounts;

internal enum Role
{
    Anonymous,
    Patient,
    Physician,
    AssistantPhysician,
    Nurse,
    Pharmacist,
    Counsellor,
    HealthAdviser,
    Operator,

    /// <summary>A partner's program with its key; what it may do its scopes say.</summary>
    Partner,
}

/// <summary>
/// Who is asking, made once per request from the cookie or token and the account's state in the database.
/// A patient is whoever holds the device or has verified the phone: <see cref="Patients"/> are the people whose consultations are theirs.
/// </summary>
/// <param name="SignIn">This sign-in or device; the access log counts by it.</param>
internal sealed record Subject(Role Role, Guid Account, Guid SignIn, Guid Organisation, ImmutableArray<Guid> Patients, string Name)
{
    public static Subject Nobody { get; } = new(Role.Anonymous, Guid.Empty, Guid.Empty, Guid.Empty, [], "");

    public bool IsPatient => Role == Role.Patient;

    public bool IsClinician => Role is Role.Physician or Role.AssistantPhysician or Role.Nurse or Role.Pharmacist or Role.Counsellor or Role.HealthAdviser;

    public bool IsOperator => Role == Role.Operator;

    /// <summary>The code that stands in headers.</summary>
    public string Actor => Role switch
    {
        Role.Anonymous => "anonymous",
        Role.Patient => $"patient:{Account:N}",
        Role.Operator => $"operator:{Account:N}",
        Role.Partner => $"partner:{Account:N}",
        Role.Physician or Role.AssistantPhysician or Role.Nurse or Role.Pharmacist or Role.Counsellor or Role.HealthAdviser => $"clinician:{Account:N}",
    };
}
