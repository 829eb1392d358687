using System.Globalization;
using Yizhen.Rules.Statistics;

namespace Yizhen.Rules.Tests.Statistics;

/// <summary>The rise of a place, on the curves of early 2020 as they were published (third_party/epidemic): new confirmed cases by province and day.</summary>
public sealed class RiseTests
{
    private const int Waiting = 9;
    private static readonly PictureRules Rules = PictureRules.Parse(File.ReadAllText(Path.Combine(Root(), "policies", "picture.json")));

    [Fact]
    public void Hubei_is_told_of_a_week_before_the_city_was_closed_and_not_in_the_quiet_days_before()
    {
        var (first, days) = Curves()["42"];
        var risen = Days(first, days);
        Assert.Contains(new DateOnly(2020, 1, 16), risen);
        Assert.DoesNotContain(risen, day => day >= new DateOnly(2020, 1, 2) && day < new DateOnly(2020, 1, 16));
    }

    [Fact]
    public void Every_province_is_told_of_on_the_first_day_with_five_new_cases()
    {
        var told = Curves().Where(c => c.Value.Days.Any(d => d >= 5) && c.Key != "42").ToList();
        Assert.Equal(30, told.Count);
        Assert.All(told, curve => Assert.Contains(curve.Value.First.AddDays(curve.Value.Days.FindIndex(d => d >= 5)), Days(curve.Value.First, curve.Value.Days)));
    }

    [Fact]
    public void While_the_curve_falls_hardly_a_day_is_told_of()
    {
        var (days, risen) = (0, 0);
        foreach (var (first, curve) in Curves().Where(c => int.Parse(c.Key, CultureInfo.InvariantCulture) < 70).Select(c => c.Value))
        {
            var falling = Enumerable.Range(0, 15).Select(n => new DateOnly(2020, 2, 21).AddDays(n)).ToList();
            days += falling.Count;
            risen += Days(first, curve).Count(falling.Contains);
        }

        Assert.True(risen * 100 <= days, $"{risen} of {days}");
    }

    private static List<DateOnly> Days(DateOnly first, List<long> days) =>
        [.. Enumerable.Range(Waiting, days.Count - Waiting).Where(at => Rise.Of(days, at, Rules.Rise) is { IsRise: true }).Select(first.AddDays)];

    /// <summary>New cases from 1 December 2019, by two digits of the province; a correction downwards counts as none.</summary>
    private static Dictionary<string, (DateOnly First, List<long> Days)> Curves()
    {
        var first = new DateOnly(2019, 12, 1);
        var last = new DateOnly(2020, 4, 30);
        return File.ReadLines(Path.Combine(Root(), "third_party", "epidemic", "province.csv")).Skip(1).Select(line => line.Split(',')).GroupBy(cells => cells[1][..2]).ToDictionary(g => g.Key, g =>
        {
            var total = g.ToDictionary(cells => DateOnly.Parse(cells[0], CultureInfo.InvariantCulture), cells => long.Parse(cells[3], CultureInfo.InvariantCulture));
            var (days, before) = (new List<long>(), 0L);
            for (var day = first; day <= last; day = day.AddDays(1))
            {
                var now = total.GetValueOrDefault(day, before);
                days.Add(Math.Max(0, now - before));
                before = now;
            }

            return (first, days);
        });
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Yizhen.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Run the tests inside a working copy.");
    }
}
