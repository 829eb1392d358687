using System.Collections.Immutable;

namespace Yizhen.Rules.Statistics;

/// <param name="Within">The place above: a province's code for its cities, a city's for its districts; else empty.</param>
public readonly record struct TableOf(Dimension Dimension, string Within);

/// <summary>How worried people were before and after, of those who said both; <see cref="People"/> is 0 while they are too few to be told.</summary>
public sealed record Worry(long People, long Before, long After)
{
    public static readonly Worry Unknown = new(0, 0, 0);

    public Worry With(Worry other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(People + other.People, Before + other.Before, After + other.After);
    }
}

/// <summary>
/// What is published of one campaign's day. Every longer time and every sum over campaigns is added up from these, so that no difference of two
/// of them says more than they do.
/// </summary>
public sealed record Cube(string Campaign, DateOnly Day, long Opened, ImmutableDictionary<TableOf, Breakdown> Tables, Worry Worry)
{
    private static readonly Dimension[] Flat = [.. Enum.GetValues<Dimension>().Except([Dimension.City, Dimension.District])];

    /// <param name="people">All of this campaign and day, in any order.</param>
    /// <param name="running">The day is not over yet.</param>
    /// <param name="lot">A secret number, 0 to <see cref="Breakdown.Lots"/> - 1, the same for the same words at each recount.</param>
    public static Cube Of(string campaign, DateOnly day, IReadOnlyCollection<Counted> people, bool running, int fewest, Func<string, int> lot)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(lot);
        // While the day runs, a breakdown takes people in by whole groups in the order of their coming: nobody's coming moves a cell alone.
        var told = running ? [.. people.OrderBy(p => p.Order).Take(people.Count / fewest * fewest)] : people;
        var tables = ImmutableDictionary.CreateBuilder<TableOf, Breakdown>();
        foreach (var dimension in Flat)
        {
            tables[new(dimension, "")] = Table(told, new(dimension, ""), people.Sum(p => (long)p.Codes[dimension].Length));
        }

        foreach (var (province, here) in tables[new(Dimension.Province, "")].Shown.Where(p => char.IsAsciiDigit(p.Key[0])))
        {
            var of = new TableOf(Dimension.City, province);
            var there = told.Where(p => p.Codes[Dimension.Province][0] == province).ToList();
            tables[of] = Table(there, of, here);
            foreach (var (city, people2) in tables[of].Shown.Where(c => c.Key != Counted.Erased))
            {
                var districts = new TableOf(Dimension.District, city);
                tables[districts] = Table([.. there.Where(p => p.Codes[Dimension.City][0] == city)], districts, people2);
            }
        }

        return new Cube(campaign, day, people.Count, tables.ToImmutable(), Worries(people, running, fewest));

        Breakdown Table(IReadOnlyCollection<Counted> of, TableOf table, long total)
        {
            var counts = of.SelectMany(p => p.Codes[table.Dimension]).CountBy(c => c, StringComparer.Ordinal).ToDictionary(c => c.Key, c => (long)c.Value, StringComparer.Ordinal);
            int Drawn(string code) => lot($"{campaign}/{day:yyyy-MM-dd}/{table.Dimension}/{table.Within}/{code}");
            return running ? Breakdown.OfToday(counts, fewest, total, Drawn) : Breakdown.OfPast(counts, fewest, Drawn);
        }
    }

    private static Worry Worries(IReadOnlyCollection<Counted> people, bool running, int fewest)
    {
        var said = people.Where(p => p is { WorryBefore: not null, WorryAfter: not null }).OrderBy(p => p.Order).ToList();
        var told = running ? said.Count / fewest * fewest : said.Count;
        return told < fewest ? Worry.Unknown : new(told, said.Take(told).Sum(p => (long)(p.WorryBefore ?? 0)), said.Take(told).Sum(p => (long)(p.WorryAfter ?? 0)));
    }
}
