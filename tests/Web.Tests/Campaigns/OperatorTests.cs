using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>An operator at the pages for campaigns, and a person at the door of what the operator has opened.</summary>
public sealed class OperatorTests
{
    private static readonly (string, string)[] Whole =
    [
        ("slug", "fever"), ("name_zh", "发热义诊"), ("name_en", "Fever advice"), ("owner_zh", "卫健委"), ("owner_en", "Health commission"), ("purpose_zh", "发热先问医生"), ("purpose_en", "Fever: ask first"),
        ("covers_zh", "在湖北的人"), ("covers_en", "People in Hubei"), ("regions", "420000"), ("from", "00:00"), ("to", "00:00"), ("hotline", "027-123"), ("numbers", "120"), ("rules_date", ""),
    ];

    [Theory, OnBothDatabases]
    public async Task Campaign_is_made_completed_opened_used_and_closed(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var person = Operator.Nobody(site, "en");

        var made = await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", Without("covers_en"));
        Assert.Equal((HttpStatusCode.SeeOther, "/staff/campaigns/fever"), (made.Status, made.Location));
        await person.ReadAsync("/c/fever", HttpStatusCode.NotFound);
        var refused = await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever/open");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("✕ 未过", refused.Page, StringComparison.Ordinal);

        using var doctor = await Caller.DoctorAsync(site);
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever", Whole)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever/open")).Status);
        Assert.Contains("Fever: ask first", await person.ReadAsync("/"), StringComparison.Ordinal);
        Assert.Contains("Not known yet", await person.ReadAsync("/c/fever"), StringComparison.Ordinal);
        var started = await person.SendAsync("/c/fever", "/c/fever/start");
        Assert.Equal(HttpStatusCode.SeeOther, started.Status);
        Assert.Matches("^/q/[0-9a-z]{26}/consent$", started.Location);

        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever/close")).Status);
        var closed = await person.ReadAsync("/c/fever");
        Assert.Contains("Whoever is inside is still seen", closed, StringComparison.Ordinal);
        Assert.Contains("027-123", closed, StringComparison.Ordinal);
        using var late = await person.Browser.PostAsync(new Uri("/api/v1/campaigns/fever/start", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        var changes = await staff.Browser.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/campaigns/fever/changes", UriKind.Relative));
        Assert.Equal(["closed", "opened", "changed", "created"], changes.EnumerateArray().Select(c => c.GetProperty("kind").GetString()));
        Assert.Equal(["covers"], changes[2].GetProperty("fields").EnumerateArray().Select(f => f.GetString()));
    }

    [Theory, OnBothDatabases]
    public async Task Form_that_cannot_be_stored_comes_back_with_what_was_typed(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());

        var wrong = await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", [.. Without("regions"), ("regions", "999999")]);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("有一个地区不认识", wrong.Page, StringComparison.Ordinal);
        Assert.Contains("发热先问医生", wrong.Page, StringComparison.Ordinal);
        var taken = await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", [.. Without("slug"), ("slug", DemoCampaign.Slug)]);
        Assert.Equal(HttpStatusCode.Conflict, taken.Status);
    }

    [Theory, OnBothDatabases]
    public async Task Region_is_written_by_name_and_one_that_may_be_several_comes_back_as_typed(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var unclear = await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", [.. Without("regions"), ("regions", "武汉市，鼓楼区")]);
        Assert.Equal(HttpStatusCode.BadRequest, unclear.Status);
        var page = WebUtility.HtmlDecode(unclear.Page);
        Assert.Contains("有一个地区不认识或不止一处", page, StringComparison.Ordinal);
        Assert.Contains("value=\"武汉市，鼓楼区\"", page, StringComparison.Ordinal);
        var made = await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", [.. Without("regions"), ("regions", "湖北 武汉、黄冈市，430100"), ("region_numbers", "武汉市 027-12345 市长专线")]);
        Assert.Equal(HttpStatusCode.SeeOther, made.Status);
        var campaign = (await staff.Browser.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/campaigns", UriKind.Relative))).EnumerateArray().Select(c => c.GetProperty("campaign")).Single(c => c.GetProperty("slug").GetString() == "fever");
        Assert.Equal(["420100", "421100", "430100"], campaign.GetProperty("regions").EnumerateArray().Select(r => r.GetString()));
        Assert.Equal("420100", campaign.GetProperty("terms").GetProperty("region_numbers")[0].GetProperty("region").GetString());
        var saved = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/campaigns/fever"));
        Assert.Contains("湖北省 武汉市", saved, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#check\">检查：差 1 项</a>", saved, StringComparison.Ordinal);
        Assert.Contains("存过", saved, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_campaign_that_would_lose_a_text_says_which_and_leads_there()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var lost = await staff.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan", [.. Without("hotline", "covers_en", "rules_date"), ("rules_date", "2020-01-26"), ("closed_zh", "谢谢")]);
        Assert.Equal(HttpStatusCode.BadRequest, lost.Status);
        var page = WebUtility.HtmlDecode(lost.Page);
        foreach (var (field, words) in new[] { ("hotline", "开放的义诊要有专线"), ("covers_en", "“为谁”要有中文，也要有英文"), ("closed_en", "“关闭说明”要有中文，也要有英文") })
        {
            Assert.Matches($"<a href=\"#{field}\">[^<]*{words}", page);
            Assert.Contains($"aria-describedby=\"{field}-err\"", page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("#name_zh", page, StringComparison.Ordinal);
        Assert.Contains("谢谢", page, StringComparison.Ordinal);
        Assert.Contains("开放中，现在检查", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Campaign_page_takes_nobody_new_outside_its_hours()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var person = Operator.Nobody(site);
        var evening = Whole.Select(f => f.Item1 switch { "from" => ("from", "20:00"), "to" => ("to", "02:00"), _ => f }).ToArray();
        using var doctor = await Caller.DoctorAsync(site);
        await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", evening);
        await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever/open");

        Assert.DoesNotContain("/c/fever/start", await person.ReadAsync("/c/fever"), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromHours(16));
        Assert.Contains("/c/fever/start", await person.ReadAsync("/c/fever"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/staff/campaigns")]
    [InlineData("/staff/board")]
    [InlineData("/staff/invitations")]
    public async Task Operators_pages_are_not_there_for_others(string address)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var doctor = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor1");
        using var nobody = Operator.Nobody(site);
        await doctor.ReadAsync(address, HttpStatusCode.NotFound);
        await nobody.ReadAsync(address, HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Campaign_of_another_organisation_is_not_there()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var shelf = site.Services.GetRequiredService<CampaignShelf>();
        var own = await shelf.Find(DemoCampaign.Slug) ?? throw new InvalidOperationException();
        await shelf.Create(own with { Slug = "theirs", Organisation = Guid.CreateVersion7(clock.GetUtcNow()) }, "system", clock.GetUtcNow());

        await staff.ReadAsync("/staff/campaigns/theirs", HttpStatusCode.NotFound);
        Assert.DoesNotContain("/staff/campaigns/theirs", await staff.ReadAsync("/staff/campaigns"), StringComparison.Ordinal);
        using var closing = await staff.Browser.PostAsync(new Uri("/api/v1/campaigns/theirs/close", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.NotFound, closing.StatusCode);
        await staff.ReadAsync("/api/v1/campaigns/theirs/changes", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Invitation_link_lets_one_person_join_and_is_shown_once()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var (status, _, page) = await staff.SendAsync("/staff/invitations", "/staff/invitations", ("role", "Physician"), ("skill", "fever"), ("lang", "zh"), ("licence", "42"));
        Assert.Equal(HttpStatusCode.OK, status);
        var token = page.Split("/staff/join/")[1].Split('<')[0];
        Assert.DoesNotContain(token, await staff.ReadAsync("/staff/invitations"), StringComparison.Ordinal);
        using var nobody = Operator.Nobody(site);
        var joining = new { login = "new.doctor", name = "新医生", phone = "13800009999", password = "a sentence that is long" };
        using var joined = await nobody.Browser.PostAsJsonAsync(new Uri($"/api/v1/join/{token}", UriKind.Relative), joining);
        Assert.Equal(HttpStatusCode.OK, joined.StatusCode);
        using var again = await nobody.Browser.PostAsJsonAsync(new Uri($"/api/v1/join/{token}", UriKind.Relative), joining with { login = "other" });
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
        var wrong = await staff.SendAsync("/staff/invitations", "/staff/invitations", ("role", "Patient"), ("lang", "zh"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
    }

    private static (string, string)[] Without(params string[] fields) => [.. Whole.Where(f => !fields.Contains(f.Item1))];
}
