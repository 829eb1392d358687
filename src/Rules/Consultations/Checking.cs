using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>One tap a day after the advice.</summary>
public enum FollowUpAnswer
{
    Better,
    Same,
    Worse,
    TurnedAway,
}

/// <summary>
/// Asking again: while somebody waits, and a day after they were told to go or to stay at home. Silence of somebody at risk goes to the worklist;
/// worse, or turned away where they were sent, is a place in the queue again.
/// </summary>
public static class Checking
{
    public const string Recheck = "recheck";
    public const string FollowUp = "follow_up";

    /// <summary>When this person is asked next; null where nobody asks them anything.</summary>
    public static DateTimeOffset? AskDue(this Consultation c, RecheckPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(policy);
        return c.IsErased || c.Asking is not null ? null
            : c.Bucket == Bucket.Waiting ? c.LastSign() + policy.Waiting.EveryMinutes.Of(c.Urgency ?? Urgency.Routine)
            : c.FollowUpsAsked == 0 && c.IsFollowedUp(policy) ? c.AdvisedAt()?.AddHours(policy.FollowUp.AfterHours)
            : null;
    }

    /// <summary>Asks, when it is time. Asking twice is asking once.</summary>
    public static Decision<ImmutableArray<Fact>> AskAgain(this Consultation c, RecheckPolicy policy, DateTimeOffset now)
    {
        if (!(c.AskDue(policy) <= now))
        {
            return Facts.None;
        }

        if (c.Bucket == Bucket.Waiting)
        {
            return Facts.These(new CheckAsked(Recheck, c.RechecksAsked + 1, now + policy.Waiting.AnswerMinutes.Of(c.Urgency ?? Urgency.Routine)));
        }

        return c.AdvisedAt()?.AddHours(policy.FollowUp.UntilHours) <= now ? Facts.None : Facts.These(new CheckAsked(FollowUp, c.FollowUpsAsked + 1, now.AddMinutes(policy.FollowUp.AnswerMinutes)));
    }

    /// <summary>No answer by the time that was given: that is a fact too.</summary>
    public static Decision<ImmutableArray<Fact>> MissAnswer(this Consultation c, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(c);
        return c.Asking is { } asked && asked.AnswerBy <= now ? Facts.These(new CheckMissed(asked.What, asked.Count)) : Facts.None;
    }

    /// <summary>Whether somebody of the staff sees to it when this person does not answer.</summary>
    public static bool MindsSilence(this Consultation c, RecheckPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(policy);
        return c.Asking?.What == FollowUp || c.IsAtRisk(policy);
    }

    /// <summary>By their urgency, or by what they answered.</summary>
    public static bool IsAtRisk(this Consultation c, RecheckPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(policy);
        return c.Urgency <= policy.Waiting.HighRiskFrom || !policy.RisksOf(c.Answers).IsEmpty;
    }

    /// <summary>
    /// What the person says a day later. Worse is judged anew with <paramref name="newOutcome"/>; worse and turned away are a place in the queue, raised,
    /// with the arrival they had. Whoever is there already stays there: pressing twice is pressing once.
    /// </summary>
    public static Decision<ImmutableArray<Fact>> FollowedUp(this Consultation c, FollowUpAnswer answer, Outcome? newOutcome, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(c);
        if (c.IsErased)
        {
            return Refusal.ConsultationErased;
        }

        if (c.Version == 0 || c.FollowUpsAsked == 0)
        {
            return Refusal.NotFound;
        }

        if (c.Bucket is Bucket.Waiting or Bucket.InConsultation or Bucket.OnHold or Bucket.Promised)
        {
            return Facts.None;
        }

        if (c.Bucket is Bucket.Left or Bucket.Refused or Bucket.BeingAsked)
        {
            return Refusal.ConsultationClosed;
        }

        if (answer is FollowUpAnswer.Better or FollowUpAnswer.Same)
        {
            var feeling = answer == FollowUpAnswer.Better ? Feeling.Better : Feeling.Same;
            return c.Asking is null && c.Feeling == feeling ? Facts.None : Facts.These(new Felt(feeling));
        }

        var facts = answer == FollowUpAnswer.TurnedAway ? Facts.These(new SentAway()) : Facts.These(new Felt(Feeling.Worse));
        if (answer == FollowUpAnswer.Worse && newOutcome is not null)
        {
            facts = facts.Add(new Triaged(newOutcome));
        }

        var before = c.Urgency ?? Urgency.Routine;
        var judged = answer == FollowUpAnswer.Worse && newOutcome?.Urgency < before ? newOutcome.Urgency : before;
        var raised = judged < before ? judged : Queueing.Raise(before);
        if (raised != judged)
        {
            facts = facts.Add(new UrgencyChanged(judged, raised, answer == FollowUpAnswer.Worse ? "worse" : "sent_away"));
        }

        return facts.Add(new Queued(c.ArrivedAt ?? now, raised, newOutcome?.Need ?? c.Need, c.Assignees.IsEmpty ? c.OwnClinician : c.Assignees[^1]));
    }

    /// <summary>A member of the staff has seen to an entry of the worklist. The note is about health and lies where health lies.</summary>
    public static Decision<ImmutableArray<Fact>> SeeTo(this Consultation c, Guid entry, string kind, string came, string? note)
    {
        ArgumentNullException.ThrowIfNull(c);
        return c.IsErased ? Refusal.ConsultationErased
            : c.Version == 0 ? Refusal.NotFound
            : note?.Length > Intake.StoryLength ? Refusal.TextTooLong
            : c.EntriesSeenTo.Contains(entry) ? Facts.None
            : Facts.These(new EntrySeenTo(entry, kind, came, string.IsNullOrWhiteSpace(note) ? null : note.Trim()));
    }

    /// <summary>
    /// A place that somebody at risk takes is raised: one class for each reason, not beyond what the policy says, and never lowered. The reasons are
    /// stored with it, and patient and desk read them.
    /// </summary>
    /// <param name="repeated">The same person has asked within the policy's hours before.</param>
    public static ImmutableArray<Fact> RaisedByRule(this Consultation c, ImmutableArray<Fact> joined, RecheckPolicy policy, bool repeated)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(policy);
        var reasons = policy.RisksOf(c.Answers);
        reasons = repeated ? reasons.Add(RecheckPolicy.Repeated) : reasons;
        if (joined is not [Queued place] || reasons.IsEmpty || !c.RaisedFor.IsEmpty || place.Urgency <= policy.Raise.NotAbove)
        {
            return joined;
        }

        var raised = (Urgency)Math.Max((int)policy.Raise.NotAbove, (int)place.Urgency - reasons.Length);
        return [new UrgencyChanged(place.Urgency, raised, RulePrefix + string.Join(',', reasons)), place with { Urgency = raised }];
    }

    internal const string RulePrefix = "rule:";

    /// <summary>A referral, home observation, or self-care of somebody at risk, with the consent to be asked.</summary>
    private static bool IsFollowedUp(this Consultation c, RecheckPolicy policy) =>
        c.Opening?.Consent.FollowUp == true
        && (c.Bucket == Bucket.Referred || (c.Bucket is Bucket.ToldToGo or Bucket.SelfCare or Bucket.Served && (c.Advice?.Sheet.Disposition ?? c.Outcome?.Disposition) switch
        {
            Disposition.D0 or Disposition.D1 or Disposition.D2 or Disposition.D4 => true,
            Disposition.D5 => !policy.RisksOf(c.Answers).IsEmpty,
            Disposition.D3 or Disposition.D6 or Disposition.D7 or null => false,
        }));

    private static DateTimeOffset? AdvisedAt(this Consultation c)
    {
        var sheet = c.Lines.LastOrDefault(l => l is { By: LineBy.System, Text: "advice" })?.At;
        return sheet ?? c.JudgedAt;
    }

    /// <summary>The last of: a place, a word or a tap of the person, the last time we asked.</summary>
    private static DateTimeOffset LastSign(this Consultation c)
    {
        var sign = c.Lines.LastOrDefault(l => l.By == LineBy.Patient || l.Text.StartsWith("felt:", StringComparison.Ordinal))?.At ?? c.OpenedAt;
        return new[] { sign, c.QueuedAt ?? c.OpenedAt, c.CheckedAt ?? c.OpenedAt }.Max();
    }
}
