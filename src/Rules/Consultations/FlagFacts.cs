using Yizhen.Rules.Regulation;

namespace Yizhen.Rules.Consultations;

/// <summary>A physician found that this is to be reported; from then on the time runs.</summary>
/// <param name="Entry">Of the worklist.</param>
/// <param name="Duty">Id of the duty, in <paramref name="Policy"/> (id and version).</param>
public sealed record FlagConfirmed(Guid Entry, Flag Flag, Guid Clinician, string ClinicianName, string Duty, string Policy, DateTimeOffset Due, string? Note) : Fact;

/// <summary>A physician found that what triage flagged is not to be reported, and said why.</summary>
public sealed record FlagRefused(Flag Flag, Guid Clinician, string ClinicianName, string Reason) : Fact;

/// <summary>An authority took the report; who filed it stands in the header.</summary>
/// <param name="TakenBy">Who took it there, where that was said.</param>
/// <param name="Number">As the recipient gave it.</param>
public sealed record ReportAcknowledged(Guid Entry, Flag Flag, string Recipient, string? TakenBy, string Number, DateTimeOffset FiledAt, string FiledBy) : Fact;
