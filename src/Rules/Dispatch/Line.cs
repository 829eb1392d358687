using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>Somebody in the pool.</summary>
internal sealed class Person(Waiting who, Line line)
{
    public Waiting Who => who;

    public Line Line => line;

    /// <summary>Until then, in UTC milliseconds, only their own clinician takes them; 0: anybody.</summary>
    public long HeldUntil { get; set; }
}

/// <summary>People who differ in nothing that dispatch asks for but the time at which they came.</summary>
internal sealed class Line(Waiting first, Group group, int number)
{
    private static readonly IComparer<Person> InOrder = Comparer<Person>.Create((a, b) =>
        (a.Who.ArrivedAt, a.Who.Order).CompareTo((b.Who.ArrivedAt, b.Who.Order)));

    private readonly List<Filter> misfits = [];

    public SortedSet<Person> People { get; } = new(InOrder);

    public Urgency Urgency => first.Urgency;

    public bool IsCall => first.IsCall;

    public Group Group => group;

    /// <summary>In the order in which they were first seen.</summary>
    public int Number => number;

    /// <summary>Those whose clinicians may take these people: never relaxed by time.</summary>
    public List<Profile> Fitting { get; } = [];

    /// <summary>Place among the lines that are not empty; -1: empty.</summary>
    public int At { get; set; } = -1;

    /// <summary>Something has changed that may give somebody here a clinician.</summary>
    public bool Look { get; set; }

    /// <summary>Of the head when it was last looked at.</summary>
    public int Rank { get; set; }

    public Person? Head => People.Min;

    public bool Fits(Profile profile) => Misfit(profile) == Filter.None;

    public Filter Misfit(Profile profile) => misfits[profile.Number];

    /// <summary>Each profile once, in the order of their numbers.</summary>
    public void Know(Profile profile)
    {
        misfits.Add(Fit(profile));
        if (Fits(profile))
        {
            Fitting.Add(profile);
        }
    }

    public static Line Alike(PeopleAlike people)
    {
        var one = new Waiting(Guid.Empty, people.Urgency, 0, 0, people.Need, people.Lang, people.Area, people.Channel, null);
        return new Line(one, new Group(one), 0);
    }

    public Filter Fit(Profile profile) =>
        !profile.Like.Skills.Contains(first.Need) || first.Urgency < profile.Like.MostUrgent ? Filter.Skill
        : !profile.Like.Langs.Contains(first.Lang) ? Filter.Language
        : !profile.Like.Channels.Contains(first.Channel) ? Filter.Channel
        : first.Area is { } area && !profile.Like.Licence.Contains(Profile.AnyArea) && !profile.Like.Licence.Contains(area) ? Filter.Licence
        : first.Urgency > profile.Like.LeastUrgent ? profile.Like.Because == Spared.Tired ? Filter.Tired : Filter.ShiftEnds
        : Filter.None;
}

/// <summary>What a forecast looks at together: one need, one urgency, calls or chats.</summary>
internal sealed class Group(Waiting first)
{
    public (string Need, Urgency Urgency, bool IsCall) Key => (first.Need, first.Urgency, first.IsCall);

    public List<Line> Lines { get; } = [];

    public int Waiting => Lines.Sum(l => l.People.Count);
}

internal enum Filter
{
    None,
    Skill,
    Language,
    Channel,
    Licence,
    ShiftEnds,
    Tired,
}
