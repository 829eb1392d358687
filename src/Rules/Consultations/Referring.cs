using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>The hospital that somebody was referred to, as the directory gave it at that moment: the directory may change, what was said does not.</summary>
/// <param name="Hospital">Its key in the directory.</param>
/// <param name="Phone">Empty where the list said none. Several stand with a semicolon between them.</param>
/// <param name="Published">Null where the list bore no date.</param>
public sealed record ReferredTo(Guid Hospital, string Name, string Address, string Phone, string Hours, string Publisher, DateOnly? Published);

/// <summary>A doctor sends somebody to a named hospital; and somebody whom the campaign does not cover is told where to go instead.</summary>
public static class Referring
{
    /// <summary>Longest note to the hospital, in characters.</summary>
    public const int NoteLength = 2000;

    /// <summary>In headers: a physician referred. Which hospital is for the payload alone, for it tells where somebody is.</summary>
    public const string ByClinician = "by_clinician";

    /// <summary>The person is not in a region that the campaign covers.</summary>
    public const string OutsideRegion = "outside_region";

    /// <summary>The sheet stands; the consultation ends with the way to that hospital.</summary>
    /// <param name="note">For whoever sees the patient there. The patient carries it and reads it too.</param>
    public static Decision<ImmutableArray<Fact>> Refer(this Consultation consultation, Guid clinician, int epoch, ReferredTo to, string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        return consultation.With(clinician).Then<ImmutableArray<Fact>>(c => c.Epoch != epoch ? Refusal.NoLongerYours
            : c.Advice is null ? Refusal.AdviceMissing
            : note.Length > NoteLength ? Refusal.TextTooLong
            : Facts.These(new Referred(ByClinician, to, note.Trim())));
    }

    /// <summary>Kept wherever they are: words of danger, urgency 1 or 2, and whoever has a place already.</summary>
    public static bool IsKept(this Consultation consultation)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return !consultation.Dangers.IsDefaultOrEmpty || consultation.Urgency is Urgency.Emergency or Urgency.Urgent
            || consultation.Bucket is Bucket.Waiting or Bucket.OnHold or Bucket.Promised or Bucket.InConsultation or Bucket.Served or Bucket.Referred;
    }

    /// <summary>Turned back at the place, with the reason and the first thing that is offered instead, as codes. Saying it twice is saying it once.</summary>
    /// <param name="instead">campaigns, services or health_line.</param>
    public static Decision<ImmutableArray<Fact>> TurnBack(this Consultation consultation, string instead)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return consultation.IsTurnedBack() ? Facts.None
            : consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.IsKept() ? Refusal.Conflict : Facts.These(new TurnedAway($"{OutsideRegion}:{instead}")));
    }

    public static bool IsTurnedBack(this Consultation consultation)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return consultation is { IsErased: false, Bucket: Bucket.Refused, ClosedBecause: { } why } && why.StartsWith(OutsideRegion, StringComparison.Ordinal);
    }
}
