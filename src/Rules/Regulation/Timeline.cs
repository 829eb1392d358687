using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Regulation;

/// <summary>The legal ways to serve (notes, finding 0.2). Only light consultation is in service; the others are answered, and no endpoint opens them.</summary>
public enum PolicyMode
{
    LightConsultation,
    FollowUp,
    Teleconsultation,
    FamilyDoctorContract,
}

public enum PolicyRole
{
    Physician,
    AssistantPhysician,
    Nurse,
    Pharmacist,
    Counsellor,
    HealthAdviser,
}

/// <summary>What must be there before a yes counts.</summary>
public enum Need
{
    /// <summary>Records with a clear diagnosis that the physician has judged to be the same illness (CN-FV-01, CN-FV-02).</summary>
    PriorDiagnosis,
    InstitutionLicence,
    InstitutionConsent,
    DoctorAuthenticated,
    WrittenByDoctor,
    PharmacistApproval,
    RealName,
    PrescriptionUsedOnce,
    HomeCareEligible,
    CooperationAgreement,
    WrittenConsent,
    InvitingDoctorInPerson,
    FamilyDoctorContract,
    Cosigned,
}

/// <summary>A line of the timeline of section 0.A: what was issued, from which day, what it changes for the product.</summary>
/// <param name="ChangesPermissions">Some row of the table names it.</param>
public sealed record Instrument(string Id, DateOnly From, PolicyText Title, PolicyText Effect, bool ChangesPermissions, Grade Grade);

/// <param name="Until">Last day in force; null while open.</param>
/// <param name="Diseases">Codes or names of lists; "any" for every one.</param>
public sealed record PermissionRow(
    string Id,
    PolicyMode Mode,
    string Jurisdiction,
    DateOnly From,
    DateOnly? Until,
    ImmutableArray<string> Diseases,
    ImmutableArray<PolicyRole> Roles,
    ImmutableArray<Act> Acts,
    bool Allowed,
    ImmutableArray<Need> Needs,
    string Instrument,
    ImmutableArray<string> Articles,
    Grade Grade);

/// <summary>The answer: no, or yes once every need is met. What no row speaks of is no.</summary>
/// <param name="Row">The row, or the act of the light policy, that decided; null where none speaks of it.</param>
public sealed record Permission(bool Allowed, ImmutableArray<Need> Needs, string? Row, ImmutableArray<string> Articles, Grade? Grade)
{
    internal static Permission Nothing { get; } = new(false, [], null, [], null);

    public bool Given(params Need[] there) => Allowed && Needs.All(there.Contains);
}

/// <summary>
/// Mode x jurisdiction x day x disease x role -> what may be said, ordered and signed. Light consultation stands in a file of its own,
/// the other modes in this one. A later row of the same place wins over an earlier one, a nearer place over its country, a named illness over "any".
/// </summary>
/// <param name="Diseases">Lists of codes, for example common and chronic illnesses, which an institution approves as its own.</param>
public sealed record Timeline(
    string Id,
    string Version,
    string About,
    ImmutableArray<Instrument> Instruments,
    ImmutableDictionary<string, ImmutableArray<string>> Diseases,
    ImmutableArray<PermissionRow> Rows)
{
    private const string Any = "any";

    [JsonIgnore]
    public string Stamp => $"{Id}@{Version}";

    /// <exception cref="FormatException">Not a timeline: the sentence says what is wrong.</exception>
    public static Timeline Read(string json) => PolicyFile.Read<Timeline>(json, t =>
        t.Instruments.IsDefaultOrEmpty || t.Instruments.Any(i => i.Title.IsEmpty || i.Effect.IsEmpty) ? "each instrument has its words in both languages."
        : !PolicyFile.EachOnce(t.Instruments.Select(i => i.Id), t.Instruments.Select(i => i.Id).Distinct()) ? "each instrument stands in it once."
        : t.Rows.IsDefaultOrEmpty || !PolicyFile.EachOnce(t.Rows.Select(r => r.Id), t.Rows.Select(r => r.Id).Distinct()) ? "each row stands in it once."
        : t.Rows.FirstOrDefault(r => r.Until < r.From) is { } ended ? $"'{ended.Id}' ends before it begins."
        : t.Rows.FirstOrDefault(r => r.Mode == PolicyMode.LightConsultation) is { } light ? $"'{light.Id}' speaks of light consultation, which has its own file."
        : t.Rows.FirstOrDefault(r => r.Diseases.IsDefaultOrEmpty || r.Roles.IsDefaultOrEmpty || r.Acts.IsDefaultOrEmpty || r.Needs.IsDefault || r.Articles.IsDefaultOrEmpty) is { } empty ? $"'{empty.Id}' names diseases, roles, acts and articles."
        : t.Rows.FirstOrDefault(r => t.Instruments.All(i => i.Id != r.Instrument || !i.ChangesPermissions)) is { } loose ? $"'{loose.Id}' names an instrument that is not there, or that changes no permission."
        : null);

    /// <param name="jurisdiction">A country, or a country and a province: CN, CN-31.</param>
    /// <param name="disease">A code; what is in no list falls under "any" alone.</param>
    public Permission May(LightConsultation light, PolicyMode mode, string jurisdiction, DateOnly day, string disease, PolicyRole role, Act act)
    {
        ArgumentNullException.ThrowIfNull(light);
        return mode == PolicyMode.LightConsultation
            ? OfLight(light, jurisdiction, day, role, act)
            : Rows.Where(r => r.Mode == mode && r.From <= day && (r.Until is not { } until || day <= until) && Lies(jurisdiction, r.Jurisdiction) && r.Roles.Contains(role) && r.Acts.Contains(act) && Covers(r, disease))
                .OrderByDescending(r => r.Jurisdiction.Length).ThenByDescending(r => !r.Diseases.Contains(Any)).ThenByDescending(r => r.From)
                .Select(r => new Permission(r.Allowed, r.Allowed ? r.Needs : [], r.Id, r.Articles, r.Grade))
                .FirstOrDefault(Permission.Nothing);
    }

    private static Permission OfLight(LightConsultation light, string jurisdiction, DateOnly day, PolicyRole role, Act act)
    {
        if (!light.InForce(day) || !Lies(jurisdiction, light.Jurisdiction))
        {
            return Permission.Nothing;
        }

        var rule = light.Acts.First(a => a.Act == act);
        return new(light.Allows(act, role == PolicyRole.Physician), [], $"{light.Stamp}/{rule.Act}", rule.Articles, rule.Grade);
    }

    private static bool Lies(string place, string within) => place == within || place.StartsWith(within + "-", StringComparison.Ordinal);

    private bool Covers(PermissionRow row, string disease) =>
        row.Diseases.Any(d => d == Any || d == disease || (Diseases.TryGetValue(d, out var list) && list.Contains(disease)));
}
