using Yizhen.Rules.Campaigns;

namespace Yizhen.Rules.Tests.Campaigns;

public sealed class OpeningCheckTests
{
    private static readonly DateTime Noon = new(2020, 1, 26, 12, 0, 0);
    private static readonly BothWays Words = new("甲", "A");

    private static readonly Campaign Whole = new(
        "c", Guid.Empty, Words, Words, Words, Words, ["420000"], new Hours(TimeOnly.MinValue, TimeOnly.MinValue), "027-1", [], null, CampaignState.Draft);

    private static readonly CampaignReadiness Ready = new(
        false, [new("RF-ADULT", "5", true)], ["light@1#abc"], [CampaignTerms.Light], [new(Words, true, 1, 0, null, ["fever"], ["zh"])], Noon);

    [Fact]
    public void Whole_campaign_opens_and_keeps_the_versions_it_was_opened_under()
    {
        Assert.Empty(Missing(Whole, Ready));
        Assert.Equal<string>(["RF-ADULT@5", "light@1#abc"], Whole.Open(Ready).Value.Terms.Under);
    }

    [Fact]
    public void Each_thing_that_is_missing_keeps_it_closed_and_is_named()
    {
        Refused("protocols", Whole, Ready with { Protocols = [.. Ready.Protocols, new("RESP-CN", "3", false)] });
        Refused("protocols", Whole, Ready with { Protocols = [] });
        Refused("on_duty", Whole, Ready with { Staff = [new(Words, true, 0, 0, null, [], [])] });
        Refused("modes", Whole, Ready with { Modes = [] });
        Refused("days", Whole with { Terms = new() { Ends = Noon } }, Ready);
        Refused("code", Whole with { Terms = new() { Proof = CoverProof.Code } }, Ready);
        Refused("hotline", Whole with { Hotline = " " }, Ready);
        Refused("name", Whole with { Name = new("甲", "") }, Ready);
        Refused("closed_text", Whole with { Terms = new() { ClosedText = new("完了", "") } }, Ready);
        Refused("rules_date", Whole with { RulesDate = new(2020, 1, 26) }, Ready);
    }

    [Fact]
    public void Whoever_comes_within_the_hour_or_is_lent_counts_as_there()
    {
        Assert.Empty(Missing(Whole, Ready with { Staff = [new(Words, true, 0, 2, null, [], [])] }));
        Assert.Empty(Missing(Whole, Ready with { Staff = [new(Words, false, 1, 0, 80, [], [])] }));
    }

    [Fact]
    public void Reminders_stop_nothing()
    {
        var lines = OpeningCheck.Of(Whole with { Terms = new() { Languages = ["yue"] } }, Ready with { Staff = [new(Words, false, 1, 0, null, [], ["zh"])] });
        Assert.Equal(["lent", "languages", "filing"], lines.Where(l => l.State == CheckState.Reminder).Select(l => l.Code));
        Assert.DoesNotContain(lines, l => l.State == CheckState.Missing);
    }

    [Fact]
    public void Paused_campaign_takes_nobody_until_it_is_opened_again_and_a_copy_starts_clean()
    {
        var (zone, now) = (TimeZoneInfo.Utc, new DateTimeOffset(Noon, TimeSpan.Zero));
        var open = Whole.Open(Ready).Value;
        Assert.True(open.TakesAt(now, zone));
        Assert.True(open.HaltUntil(now, now).IsRefused(out _));
        Assert.True(Whole.HaltUntil(now.AddHours(1), now).IsRefused(out _));
        var paused = open.HaltUntil(now.AddHours(1), now).Value;
        Assert.False(paused.TakesAt(now, zone));
        var again = paused.Open(Ready).Value;
        Assert.True(again.TakesAt(now, zone));
        Assert.Equal(now.AddHours(1), again.Terms.Pause?.AnswerBy);
        var copy = again.CopyTo("next").Value;
        Assert.Equal(("next", CampaignState.Draft, Whole.Name), (copy.Slug, copy.State, copy.Name));
        Assert.Equal((null, 0), (copy.Terms.Pause, copy.Terms.Under.Length));
        Assert.True(again.CopyTo("Not an address").IsRefused(out _));
    }

    [Fact]
    public void Days_are_those_of_the_zone_and_who_lives_or_works_there_is_not_asked_where_they_are()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var open = Whole with { State = CampaignState.Open, Terms = new() { Starts = Noon, Ends = Noon.AddDays(1) } };
        Assert.False(open.TakesAt(new DateTimeOffset(2020, 1, 26, 3, 59, 0, TimeSpan.Zero), zone));
        Assert.True(open.TakesAt(new DateTimeOffset(2020, 1, 26, 4, 0, 0, TimeSpan.Zero), zone));
        Assert.True(open.HasEnded(new DateTimeOffset(2020, 1, 27, 4, 0, 0, TimeSpan.Zero), zone));
        Assert.False(open.Includes("110000"));
        Assert.True((open with { Terms = new() { Basis = CoverBasis.Residence } }).Includes("110000"));
    }

    private static void Refused(string code, Campaign campaign, CampaignReadiness found)
    {
        Assert.Contains(code, Missing(campaign, found));
        Assert.True(campaign.Open(found).IsRefused(out _));
    }

    private static IEnumerable<string> Missing(Campaign campaign, CampaignReadiness found) => OpeningCheck.Of(campaign, found).Where(l => l.State == CheckState.Missing).Select(l => l.Code);
}
