using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>Somebody who waits. Times in UTC milliseconds; ties go by <see cref="Order"/>, the order of arrival in the log, never by id.</summary>
/// <param name="Area">What a licence names, for example a province's two digits; null: any clinician may advise.</param>
/// <param name="OwnClinician">Whom they were with before.</param>
/// <param name="WasOffered">A dated answer instead of waiting was offered and not taken: it is not offered again.</param>
/// <param name="Organisation">Whose campaign they came to: clinicians of another one are lent to them.</param>
/// <param name="PassedBy">Who was asked to take them, and did not.</param>
/// <param name="LiftsTo">The most urgent class to which a wait past its target lifts them: of hours that were no wait, see <see cref="Promises"/>, less far or not at all.</param>
/// <param name="IsEarly">Their dated answer is not due yet and could wait: it takes nobody's last free seat.</param>
public sealed record Waiting(
    Guid Consultation,
    Urgency Urgency,
    long ArrivedAt,
    long Order,
    string Need,
    string Lang,
    string? Area,
    string Channel,
    Guid? OwnClinician,
    bool WasOffered = false,
    Guid Organisation = default,
    string Campaign = "",
    ImmutableArray<Passed> PassedBy = default,
    Urgency LiftsTo = Urgency.Urgent,
    bool IsEarly = false)
{
    public const string Chat = "chat";

    /// <summary>A call needs a clinician who does nothing else.</summary>
    public bool IsCall => Channel != Chat;

    /// <summary>They hold a dated answer and do not wait: see <see cref="Promises.InPool"/>.</summary>
    public bool IsDated => LiftsTo == Urgency.Routine;
}

/// <summary>A clinician on duty.</summary>
/// <param name="Order">Breaks ties, never the id.</param>
/// <param name="Licence">Areas, or "*".</param>
/// <param name="Taken">Consultations that are open.</param>
/// <param name="InCall">One of them is a call: nothing may be added.</param>
/// <param name="Paused">On a break, or out of sight: keeps what is open and gets nobody.</param>
/// <param name="LastAssignedAt">UTC milliseconds, 0: nobody yet. Among equals whoever has had nobody for longest is next.</param>
/// <param name="Slowdown">How much each further chat slows the others, in thousandths.</param>
/// <param name="MostUrgent">They take nobody more urgent than this, however long that one waits.</param>
/// <param name="Lent">Seats that people of other organisations take; a call takes all.</param>
/// <param name="Aid">By what their organisation lends them now; null: to everybody.</param>
/// <param name="EndsAt">Of their shift, UTC milliseconds: from so long before it on nobody is given who could not be finished.</param>
/// <param name="LeastUrgent">And nobody less urgent than this.</param>
/// <param name="Because">Why not.</param>
/// <param name="Reach">Whose people they take, where the surge ladder says so; null: everybody's.</param>
public sealed record OnDuty(
    Guid Clinician,
    string Name,
    long Order,
    ImmutableArray<string> Skills,
    ImmutableArray<string> Langs,
    ImmutableArray<string> Licence,
    ImmutableArray<string> Channels,
    int Seats,
    int Taken,
    bool InCall,
    bool Paused,
    long LastAssignedAt,
    int Slowdown,
    Urgency MostUrgent = Urgency.Emergency,
    Guid Organisation = default,
    int Lent = 0,
    AidTerms? Aid = null,
    long EndsAt = long.MaxValue,
    Urgency LeastUrgent = Urgency.Question,
    Spared Because = Spared.Not,
    CampaignReach? Reach = null);

/// <summary>Why a clinician is given only the more urgent, or nobody.</summary>
public enum Spared
{
    Not,
    ShiftEnds,
    Tired,
}

/// <summary>Clinicians on duty who could not, by the first filter that kept them away. All together: everybody but the eligible.</summary>
/// <param name="KeptForCall">Being emptied for a call that waits.</param>
/// <param name="ShiftEnds">The shift ends before they could finish.</param>
/// <param name="Tired">A cap of the fatigue policy is reached, and only the most urgent are given.</param>
/// <param name="NotLent">No rule of their organisation lends them to this campaign, need, province or hour.</param>
/// <param name="Reserved">They have a free seat, and it is of the share that stays for the people of their own organisation.</param>
/// <param name="Asked">They were asked to take this person, and did not.</param>
public sealed record Exclusions(int Skill, int Language, int Channel, int Licence, int Full, int Paused, int KeptForCall, int ShiftEnds = 0, int Tired = 0, int NotLent = 0, int Reserved = 0, int Asked = 0)
{
    public int Sum => Skill + Language + Channel + Licence + Full + Paused + KeptForCall + ShiftEnds + Tired + NotLent + Reserved + Asked;
}

/// <summary>
/// Why this clinician of all who could: what it costs whoever comes next, by its parts, in the units of <see cref="ChoiceRules"/>. The least sum is chosen, and among equals whoever has had
/// nobody for longest.
/// </summary>
/// <param name="Busy">The special rules were on. If not, only the load, the number of other skills and a call that waits count.</param>
/// <param name="Open">Consultations that they had open, of which <paramref name="Load"/> is the cost.</param>
/// <param name="Skills">Cost of skills and languages that somebody else may need more.</param>
/// <param name="ForCall">Cost of a chat for somebody who was free for a call.</param>
/// <param name="Gain">Below zero: they get more done with several chats. Above, for a call: they would get so much done with chats.</param>
/// <param name="IdleMs">Since they were last given somebody; null: nobody yet, and then they are next among equals.</param>
public sealed record ChoiceIndex(bool Busy, int Open, long Load, long Skills, long ForCall, long Gain, long? IdleMs)
{
    public long Sum => Load + Skills + ForCall + Gain;
}

/// <summary>One decision with its reason.</summary>
/// <param name="Why">own_clinician, or urgency_then_wait.</param>
/// <param name="Rank">The class that counted: urgency, lifted by one once its target has passed.</param>
/// <param name="Eligible">How many could have taken this person, the chosen one included.</param>
/// <param name="PassedOver">Before this person in the order, and nobody could take them now.</param>
/// <param name="AskedUntil">The clinician is asked and may take them until then; null: they are given. Not taken, the pool hears that it has <see cref="Pool.Ended"/>, and the person arrives again.</param>
/// <param name="Index">Null for the own clinician, who is not compared with others, and in records from before it was kept.</param>
public sealed record Assignment(
    Guid Consultation, Guid Clinician, string ClinicianName, string Why, int Rank, long WaitedMs, int Eligible, Exclusions Excluded, ImmutableArray<Guid> PassedOver, long? AskedUntil = null, ChoiceIndex? Index = null);

/// <param name="Because">expected_wait: the wait that is expected is long; waited: it has been.</param>
public sealed record Offer(Guid Consultation, string Because);

/// <param name="Offers">Whom a dated answer is offered instead of waiting; only where the surge level says so.</param>
public sealed record Round(long At, ImmutableArray<Assignment> Assignments, ImmutableArray<Offer> Offers);
