using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Overload;
using Yizhen.Rules.Triage;
using Yizhen.Web.Overload;

namespace Yizhen.Web.Campaigns;

/// <param name="Code">As in <c>yizhen ledger --json</c>.</param>
public sealed record LedgerCell(string Code, long People);

/// <param name="Longest">Null where nobody waits.</param>
public sealed record UrgencyLine(Urgency Urgency, int Waiting, TimeSpan? Longest, TimeSpan Target)
{
    public bool IsOver => Longest > Target;
}

/// <param name="State">on, pausing or paused.</param>
/// <param name="IsLost">No sign of life for longer than the policy allows.</param>
/// <param name="WithoutBreak">Null while they are on a break.</param>
public sealed record DutyLine(string Name, string Title, string State, int Taken, int Seats, TimeSpan SinceSign, bool IsLost, TimeSpan? WithoutBreak)
{
    public Tiredness Tiredness { get; init; }

    /// <summary>continuous, consultations or day: the cap of the fatigue policy that is nearest; null while fresh.</summary>
    public string? Cap { get; init; }

    /// <summary>Consultations given since the shift began.</summary>
    public int TakenInShift { get; init; }

    /// <summary>Worked within the last 24 hours.</summary>
    public TimeSpan WorkedInDay { get; init; }

    /// <summary>Of the shift on the roster; null where there is none.</summary>
    public DateTimeOffset? ShiftEnds { get; init; }
}

/// <param name="Number">The end of the consultation's id: enough to speak about it, not enough to find it.</param>
/// <param name="Rung">How often the operator has been rung for it.</param>
public sealed record AlarmLine(string Number, TimeSpan Waited, int Rung);

/// <param name="Held">The seat was freed; otherwise a clinician still has the person.</param>
public sealed record SilentLine(string Number, Urgency Urgency, TimeSpan Silent, bool Held);

/// <summary>An entry of the worklist.</summary>
/// <param name="Taken">Somebody is doing it.</param>
public sealed record ToDoLine(string Number, Urgency Urgency, bool Taken, DateTimeOffset Due);

/// <param name="Since">Null where no level was ever set.</param>
public sealed record SurgeLine(int Level, DateTimeOffset? Since, string? By, string? Reason, SurgeProposal Proposal, SurgeLoad Load);

/// <summary>What the operator sees: headers and counts, never a word of anybody.</summary>
/// <param name="Door">The equation of the door; its first cell is the sum of the others.</param>
/// <param name="Unreadable">Numbers of consultations that could not be read within a day.</param>
/// <param name="MessagesFailSince">The gateway does not take messages; null while it does.</param>
/// <param name="Opened">The equation of those who have opened; its first cell is the sum of the others.</param>
public sealed record BoardPicture(
    DateTimeOffset At,
    DateTimeOffset CountedAt,
    bool Holds,
    ImmutableArray<LedgerCell> Door,
    ImmutableArray<LedgerCell> Opened,
    ImmutableArray<UrgencyLine> Urgencies,
    ImmutableArray<DutyLine> Duty,
    ImmutableArray<AlarmLine> Alarms,
    ImmutableArray<SilentLine> Silent,
    ImmutableArray<string> Unreadable,
    DateTimeOffset? MessagesFailSince)
{
    /// <summary>Looked at from another instance, for example a drill's: what leads to the pages of that one is left out.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>What this node leaves out, and who waits before its door.</summary>
    public GateState Gate { get; init; } = new(Stage.Normal, 0, 0);

    /// <summary>The surge level, and what the system would set.</summary>
    public SurgeLine? Surge { get; init; }

    /// <summary>Dated answers of those to whom one was offered within a day.</summary>
    public PromisesKept? Promises { get; init; }

    /// <summary>How often what people were told about their wait came true, within a day.</summary>
    public Hits Told { get; init; } = Hits.None;

    /// <summary>Who waits, by province and city; the same people as in <see cref="Urgencies"/>.</summary>
    public ImmutableArray<RegionLine> Regions { get; init; } = [];

    /// <summary>What is recounted more seldom than the rest.</summary>
    public BoardRecount? Recount { get; init; }

    /// <summary>The hours to come against the roster.</summary>
    public ComingPicture? Coming { get; init; }

    /// <summary>Entries of the worklist that are still to be done.</summary>
    public int ToDo { get; init; }

    /// <summary>Those of them whose time is up.</summary>
    public int Overdue { get; init; }

    /// <summary>Reports to an authority of which somebody was told that time is running out or up.</summary>
    public int ReportsPressing { get; init; }

    /// <summary>Those of them that are due first.</summary>
    public ImmutableArray<ToDoLine> DueFirst { get; init; } = [];
}

public sealed record BoardModel(string Me, ImmutableArray<(string Href, string Words)> Places, BoardPicture Picture);
