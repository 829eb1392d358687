using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>What a day made of a group. Waits are those until somebody first took the person, in seconds, of those who were taken; shares are in 0..1 of all.</summary>
/// <param name="Of">all, urgency, region, channel or need.</param>
/// <param name="Name">Within it, for example 1 or phone.</param>
/// <param name="InTarget">Taken within the target of their urgency.</param>
/// <param name="GaveUp">Left without being helped.</param>
/// <param name="Offered">Took a dated answer instead of waiting.</param>
/// <param name="Cost">Seconds per person: all that they waited, giving up and dated answers counted as the rules of the day say.</param>
public sealed record GroupFigures(string Of, string Name, int People, double Mean, int P50, int P95, double InTarget, double GaveUp, double Offered, double Cost)
{
    public double Lost => GaveUp + Offered;
}

/// <param name="J">Weighted seconds of waiting per person, giving up and dated answers counted as the rules of the day say. Lower is better.</param>
public sealed record DayFigures(double J, ImmutableArray<GroupFigures> Groups)
{
    public const string All = "all";
    public const string Urgencies = "urgency";
    public const string Regions = "region";
    public const string Channels = "channel";
    public const string Needs = "need";

    public GroupFigures Whole => Groups[0];

    /// <param name="counts">Who counts; null: everybody.</param>
    public static DayFigures Of(PlayedDay played, Func<Coming, bool>? counts = null)
    {
        ArgumentNullException.ThrowIfNull(played);
        var (rules, people) = (played.Day.Rules, played.Day.People);
        var all = Enumerable.Range(0, people.Length).Where(n => counts?.Invoke(people[n]) ?? true).Select(n => (Who: people[n], Made: played.People[n])).ToList();
        double weight = all.Sum(p => (long)rules.Weight(p.Who.Urgency));
        var j = all.Sum(p => rules.Weight(p.Who.Urgency) * (double)(p.Made.Waited + Costs(p.Made.End, rules)));
        return new DayFigures(weight == 0 ? 0 : j / weight, [
            Group(All, All, all),
            .. By(Urgencies, w => ((int)w.Urgency).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            .. By(Needs, w => w.Need),
            .. By(Channels, w => w.Channel),
            .. By(Regions, w => w.Region)]);

        IEnumerable<GroupFigures> By(string of, Func<Coming, string> name) =>
            all.GroupBy(p => name(p.Who), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Group(of, g.Key, [.. g]));

        GroupFigures Group(string of, string name, List<(Coming Who, DayOf Made)> some)
        {
            var waits = some.Select(p => p.Made.FirstAt - p.Who.At).OfType<int>().Order().ToList();
            return new GroupFigures(
                of, name, some.Count, waits.Count == 0 ? 0 : waits.Average(), At(waits, 50), At(waits, 95),
                Share(some, p => p.Made.FirstAt is { } at && at - p.Who.At <= rules.Target(p.Who.Urgency)),
                Share(some, p => p.Made.End == DayEnd.GaveUp), Share(some, p => p.Made.End == DayEnd.Offered),
                some.Count == 0 ? 0 : some.Average(p => (double)(p.Made.Waited + Costs(p.Made.End, rules))));
        }
    }

    public static int Costs(DayEnd end, DayRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return end switch
        {
            DayEnd.Served => 0,
            DayEnd.GaveUp => rules.GaveUpSeconds,
            DayEnd.Offered => rules.OfferedSeconds,
        };
    }

    private static int At(List<int> sorted, int percent) => sorted.Count == 0 ? 0 : sorted[Math.Max(0, (((sorted.Count * percent) + 99) / 100) - 1)];

    private static double Share(List<(Coming Who, DayOf Made)> of, Func<(Coming Who, DayOf Made), bool> which) => of.Count == 0 ? 0 : of.Count(which) / (double)of.Count;
}
