using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>A day to be played by the dispatcher of production: who comes, who is on duty, who falls away. All times in seconds from its beginning.</summary>
/// <param name="BeginsAt">Seconds since 1970 at which it begins; 0 for a day of nowhere.</param>
/// <param name="People">In the order of their arrival. Whoever waits already came before 0.</param>
/// <param name="Running">Consultations that are open at the beginning.</param>
public sealed record PlannedDay(
    long BeginsAt, DayRules Rules, ImmutableArray<Coming> People, ImmutableArray<Shift> Shifts, ImmutableArray<Away> Away, ImmutableArray<Running> Running)
{
    /// <summary>By what rules organisations lend each other their clinicians.</summary>
    public DayAid Aid { get; init; } = DayAid.None;

    /// <summary>Who was promised a dated answer before the day and has none yet. They are work, and in no figure.</summary>
    public ImmutableArray<Dated> Promised { get; init; } = [];

    /// <summary>Which level counts for each campaign's people while the pool stands at one. A day of nowhere has no campaigns of its own.</summary>
    public Func<int, SurgeLevels> Levels { get; init; } = SurgeLevels.Of;

    /// <summary>As it is played at a level: whoever takes people from a higher one on takes nobody.</summary>
    internal PlannedDay At(SurgeLevels levels) => Shifts.All(s => s.FromLevel == 0) ? this
        : this with { Shifts = [.. Shifts.Select(s => s.FromLevel == 0 ? s : s.FromLevel > levels.Highest ? s with { Skills = [] } : s with { Reach = levels.Reach(s.FromLevel) })] };
}

/// <param name="By">When it is promised for.</param>
public sealed record Dated(Coming Who, int By, bool IsCallBack);

/// <param name="Region">For the figures; a licence is asked about <paramref name="Area"/>.</param>
/// <param name="WorkSeconds">What a clinician who does nothing else needs. Dispatch never sees it.</param>
/// <param name="PatienceSeconds">After so long without anybody they leave; the wait begins anew after a hand-over. Dispatch never sees it.</param>
/// <param name="OwnShift">Place of their own clinician in <see cref="PlannedDay.Shifts"/>.</param>
/// <param name="Organisation">To whose campaign they come.</param>
public sealed record Coming(
    int At, Urgency Urgency, string Need, string Lang, string Region, string? Area, string Channel, int WorkSeconds, int PatienceSeconds, int? OwnShift = null, bool WasOffered = false,
    Guid Organisation = default, string Campaign = "")
{
    public bool IsCall => Channel != Waiting.Chat;
}

/// <summary>A clinician from when to when.</summary>
/// <param name="Seats">Chats at once.</param>
/// <param name="MostBusySeconds">So long with anybody, and nobody new is given.</param>
/// <param name="Slowdown">How much each further chat slows the others, in thousandths.</param>
/// <param name="WorkedSeconds">Without a break, when the day begins.</param>
public sealed record Shift(
    string Name, ImmutableArray<string> Skills, ImmutableArray<string> Langs, ImmutableArray<string> Licence, ImmutableArray<string> Channels,
    int From, int To, int Seats, int MostBusySeconds, int Slowdown, Guid Organisation = default, int WorkedSeconds = 0)
{
    /// <summary>They take nobody more urgent than this.</summary>
    public Urgency MostUrgent { get; init; } = Urgency.Emergency;

    /// <summary>Whose people they take, where the surge ladder says so; null: everybody's.</summary>
    public CampaignReach? Reach { get; init; }

    /// <summary>The surge level from which on they take anybody, a health adviser's; 0: they always do.</summary>
    public int FromLevel { get; init; }
}

/// <param name="Shift">Place in <see cref="PlannedDay.Shifts"/>.</param>
/// <param name="Left">Gone for good, known at once; otherwise silent until <paramref name="To"/>.</param>
public sealed record Away(int Shift, int From, int To, bool Left);

/// <summary>A consultation that is open at the beginning.</summary>
/// <param name="Organisation">To whose campaign the person came.</param>
public sealed record Running(int Shift, int LeftSeconds, bool IsCall, Guid Organisation = default);

/// <summary>What is assumed of a day beside who comes and who serves.</summary>
/// <param name="SilentSeconds">Until a silent clinician is noticed.</param>
/// <param name="GraceSeconds">After a shift's end; what is open then is handed over.</param>
/// <param name="HandOverSeconds">Work that a hand-over adds.</param>
/// <param name="OwnWork">Work with the own clinician, in thousandths.</param>
/// <param name="Weights">Of a second's wait, by urgency 1 to 5.</param>
/// <param name="TargetSeconds">By urgency 1 to 5.</param>
/// <param name="GaveUpSeconds">What giving up counts as, in seconds of waiting.</param>
/// <param name="OfferedSeconds">And a dated answer instead.</param>
/// <param name="AnswerSeconds">So long a clinician who is there takes to answer when asked for urgency 1 or a call; null: nobody is asked, everybody is given, as in the reference simulator.</param>
public sealed record DayRules(
    int SilentSeconds, int GraceSeconds, int HandOverSeconds, int OwnWork, ImmutableArray<int> Weights, ImmutableArray<int> TargetSeconds, int GaveUpSeconds, int OfferedSeconds, int? AnswerSeconds = null)
{
    /// <summary>How tired clinicians get and when they rest; null: never, as in the reference simulator.</summary>
    [JsonIgnore]
    public FatigueRule? Fatigue { get; init; }

    /// <summary>When dated answers are written; null: by nobody, as in the reference simulator, where whoever takes a date is gone.</summary>
    [JsonIgnore]
    public PromiseRules? Promise { get; init; }

    public int Weight(Urgency urgency) => Weights[(int)urgency - 1];

    public int Target(Urgency urgency) => TargetSeconds[(int)urgency - 1];
}

public enum DayEnd
{
    Served,
    GaveUp,
    Offered,
}

/// <summary>What a day made of one person. Seconds.</summary>
/// <param name="FirstAt">When somebody first took them; null: nobody.</param>
/// <param name="Waited">In all: between hand-overs and with a silent clinician too.</param>
/// <param name="EndedAt">Served, given up, or content with a dated answer.</param>
public sealed record DayOf(DayEnd End, int? FirstAt, int Waited, int EndedAt);

/// <summary>A person with a clinician, from when to when.</summary>
/// <param name="Person">Place in <see cref="PlannedDay.People"/>, and after these in <see cref="PlannedDay.Promised"/>.</param>
/// <param name="Dated">The answer that was promised: the person was not waiting.</param>
public readonly record struct Seated(int Person, int Shift, int From, int To, bool HandedOver, bool Dated = false);

/// <param name="People">In the order of <see cref="PlannedDay.People"/>.</param>
/// <param name="Kept">How dated answers were kept; missed: due, and still open when the day was over. Offered counts those of the day alone.</param>
public sealed record PlayedDay(PlannedDay Day, ImmutableArray<DayOf> People, ImmutableArray<Seated> Seated, PromisesKept Kept)
{
    public Coming Who(int person) => person < Day.People.Length ? Day.People[person] : Day.Promised[person - Day.People.Length].Who;
}
