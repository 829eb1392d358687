using System.Net;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>A campaign's own part of the surge ladder: what its people meet at the door and in the line, and what stands on the pages.</summary>
public sealed class CampaignLadderTests
{
    internal static readonly (string, string)[] Wuhan =
    [
        ("name_zh", "武汉发热义诊"), ("name_en", "Wuhan fever consultations"), ("owner_zh", "示例"), ("owner_en", "Example"), ("purpose_zh", "发热、咳嗽，先在家问医生"), ("purpose_en", "Ask from home first"),
        ("covers_zh", "在湖北的人"), ("covers_en", "People in Hubei"), ("regions", "420000"), ("from", "00:00"), ("to", "00:00"), ("hotline", "027-0000 0000"), ("numbers", "120"), ("rules_date", "2020-01-26"),
    ];

    [Theory, OnBothDatabases]
    public async Task Highest_level_of_a_campaign_holds_at_its_door_and_in_dispatch_and_stands_in_the_journal(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        const string Page = "/staff/campaigns/wuhan";
        var unsaid = await staff.SendAsync(Page, Page, [.. Wuhan, ("surge_from", "0"), ("surge_to", "1")]);
        Assert.Equal(HttpStatusCode.BadRequest, unsaid.Status);
        Assert.Contains("写明为什么不用整个阶梯", WebUtility.HtmlDecode(unsaid.Page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync(Page, Page, [.. Wuhan, ("surge_from", "0"), ("surge_to", "1"), ("surge_why", "本单位不约时间，也不用健康顾问")])).Status);
        Assert.Equal(1, await site.CountAsync("select count(*) from campaign_ladder where campaign = 'wuhan' and level_from = 0 and level_to = 1"));
        Assert.Equal(1, await site.CountAsync("select count(*) from journal where kind = 'surge_ladder' and body like '%\"to\":1%'"));

        await SurgeScene.SetAsync(site, 4);
        var surge = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/surge"));
        Assert.Contains("现在 1", surge, StringComparison.Ordinal);
        Assert.Contains("本单位不约时间，也不用健康顾问", surge, StringComparison.Ordinal);
        using var person = Operator.Nobody(site);
        Assert.DoesNotContain("现在来的人很多", WebUtility.HtmlDecode(await person.ReadAsync("/c/wuhan")), StringComparison.Ordinal);
        Assert.EndsWith("/desk", (await person.SendAsync("/c/wuhan", "/c/wuhan/start")).Location, StringComparison.Ordinal);

        // Urgency 5 that has waited longer than the policy lets anybody wait at that level: not offered anything here.
        using var waits = await SurgeScene.AskAsync(site);
        clock.Advance(TimeSpan.FromSeconds(91));
        await SurgeScene.TurnedAsync(site, clock);
        Assert.Null((await waits.Look()).Offer);
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync(Page, Page, [.. Wuhan, ("surge_from", "0"), ("surge_to", "4")])).Status);
        await SurgeScene.OfferedAsync(waits, clock);
        Assert.Contains("现在来的人很多", WebUtility.HtmlDecode(await person.ReadAsync("/c/wuhan")), StringComparison.Ordinal);
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory, OnBothDatabases]
    public async Task Campaign_that_begins_higher_meets_its_people_so_while_the_deployment_is_calm(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await staff.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan", [.. Wuhan, ("surge_from", "2"), ("surge_to", "2"), ("surge_why", "开张第一天")]);
        using var person = Operator.Nobody(site);
        Assert.EndsWith("/desk", (await person.SendAsync("/c/wuhan", "/c/wuhan/start")).Location, StringComparison.Ordinal);
        using var waits = await SurgeScene.AskAsync(site);
        await SurgeScene.OfferedAsync(waits, clock);
        using var urgent = await SurgeScene.AskAsync(site, SurgeScene.Fever);
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(urgent.Id);
    }

    [Fact]
    public async Task Form_shows_the_signed_protocols_by_day_and_the_policies()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var page = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/campaigns/new"));
        Assert.Contains("已签名的规则：从哪天起用哪一套", page, StringComparison.Ordinal);
        Assert.Contains("RF-ADULT", page, StringComparison.Ordinal);
        Assert.Contains("✓ 已签名", page, StringComparison.Ordinal);
    }
}
