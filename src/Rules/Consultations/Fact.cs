using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>The sheet a patient leaves with. <see cref="Disposition"/> is the clinician's, which may differ from the protocol's.</summary>
public sealed record AdviceSheet(
    Disposition Disposition,
    string Situation,
    string Advice,
    ImmutableArray<Wording> Watch,
    ImmutableArray<Wording> CallNow,
    ProtocolPin Protocol,
    string Row);

/// <summary>
/// Something that has happened in a consultation: past tense, never changed, never taken back.
/// The payload is this record as JSON, encrypted; what stays readable is the header, which holds codes only.
/// A kind that this list does not know stops the read.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(PlaceStated), "place_stated")]
[JsonDerivedType(typeof(StoryTold), "story_told")]
[JsonDerivedType(typeof(Answered), "answered")]
[JsonDerivedType(typeof(DangerSpotted), "danger_spotted")]
[JsonDerivedType(typeof(GuardianConsented), "guardian_consented")]
[JsonDerivedType(typeof(Triaged), "triaged")]
[JsonDerivedType(typeof(ContactGiven), "contact_given")]
[JsonDerivedType(typeof(ContactVerified), "contact_verified")]
[JsonDerivedType(typeof(Queued), "queued")]
[JsonDerivedType(typeof(Felt), "felt")]
[JsonDerivedType(typeof(UrgencyChanged), "urgency_changed")]
[JsonDerivedType(typeof(UrgencySet), "urgency_set")]
[JsonDerivedType(typeof(OperatorRung), "operator_rung")]
[JsonDerivedType(typeof(Prompted), "prompted")]
[JsonDerivedType(typeof(PromptPassed), "prompt_passed")]
[JsonDerivedType(typeof(Assigned), "assigned")]
[JsonDerivedType(typeof(ClinicianUnreachable), "clinician_unreachable")]
[JsonDerivedType(typeof(ClinicianBack), "clinician_back")]
[JsonDerivedType(typeof(HandedOver), "handed_over")]
[JsonDerivedType(typeof(MessageReceived), "message_received")]
[JsonDerivedType(typeof(PhotoReceived), "photo_received")]
[JsonDerivedType(typeof(ReplySent), "reply_sent")]
[JsonDerivedType(typeof(GuardOverridden), "guard_overridden")]
[JsonDerivedType(typeof(DraftLeft), "draft_left")]
[JsonDerivedType(typeof(Seen), "seen")]
[JsonDerivedType(typeof(PutOnHold), "put_on_hold")]
[JsonDerivedType(typeof(TakenOffHold), "taken_off_hold")]
[JsonDerivedType(typeof(AdviceWritten), "advice_written")]
[JsonDerivedType(typeof(Referred), "referred")]
[JsonDerivedType(typeof(Offered), "offered")]
[JsonDerivedType(typeof(OfferDeclined), "offer_declined")]
[JsonDerivedType(typeof(Promised), "promised")]
[JsonDerivedType(typeof(Closed), "closed")]
[JsonDerivedType(typeof(WorryStated), "worry_stated")]
[JsonDerivedType(typeof(Left), "left")]
[JsonDerivedType(typeof(ContactAttempted), "contact_attempted")]
[JsonDerivedType(typeof(TurnedAway), "turned_away")]
[JsonDerivedType(typeof(CheckAsked), "check_asked")]
[JsonDerivedType(typeof(CheckMissed), "check_missed")]
[JsonDerivedType(typeof(SentAway), "sent_away")]
[JsonDerivedType(typeof(EntrySeenTo), "entry_seen_to")]
[JsonDerivedType(typeof(AdviceCorrected), "advice_corrected")]
[JsonDerivedType(typeof(CorrectionSeen), "correction_seen")]
[JsonDerivedType(typeof(NoticeGiven), "notice_given")]
[JsonDerivedType(typeof(NoticeSeen), "notice_seen")]
[JsonDerivedType(typeof(ProofGiven), "proof_given")]
[JsonDerivedType(typeof(FlagConfirmed), "flag_confirmed")]
[JsonDerivedType(typeof(FlagRefused), "flag_refused")]
[JsonDerivedType(typeof(ReportAcknowledged), "report_acknowledged")]
[JsonDerivedType(typeof(Erased), "erased")]
public abstract record Fact
{
    private protected Fact()
    {
    }
}

/// <param name="Patient">The person who is ill, which is not the account that writes.</param>
/// <param name="RulesDate">Day whose protocols judge this consultation: the day it opened, or the day a demo or drill campaign has pinned.</param>
/// <param name="Policy">Version of the mode's policy under which it opened; null before that was kept.</param>
/// <param name="Policies">Every signed policy that was in force then, as id@version#beginning of its digest; null before that was kept.</param>
public sealed record Opened(
    string Campaign, string Entrance, Guid Organisation, string Lang, ServiceMode Mode, Guid Patient, Relation Relation, Consent Consent, DateOnly RulesDate, string Channel, string? Policy = null, ImmutableArray<string>? Policies = null) : Fact;

/// <param name="Region">Six-digit code of a province, city or district of mainland China, Hong Kong, Macao or Taiwan; null abroad.</param>
/// <param name="Country">ISO 3166-1 alpha-2 of a country abroad; null inside.</param>
public sealed record PlaceStated(string? Region, string? Country) : Fact;

/// <param name="Worry">0 to 10, or null where it was left open.</param>
public sealed record StoryTold(string Text, int? Worry) : Fact;

/// <summary>Answers by input code of the protocols; "unknown" is a value of its own and never means no.</summary>
public sealed record Answered(ImmutableDictionary<string, string> Answers) : Fact;

/// <summary>Words of danger or of suicide were found in free text. Raises at once, never lowers.</summary>
public sealed record DangerSpotted(string Code, bool Crisis, string Words) : Fact;

/// <summary>The person who is ill is a child by the age that was answered; the guardian has agreed to what <paramref name="TextVersion"/> says.</summary>
public sealed record GuardianConsented(string TextVersion) : Fact;

public sealed record Triaged(Outcome Outcome) : Fact;

/// <summary>The person said where to be reached. The number itself stands in the account, encrypted.</summary>
public sealed record ContactGiven(bool Phone, bool RecoveryCode) : Fact;

public sealed record ContactVerified : Fact;

/// <param name="ArrivedAt">The time that counts for the order, kept through every hand-over, hold and return.</param>
public sealed record Queued(DateTimeOffset ArrivedAt, Urgency Urgency, string Need, Guid? OwnClinician) : Fact;

public sealed record Felt(Feeling Feeling) : Fact;

public sealed record UrgencyChanged(Urgency From, Urgency To, string Reason) : Fact;

/// <summary>A person of the staff set the urgency. The reason is about health and never stands in a header.</summary>
public sealed record UrgencySet(Urgency From, Urgency To, string Reason, Guid By, string Name) : Fact;

/// <summary>Urgency 1 had no clinician in time; somebody was rung.</summary>
public sealed record OperatorRung(int Attempt, string Target) : Fact;

/// <param name="Epoch">Counts the assignments of this consultation; an act with an older epoch is refused.</param>
/// <param name="Why">Code of the dispatch rule that chose, for example "urgency_then_wait".</param>
public sealed record Assigned(Guid Clinician, string ClinicianName, int Epoch, string Why) : Fact;

/// <summary>The clinician has shown no sign of life for a minute; the patient has been told.</summary>
public sealed record ClinicianUnreachable(Guid Clinician) : Fact;

public sealed record ClinicianBack(Guid Clinician) : Fact;

/// <param name="Reason">lost, slow, hand_over, break, off_duty, beyond_adviser or revoked.</param>
public sealed record HandedOver(Guid Clinician, string ClinicianName, string Reason, string? Note) : Fact;

/// <param name="MessageId">Made by the patient's device; unique in the consultation.</param>
public sealed record MessageReceived(Guid MessageId, string Text) : Fact;

/// <param name="Digest">SHA-256 of the stored picture, hex. The bytes are encrypted chunks under the same key.</param>
public sealed record PhotoReceived(Guid MessageId, string MediaType, int Width, int Height, int Bytes, int Chunks, string Digest) : Fact;

public sealed record ReplySent(Guid MessageId, Guid Clinician, string Text) : Fact;

/// <summary>A physician was told what in these words light consultation does not allow, and sent them all the same.</summary>
/// <param name="MessageId">Null: the advice sheet.</param>
/// <param name="Stamp">Of the reply guard's patterns.</param>
public sealed record GuardOverridden(Guid? MessageId, ImmutableArray<string> Rules, string Stamp) : Fact;

/// <summary>A reply that came after the consultation had been given to another clinician: kept for that one, never shown to the patient.</summary>
public sealed record DraftLeft(Guid Clinician, string Text) : Fact;

/// <param name="ByClinician">True: the clinician has seen the patient's lines up to <paramref name="UpTo"/>; false: the patient has seen the clinician's.</param>
/// <param name="UpTo">A version of this consultation.</param>
public sealed record Seen(bool ByClinician, long UpTo) : Fact;

/// <param name="Reason">patient_silent, or looked_for when the person has been told again.</param>
/// <param name="Until">When the other side is looked for again.</param>
public sealed record PutOnHold(string Reason, DateTimeOffset Until) : Fact;

public sealed record TakenOffHold : Fact;

public sealed record AdviceWritten(Guid Clinician, string ClinicianName, AdviceSheet Sheet) : Fact;

/// <param name="To">Null in what was written before hospitals were named.</param>
public sealed record Referred(string Reason, ReferredTo? To = null, string? Note = null) : Fact;

/// <param name="ByPatient">The patient ended it; otherwise the clinician.</param>
public sealed record Closed(bool ByPatient, string Reason) : Fact;

/// <param name="Worry">0 to 10, after the consultation.</param>
public sealed record WorryStated(int Worry) : Fact;

/// <param name="Reason">silent, withdrew or no_contact.</param>
/// <param name="ContactDue">When contact is attempted; null where no way to reach the person was given.</param>
public sealed record Left(string Reason, DateTimeOffset? ContactDue) : Fact;

/// <summary>A person of the staff tried to reach somebody who had left; who it was stands in the header.</summary>
/// <param name="Again">When it is tried once more; null when somebody was reached, or when this was the last time.</param>
public sealed record ContactAttempted(int Attempt, bool Reached, DateTimeOffset? Again) : Fact;

public sealed record TurnedAway(string Reason) : Fact;

/// <summary>An entry of the worklist was seen to; who it was stands in the header.</summary>
/// <param name="Came">reached, not_reached, seen_to or not_needed.</param>
public sealed record EntrySeenTo(Guid Entry, string What, string Came, string? Note) : Fact;

/// <summary>The last fact: what statistics may keep. Everything else of the person is destroyed with the keys.</summary>
public sealed record Erased(string Campaign, string Entrance, string Province, string AgeBand, string Lang, string Disposition) : Fact;
