using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Worklist;

/// <summary>Why somebody of the staff has to see to somebody.</summary>
public enum EntryKind
{
    /// <summary>At risk, waiting, and did not say how they are.</summary>
    RecheckSilent,

    /// <summary>Did not say how they are a day after the advice.</summary>
    FollowUpSilent,

    /// <summary>Not taken in where they had been sent.</summary>
    TurnedAway,

    /// <summary>Left before anybody had helped them, with a number: contacted at the time that the log has stored.</summary>
    LeftUnhelped,

    /// <summary>What a doctor has confirmed is reported to an authority.</summary>
    Report,

    /// <summary>Somebody who was near a case: a doctor has confirmed that the disease-control body is told.</summary>
    Contact,

    /// <summary>Triage flagged something, and no doctor who could say whether it is reported has the person, or will: told to go, or ended.</summary>
    FlagLeft,

    /// <summary>Another version of a protocol would have advised something else.</summary>
    Correction,

    /// <summary>A dated answer was promised, and its time has passed without one.</summary>
    PromiseMissed,

    /// <summary>A notice was sent to many; this person is at risk, or no message reached them.</summary>
    Notice,
}

public enum EntryState
{
    Open,
    Taken,
    Done,
}

/// <summary>What came of it.</summary>
public enum EntryCame
{
    Reached,
    NotReached,
    SeenTo,
    NotNeeded,
}

/// <summary>One thing to see to: whose it is, by when, and when somebody is told that it is late.</summary>
/// <param name="Owner">The account that has taken it; null while it lies with everybody of the role.</param>
/// <param name="Escalated">How often somebody was told that it is overdue.</param>
public sealed record Entry(EntryKind Kind, Urgency Urgency, EntryState State, Guid? Owner, DateTimeOffset Due, DateTimeOffset EscalateAt, int Escalated)
{
    /// <param name="remind">When somebody is told for the first time; null: when the time is up.</param>
    public static Entry Make(EntryKind kind, Urgency urgency, DateTimeOffset due, DateTimeOffset? remind = null) => new(kind, urgency, EntryState.Open, null, due, remind ?? due, 0);

    /// <summary>What may be said to have come of it: somebody who has left was reached, or was not and is tried again.</summary>
    public static bool Takes(EntryKind kind, EntryCame came) => kind != EntryKind.LeftUnhelped || came is EntryCame.Reached or EntryCame.NotReached;

    public bool IsOverdue(DateTimeOffset now) => State != EntryState.Done && Due <= now;

    /// <summary>Somebody takes it; taking one's own again changes nothing.</summary>
    public Decision<Entry> Take(Guid who) =>
        State == EntryState.Done || (Owner is { } owner && owner != who) ? Refusal.Conflict : this with { State = EntryState.Taken, Owner = who };

    /// <summary>Only whoever has taken it says what came of it.</summary>
    public Decision<Entry> Finish(Guid who) => State == EntryState.Taken && Owner == who ? this with { State = EntryState.Done } : Refusal.Conflict;

    /// <summary>
    /// Time for somebody to be told. Before the time is up it stays with whoever has taken it; overdue, they have it no more.
    /// </summary>
    /// <param name="most">So often at most.</param>
    public Decision<Entry> Escalate(TimeSpan again, int most, DateTimeOffset now) =>
        State == EntryState.Done || EscalateAt > now || Escalated >= most ? Refusal.Conflict
            : IsOverdue(now) ? this with { State = EntryState.Open, Owner = null, Escalated = Escalated + 1, EscalateAt = now + again }
            : this with { Escalated = Escalated + 1, EscalateAt = now + again < Due ? now + again : Due };
}
