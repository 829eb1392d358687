namespace Yizhen.Rules.Dispatch;

/// <summary>Who stands before a person, in the order by which the pool decides.</summary>
/// <param name="Least">Those whom a clinician on duty who may take this person may take too; while nobody on duty may, those who ask for the same.</param>
/// <param name="Most">And all others for one of whose needs such a clinician is there: another licence or language may come on duty.</param>
/// <param name="MoreUrgent">Somebody of a more urgent class is among the least.</param>
public readonly record struct StandBefore(int Least, int Most, bool MoreUrgent);

/// <summary>Everybody who waits at one moment, by what they ask for, so that a place is told without looking at each. Not for several threads.</summary>
public sealed class PlacesInLine
{
    private readonly DispatchRules rules;
    private readonly long now;
    private readonly Rivals rivals;
    private readonly ILookup<string, string> skills;
    private readonly List<Kind> kinds;
    private readonly Dictionary<Rival, HashSet<Rival>> met = [];

    /// <param name="waiting">Everybody who waits, and whose dated answer is due.</param>
    /// <param name="staff">Everybody on duty; whoever is paused takes nobody.</param>
    /// <param name="now">UTC milliseconds.</param>
    public PlacesInLine(IEnumerable<Waiting> waiting, IReadOnlyCollection<OnDuty> staff, DispatchRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        (this.rules, this.now, rivals) = (rules, now, new Rivals(staff));
        skills = staff.Where(c => !c.Paused).SelectMany(c => c.Skills.SelectMany(_ => c.Skills, (mine, other) => (mine, other))).Distinct().ToLookup(s => s.mine, s => s.other, StringComparer.Ordinal);
        kinds = [.. waiting.GroupBy(Rivals.Kind).Select(g => new Kind(g.First(), rivals.Of(g.First()), [.. g.Select(w => w.ArrivedAt).Order()]))];
        People = kinds.Sum(k => k.Arrivals.Length);
    }

    /// <summary>All of them.</summary>
    public int People { get; }

    public StandBefore Of(Waiting who)
    {
        ArgumentNullException.ThrowIfNull(who);
        var (rank, theirs, needs) = (Pool.Rank(who, rules, now), rivals.Of(who), skills[who.Need].Append(who.Need).ToHashSet(StringComparer.Ordinal));
        var meets = met.TryGetValue(theirs, out var known) ? known : met[theirs] = [.. kinds.Select(k => k.Rival).Distinct().Where(theirs.Meets)];
        var (least, most, urgent) = (0, 0, false);
        foreach (var kind in kinds.Where(k => needs.Contains(k.Like.Need)))
        {
            var before = Before(kind, rank, who.ArrivedAt);
            most += before;
            if (before > 0 && (theirs.Fits.Count > 0 ? meets.Contains(kind.Rival) : AsksTheSame(kind.Like, who)))
            {
                least += before;
                urgent |= kind.Like.Urgency < who.Urgency;
            }
        }

        return new StandBefore(least, most, urgent);
    }

    /// <summary>Of one kind: those whose class counts more, and those whose class counts as much and who came first.</summary>
    private int Before(Kind kind, int rank, long arrived)
    {
        var urgency = (int)kind.Like.Urgency;
        var lifted = Came(kind, Math.Max(0, now - rules.Target(kind.Like.Urgency))) is var late && Pool.Rank(kind.Like with { ArrivedAt = 0 }, rules, now) < urgency ? late : 0;
        var first = Came(kind, arrived);
        return Of(urgency - 1, lifted, Math.Min(lifted, first)) + Of(urgency, kind.Arrivals.Length - lifted, Math.Max(0, first - lifted));

        int Of(int theirs, int all, int earlier) => theirs < rank ? all : theirs == rank ? earlier : 0;
    }

    /// <summary>How many came before this moment.</summary>
    private static int Came(Kind kind, long moment)
    {
        var (low, high) = (0, kind.Arrivals.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = kind.Arrivals[middle] < moment ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static bool AsksTheSame(Waiting a, Waiting b) => (a.Need, a.Lang, a.Area, a.Channel, a.Organisation, a.Campaign) == (b.Need, b.Lang, b.Area, b.Channel, b.Organisation, b.Campaign);

    private sealed record Kind(Waiting Like, Rival Rival, long[] Arrivals);
}
