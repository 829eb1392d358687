using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>People by who on duty may take them. People are of thousands of kinds, but the clinicians of few. Not for several threads.</summary>
/// <param name="staff">Everybody on duty; whoever is paused takes nobody.</param>
internal sealed class Rivals(IEnumerable<OnDuty> staff)
{
    private readonly List<(OnDuty Like, int People, int Seats)> profiles = [.. staff.Where(c => !c.Paused).GroupBy(Profile.Key).Select(g => (g.First(), g.Count(), g.Sum(c => c.Seats)))];
    private readonly Dictionary<(string, string, string?, string, Urgency, Guid, string, Urgency), Rival> kinds = [];
    private readonly Dictionary<string, Rival> same = new(StringComparer.Ordinal);

    /// <summary>Everybody whom the same clinicians may take as this person.</summary>
    public Rival Of(Waiting who)
    {
        var kind = Kind(who);
        if (!kinds.TryGetValue(kind, out var rival))
        {
            HashSet<int> fits = [.. Enumerable.Range(0, profiles.Count).Where(n => Fit.Of(who, profiles[n].Like) == Filter.None)];
            var key = string.Join(',', fits);
            kinds[kind] = rival = same.TryGetValue(key, out var known) ? known : same[key] = new Rival(fits);
        }

        return rival;
    }

    /// <summary>Seats of those who may take this person; a call takes a clinician whole.</summary>
    public int Seats(Waiting who) => Of(who).Fits.Sum(n => who.IsCall ? profiles[n].People : profiles[n].Seats);

    /// <summary>What dispatch asks for; people of one kind differ in nothing but when they came.</summary>
    public static (string Need, string Lang, string? Area, string Channel, Urgency Urgency, Guid Organisation, string Campaign, Urgency LiftsTo) Kind(Waiting who) =>
        (who.Need, who.Lang, who.Area, who.Channel, who.Urgency, who.Organisation, who.Campaign, who.LiftsTo);
}

/// <param name="fits">Kinds of clinicians.</param>
internal sealed class Rival(HashSet<int> fits)
{
    public HashSet<int> Fits => fits;

    /// <summary>Some clinician may take people of both; of whom nobody may take, nobody.</summary>
    public bool Meets(Rival other) => ReferenceEquals(this, other) ? Fits.Count > 0 : Fits.Overlaps(other.Fits);
}
