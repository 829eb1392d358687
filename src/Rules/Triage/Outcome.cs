using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>Urgency of a consultation, always shown with its number and its word. 1 has no queue.</summary>
public enum Urgency
{
    Emergency = 1,
    Urgent = 2,
    Soon = 3,
    Routine = 4,
    Question = 5,
}

/// <summary>
/// What a person is told to do. Codes of the decision tables (part B0 of the clinical notes):
/// D0 emergency, D1 fever clinic now, D2 in person today, D3 doctor online, D4 home observation,
/// D5 self-care, D6 psychological crisis: a human at once, D7 psychological support.
/// </summary>
public enum Disposition
{
    D0,
    D1,
    D2,
    D3,
    D4,
    D5,
    D6,
    D7,
}

/// <summary>A text for people in both languages; neither may be empty.</summary>
public sealed record Wording(string Zh, string En)
{
    /// <param name="lang">Two-letter language; anything but "en" reads Chinese.</param>
    public string In(string lang) => lang == "en" ? En : Zh;
}

/// <summary>The version of a protocol that a consultation was judged by.</summary>
public sealed record ProtocolPin(string Id, string Version);

/// <summary>Where a row comes from. <see cref="Grade"/> is P, T, S, M or D as in the clinical notes: read, reposted, secondary, memory, our design.</summary>
/// <param name="Note">For whoever reviews and signs: what is weak about it. Patients' pages do not show it.</param>
public sealed record Source(string Id, Wording Title, string? Date, string? Url, string Grade, Wording? Note = null);

/// <summary>
/// The answer of triage, stored whole in the fact that records it, so that it can be read as it was given.
/// <see cref="Row"/> is the row that decided. <see cref="Advice"/>, <see cref="Watch"/> (what would change it) and
/// <see cref="CallNow"/> (when to call 120) are the texts of that version, in order.
/// </summary>
public sealed record Outcome(
    Disposition Disposition,
    Urgency Urgency,
    string Need,
    ImmutableArray<string> Flags,
    ProtocolPin DecidedBy,
    string Row,
    ImmutableArray<ProtocolPin> JudgedBy,
    Wording Headline,
    Wording Reason,
    ImmutableArray<Wording> Advice,
    ImmutableArray<Wording> Watch,
    ImmutableArray<Wording> CallNow,
    ImmutableArray<Source> Sources,
    ImmutableArray<string> AskedNext,
    bool Signs = false)
{
    /// <summary>The name by which the outside knows the disposition.</summary>
    public string PublicName => Disposition switch
    {
        Disposition.D0 => "emergency",
        Disposition.D1 => "fever_clinic_now",
        Disposition.D2 => "in_person_visit",
        Disposition.D3 => "doctor_consult_online",
        Disposition.D4 => "home_observation",
        Disposition.D5 => Signs ? "home_observation" : "reassurance",
        Disposition.D6 or Disposition.D7 => "psychological_support",
    };
}
