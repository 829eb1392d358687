using System.Collections.Immutable;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>
/// Going before anybody has helped. Nobody is lost over it: whoever said where to be reached is contacted at a stored time, by a person, and what came of
/// it is a fact.
/// </summary>
public static class Leaving
{
    private const string Withdrew = "withdrew";
    private const string NoContact = "no_contact";

    /// <summary>The patient ends it. Whoever goes before any clinician has said a word has left; nobody served them. Ending it twice changes nothing.</summary>
    public static Decision<ImmutableArray<Fact>> CloseByPatient(this Consultation consultation, string reason, ContactRule contact, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        if (consultation is { IsOver: true, IsErased: false } && (consultation.ClosedBecause == reason || consultation.ClosedBecause is Withdrew or NoContact))
        {
            return Facts.None;
        }

        return consultation.NotOver().Then<ImmutableArray<Fact>>(c => Facts.These(c.IsUnhelped() ? c.Gone(Withdrew, contact, now) : new Closed(true, reason)));
    }

    /// <summary>Still expecting somebody, without advice and without a clinician who has answered: to go now is to leave.</summary>
    public static bool IsUnhelped(this Consultation consultation)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return consultation is { Advice: null, IsOver: false } && (consultation.Bucket == Bucket.InConsultation
            ? consultation.Lines.All(line => line.By != LineBy.Clinician)
            : consultation.Bucket.IsLive());
    }

    /// <summary>What became of an attempt to reach somebody who had left. Saying it twice is saying it once.</summary>
    /// <param name="attempt">The one that was due when it was made: 1, 2 and so on.</param>
    public static Decision<ImmutableArray<Fact>> AttemptContact(this Consultation consultation, int attempt, bool reached, ContactRule contact, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        ArgumentNullException.ThrowIfNull(contact);
        return consultation.IsErased ? Refusal.ConsultationErased
            : consultation.Version == 0 ? Refusal.NotFound
            : attempt >= 1 && attempt <= consultation.ContactAttempts ? Facts.None
            : consultation is not { Bucket: Bucket.Left, Due: not null } || attempt != consultation.ContactAttempts + 1 ? Refusal.Conflict
            : Facts.These(new ContactAttempted(attempt, reached, reached || attempt >= contact.Attempts ? null : consultation.ContactDue(contact, now)));
    }

    /// <summary>When somebody of this urgency is contacted. Not yet triaged counts as routine, as in the queue.</summary>
    public static DateTimeOffset ContactDue(this Consultation consultation, ContactRule contact, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        ArgumentNullException.ThrowIfNull(contact);
        return now.AddHours((consultation.Urgency ?? Urgency.Routine) switch
        {
            Urgency.Emergency => contact.WithinHours.Emergency,
            Urgency.Urgent => contact.WithinHours.Urgent,
            Urgency.Soon => contact.WithinHours.Soon,
            Urgency.Routine => contact.WithinHours.Routine,
            Urgency.Question => contact.WithinHours.Question,
        });
    }

    internal static Left Gone(this Consultation consultation, string reason, ContactRule contact, DateTimeOffset now) =>
        consultation.Contact.Phone ? new Left(reason, consultation.ContactDue(contact, now)) : new Left(NoContact, null);
}
