using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Yizhen.Examples;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>A partner's program with its key, and a partner's server that is told: both are the worked examples of <c>examples/</c>.</summary>
public sealed class PartnerTests
{
    private const string Story = "咳嗽两天，没有发烧";

    [Theory, OnBothDatabases]
    public async Task Example_of_the_api_asks_through_its_own_entrance_and_reads_states_and_figures_alone(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var (key, _) = await PartnerScene.MakeAsync(site, staff, null);
        var (id, state) = await AskByApi.RunAsync(site.Address, key, Story, CancellationToken.None);
        Assert.Equal("waiting", state);
        Assert.Equal(1, await site.CountAsync("select count(*) from head where entrance = 'app'"));

        using var partner = PartnerScene.Partner(site, key);
        var figures = await partner.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/partner/figures", UriKind.Relative));
        Assert.Equal((1, 1), (figures.GetProperty("arrived").GetInt32(), figures.GetProperty("opened").GetInt32()));
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(id);
        Assert.Equal("in_consultation", (await partner.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/partner/consultations/{id}", UriKind.Relative))).GetProperty("state").GetString());
        foreach (var door in new[] { $"/api/v1/consultations/{id}", "/api/v1/campaigns", "/api/v1/desk", "/api/v1/ledger" })
        {
            using var no = await partner.GetAsync(new Uri(door, UriKind.Relative));
            Assert.Contains((int)no.StatusCode, new[] { 401, 404, 405 });
        }

        using var other = await Caller.PatientAsync(site, Story);
        using var theirs = await partner.GetAsync(new Uri($"/api/v1/partner/consultations/{other.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory, OnBothDatabases]
    public async Task Key_is_held_to_its_scopes_its_calls_a_minute_and_its_people_a_day_and_ends_at_once(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var (key, id) = await PartnerScene.MakeAsync(site, staff, null, scopes: ["start"], perMinute: 6, perDay: 2);
        using var partner = PartnerScene.Partner(site, key);
        using var unscoped = await partner.GetAsync(new Uri("/api/v1/partner/figures", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Forbidden, "outside_scope"), await PartnerScene.CodeAsync(unscoped));
        for (var n = 0; n < 2; n++)
        {
            using var taken = await PartnerScene.StartAsync(partner, urgent: false);
            Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        }

        using var full = await PartnerScene.StartAsync(partner, urgent: false);
        Assert.Equal((HttpStatusCode.TooManyRequests, "entrance_full"), await PartnerScene.CodeAsync(full));
        // Whoever was sent away came all the same, and is nobody of the two.
        Assert.Equal(1, await site.CountAsync("select count(*) from door where entrance = 'app' and turned_back = 'over_quota:elsewhere'"));
        Assert.True((await site.LedgerAsync()).Holds);
        await site.RunAsync("update door set turned_back = 'campaign_paused:danger', let_in = null where id = (select id from door where turned_back is null order by started_at desc, id desc limit 1)");
        using var next = await PartnerScene.StartAsync(partner, urgent: false);
        Assert.Equal(HttpStatusCode.Created, next.StatusCode);
        using var urgent = await PartnerScene.StartAsync(partner, urgent: true);
        Assert.Equal(HttpStatusCode.Created, urgent.StatusCode);
        using var much = await partner.GetAsync(new Uri("/api/v1/partner", UriKind.Relative));
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_attempts"), await PartnerScene.CodeAsync(much));
        Assert.InRange(much.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0, 1, 60);
        clock.Advance(TimeSpan.FromMinutes(1));
        using var again = await partner.GetAsync(new Uri("/api/v1/partner", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);

        using var closed = await staff.Browser.PostAsync(new Uri("/api/v1/campaigns/wuhan/entrances/app/close", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        await site.RunAsync("update door set started_at = 0");
        using var nowhere = await PartnerScene.StartAsync(partner, urgent: false);
        Assert.Equal((HttpStatusCode.TooManyRequests, "entrance_full"), await PartnerScene.CodeAsync(nowhere));
        using var revoked = await staff.Browser.PostAsync(new Uri($"/api/v1/campaigns/wuhan/partners/{id}/revoke", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        using var gone = await partner.GetAsync(new Uri("/api/v1/partner", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
        using var theirs = await Operator.SignInAsync(site, clock.GetUtcNow(), "operator2");
        await theirs.ReadAsync("/staff/campaigns/wuhan/partners", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Example_of_a_link_leads_to_its_entrance()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await PartnerScene.EntranceAsync(staff, "community");
        var page = await File.ReadAllTextAsync(Checkout.At("examples", "link", "index.html"));
        var link = new Uri(System.Text.RegularExpressions.Regex.Match(page, "id=\"ask\" href=\"([^\"]+)\"").Groups[1].Value);
        using var person = Operator.Nobody(site);
        Assert.Contains("/c/wuhan/start?e=community", WebUtility.HtmlDecode(await person.ReadAsync(link.AbsolutePath)), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Key_is_shown_once_on_the_page_that_made_it(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await PartnerScene.EntranceAsync(staff, "app");
        const string Page = "/staff/campaigns/wuhan/partners";
        var wrong = await staff.SendAsync(Page, Page, ("name", "城市服务"), ("entrance", "app"), ("scopes", "start"), ("url", "http://example.cn/hook"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        var made = await staff.SendAsync(Page, Page, ("name", "城市服务"), ("entrance", "app"), ("scopes", "start"), ("url", "https://example.cn/hook"));
        var key = System.Text.RegularExpressions.Regex.Match(made.Page, "yzk_[A-Za-z0-9_-]{43}").Value;
        Assert.NotEmpty(key);
        Assert.DoesNotContain(key, await staff.ReadAsync(Page), StringComparison.Ordinal);
        using var partner = PartnerScene.Partner(site, key);
        using var self = await partner.GetAsync(new Uri("/api/v1/partner", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, self.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Number_of_people_a_day_is_not_passed_by_calls_at_once(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var (key, _) = await PartnerScene.MakeAsync(site, staff, null, scopes: ["start"], perDay: 3);
        using var partner = PartnerScene.Partner(site, key);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PartnerScene.StartAsync(partner, urgent: false)));
        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        Assert.Equal(13, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(3, await site.CountAsync("select count(*) from door where entrance = 'app' and turned_back is null"));
        Assert.True((await site.LedgerAsync()).Holds);
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Theory, OnBothDatabases]
    public async Task Button_that_is_pressed_twice_makes_one_key_and_shows_it_both_times(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await PartnerScene.EntranceAsync(staff, "app");
        const string Page = "/staff/campaigns/wuhan/partners";
        (string, string)[] typed =
        [
            ("press", System.Text.RegularExpressions.Regex.Match(await staff.ReadAsync(Page), "name=\"press\" value=\"([^\"]+)\"").Groups[1].Value),
            ("name", "城市服务"), ("entrance", "app"), ("scopes", "start"), ("url", "https://example.cn/hook"),
        ];
        Assert.NotEmpty(typed[0].Item2);
        var pressed = await Task.WhenAll(staff.SendAsync(Page, Page, typed), staff.SendAsync(Page, Page, typed));
        var keys = pressed.Select(p => System.Text.RegularExpressions.Regex.Match(p.Page, "yzk_[A-Za-z0-9_-]{43}").Value).ToList();
        Assert.Equal(keys[0], keys[1]);
        Assert.NotEmpty(keys[0]);
        Assert.Equal((1L, 1L), (await site.CountAsync("select count(*) from partner_key"), await site.CountAsync("select count(*) from webhook")));
        using var partner = PartnerScene.Partner(site, keys[0]);
        using var self = await partner.GetAsync(new Uri("/api/v1/partner", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, self.StatusCode);
        clock.Advance(TimeSpan.FromMinutes(3));
        var late = await staff.SendAsync(Page, Page, typed);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.DoesNotContain(keys[0], late.Page, StringComparison.Ordinal);
    }
}
