using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>People who wait, counted by where they are and how urgent it is.</summary>
/// <param name="Region">Six digits, the first two the province and the first four the city; null: abroad, or not said.</param>
/// <param name="Since">Of whoever waits longest, UTC milliseconds.</param>
public sealed record WaitingThere(string? Region, Urgency Urgency, int People, long Since);

/// <param name="Code">Two digits: a province; four: a city; null: abroad, or not said.</param>
/// <param name="ByUrgency">People, urgency 1 first.</param>
/// <param name="Since">Of whoever waits longest, UTC milliseconds.</param>
/// <param name="Cities">Of a province, in the same order; empty for a city, and where no more than the province was said.</param>
public sealed record Whereabouts(string? Code, ImmutableArray<int> ByUrgency, long Since, ImmutableArray<Whereabouts> Cities)
{
    private const int ProvinceDigits = 2;
    private const int CityDigits = 4;

    public int People => ByUrgency.Sum();

    /// <summary>Provinces and their cities, most people first; each person counts once in a province and at most once in a city of it.</summary>
    public static ImmutableArray<Whereabouts> Of(IEnumerable<WaitingThere> waiting)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        return Sorted(waiting.GroupBy(w => Cut(w.Region, ProvinceDigits)).Select(province => Sum(
            province.Key,
            [.. province],
            province.Key is null ? [] : Sorted(province.Where(w => Cut(w.Region, CityDigits) is { } city && !city.EndsWith("00", StringComparison.Ordinal)).GroupBy(w => Cut(w.Region, CityDigits)).Select(city => Sum(city.Key, [.. city], []))))));
    }

    private static string? Cut(string? region, int digits) => region?.Length >= digits ? region[..digits] : null;

    private static Whereabouts Sum(string? code, IReadOnlyCollection<WaitingThere> people, ImmutableArray<Whereabouts> cities) =>
        new(code, [.. Enum.GetValues<Urgency>().Select(u => people.Where(p => p.Urgency == u).Sum(p => p.People))], people.Min(p => p.Since), cities);

    private static ImmutableArray<Whereabouts> Sorted(IEnumerable<Whereabouts> places) =>
        [.. places.OrderByDescending(p => p.People).ThenBy(p => p.Since).ThenBy(p => p.Code, StringComparer.Ordinal)];
}
