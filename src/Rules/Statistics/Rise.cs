namespace Yizhen.Rules.Statistics;

/// <summary>Whether a day is unusual beside the days before it (EARS C2; the numbers and their source stand in <c>policies/picture.json</c>).</summary>
/// <param name="Expected">Mean of the baseline, in people.</param>
/// <param name="Above">More people than this are a rise.</param>
public sealed record Rise(double Expected, double Above, bool IsRise)
{
    /// <summary>Null while there are too few days before it.</summary>
    /// <param name="days">People by day, the oldest first, without a gap.</param>
    /// <param name="at">Index of the day in question.</param>
    public static Rise? Of(IReadOnlyList<long> days, int at, RiseRules rules)
    {
        ArgumentNullException.ThrowIfNull(days);
        ArgumentNullException.ThrowIfNull(rules);
        var from = at - rules.GuardDays - rules.BaselineDays;
        if (from < 0 || at >= days.Count)
        {
            return null;
        }

        var baseline = days.Skip(from).Take(rules.BaselineDays).ToList();
        var mean = baseline.Average();
        var deviation = Math.Sqrt(baseline.Sum(d => (d - mean) * (d - mean)) / (baseline.Count - 1));
        var above = mean + rules.Deviations * Math.Max(deviation, rules.LeastDeviation);
        return new Rise(mean, above, days[at] > above);
    }
}
