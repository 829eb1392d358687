namespace Yizhen.Rules.Consultations;

/// <summary>The fold: what each fact changes.</summary>
public sealed partial record Consultation
{
    /// <summary>Folds one more fact. Versions are gapless.</summary>
    /// <exception cref="InvalidOperationException">The fact is of a kind that this fold does not know.</exception>
    public Consultation After(Fact fact, DateTimeOffset at)
    {
        var next = this with { Version = Version + 1, ChangedAt = at };
        return (fact switch
        {
            Opened f => next with { Opening = f, OpenedAt = at, GuardianAgreed = f.Consent.Guardian },
            PlaceStated f => next with { Place = f },
            StoryTold f => next with { Story = f, Lines = Lines.Add(new(next.Version, at, LineBy.Patient, null, null, f.Text, null)) },
            Answered f => next with { Answers = Answers.SetItems(f.Answers) },
            GuardianConsented => next with { GuardianAgreed = true },
            DangerSpotted f => next with { Dangers = Dangers.Add(f) },
            Triaged f => next with
            {
                Outcome = f.Outcome,
                JudgedAt = at,
                JudgedIn = next.Version,
                Correction = null,
                Urgency = Urgency is { } known && known < f.Outcome.Urgency ? known : f.Outcome.Urgency,
                Need = f.Outcome.Need,
                Bucket = Bucket is Bucket.Waiting or Bucket.InConsultation or Bucket.OnHold or Bucket.Promised ? Bucket : f.Outcome.Disposition.Leads(),
            },
            ContactGiven f => next with { Contact = Contact with { Phone = f.Phone, RecoveryCode = Contact.RecoveryCode || f.RecoveryCode } },
            ContactVerified => next with { Contact = Contact with { Verified = true } },
            Queued f => next with
            {
                Bucket = Bucket.Waiting,
                ArrivedAt = ArrivedAt ?? f.ArrivedAt,
                Urgency = f.Urgency,
                Need = f.Need,
                OwnClinician = f.OwnClinician,
                Due = null,
                Promise = OnceKept,
            },
            Felt f => next with
            {
                Feeling = f.Feeling,
                // "Worse" is a word that waits for an answer, as a message does.
                Due = DueOnceHeard(),
                UnansweredSince = f.Feeling == Consultations.Feeling.Worse && Bucket == Bucket.InConsultation ? UnansweredSince ?? at : UnansweredSince,
                Lines = Lines.Add(new(next.Version, at, LineBy.System, null, null, $"felt:{f.Feeling}", null)),
            },
            UrgencyChanged f => next with
            {
                Urgency = f.To,
                RaisedFor = f.Reason.StartsWith(Checking.RulePrefix, StringComparison.Ordinal) ? [.. f.Reason[Checking.RulePrefix.Length..].Split(',')] : RaisedFor,
            },
            UrgencySet f => next with
            {
                Urgency = f.To,
                UrgencySteps = UrgencySteps.Add(new(at, f)),
                DangersLookedAt = f.To > f.From ? Dangers.Length : DangersLookedAt,
                // The alarm about a silent person at urgency 1 ends with that urgency.
                Due = Bucket == Bucket.InConsultation && f.To != Triage.Urgency.Emergency ? null : Due,
                // With a clinician nobody has a place in the queue that could have moved.
                Lines = Bucket == Bucket.InConsultation ? Lines
                    : Lines.Add(new(next.Version, at, LineBy.System, null, null, $"{(f.To < f.From ? "urgency_raised" : "urgency_lowered")}:{(int)f.To}", null)),
            },
            // Who is silent with a clinician is looked for from now on, until they are heard of.
            OperatorRung f => next with { TimesRung = f.Attempt, Due = f.Target == Queueing.SilentPatient && Bucket == Bucket.InConsultation ? at : Due },
            Assigned f => next with
            {
                Bucket = Bucket.InConsultation,
                AssignedTo = f.Clinician,
                AssignedName = f.ClinicianName,
                AssignedAt = at,
                FirstAssignedAt = FirstAssignedAt ?? at,
                Epoch = f.Epoch,
                Assignees = Assignees.Add(f.Clinician),
                OutOfSight = false,
                UnansweredSince = at,
                Due = null,
                Lines = Lines.Add(new(next.Version, at, LineBy.System, null, f.ClinicianName, f.Epoch > 1 ? "taken_over" : "assigned", null)),
            },
            Prompted or PromptPassed => next.Prompting(fact),
            ClinicianUnreachable => next with
            {
                OutOfSight = true,
                Lines = Lines.Add(new(next.Version, at, LineBy.System, null, AssignedName, "unreachable", null)),
            },
            ClinicianBack => next with
            {
                OutOfSight = false,
                Lines = Lines.Add(new(next.Version, at, LineBy.System, null, AssignedName, "back", null)),
            },
            HandedOver f => next with
            {
                Bucket = Owed is null ? Bucket.Waiting : Bucket.Promised,
                AssignedTo = null,
                AssignedName = null,
                Due = Owed?.By,
                OutOfSight = false,
                HandoverNote = f.Note ?? HandoverNote,
                Lines = Lines.Add(new(next.Version, at, LineBy.System, null, f.ClinicianName, $"handed_over:{f.Reason}", null)),
            },
            MessageReceived f => next with
            {
                UnansweredSince = UnansweredSince ?? at,
                Due = DueOnceHeard(),
                Lines = Lines.Add(new(next.Version, at, LineBy.Patient, f.MessageId, null, f.Text, null)),
            },
            PhotoReceived f => next with
            {
                UnansweredSince = UnansweredSince ?? at, Due = DueOnceHeard(),
                Lines = Lines.Add(new(next.Version, at, LineBy.Patient, f.MessageId, null, "", f)),
            },
            ReplySent f => next with
            {
                UnansweredSince = null,
                Promise = KeptNow(at),
                Lines = Lines.Add(new(next.Version, at, LineBy.Clinician, f.MessageId, AssignedName, f.Text, null)),
            },
            GuardOverridden => next,
            DraftLeft f => next with { DraftsLeft = DraftsLeft.Add(f) },
            Seen { ByClinician: true } f => next with { SeenByClinician = Math.Max(SeenByClinician, f.UpTo) },
            Seen f => next with { SeenByPatient = Math.Max(SeenByPatient, f.UpTo) },
            PutOnHold f => next with
            {
                Bucket = Bucket.OnHold,
                OwnClinician = AssignedTo ?? OwnClinician,
                AssignedTo = null,
                AssignedName = null,
                Due = f.Until,
                HeldBecause = f.Reason,
                UnansweredSince = null,
                Lines = f.Reason == Queueing.LookedFor ? Lines : Lines.Add(new(next.Version, at, LineBy.System, null, null, "on_hold", null)),
            },
            TakenOffHold => next with
            {
                Bucket = Bucket.Waiting,
                Due = null,
                Lines = Lines.Add(new(next.Version, at, LineBy.System, null, null, "back_in_line", null)),
            },
            AdviceWritten f => next with
            {
                Advice = f,
                UnansweredSince = null,
                Promise = KeptNow(at),
                Lines = Lines.Add(new(next.Version, at, LineBy.System, null, f.ClinicianName, "advice", null)),
            },
            Referred f => next.WithReferral(f, at),
            Offered f => next with { Offer = new OfferMade(at, f.WrittenBy, f.CallBackBy, f.Until, false) },
            OfferDeclined => next with { Offer = Offer is { } offer ? offer with { IsAnswered = true } : null },
            Promised f => next.WithPromise(f, at),
            Closed f => next with
            {
                Bucket = f.ByPatient && Advice is null && AssignedTo is null ? Bucket.ClosedByPatient() : Bucket.Served,
                ClosedBecause = f.Reason,
                AssignedTo = null,
                Due = null,
                UnansweredSince = null,
                Lines = Lines.Add(new(next.Version, at, LineBy.System, null, AssignedName, "closed", null)),
            },
            WorryStated f => next with { WorryAfter = f.Worry },
            Left f => next with { Bucket = Bucket.Left, AssignedTo = null, Due = f.ContactDue, ClosedBecause = f.Reason, UnansweredSince = null },
            ContactAttempted f => next with { ContactAttempts = f.Attempt, Due = f.Again },
            CheckAsked f => next with
            {
                Asked = f,
                Due = f.AnswerBy,
                CheckedAt = at,
                RechecksAsked = f.What == Checking.Recheck ? f.Count : RechecksAsked,
                FollowUpsAsked = f.What == Checking.FollowUp ? f.Count : FollowUpsAsked,
            },
            CheckMissed => next with { Due = null, CheckedAt = at },
            SentAway => next with { Due = DueOnceHeard(), Lines = Lines.Add(new(next.Version, at, LineBy.System, null, null, "sent_away", null)) },
            EntrySeenTo f => next with { EntriesSeenTo = EntriesSeenTo.Add(f.Entry) },
            AdviceCorrected f => next.Corrected(f, at),
            CorrectionSeen f => next with { CorrectionsSeen = f.Count },
            NoticeGiven f => next.WithNotice(f, at),
            NoticeSeen f => next.WithNoticeSeen(f),
            ProofGiven f => next with { Proof = f.How },
            FlagConfirmed f => next with { FlagsDecided = FlagsDecided.Add(new(f.Flag, true, f.Entry, f.ClinicianName, at, f.Due, f.Note, f.Duty, null)) },
            FlagRefused f => next with { FlagsDecided = FlagsDecided.Add(new(f.Flag, false, null, f.ClinicianName, at, null, f.Reason, null, null)) },
            ReportAcknowledged f => next with { FlagsDecided = [.. FlagsDecided.Select(d => d.Entry == f.Entry ? d with { Receipt = f } : d)] },
            TurnedAway f => next with { Bucket = Bucket.Refused, ClosedBecause = f.Reason, Due = null },
            // What is left is what can still be read without any key, so that a head can be rebuilt from the log for ever.
            Erased f => Before(Id) with
            {
                Version = next.Version,
                ChangedAt = at,
                OpenedAt = OpenedAt,
                Bucket = Bucket.IsLive() ? Bucket.Left : Bucket,
                ErasedAs = f,
            },
            _ => throw new InvalidOperationException($"This fold does not know the fact '{fact.GetType().Name}'."),
        }).InLineWhereUrgent().InLineAnew(this, at).PromptedOnlyInLine();
    }

    public Consultation After(IEnumerable<Fact> facts, DateTimeOffset at) => facts.Aggregate(this, (state, fact) => state.After(fact, at));
}
