using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>Somebody who waits. Times in UTC milliseconds; ties go by <see cref="Order"/>, the order of arrival in the log, never by id.</summary>
public sealed record Waiting(
    Guid Consultation,
    Urgency Urgency,
    long ArrivedAt,
    long Order,
    string Need,
    string Lang,
    string? Region,
    string Channel,
    string Campaign,
    Guid? OwnClinician);

/// <summary>A clinician on duty. <see cref="Licence"/>: two-digit province codes, or "*". <see cref="IdleSince"/> in UTC milliseconds.</summary>
public sealed record OnDuty(
    Guid Clinician,
    string Name,
    ImmutableArray<string> Skills,
    ImmutableArray<string> Langs,
    ImmutableArray<string> Licence,
    ImmutableArray<string> Channels,
    int Seats,
    int Taken,
    bool Paused,
    long IdleSince,
    long LastAssignedAt);

/// <summary>One decision with its reason: who was chosen, how many could have been, and why the others could not.</summary>
public sealed record Assignment(
    Guid Consultation,
    Guid Clinician,
    string ClinicianName,
    string Why,
    int Eligible,
    ImmutableDictionary<string, int> Excluded,
    ImmutableArray<Guid> PassedOver);

/// <summary>Somebody whom nobody can take now, and why: counts of clinicians by the filter that excluded them.</summary>
public sealed record Unserved(Guid Consultation, ImmutableDictionary<string, int> Excluded);

public sealed record Round(long At, ImmutableArray<Assignment> Assignments, ImmutableArray<Unserved> Unserved);
