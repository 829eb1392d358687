using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>Who of the staff sets an urgency. What they may is a cell of the policy table.</summary>
/// <param name="MayLower">Physicians. Everybody else only raises.</param>
public sealed record UrgencyBy(Guid Account, string Name, bool MayLower);

/// <summary>When somebody of the staff set the urgency, and what they set.</summary>
public sealed record UrgencyStep(DateTimeOffset At, UrgencySet Set)
{
    public bool IsRaised => Set.To < Set.From;
}

/// <summary>
/// A person of the staff sets the urgency, with a reason; the place in the queue follows from the urgency alone and the arrival stays.
/// </summary>
public static class SettingUrgency
{
    /// <summary>Why it was handed over.</summary>
    public const string DoctorCalled = "doctor_called";

    /// <summary>What dispatch looks for from then on: any physician, and nobody else.</summary>
    public const string Physician = "physician";

    /// <summary>
    /// Raising is always safe: it is open to whoever may at all, on a page however old, in the queue and in the consultation.
    /// Lowering can hurt, so it asks for more: a physician; a page that showed what counts now (else <see cref="Refusal.Conflict"/>: words of danger may
    /// have raised it since); not over the head of a colleague who has the person (<see cref="Refusal.NoLongerYours"/>); and where a red flag of the
    /// signed pack, or words of danger, stand, the physician who has the person in consultation now. From the worklist nobody lowers those
    /// (<see cref="Refusal.RedFlagStands"/>), a physician neither: an entry shows no word about health, so whoever decides there decides unread, while the
    /// pack has judged by answers. What the treating physician lowers holds until the person says "worse", words of danger come, or triage judges again:
    /// each of these raises to what the pack says.
    /// </summary>
    /// <param name="seen">The urgency that the page was showing; null where none was shown.</param>
    /// <param name="reason">Required; at most <see cref="Intake.StoryLength"/> characters. About health, so it is sealed and stands in no header.</param>
    public static Decision<ImmutableArray<Fact>> SetUrgency(this Consultation consultation, Urgency? seen, Urgency to, string? reason, UrgencyBy by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return consultation.NotOver().Then<ImmutableArray<Fact>>(c =>
        {
            var now = c.Urgency ?? Urgency.Routine;
            return !c.Bucket.HasUrgency() ? Refusal.NotWaiting
                : !Enum.IsDefined(to) ? Refusal.Malformed
                : string.IsNullOrWhiteSpace(reason) ? Refusal.ReasonNeeded
                : reason.Length > Intake.StoryLength ? Refusal.TextTooLong
                : to > now && !by.MayLower ? Refusal.OnlyRaise
                : to > now && c.Bucket == Bucket.InConsultation && c.AssignedTo != by.Account ? Refusal.NoLongerYours
                : to == now ? Facts.None
                : to > now && seen != now ? Refusal.Conflict
                : to > now && c.HasRedFlag() && c.AssignedTo != by.Account ? Refusal.RedFlagStands
                : Facts.These(new UrgencySet(now, to, reason.Trim(), by.Account, by.Name));
        });
    }

    /// <summary>
    /// Whoever is no physician finds somebody in danger: urgency 1 and handed over to a physician, in one step (CN-DOC-08). The words are the reason and the
    /// note; where none takes it in time, the operator is rung as for everybody at urgency 1.
    /// </summary>
    public static Decision<ImmutableArray<Fact>> CallDoctor(this Consultation consultation, string? note, UrgencyBy by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(by);
        return consultation.SetUrgency(null, Urgency.Emergency, note, by).Then<ImmutableArray<Fact>>(raised =>
            consultation.After(raised, now).HandOver(by.Account, DoctorCalled, note).Then<ImmutableArray<Fact>>(handed => raised.AddRange(handed)));
    }

    /// <summary>In the queue, or with a clinician: elsewhere no place depends on it.</summary>
    public static bool HasUrgency(this Bucket bucket) => bucket is Bucket.Waiting or Bucket.OnHold or Bucket.Promised or Bucket.InConsultation;

    /// <summary>What a member of the staff set last, where it counts still.</summary>
    public static UrgencyStep? SetLast(this Consultation consultation)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return consultation.UrgencySteps.LastOrDefault() is { } last && last.Set.To == consultation.Urgency ? last : null;
    }

    private static bool HasRedFlag(this Consultation c) => c.Outcome?.Urgency == Urgency.Emergency || !c.Dangers.IsEmpty;
}
