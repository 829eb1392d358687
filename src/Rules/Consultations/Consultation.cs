using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>
/// A consultation as it stands: the fold of its facts, nothing else. Change it by deciding facts, never by hand.
/// </summary>
public sealed partial record Consultation
{
    public required ConsultationId Id { get; init; }

    /// <summary>Number of facts so far; 0 before it is opened.</summary>
    public long Version { get; init; }

    public Bucket Bucket { get; init; } = Bucket.BeingAsked;

    /// <summary>UTC; never before its predecessor's.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    public Opened? Opening { get; init; }

    /// <summary>The day whose protocols judge.</summary>
    public DateOnly RulesDay => Opening?.RulesDate ?? DateOnly.FromDateTime(OpenedAt.UtcDateTime);

    public PlaceStated? Place { get; init; }

    public StoryTold? Story { get; init; }

    public ImmutableDictionary<string, string> Answers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>A guardian has agreed, at the opening or when the age showed a child.</summary>
    public bool GuardianAgreed { get; init; }

    public ImmutableArray<DangerSpotted> Dangers { get; init; } = [];

    public Outcome? Outcome { get; init; }

    /// <summary>The urgency that counts now: the outcome's, raised or lowered since. Null before triage, unless danger words raised it.</summary>
    public Urgency? Urgency { get; init; }

    public ContactState Contact { get; init; } = new(false, false, false);

    public DateTimeOffset? ArrivedAt { get; init; }

    /// <summary>Since when in the line, this time, and as an emergency, if it is one.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>Since when they wait, are with clinicians or on hold, without the hours of a date or at home after advice: those are no wait, whenever they arrived.</summary>
    public DateTimeOffset? WaitsFrom { get; init; }

    public string Need { get; init; } = "general";

    public Guid? OwnClinician { get; init; }

    public Guid? AssignedTo { get; init; }

    public string? AssignedName { get; init; }

    public DateTimeOffset? AssignedAt { get; init; }

    /// <summary>When the person first got a clinician: arrival to here is the wait that is published.</summary>
    public DateTimeOffset? FirstAssignedAt { get; init; }

    /// <summary>Who has had it, in order: the first is epoch 1.</summary>
    public ImmutableArray<Guid> Assignees { get; init; } = [];

    /// <summary>Counts assignments; fences off the late reply of a clinician who has been replaced.</summary>
    public int Epoch { get; init; }

    /// <summary>The assigned clinician has shown no sign of life; the patient has been told.</summary>
    public bool OutOfSight { get; init; }

    /// <summary>What both sides read, in order.</summary>
    public ImmutableList<Line> Lines { get; init; } = [];

    public long SeenByClinician { get; init; }

    public long SeenByPatient { get; init; }

    public AdviceWritten? Advice { get; init; }

    /// <summary>Where a doctor has sent this person; null where nobody was sent anywhere.</summary>
    public Referred? Referral { get; init; }

    public int? WorryAfter { get; init; }

    public ImmutableArray<DraftLeft> DraftsLeft { get; init; } = [];

    public string? HandoverNote { get; init; }

    /// <summary>Somebody who is no physician has called one: nobody else gets this person any more.</summary>
    public bool DoctorCalled => Lines.Any(l => l is { By: LineBy.System, Text: $"handed_over:{SettingUrgency.DoctorCalled}" });

    /// <summary>Since <see cref="QueuedAt"/>.</summary>
    public int TimesRung { get; init; }

    public DateTimeOffset? Due { get; init; }

    public string? HeldBecause { get; init; }

    /// <summary>Since when the oldest unanswered line of the patient waits; null when nothing is unanswered.</summary>
    public DateTimeOffset? UnansweredSince { get; init; }

    public Feeling? Feeling { get; init; }

    public string? ClosedBecause { get; init; }

    /// <summary>How often somebody tried to reach the person after leaving.</summary>
    public int ContactAttempts { get; init; }

    /// <summary>The newest question how the person is; it stands open only as <see cref="Asking"/>.</summary>
    public CheckAsked? Asked { get; init; }

    /// <summary>Asked how they are, with no answer yet. Whatever else sets or clears the due time has ended the question.</summary>
    public CheckAsked? Asking => Asked is { } asked && Due == asked.AnswerBy ? asked : null;

    /// <summary>When the person was last asked, or the answer last missed.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    public int RechecksAsked { get; init; }

    public int FollowUpsAsked { get; init; }

    /// <summary>When triage last judged.</summary>
    public DateTimeOffset? JudgedAt { get; init; }

    /// <summary>The version of this consultation in which <see cref="Outcome"/> was said.</summary>
    public long JudgedIn { get; init; }

    /// <summary>What <see cref="Outcome"/> has taken back; null where it was judged anew since, or never corrected.</summary>
    public AdviceCorrected? Correction { get; init; }

    /// <summary>By what they were believed to live where the campaign covers them; null where nobody asked.</summary>
    public string? Proof { get; init; }

    public int Corrections { get; init; }

    /// <summary>What corrections have put in the place of recalled versions, in order. It stands when the person is judged anew.</summary>
    public ImmutableArray<(ProtocolPin Recalled, ProtocolPin By)> Replaced { get; init; } = [];

    /// <summary>Up to here the person has said that they read it.</summary>
    public int CorrectionsSeen { get; init; }

    /// <summary>What was said to many at once and reached this person, in order.</summary>
    public ImmutableArray<HeldNotice> Notices { get; init; } = [];

    /// <summary>Codes of the rules of the policy that raised the urgency.</summary>
    public ImmutableArray<string> RaisedFor { get; init; } = [];

    /// <summary>Each time somebody of the staff set the urgency, in order.</summary>
    public ImmutableArray<UrgencyStep> UrgencySteps { get; init; } = [];

    /// <summary>So many of <see cref="Dangers"/> a physician had before them who lowered the urgency: said again, they raise again.</summary>
    public int DangersLookedAt { get; init; }

    public ImmutableArray<Guid> EntriesSeenTo { get; init; } = [];

    /// <summary>What physicians have decided about flags, in order.</summary>
    public ImmutableArray<FlagDecision> FlagsDecided { get; init; } = [];

    public bool IsErased => ErasedAs is not null;

    /// <summary>What an erasure leaves for the figures; null while the person has not asked for one.</summary>
    public Erased? ErasedAs { get; init; }

    /// <summary>Closed for good: nothing may be added but worry, seen marks, a correction of what we said, and erasure.</summary>
    public bool IsOver => IsErased || Bucket is Bucket.Served or Bucket.Referred or Bucket.Left or Bucket.Refused;

    /// <summary>What was due because nobody was heard of is due no more; a kept place, a promise and a contact stay so.</summary>
    private DateTimeOffset? DueOnceHeard() => Bucket is Bucket.OnHold or Bucket.Promised or Bucket.Left ? Due : null;

    /// <summary>A referral ends it as the sheet would.</summary>
    private Consultation WithReferral(Referred referred, DateTimeOffset at) => this with
    {
        Bucket = Bucket.Referred,
        Referral = referred,
        ClosedBecause = Talking.Advised,
        AssignedTo = null,
        Due = null,
        UnansweredSince = null,
        Lines = Lines.Add(new(Version, at, LineBy.System, null, AssignedName, "referred", null)),
    };

    public static Consultation Before(ConsultationId id) => new() { Id = id };
}
