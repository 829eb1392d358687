using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>Whoever was judged can be judged again by the same versions, or by another in the place of one.</summary>
public sealed class PinningTests
{
    private static readonly DateOnly[] Days = [new(2020, 1, 22), new(2020, 1, 23), new(2020, 2, 1), new(2020, 2, 2), new(2020, 2, 4), new(2020, 2, 5), new(2020, 2, 10), new(2020, 2, 11), new(2020, 5, 31), new(2020, 6, 1)];

    public static TheoryData<DateOnly, string> Places
    {
        get
        {
            var places = new TheoryData<DateOnly, string>();
            foreach (var day in Days)
            {
                places.Add(day, Packs.Wuhan);
                places.Add(day, Packs.Hangzhou);
            }

            return places;
        }
    }

    [Theory, MemberData(nameof(Places))]
    public void Packs_of_every_day_are_put_together_again_from_their_pins(DateOnly day, string region)
    {
        var packs = Packs.Shelf.InForce(day, region);
        var again = Packs.Shelf.Pinned(packs.Select(p => p.Pin), region);
        Assert.Empty(again.Missing);
        Assert.Equal(packs.Select(p => p.Pin), again.Packs.Select(p => p.Pin));
        Assert.Equal(packs.Select(p => string.Join(' ', p.Rows.Select(r => r.Id))), again.Packs.Select(p => string.Join(' ', p.Rows.Select(r => r.Id))));
        foreach (var person in new[] { Packs.Person(), Packs.Person(("temperature_c", "38.6")), Packs.Person(("exposure", "wuhan")), Packs.Person(("red_flags", "unknown")) })
        {
            Assert.Empty(Packs.Shelf.Judge(packs, person, askable: true).Differences(Packs.Shelf.Judge(again.Packs, person, askable: true)));
        }
    }

    [Fact]
    public void Version_that_is_not_kept_is_named_and_nothing_stands_in_for_it()
    {
        ProtocolPin unknown = new("RESP-CN", "national-v1+2019-12-31"), gone = new("RESP-CN", "national-v0");
        var known = new ProtocolPin("RF-ADULT", Packs.ByFile["RF-ADULT"].Version);
        Assert.Equal([unknown, gone], Packs.Shelf.Pinned([known, unknown, gone], Packs.Wuhan).Missing.ToArray());
        Assert.Equal([new("RESP-CN", "national-v1+2020-01-23")], Packs.Shelf.Pinned([new("RESP-CN", "national-v1+2020-01-23")], Packs.Hangzhou).Missing.ToArray());
    }

    [Theory]
    [InlineData("RESP-CN", "national-v1", "RESP-CN-3", Packs.Wuhan, "national-v3")]
    [InlineData("RESP-CN", "national-v1", "RESP-CN-2", Packs.Wuhan, "national-v2+2020-02-02")]
    [InlineData("RESP-CN", "national-v1", "RESP-CN-2", Packs.Hangzhou, "national-v2")]
    [InlineData("RESP-CN-WUHAN", "2020-01-23", "RESP-CN-WUHAN-2", Packs.Wuhan, "national-v1+2020-02-02")]
    public void Replacement_brings_the_overlay_of_its_nearest_day_and_leaves_every_other_pack_as_it_was(string id, string version, string by, string region, string expected)
    {
        var packs = Packs.Shelf.InForce(Packs.Day, region);
        var again = Packs.Shelf.Pinned(packs.Select(p => p.Pin), region, new Replacement(new(id, version), Packs.ByFile[by], Packs.Day));
        Assert.Empty(again.Missing);
        Assert.Equal(packs.Select(p => p.Id == "RESP-CN" ? new ProtocolPin("RESP-CN", expected) : p.Pin), again.Packs.Select(p => p.Pin));
    }

    [Fact]
    public void Replacement_for_the_same_days_keeps_the_overlay_that_was_pinned()
    {
        var mended = Packs.ByFile["RESP-CN"] with { Version = "national-v1.1" };
        var packs = Packs.Shelf.InForce(Packs.Day, Packs.Wuhan);
        var again = Packs.Shelf.Pinned(packs.Select(p => p.Pin), Packs.Wuhan, new Replacement(new("RESP-CN", "national-v1"), mended, Packs.Day));
        Assert.Contains(new ProtocolPin("RESP-CN", "national-v1.1+2020-01-23"), again.Packs.Select(p => p.Pin));
    }

    [Fact]
    public void Version_judged_where_its_pin_or_its_overlay_says_so()
    {
        ImmutableArray<ProtocolPin> pins = [new("RF-ADULT", "1"), new("RESP-CN", "national-v1+2020-01-23")];
        bool Uses(string id, string version, string region = Packs.Wuhan) => Packs.Shelf.Uses(pins, region, new(id, version));
        Assert.True(Uses("RESP-CN", "national-v1"));
        Assert.True(Uses("RESP-CN-WUHAN", "2020-01-23"));
        Assert.True(Uses("RF-ADULT", "1"));
        Assert.False(Uses("RESP-CN", "national-v2"));
        Assert.False(Uses("RESP-CN-WUHAN", "2020-02-02"));
        Assert.False(Uses("RESP-CN-WUHAN", "2020-01-23", Packs.Hangzhou));
    }

    [Fact]
    public void Difference_is_what_the_person_would_notice()
    {
        var said = Packs.Judge(Packs.Person());
        Assert.Empty(said.Differences(said with { Row = "other", Reason = new("别", "other"), AskedNext = ["x"] }));
        Assert.Equal("disposition, urgency", Differences(said, said with { Disposition = Disposition.D0, Urgency = Urgency.Emergency }));
        Assert.Equal("flags", Differences(said, said with { Flags = said.Flags.Add("X") }));
        Assert.Equal("advice", Differences(said, said with { Watch = [] }));

        static string Differences(Outcome said, Outcome says) => string.Join(", ", said.Differences(says));
    }
}
