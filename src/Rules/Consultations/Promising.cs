using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>What a person was offered instead of waiting.</summary>
/// <param name="IsAnswered">Taken or declined.</param>
public sealed record OfferMade(DateTimeOffset At, DateTimeOffset WrittenBy, DateTimeOffset? CallBackBy, DateTimeOffset Until, bool IsAnswered);

/// <summary>A dated promise. It is kept by the first words of a clinician after it: they are what the person was told to expect by then.</summary>
/// <param name="What">written_answer or call_back.</param>
public sealed record Promise(string What, DateTimeOffset By, DateTimeOffset MadeAt, DateTimeOffset? KeptAt)
{
    public bool IsKept => KeptAt is not null;

    public bool IsMissed(DateTimeOffset now) => By < (KeptAt ?? now);
}

/// <summary>
/// A dated written answer or a call-back instead of waiting: offered to urgency 4 and 5 only, and taken by the person, never by us. The arrival stays.
/// Whoever becomes urgent meanwhile is in the line again by that alone: the fold says so, whichever fact raised them.
/// </summary>
public static class Promising
{
    public const string WrittenAnswer = "written_answer";
    public const string CallBack = "call_back";

    /// <summary>Who may be offered anything instead of waiting: urgency 4 and 5, and nobody above.</summary>
    public static bool MayBePromised(this Urgency urgency) => urgency is Urgency.Routine or Urgency.Question;

    /// <summary>Once in a consultation, while it waits and no clinician has had it. A call-back only to whom a message comes through.</summary>
    public static Decision<ImmutableArray<Fact>> OfferAnswer(this Consultation consultation, DateTimeOffset writtenBy, DateTimeOffset callBackBy, DateTimeOffset until, string because) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Bucket != Bucket.Waiting || c.Urgency?.MayBePromised() != true || !c.Assignees.IsEmpty ? Refusal.NotWaiting
            : c.Offer is not null ? Facts.None
            : Facts.These(new Offered(writtenBy, c.Contact.Verified ? callBackBy : null, until, because)));

    /// <summary>Whether the person may take it now.</summary>
    public static bool IsOfferOpen(this Consultation consultation, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return consultation is { Bucket: Bucket.Waiting, Offer: { IsAnswered: false } offer } && now < offer.Until && consultation.Urgency?.MayBePromised() == true;
    }

    /// <summary>The person takes it. Twice is once.</summary>
    /// <param name="what">written_answer or call_back.</param>
    public static Decision<ImmutableArray<Fact>> TakeOffer(this Consultation consultation, string? what, DateTimeOffset now) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => what is not (WrittenAnswer or CallBack) ? Refusal.Malformed
            : c.Bucket == Bucket.Promised && c.Promise?.What == what ? Facts.None
            : !c.IsOfferOpen(now) ? Refusal.OfferOver
            : (what == WrittenAnswer ? c.Offer?.WrittenBy : c.Offer?.CallBackBy) is { } by ? Facts.These(new Promised(what, by))
            : Refusal.OfferOver);

    /// <summary>The person waits on, before or after having taken it: the arrival counts as it did.</summary>
    public static Decision<ImmutableArray<Fact>> WaitInLine(this Consultation consultation, DateTimeOffset now) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Bucket == Bucket.Promised ? Facts.These(new Queued(c.ArrivedAt ?? now, c.Urgency ?? Urgency.Routine, c.Need, c.OwnClinician))
            : c.Offer is null ? Refusal.OfferOver
            : c.Offer.IsAnswered || c.Bucket != Bucket.Waiting ? Facts.None
            : Facts.These(new OfferDeclined()));
}

/// <content>The fold of promises.</content>
public sealed partial record Consultation
{
    /// <summary>Null where nothing was offered instead of waiting.</summary>
    public OfferMade? Offer { get; init; }

    /// <summary>The newest one that was not given up by going back into the line.</summary>
    public Promise? Promise { get; init; }

    /// <summary>Still to be kept: who is handed over goes back to it, with its time.</summary>
    private Promise? Owed => Promise is { IsKept: false } ? Promise : null;

    private Promise? OnceKept => Promise is { IsKept: true } ? Promise : null;

    private Promise? KeptNow(DateTimeOffset at) => Owed is { } owed ? owed with { KeptAt = at } : Promise;

    private Consultation WithPromise(Promised f, DateTimeOffset at) => this with
    {
        Bucket = Bucket.Promised,
        Due = f.By,
        Promise = new Promise(f.What, f.By, at, null),
        Offer = Offer is { } offer ? offer with { IsAnswered = true } : null,
        Lines = Lines.Add(new(Version, at, LineBy.System, null, null, $"promised:{f.What}", null)),
    };

    /// <summary>Nobody above urgency 4 is ever left with a date, whichever fact raised them: they are in the line, with the arrival they had.</summary>
    private Consultation InLineWhereUrgent() => Bucket != Bucket.Promised || Urgency?.MayBePromised() == true ? this
        : this with { Bucket = Bucket.Waiting, Due = null, Promise = OnceKept };
}
