using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;

namespace Yizhen.Web.Consultations;

/// <summary>A consultation as <c>/api/v1</c> shows it to its patient and to its clinician. Times in UTC, ISO 8601.</summary>
internal sealed record ConsultationView(
    string Id,
    long Version,
    string Bucket,
    int? Urgency,
    string Lang,
    string Campaign,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ArrivedAt,
    string? Region,
    string? Country,
    string? Story,
    int? Worry,
    IReadOnlyDictionary<string, string> Answers,
    Outcome? Outcome,
    bool PhoneVerified,
    string? Clinician,
    int Epoch,
    bool ClinicianOutOfSight,
    IReadOnlyList<LineView> Lines,
    long SeenByClinician,
    long SeenByPatient,
    AdviceSheet? Advice,
    int? WorryAfter,
    string? HandoverNote,
    IReadOnlyList<string> DraftsLeft,
    IReadOnlyList<UnsentDraft> UnsentDrafts,
    DateTimeOffset? UnansweredSince,
    CorrectionView? Correction,
    IReadOnlyList<Flag> FlagsWaiting,
    IReadOnlyList<FlagView> FlagsDecided,
    OfferView? Offer,
    PromiseView? Promise,
    ReferredTo? ReferredTo,
    IReadOnlyList<NoticeView> Notices)
{
    public static ConsultationView Of(Consultation c, bool forClinician) => new(
        c.Id.ToString(),
        c.Version,
        c.Bucket.Code(),
        (int?)c.Urgency,
        c.Opening?.Lang ?? c.ErasedAs?.Lang ?? "",
        c.Opening?.Campaign ?? c.ErasedAs?.Campaign ?? "",
        c.OpenedAt,
        c.ArrivedAt,
        c.Place?.Region,
        c.Place?.Country,
        c.Story?.Text,
        c.Story?.Worry,
        c.Answers,
        c.Outcome,
        c.Contact.Verified,
        c.AssignedName,
        c.Epoch,
        c.OutOfSight,
        [.. c.Lines.Select(LineView.Of)],
        c.SeenByClinician,
        c.SeenByPatient,
        c.Advice?.Sheet,
        c.WorryAfter,
        forClinician ? c.HandoverNote : null,
        forClinician ? [.. c.DraftsLeft.Select(d => d.Text)] : [],
        [],
        c.UnansweredSince,
        c.Correction is { } corrected ? new CorrectionView(corrected.Count, corrected.SaidAt, corrected.Said, c.JudgedAt, corrected.Recalled, corrected.Replacement, c.CorrectionsSeen >= corrected.Count) : null,
        forClinician ? c.FlagsWaiting() : [],
        forClinician ? [.. c.FlagsDecided.Select(FlagView.Of)] : [],
        c.Offer is { } offer ? new OfferView(offer.WrittenBy, offer.CallBackBy, offer.Until, offer.IsAnswered) : null,
        c.Promise is { } promise ? new PromiseView(promise.What, promise.By, promise.KeptAt) : null,
        c.Referral?.To,
        [.. c.Notices.Select(n => new NoticeView(Base32.Write(n.Notice), n.At, n.Text, n.Seen))]);
}

/// <summary>A dated answer instead of waiting. It may be taken while the consultation waits at urgency 4 or 5, until <paramref name="Until"/>.</summary>
/// <param name="CallBackBy">Null where no verified phone could be told.</param>
internal sealed record OfferView(DateTimeOffset WrittenBy, DateTimeOffset? CallBackBy, DateTimeOffset Until, bool Answered);

/// <param name="What">written_answer or call_back.</param>
internal sealed record PromiseView(string What, DateTimeOffset By, DateTimeOffset? KeptAt);

/// <param name="Entry">Of the worklist; null where it was refused.</param>
/// <param name="Number">As the authority gave it; null until then.</param>
internal sealed record FlagView(Flag Flag, bool Confirmed, string? Entry, string Clinician, DateTimeOffset At, DateTimeOffset? Due, string? Reason, string? Duty, string? Recipient, string? Number)
{
    public static FlagView Of(FlagDecision d) =>
        new(d.Flag, d.Confirmed, d.Entry is { } entry ? Base32.Write(entry) : null, d.ClinicianName, d.At, d.Due, d.Words, d.Duty, d.Receipt?.Recipient, d.Receipt?.Number);
}

/// <summary>A correction or a new rule that was sent to many.</summary>
/// <param name="Seen">The person has said that they read it.</param>
internal sealed record NoticeView(string Notice, DateTimeOffset At, Wording Text, bool Seen);

/// <summary>What the outcome has taken back.</summary>
/// <param name="Said">What the person had been told before.</param>
/// <param name="Seen">The person has said that they read it.</param>
internal sealed record CorrectionView(int Count, DateTimeOffset SaidAt, Outcome Said, DateTimeOffset? CorrectedAt, ProtocolPin Recalled, ProtocolPin Replacement, bool Seen);

/// <param name="By">patient, clinician or system; the text of a system line is a code.</param>
internal sealed record LineView(long Version, DateTimeOffset At, string By, Guid? MessageId, string? Name, string Text, PhotoView? Photo)
{
    public static LineView Of(Line line) => new(
        line.Version,
        line.At,
        line.By switch { LineBy.Patient => "patient", LineBy.Clinician => "clinician", LineBy.System => "system" },
        line.MessageId,
        line.Name,
        line.Text,
        line.Photo is { } photo ? new PhotoView(photo.MediaType, photo.Width, photo.Height, photo.Bytes, photo.Digest) : null);
}

internal sealed record PhotoView(string MediaType, int Width, int Height, int Bytes, string Digest);

internal sealed record OpeningBody([property: JsonRequired] Relation Relation, Consent Consent, string? Lang, string? Label);

internal sealed record PlaceBody(string? Region, string? Country);

internal sealed record StoryBody(string? Text, int? Worry);

/// <param name="Guardian">Version of the consent text under which the guardian agrees, where the age shows a child; otherwise null.</param>
internal sealed record AnswersBody(ImmutableDictionary<string, string>? Answers, string? Guardian);

internal sealed record MessageBody(string? Text);

/// <param name="Confirmed">Rules of the reply guard that a physician was warned of and leaves as they are.</param>
internal sealed record ReplyBody(string? Text, int Epoch, IReadOnlyList<string>? Confirmed = null);

internal sealed record FeelingBody([property: JsonRequired] Feeling Feeling);

internal sealed record SeenBody(long UpTo);

internal sealed record WorryBody([property: JsonRequired] int Worry);

/// <param name="Danger">The person is in danger: urgency 1 and a doctor at once, in the same step.</param>
internal sealed record HandOverBody(string? Note, bool Danger = false);

/// <param name="Hospital">Key of the directory: the person is referred there, and the consultation ends so. Null: nowhere.</param>
/// <param name="Note">For the doctor there; the patient reads it too.</param>
public sealed record AdviceBody(int Epoch, [property: JsonRequired] Disposition Disposition, string? Situation, string? Advice, bool Close, IReadOnlyList<string>? Confirmed = null, string? Hospital = null, string? Note = null);
