using System.Text.Json;
using Yizhen.Rules.Campaigns;

namespace Yizhen.Rules.Tests.Campaigns;

public sealed class CampaignTests
{
    private static readonly CampaignRules Rules = new("test", WaitWindowMinutes: 60, WaitLowPercent: 20, WaitHighPercent: 80, WaitRoundMinutes: 5, WaitFewest: 11);

    private static readonly CampaignDraft Whole = new(
        "wuhan-2", "武汉义诊", "Wuhan", "卫健委", "Health commission", "发热先问", "Ask first", "在湖北的人", "People in Hubei", "420000 420100", "22:00", "06:00", "027-1", "120 急救\n12356 心理", "");

    [Theory]
    [InlineData("Wuhan", "wuhan")]
    [InlineData(" fever-2020 ", "fever-2020")]
    public void Slug_is_read_as_it_stands_on_posters(string typed, string slug) => Assert.Equal(slug, Campaign.ReadSlug(typed).Value);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("武汉")]
    [InlineData("-wuhan")]
    [InlineData("a b")]
    [InlineData("a/../b")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Slug_that_could_not_be_read_out_is_refused(string? typed) => Assert.True(Campaign.ReadSlug(typed).IsRefused(out _));

    [Theory]
    [InlineData("08:00", "22:00", "08:00", true)]
    [InlineData("08:00", "22:00", "22:00", false)]
    [InlineData("22:00", "06:00", "23:30", true)]
    [InlineData("22:00", "06:00", "05:59", true)]
    [InlineData("22:00", "06:00", "12:00", false)]
    [InlineData("00:00", "00:00", "03:00", true)]
    public void Hours_hold_also_over_midnight(string from, string to, string at, bool open) => Assert.Equal(open, new Hours(Time(from), Time(to)).Holds(Time(at)));

    [Fact]
    public void Hours_are_those_of_the_deployments_zone()
    {
        var campaign = New(Whole with { From = "08:00", To = "22:00" });
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        Assert.True(campaign.IsWithinHours(new DateTimeOffset(2020, 1, 26, 0, 30, 0, TimeSpan.Zero), zone));
        Assert.False(campaign.IsWithinHours(new DateTimeOffset(2020, 1, 26, 15, 0, 0, TimeSpan.Zero), zone));
    }

    [Fact]
    public void Campaign_opens_only_with_both_languages()
    {
        var half = New(Whole with { CoversEn = " " });
        Assert.Equal<string>(["covers"], half.Missing(rehearsal: false));
        Assert.True(half.Open(rehearsal: false).IsRefused(out var why));
        Assert.Equal(Refusal.CampaignTextMissing, why);
        Assert.Equal(CampaignState.Open, New(Whole).Open(rehearsal: false).Value.State);
    }

    [Fact]
    public void Campaign_that_is_open_stays_whole()
    {
        var open = New(Whole).Open(rehearsal: false).Value;
        Assert.True((Whole with { NameEn = "" }).Onto(open, _ => true, rehearsal: false).IsRefused(out var why));
        Assert.Equal(Refusal.CampaignTextMissing, why);
    }

    [Fact]
    public void Pinned_rules_date_is_for_rehearsals_only()
    {
        var pinned = Whole with { RulesDate = "2020-01-26" };
        Assert.Equal<string>(["rules_date"], pinned.Wrong(_ => true, rehearsal: false));
        Assert.Empty(pinned.Wrong(_ => true, rehearsal: true));
        var campaign = pinned.New(Guid.Empty, _ => true, rehearsal: true).Value;
        Assert.Equal(new DateOnly(2020, 1, 26), campaign.RulesDateOn(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc));
        Assert.Equal<string>(["rules_date"], campaign.Missing(rehearsal: false));
    }

    [Fact]
    public void Draft_names_each_field_that_cannot_be_stored()
    {
        var wrong = new CampaignDraft("A B", "", "", "", "", "", "", "", "", "999999", "8 o'clock", "25:00", "none", "no digits", "yesterday").Wrong(_ => false, rehearsal: true);
        Assert.Equal<string>(["slug", "regions", "from", "to", "hotline", "numbers", "rules_date"], wrong);
    }

    [Fact]
    public void Draft_of_a_campaign_is_what_was_typed() => Assert.Equal(Whole, CampaignDraft.Of(New(Whole)));

    [Fact]
    public void Wait_is_not_known_below_eleven() => Assert.Null(Rules.Range([.. Minutes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]));

    [Fact]
    public void Wait_is_the_range_of_most_rounded_up_to_five_minutes() =>
        Assert.Equal(new WaitRange(10, 45), Rules.Range([.. Minutes(41, 3, 12, 9, 22, 6, 31, 60, 18, 90, 27)]));

    [Fact]
    public void Wait_of_nothing_is_still_said_as_five_minutes() => Assert.Equal(new WaitRange(5, 5), Rules.Range([.. Enumerable.Repeat(TimeSpan.Zero, 11)]));

    [Theory]
    [InlineData("""{"version":"1"}""")]
    [InlineData("""{"version":"1","wait_window_minutes":60,"wait_low_percent":80,"wait_high_percent":20,"wait_round_minutes":5,"wait_fewest":11}""")]
    [InlineData("""{"version":"1","wait_window_minutes":60,"wait_low_percent":20,"wait_high_percent":80,"wait_round_minutes":0,"wait_fewest":11}""")]
    public void Rules_that_make_no_sense_are_refused(string json) => Assert.Throws<JsonException>(() => CampaignRules.Parse(json));

    private static IEnumerable<TimeSpan> Minutes(params int[] minutes) => minutes.Select(m => TimeSpan.FromMinutes(m));

    private static Campaign New(CampaignDraft draft) => draft.New(Guid.Empty, _ => true, rehearsal: false).Value;

    private static TimeOnly Time(string text) => TimeOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
