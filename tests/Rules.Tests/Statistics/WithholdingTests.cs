using System.Collections.Immutable;
using Yizhen.Rules.Statistics;

namespace Yizhen.Rules.Tests.Statistics;

/// <summary>Small cells stay unknown to somebody who knows the method, every code there is, and all that was ever published.</summary>
public sealed class WithholdingTests
{
    private const int Fewest = 11;
    private const int Cubes = 10_000;

    [Fact]
    public void Shown_and_withheld_add_up_and_no_small_cell_is_shown()
    {
        var chance = new Random(1);
        for (var n = 0; n < Cubes; n++)
        {
            var (_, people) = Table(chance);
            var table = Breakdown.OfPast(people, Fewest, Lot(n));
            Assert.Equal(people.Values.Sum(), table.Total);
            Assert.All(table.Shown, cell => Assert.Equal(people[cell.Key], cell.Value));
            Assert.All(table.Shown.Values, cell => Assert.True(cell >= Fewest));
            var today = Breakdown.OfToday(people, Fewest, people.Values.Sum(), Lot(n));
            Assert.Equal(people.Values.Sum(), today.Total);
            Assert.All(today.Shown, cell => Assert.True(cell.Value % Fewest == 0 && cell.Value >= Fewest && cell.Value <= people[cell.Key]));
        }
    }

    [Fact]
    public void No_withheld_cell_of_a_past_day_follows_from_what_is_published()
    {
        var chance = new Random(2);
        var attacked = 0;
        for (var n = 0; n < Cubes; n++)
        {
            var (codes, people) = Table(chance);
            attacked += Attack(codes, people, (p, lot) => Breakdown.OfPast(p, Fewest, lot), Lot(n));
        }

        Assert.True(attacked > Cubes, $"only {attacked} cells were attacked");
    }

    [Fact]
    public void No_cell_of_the_running_day_follows_from_any_of_its_looks()
    {
        var chance = new Random(3);
        var attacked = 0;
        for (var n = 0; n < Cubes; n++)
        {
            var (codes, people) = Table(chance);
            attacked += Attack(codes, people, (p, lot) => Breakdown.OfToday(p, Fewest, p.Values.Sum(), lot), Lot(n));
        }

        Assert.True(attacked > Cubes, $"only {attacked} cells were attacked");
    }

    [Fact]
    public void Looks_at_a_running_day_differ_by_whole_steps_and_never_by_one_persons_coming()
    {
        var chance = new Random(4);
        var people = new List<Counted>();
        Cube? before = null;
        for (var n = 0; n < 400; n++)
        {
            people.Add(Somebody(n, chance.Next(3) == 0 ? "42" : chance.Next(2) == 0 ? "44" : "11"));
            var cube = Cube.Of("c", new(2020, 1, 26), people, running: true, Fewest, Lot(1));
            Assert.All(cube.Tables.Where(t => t.Key.Within.Length == 0 && t.Key.Dimension != Dimension.Symptom), t => Assert.Equal(people.Count, t.Value.Total));
            if (before is not null && people.Count % Fewest != 0)
            {
                Assert.All(cube.Tables, t => Assert.Equal(before.Tables[t.Key].Shown, t.Value.Shown));
            }

            before = cube;
        }
    }

    [Fact]
    public void Longer_times_and_all_campaigns_are_sums_of_what_was_published()
    {
        var chance = new Random(5);
        for (var n = 0; n < 1_000; n++)
        {
            var days = Enumerable.Range(0, 1 + chance.Next(5)).Select(_ => Breakdown.OfPast(Table(chance).People, Fewest, Lot(n))).ToList();
            var all = days.Aggregate(Breakdown.Nobody, (sum, day) => sum.With(day));
            Assert.Equal(days.Sum(d => d.Total), all.Total);
            Assert.Equal(days.Sum(d => d.Withheld), all.Withheld);
        }
    }

    [Fact]
    public void Cities_are_told_only_within_a_province_that_is_told_and_add_up_to_it()
    {
        var people = Enumerable.Range(0, 60).Select(n => Somebody(n, n < 40 ? "42" : n < 50 ? "44" : "11", n < 25 ? "4201" : "4205")).ToList();
        var cube = Cube.Of("c", new(2020, 1, 26), people, running: false, Fewest, _ => 1);
        var provinces = cube.Tables[new(Dimension.Province, "")];
        Assert.Equal(["42"], provinces.Shown.Keys);
        Assert.Equal(20, provinces.Withheld);
        var cities = cube.Tables[new(Dimension.City, "42")];
        Assert.Equal((provinces.Shown["42"], 25L, 15L), (cities.Total, cities.Shown["4201"], cities.Shown["4205"]));
        Assert.DoesNotContain(cube.Tables.Keys, t => t.Within is "44" or "11");
    }

    /// <summary>How many withheld cells with somebody in them there were; fails where one of them has only one value that fits all that is known.</summary>
    private static int Attack(string[] codes, Dictionary<string, long> people, Func<IReadOnlyDictionary<string, long>, Func<string, int>, Breakdown> publish, Func<string, int> lot)
    {
        var told = publish(people, lot);
        var hidden = codes.Where(c => !told.Shown.ContainsKey(c)).ToArray();
        var attacked = 0;
        foreach (var code in hidden.Where(c => people[c] > 0))
        {
            attacked++;
            Assert.True(Another(code, hidden, people, told, publish), $"{code} follows: {string.Join(", ", people)} published as {string.Join(", ", told.Shown)} and {told.Withheld}");
        }

        return attacked;
    }

    /// <summary>Whether another table, with another number in this cell, would have been published the same.</summary>
    private static bool Another(string code, string[] hidden, Dictionary<string, long> people, Breakdown told, Func<IReadOnlyDictionary<string, long>, Func<string, int>, Breakdown> publish)
    {
        foreach (var other in hidden.Where(c => c != code).Concat(told.Shown.Keys))
        {
            for (var step = 1; step < 2 * Fewest; step++)
            {
                foreach (var sign in (int[])[step, -step])
                {
                    var changed = new Dictionary<string, long>(people, StringComparer.Ordinal) { [code] = people[code] + sign, [other] = people[other] - sign };
                    if (changed[code] >= 0 && changed[other] >= 0 && Guesses(told, changed).Any(lot => publish(changed, lot) is var same && same.Withheld == told.Withheld && same.Shown.SequenceEqual(told.Shown)))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>Lots that the attacker cannot rule out: late ones for what is hidden, for what is shown those that fit what is shown, or the least.</summary>
    private static IEnumerable<Func<string, int>> Guesses(Breakdown told, Dictionary<string, long> people) =>
        from table in (int[])[1, 0]
        from hidden in (int[])[Breakdown.Lots - 1, 0]
        from fits in (bool[])[true, false]
        select (Func<string, int>)(code => code == Breakdown.TableLot ? table
            : code.StartsWith('+') ? told.Shown.ContainsKey(code[1..]) ? Breakdown.Lots - 1 : 0
            : !told.Shown.TryGetValue(code, out var shown) ? hidden
            : fits ? (int)Math.Clamp(people[code] - shown - (Fewest - 1), 0, Breakdown.Lots - 1) : 0);

    private static Func<string, int> Lot(int seed) => code => (code + seed).Aggregate(17, (hash, letter) => ((hash * 31) + letter) % 1_000_003) % Breakdown.Lots;

    private static (string[] Codes, Dictionary<string, long> People) Table(Random chance)
    {
        string[] codes = [.. Enumerable.Range(0, 2 + chance.Next(7)).Select(n => $"c{n}")];
        var most = chance.Next(4) switch { 0 => 4, 1 => 12, 2 => 30, _ => 200 };
        return (codes, codes.ToDictionary(c => c, _ => (long)chance.Next(most), StringComparer.Ordinal));
    }

    private static Counted Somebody(int n, string province, string? city = null)
    {
        var codes = Enum.GetValues<Dimension>().ToImmutableDictionary(d => d, d => ImmutableArray.Create(d.ToString()))
            .SetItem(Dimension.Province, [province]).SetItem(Dimension.City, [city ?? province + "01"]).SetItem(Dimension.District, [(city ?? province + "01") + "02"]);
        return new Counted((n, new Guid(n, 0, 0, new byte[8])), "c", new DateOnly(2020, 1, 26), codes, null, null);
    }
}
