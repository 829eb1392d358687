using System.Collections.Immutable;
using Yizhen.Rules.Statistics;
using Yizhen.Web.Log;
using Yizhen.Web.Statistics;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Statistics;

/// <summary>An unusual rise is told of what was published; that a province is shown for the first time is none.</summary>
public sealed class UnusualDayTests
{
    private static readonly DateOnly Today = new(2020, 1, 27);

    [Fact]
    public void Province_that_was_withheld_among_others_and_is_shown_now_is_no_rise() =>
        Assert.Empty(Rises(before: (Shown: null, Withheld: 503), last: 505));

    [Fact]
    public void Province_that_had_nobody_and_now_has_many_is_one() =>
        Assert.Equal(("42", 60L), Rises(before: (Shown: null, Withheld: 0), last: 60).Select(r => (r.Province, r.People)).Single());

    [Fact]
    public void Province_above_all_that_was_withheld_is_one() =>
        Assert.Equal(("42", 60L), Rises(before: (Shown: null, Withheld: 14), last: 60).Select(r => (r.Province, r.People)).Single());

    [Fact]
    public void Province_that_was_shown_is_held_against_itself() =>
        Assert.Empty(Rises(before: (Shown: 58, Withheld: 14), last: 60));

    private static ImmutableArray<PictureRise> Rises((long? Shown, long Withheld) before, long last)
    {
        var rules = PictureRules.Parse(File.ReadAllText(Checkout.At("policies", "picture.json")));
        var days = rules.Rise.BaselineDays + rules.Rise.GuardDays;
        var cubes = Enumerable.Range(1, days).Select(n => Day(Today.AddDays(-1 - n), before.Shown, before.Withheld)).Prepend(Day(Today.AddDays(-1), last, 14));
        var at = new DateTimeOffset(Today, new TimeOnly(9, 0), TimeSpan.Zero);
        var picture = new PictureAt(at, Today, new Ledger(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new PictureRecount(at, true), [.. cubes], []);
        return PictureFigures.Of(picture, new Asked(null, null, null), rules, new Population(2020, "", new Dictionary<string, long>()), TimeZoneInfo.Utc).Rises;
    }

    private static Cube Day(DateOnly day, long? hubei, long withheld)
    {
        var shown = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);
        var table = new Breakdown(hubei is { } people ? shown.Add("42", people) : shown, withheld);
        return new Cube("wuhan", day, table.Total, ImmutableDictionary<TableOf, Breakdown>.Empty.Add(new(Dimension.Province, ""), table), Worry.Unknown);
    }
}
