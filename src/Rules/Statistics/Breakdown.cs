using System.Collections.Immutable;

namespace Yizhen.Rules.Statistics;

/// <summary>
/// One published table. What is shown and what is withheld add up to the total, which is never withheld.
/// Which codes are withheld, and how many, is not said: a code that is not shown may have nobody or up to nearly anything.
/// </summary>
/// <param name="Shown">People by code; each at least the fewest that may be shown.</param>
/// <param name="Withheld">People whose code is not shown.</param>
public sealed record Breakdown(ImmutableSortedDictionary<string, long> Shown, long Withheld)
{
    /// <summary>So many lots there are.</summary>
    public const int Lots = 10;

    /// <summary>Asked for the lot of the whole table; no code is called so.</summary>
    public const string TableLot = "*";

    private const string Next = "+";

    public static readonly Breakdown Nobody = new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal), 0);

    public long Total => Shown.Values.Sum() + Withheld;

    /// <summary>Both together. Sums of what is published say nothing that was not published.</summary>
    public Breakdown With(Breakdown other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var shown = Shown.ToBuilder();
        foreach (var (code, people) in other.Shown)
        {
            shown[code] = shown.GetValueOrDefault(code) + people;
        }

        return new Breakdown(shown.ToImmutable(), Withheld + other.Withheld);
    }

    /// <summary>
    /// Of a day that is over. Cells below <paramref name="fewest"/>, and by lot some of those below twice as many, are withheld; then the smallest
    /// of the others (by a lot that upsets near ties), until what is withheld is of two codes and as many people as a cell must have; and by lot one cell more. The lots are secret:
    /// without them a code that is not shown may have nobody or many.
    /// </summary>
    /// <param name="lot">0 to <see cref="Lots"/> - 1, the same at each recount, by code; by <see cref="TableLot"/> for the table.</param>
    public static Breakdown OfPast(IReadOnlyDictionary<string, long> people, int fewest, Func<string, int> lot)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(lot);
        var cells = people.Where(p => p.Value > 0).OrderBy(p => p.Value < fewest + lot(p.Key) ? 0 : 1).ThenBy(p => p.Value + lot(Next + p.Key)).ThenBy(p => p.Key, StringComparer.Ordinal).ToList();
        var withheld = cells.TakeWhile(p => p.Value < fewest + lot(p.Key)).Count();
        while (withheld > 0 && withheld < cells.Count && (withheld < 2 || cells.Take(withheld).Sum(p => p.Value) < fewest))
        {
            withheld++;
        }

        withheld += withheld > 0 && withheld < cells.Count && lot(TableLot) == 0 ? 1 : 0;
        return new Breakdown(cells.Skip(withheld).ToImmutableSortedDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal), cells.Take(withheld).Sum(p => p.Value));
    }

    /// <summary>
    /// Of the day that runs: each cell in whole steps of <paramref name="fewest"/>, each step later by the cell's lot, the rest withheld, so that no
    /// two looks tell of fewer people than a step. The total is exact.
    /// </summary>
    /// <param name="lot">As for a past day.</param>
    public static Breakdown OfToday(IReadOnlyDictionary<string, long> people, int fewest, long total, Func<string, int> lot)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(lot);
        var shown = people.Where(p => p.Value >= fewest + lot(p.Key)).ToImmutableSortedDictionary(p => p.Key, p => (p.Value - lot(p.Key)) / fewest * fewest, StringComparer.Ordinal);
        var cells = shown.Count > 0 && lot(TableLot) == 0 ? shown.Remove(shown.MinBy(p => (p.Value, p.Key)).Key) : shown;
        return new Breakdown(cells, total - cells.Values.Sum());
    }
}
