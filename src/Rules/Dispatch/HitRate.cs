namespace Yizhen.Rules.Dispatch;

/// <summary>Where a wait lay against what had been told.</summary>
public enum Hit
{
    Inside,
    Sooner,
    Later,
}

/// <param name="Ranges">People who had been told a range, and of whom it is known whether it held.</param>
/// <param name="Inside">Of them, inside it.</param>
/// <param name="Sooner">Of them, shorter.</param>
/// <param name="Later">Of them, longer; and whoever left when it was longer already.</param>
/// <param name="AtOnce">Waits of people who had been told "within a minute".</param>
/// <param name="Kept">Of them, within it.</param>
public sealed record Hits(long Ranges, long Inside, long Sooner, long Later, long AtOnce, long Kept)
{
    public static readonly Hits None = new(0, 0, 0, 0, 0, 0);

    /// <summary>Percent of the ranges that held; null below <see cref="AtLeast"/>.</summary>
    public double? InsidePercent => Ranges < AtLeast ? null : 100.0 * Inside / Ranges;

    /// <summary>A share of fewer says nothing.</summary>
    public const int AtLeast = 11;

    public static Hits operator +(Hits a, Hits b) =>
        new(a.Ranges + b.Ranges, a.Inside + b.Inside, a.Sooner + b.Sooner, a.Later + b.Later, a.AtOnce + b.AtOnce, a.Kept + b.Kept);
}

/// <summary>How often the truth was told, hour by hour. Whoever left before a clinician came is in no count, as nobody knows how long they would have waited; but whoever left after what they had been told was over counts as later.</summary>
public sealed class HitRate
{
    private const long HourMs = 60 * Forecast.MinuteMs;
    private const int Hours = 24;

    private readonly SortedDictionary<long, Hits> hours = [];

    public Hits Latest(long now) => hours.Where(h => h.Key > (now / HourMs) - Hours).Aggregate(Hits.None, (sum, hour) => sum + hour.Value);

    /// <summary>Since it began to count, a day at most.</summary>
    public Hits All => hours.Values.Aggregate(Hits.None, (sum, hour) => sum + hour);

    internal void Count(long now, bool range, Hit hit)
    {
        var one = range
            ? new Hits(1, hit == Hit.Inside ? 1 : 0, hit == Hit.Sooner ? 1 : 0, hit == Hit.Later ? 1 : 0, 0, 0)
            : new Hits(0, 0, 0, 0, 1, hit == Hit.Later ? 0 : 1);
        hours[now / HourMs] = hours.GetValueOrDefault(now / HourMs, Hits.None) + one;
        foreach (var old in hours.Keys.TakeWhile(hour => hour <= (now / HourMs) - Hours - 1).ToList())
        {
            hours.Remove(old);
        }
    }
}
