using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>All profiles that were seen, and which of them have a skill, a language, a channel, a licence.</summary>
internal sealed class Profiles
{
    private readonly List<Profile> all = [];
    private readonly Dictionary<string, Profile> byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<(Filter, string), ProfileSet> having = [];
    private readonly ProfileSet[] taking = [.. Enum.GetValues<Urgency>().Select(_ => new ProfileSet())];

    public Profile this[int number] => all[number];

    public int Count => all.Count;

    /// <summary>Of all on duty.</summary>
    public int Seats { get; private set; }

    public ProfileSet Taking(Urgency urgency) => taking[(int)urgency - 1];

    public ProfileSet Having(Filter filter, string what)
    {
        if (!having.TryGetValue((filter, what), out var set))
        {
            having[(filter, what)] = set = new ProfileSet();
        }

        return set;
    }

    /// <summary>So many seats of a profile more, or less.</summary>
    public void Add(Profile profile, int seats)
    {
        Seats += seats;
        foreach (var lang in profile.Like.Langs)
        {
            Having(Filter.Language, lang).Seats += seats;
        }

        foreach (var channel in profile.Like.Channels)
        {
            Having(Filter.Channel, channel).Seats += seats;
        }
    }

    /// <param name="added">It was not known before.</param>
    public Profile Of(OnDuty who, out bool added)
    {
        var key = Profile.Key(who);
        added = !byKey.TryGetValue(key, out var profile);
        if (added || profile is null)
        {
            byKey[key] = profile = new Profile(who, all.Count);
            all.Add(profile);
            Add(Filter.Skill, who.Skills);
            Add(Filter.Language, who.Langs);
            Add(Filter.Channel, who.Channels);
            Add(Filter.Licence, who.Licence);
            foreach (var urgency in Enum.GetValues<Urgency>())
            {
                Taking(urgency).Put(profile.Number, urgency >= who.MostUrgent);
            }
        }

        return profile;

        void Add(Filter filter, IEnumerable<string> what)
        {
            foreach (var one in what)
            {
                Having(filter, one).Put(all.Count - 1, isIn: true);
            }
        }
    }
}
