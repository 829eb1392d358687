using System.Collections.Immutable;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>From the outcome to the clinician: joining the queue, waiting, being given to somebody, keeping the place.</summary>
public static class Queueing
{
    /// <summary>
    /// A person says where to be reached. <paramref name="verified"/> when the code came back right.
    /// Without any phone the place is kept on the device and by the printed recovery code.
    /// </summary>
    public static Decision<ImmutableArray<Fact>> GiveContact(this Consultation consultation, bool phone, bool recoveryCode, bool verified) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c =>
        {
            var facts = Facts.None;
            if ((phone && !c.Contact.Phone) || (recoveryCode && !c.Contact.RecoveryCode))
            {
                facts = facts.Add(new ContactGiven(phone || c.Contact.Phone, recoveryCode));
            }

            return verified && !c.Contact.Verified ? facts.Add(new ContactVerified()) : facts;
        });

    /// <summary>
    /// A place in the queue. Whoever asks for a person gets one, whatever the outcome said; the urgency is the outcome's, or higher
    /// where words of danger raised it. The original arrival time counts for good; whoever has a place already keeps it.
    /// </summary>
    public static Decision<ImmutableArray<Fact>> JoinQueue(this Consultation consultation, DateTimeOffset now) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c =>
        {
            // Whoever holds a date gives it up by saying that they wait instead, and by nothing else.
            if (c.Bucket is Bucket.Waiting or Bucket.InConsultation or Bucket.Promised)
            {
                return Facts.None;
            }

            if (c.Outcome is null || c.Urgency is not { } urgency)
            {
                return Refusal.NotTriagedYet;
            }

            if (!c.Contact.Phone && !c.Contact.RecoveryCode)
            {
                return Refusal.ContactMissing;
            }

            return Facts.These(new Queued(c.ArrivedAt ?? now, urgency, c.Need, c.OwnClinician));
        });

    /// <summary>Better, same, worse, in one tap. Worse re-triages with <paramref name="newOutcome"/> and keeps the arrival time.</summary>
    public static Decision<ImmutableArray<Fact>> Feel(this Consultation consultation, Feeling feeling, Outcome? newOutcome) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c =>
        {
            var facts = Facts.These(new Felt(feeling));
            if (feeling != Feeling.Worse || c.Urgency is not { } before)
            {
                return facts;
            }

            if (newOutcome is not null)
            {
                facts = facts.Add(new Triaged(newOutcome));
            }

            var after = newOutcome is { } outcome && outcome.Urgency < before ? outcome.Urgency : before;
            var raised = after < before ? after : Raise(before);
            return raised == after ? facts : facts.Add(new UrgencyChanged(after, raised, "worse"));
        });

    public static Decision<ImmutableArray<Fact>> Assign(this Consultation consultation, Guid clinician, string clinicianName, string why) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Bucket is Bucket.Waiting or Bucket.Promised
            ? Facts.These(new Assigned(clinician, clinicianName, c.Epoch + 1, why))
            : Refusal.NotWaiting);

    /// <summary>The name under which this clinician had it; null where they never had.</summary>
    public static string? NameOf(this Consultation consultation, Guid clinician)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        var names = consultation.Lines.Where(l => l is { By: LineBy.System, Text: "assigned" or "taken_over" }).Select(l => l.Name);
        return consultation.Assignees.IndexOf(clinician) is >= 0 and var at ? names.ElementAtOrDefault(at) : null;
    }

    /// <param name="clinician">The one it is taken from; refused when somebody else has it by now.</param>
    public static Decision<ImmutableArray<Fact>> HandOver(this Consultation consultation, Guid clinician, string reason, string? note) =>
        note?.Length > Intake.StoryLength ? Refusal.TextTooLong : consultation.With(clinician).Then<ImmutableArray<Fact>>(c => Facts.These(new HandedOver(clinician, c.AssignedName ?? "", reason, note)));

    public static Decision<ImmutableArray<Fact>> LoseSight(this Consultation consultation, Guid clinician) =>
        consultation.With(clinician).Then<ImmutableArray<Fact>>(c => c.OutOfSight ? Facts.None : Facts.These(new ClinicianUnreachable(clinician)));

    public static Decision<ImmutableArray<Fact>> FindAgain(this Consultation consultation, Guid clinician) =>
        consultation.With(clinician).Then<ImmutableArray<Fact>>(c => c.OutOfSight ? Facts.These(new ClinicianBack(clinician)) : Facts.None);

    /// <summary>
    /// The patient is silent: the seat is freed, the person is looked for at <paramref name="until"/> and keeps the arrival time.
    /// For urgency 1 and 2 somebody is rung as well: silence may be the illness.
    /// </summary>
    public static Decision<ImmutableArray<Fact>> Hold(this Consultation consultation, string reason, DateTimeOffset until) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Bucket is not (Bucket.Waiting or Bucket.InConsultation) ? Refusal.NotWaiting
            : c.Urgency <= Urgency.Urgent ? Facts.These(new PutOnHold(reason, until), new OperatorRung(c.TimesRung + 1, SilentPatient))
            : Facts.These(new PutOnHold(reason, until)));

    public static Decision<ImmutableArray<Fact>> ComeBack(this Consultation consultation) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Bucket == Bucket.OnHold ? Facts.These(new TakenOffHold()) : Facts.None);

    /// <summary>Urgency 1 without a clinician, or silent with one (<see cref="SilentPatient"/>): each attempt to ring somebody is a fact.</summary>
    public static Decision<ImmutableArray<Fact>> Ring(this Consultation consultation, string target) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Urgency == Urgency.Emergency && c.Bucket == (target == SilentPatient ? Bucket.InConsultation : Bucket.Waiting)
            ? Facts.These(new OperatorRung(c.TimesRung + 1, target))
            : Refusal.NotWaiting);

    /// <summary>
    /// Nobody has been heard of: whoever was being asked for <paramref name="silent"/> has left, and contact is attempted. A held place is looked for
    /// once when it is due, and given up when that is due too. A sign in between changes everything, so it is decided on the newest state.
    /// </summary>
    public static Decision<ImmutableArray<Fact>> MissSilent(this Consultation consultation, TimeSpan silent, ContactRule contact, DateTimeOffset now) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Bucket switch
        {
            Bucket.BeingAsked when now - c.ChangedAt >= silent => Facts.These(c.Gone("silent", contact, now)),
            Bucket.OnHold when c.Due <= now && c.HeldBecause == LookedFor => Facts.These(c.Gone("silent", contact, now)),
            Bucket.OnHold when c.Due <= now => Facts.These(new PutOnHold(LookedFor, now + silent)),
            _ => Facts.None,
        });

    /// <summary>Target of a ring for somebody urgent who has stopped answering.</summary>
    public const string SilentPatient = "silent_patient";

    /// <summary>Reason of a hold that has been told to the person again.</summary>
    public const string LookedFor = "looked_for";

    internal static Decision<Consultation> With(this Consultation consultation, Guid clinician) =>
        consultation.NotOver().Then<Consultation>(c => c.Bucket != Bucket.InConsultation ? Refusal.NotInConsultation
            : c.AssignedTo == clinician ? c
            : Refusal.NoLongerYours);

    internal static Urgency Raise(Urgency urgency) => urgency switch
    {
        Urgency.Question => Urgency.Routine,
        Urgency.Routine => Urgency.Soon,
        Urgency.Soon or Urgency.Urgent => Urgency.Urgent,
        Urgency.Emergency => Urgency.Emergency,
    };
}

/// <content>Since when somebody is in the line.</content>
public sealed partial record Consultation
{
    /// <summary>
    /// In the line anew, or an emergency there from now on: an alarm counts from this moment, and rings from the first. Who waited hours before that is not rung
    /// for all of these at once, and who was rung for before is not rung for later.
    /// </summary>
    private Consultation InLineAnew(Consultation before, DateTimeOffset at)
    {
        var after = Bucket is Bucket.Waiting or Bucket.InConsultation && before.Bucket is not (Bucket.Waiting or Bucket.InConsultation or Bucket.OnHold) ? this with { WaitsFrom = at } : this;
        return Bucket == Bucket.Waiting && (before.Bucket != Bucket.Waiting || (Urgency == Triage.Urgency.Emergency && before.Urgency != Triage.Urgency.Emergency))
            ? after with { QueuedAt = at, TimesRung = 0 } : after;
    }
}
