using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>Somebody in the pool.</summary>
internal sealed class Person(Waiting who, Line line)
{
    public static readonly IComparer<Person> InOrder = Comparer<Person>.Create((a, b) =>
        a.Who.ArrivedAt != b.Who.ArrivedAt ? a.Who.ArrivedAt.CompareTo(b.Who.ArrivedAt) : a.Who.Order.CompareTo(b.Who.Order));

    public Waiting Who => who;

    public Line Line => line;
}

/// <summary>People who differ in nothing that dispatch asks for but the time at which they came.</summary>
internal sealed class Line
{
    private const int Thousand = 1000;

    private readonly Profiles profiles;
    private readonly ProfileSet takes;
    private readonly ProfileSet skill;
    private readonly ProfileSet lang;
    private readonly ProfileSet channel;
    private readonly ProfileSet? area;
    private readonly ProfileSet anyArea;

    public Line(Waiting first, Group group, Profiles profiles)
    {
        (Like, Urgency, IsCall, Group, this.profiles) = (first, first.Urgency, first.IsCall, group, profiles);
        (takes, skill, lang) = (profiles.Taking(first.Urgency), profiles.Having(Filter.Skill, first.Need), profiles.Having(Filter.Language, first.Lang));
        (channel, anyArea) = (profiles.Having(Filter.Channel, first.Channel), profiles.Having(Filter.Licence, Profile.AnyArea));
        area = first.Area is { } asked ? profiles.Having(Filter.Licence, asked) : null;
        for (var number = skill.Next(lang, 0); number >= 0; number = skill.Next(lang, number + 1))
        {
            Know(number);
        }
    }

    public SortedSet<Person> People { get; } = new(Person.InOrder);

    /// <summary>One of them: in what dispatch asks for they are all alike.</summary>
    public Waiting Like { get; }

    public Urgency Urgency { get; }

    public bool IsCall { get; }

    public Group Group { get; }

    /// <summary>Those whose clinicians may take these people: never relaxed by time.</summary>
    public ProfileSet Fitting { get; } = new();

    /// <summary>Place among the lines that are not empty; -1: empty.</summary>
    public int At { get; set; } = -1;

    /// <summary>Something has changed that may give somebody here a clinician.</summary>
    public bool Look { get; set; }

    /// <summary>Of the head when it was last looked at.</summary>
    public int Rank { get; set; }

    /// <summary>Of all on duty, who may take these people and what keeps the others; null while nobody asked.</summary>
    public Tally? Tally { get; set; }

    /// <summary>How many times later these people are asked whether they want a dated answer: the fewer can take them, the later; 1: as everybody.</summary>
    public int Times(FewRules few)
    {
        if (profiles.Seats <= 0)
        {
            return 1;
        }

        var (least, most) = IsCall ? (few.CallShare, few.CallTimes) : (few.Share, few.Times);
        var share = (long)Thousand * lang.Seats / profiles.Seats;
        share = IsCall ? share * channel.Seats / profiles.Seats : share;
        return share >= least ? 1 : (int)Math.Clamp(Thousand / Math.Max(1, share), 1, Math.Max(1, most));
    }

    /// <summary>Of one person, who was passed by somebody.</summary>
    public bool IsApart => !Like.PassedBy.IsDefaultOrEmpty;

    /// <param name="again">Only for whom the time to be asked again has not come.</param>
    public bool Bars(Clinician clinician, bool again, long now)
    {
        foreach (var passed in IsApart ? Like.PassedBy : [])
        {
            if (passed.Clinician == clinician.Who.Clinician)
            {
                return !again || passed.Again > now;
            }
        }

        return false;
    }

    public Person? Head => People.Min;

    public bool Fits(Profile profile) => Fitting.Has(profile.Number);

    /// <summary>A profile that is new, by its number.</summary>
    public void Know(int number) => Fitting.Put(number, Misfit(number) == Filter.None);

    public Filter Misfit(int number) =>
        !skill.Has(number) || !takes.Has(number) || profiles[number].Like.Reach?.Holds(Like.Campaign) == false ? Filter.Skill
        : !lang.Has(number) ? Filter.Language
        : !channel.Has(number) ? Filter.Channel
        : area is not null && !anyArea.Has(number) && !area.Has(number) ? Filter.Licence
        : profiles[number].Like is { Aid: { } aid } by && by.Organisation != Like.Organisation && !aid.Lend(Like) ? Filter.Lending
        : Urgency > profiles[number].Like.LeastUrgent ? profiles[number].Like.Because == Spared.Tired ? Filter.Tired : Filter.ShiftEnds
        : Filter.None;
}

/// <summary>Clinicians on duty by what keeps them from the people of a line; <see cref="Filter.None"/>: nothing.</summary>
internal sealed class Tally
{
    private readonly int[] by = new int[Enum.GetValues<Filter>().Length];

    /// <summary>Of those whom nothing keeps: on a break.</summary>
    public int Paused { get; private set; }

    /// <summary>Of those whom nothing keeps: with fewer seats because they are tired.</summary>
    public int Tired { get; private set; }

    public int this[Filter filter] => by[(int)filter];

    public void Add(Filter filter, Profile profile, int onDuty, int paused)
    {
        by[(int)filter] += onDuty + paused;
        Paused += filter == Filter.None ? paused : 0;
        Tired += filter == Filter.None && profile.Like.Because == Spared.Tired ? onDuty : 0;
    }
}

/// <summary>What a forecast looks at together: one need, one urgency, calls or chats.</summary>
internal sealed class Group(Waiting first)
{
    public (string Need, Urgency Urgency, bool IsCall) Key => (first.Need, first.Urgency, first.IsCall);

    public int Waiting { get; private set; }

    /// <summary>Those of them who may still be offered a dated answer.</summary>
    public SortedSet<Person> Open { get; } = new(Person.InOrder);

    public void Join(Person person)
    {
        Waiting++;
        if (!person.Who.WasOffered)
        {
            Open.Add(person);
        }
    }

    public void Part(Person person)
    {
        Waiting--;
        Open.Remove(person);
    }
}
