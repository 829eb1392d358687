using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>Several ways into one campaign: each with its link, poster, share and figures, and none takes from another.</summary>
public sealed class EntranceTests
{
    private const string Entrances = "/api/v1/campaigns/wuhan/entrances";

    [Theory, OnBothDatabases]
    public async Task Ten_times_the_share_at_one_entrance_leaves_the_other_its_own_and_each_one_over_it_has_an_hour(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await MakeAsync(staff, "loud", 4);
        await MakeAsync(staff, "quiet", 4);

        var loud = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => StartAsync(site, "loud")));
        Assert.Equal(4, loud.Count(s => s.ComesAt is null));
        Assert.All(loud.Where(s => s.ComesAt is not null), s => Assert.True(s.ComesAt > clock.GetUtcNow()));
        Assert.Equal(Enumerable.Repeat(4, 9), loud.Where(s => s.ComesAt is not null).GroupBy(s => s.ComesAt).Select(g => g.Count()));
        var quiet = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync(site, "quiet")));
        Assert.All(quiet, s => Assert.Null(s.ComesAt));
        Assert.Null((await StartAsync(site, "loud", urgent: true)).ComesAt);

        var figures = await staff.Browser.GetFromJsonAsync<JsonElement>(new Uri(Entrances, UriKind.Relative));
        Assert.Equal((4, 41, 36, 1), Of(figures, "loud"));
        Assert.Equal((4, 4, 0, 0), Of(figures, "quiet"));
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((45, 36), (ledger.Arrived, ledger.TurnedBack));
    }

    /// <summary>By a slow network or a tired hand; twice at the same moment too.</summary>
    [Theory, OnBothDatabases]
    public async Task Entrance_that_is_made_twice_by_one_press_is_one_and_another_under_its_code_is_refused(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        const string Page = "/staff/campaigns/wuhan/entrances";
        var made = System.Text.RegularExpressions.Regex.Match(await staff.ReadAsync(Page), "name=\"made\" value=\"([0-9a-z]+)\"").Groups[1].Value;
        (string, string)[] typed = [("made", made), ("name", "报纸"), ("kind", "poster"), ("code", ""), ("per_hour", "900"), ("origins", "")];
        var pressed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => staff.SendAsync(Page, Page, typed)));
        Assert.All(pressed, p => Assert.Equal(HttpStatusCode.SeeOther, p.Status));
        Assert.Equal(1, await site.CountAsync("select count(*) from entrance"));
        var other = await staff.SendAsync(Page, Page, ("made", ""), ("name", "电台"), ("kind", "poster"), ("code", made), ("per_hour", ""), ("origins", ""));
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Contains("value=\"电台\"", WebUtility.HtmlDecode(other.Page), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Promised_hour_is_kept_by_the_same_device_though_others_stand_there_and_the_campaign_was_closed(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await MakeAsync(staff, "poster", 1);
        using var first = Operator.Nobody(site);
        Assert.Matches("^/q/", await PressAsync(first, "/c/wuhan/start?e=poster"));
        using var second = Operator.Nobody(site);
        var told = await PressAsync(second, "/c/wuhan/start?e=poster");
        Assert.StartsWith("/e/poster?comes=", told, StringComparison.Ordinal);
        var page = WebUtility.HtmlDecode(await second.ReadAsync(told ?? ""));
        Assert.Contains("给您留了", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/c/wuhan/elsewhere\"", page, StringComparison.Ordinal);
        Assert.Equal(told, await PressAsync(second, "/c/wuhan/start?e=poster"));

        clock.Advance(TimeSpan.FromMinutes(61));
        using var third = Operator.Nobody(site);
        Assert.StartsWith("/e/poster?comes=", await PressAsync(third, "/c/wuhan/start?e=poster"), StringComparison.Ordinal);
        using var later = await Operator.SignInAsync(site, clock.GetUtcNow());
        await later.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan/close");
        // Whoever opens the page again finds the button; whoever was promised nothing finds neither it nor the promise.
        foreach (var address in new[] { told ?? "", "/e/poster" })
        {
            var back = WebUtility.HtmlDecode(await second.ReadAsync(address));
            Assert.Contains("您的位置到了", back, StringComparison.Ordinal);
            Assert.Contains("到时间了，开始问诊", back, StringComparison.Ordinal);
        }

        using var forger = Operator.Nobody(site);
        var forged = WebUtility.HtmlDecode(await forger.ReadAsync("/e/poster?comes=4102444800"));
        Assert.DoesNotContain("给您留", forged, StringComparison.Ordinal);
        Assert.DoesNotContain("开始问诊", forged, StringComparison.Ordinal);
        var kept = await PressAsync(second, "/c/wuhan/start?e=poster");
        Assert.Matches("^/q/[0-9a-z]{26}/", kept);
        await second.ReadAsync(kept ?? "");
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((3, 1), (ledger.Arrived, ledger.TurnedBack));
    }

    [Theory, OnBothDatabases]
    public async Task Where_no_hour_is_left_the_ways_elsewhere_are_named_and_nobody_gets_an_account(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await MakeAsync(staff, "tiny", 1);
        await Task.WhenAll(Enumerable.Range(0, 13).Select(_ => StartAsync(site, "tiny")));
        var accounts = await site.CountAsync("select count(*) from account");
        using var person = Operator.Nobody(site, "en");
        var told = await PressAsync(person, "/c/wuhan/start?e=tiny");
        Assert.Equal("/e/tiny?full=on", told);
        var page = WebUtility.HtmlDecode(await person.ReadAsync(told ?? ""));
        Assert.Contains("where else you can ask", page, StringComparison.Ordinal);
        Assert.Contains("name=\"urgent\" value=\"yes\"", page, StringComparison.Ordinal);
        Assert.Equal(accounts, await site.CountAsync("select count(*) from account"));
        Assert.Equal(1, await site.CountAsync("select count(*) from door where turned_back = 'over_quota:elsewhere'"));
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory, OnBothDatabases]
    public async Task Entrance_is_made_changed_and_closed_on_the_page_and_each_is_kept(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        const string Page = "/staff/campaigns/wuhan/entrances";
        var wrong = await staff.SendAsync(Page, Page, ("name", "社区"), ("kind", "embed"), ("code", "shequ"), ("origins", "http://x"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("社区", wrong.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync(Page, Page, ("name", "社区海报"), ("kind", "poster"), ("code", "shequ"), ("per_hour", "900"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await staff.SendAsync(Page, Page, ("name", "又一个"), ("kind", "poster"), ("code", "shequ"))).Status);
        await staff.SendAsync(Page, $"{Page}/shequ", ("name", "社区海报"), ("kind", "poster"), ("per_hour", "1200"), ("step", "change"));
        Assert.Contains("0 / 1,200", WebUtility.HtmlDecode(await staff.ReadAsync(Page)), StringComparison.Ordinal);
        using var person = Operator.Nobody(site);
        Assert.Contains("/c/wuhan/start?e=shequ", WebUtility.HtmlDecode(await person.ReadAsync("/e/shequ")), StringComparison.Ordinal);
        await staff.SendAsync(Page, $"{Page}/shequ", ("step", "close"));
        using var closed = await person.Browser.GetAsync(new Uri("/e/shequ?back", UriKind.Relative));
        Assert.Equal((HttpStatusCode.SeeOther, "/c/wuhan?back"), (closed.StatusCode, closed.Headers.Location?.OriginalString));
        Assert.Equal(3, await site.CountAsync("select count(*) from entrance where code = 'shequ'"));
        using var theirs = await Operator.SignInAsync(site, clock.GetUtcNow(), "operator2");
        await theirs.ReadAsync(Page, HttpStatusCode.NotFound);
        await theirs.ReadAsync(Entrances, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Poster_is_an_a4_page_with_code_address_danger_signs_and_both_languages()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await MakeAsync(staff, "plakat", 100);
        var svg = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/campaigns/wuhan/entrances/plakat/poster.svg"));
        Assert.Contains("width=\"210mm\" height=\"297mm\"", svg, StringComparison.Ordinal);
        Assert.Contains($"{site.Address.Authority}/e/plakat", svg, StringComparison.Ordinal);
        Assert.Contains("武汉发热义诊", svg, StringComparison.Ordinal);
        Assert.Contains("Wuhan fever consultations", svg, StringComparison.Ordinal);
        Assert.Contains("打 120", svg, StringComparison.Ordinal);
        Assert.True(svg.IndexOf("武汉发热义诊", StringComparison.Ordinal) < svg.IndexOf("Wuhan fever consultations", StringComparison.Ordinal));
        foreach (var (address, wanted) in new[] { ("?lang=en", "zh-CN"), ("", "en-GB,en;q=0.8,zh;q=0.5") })
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri($"/staff/campaigns/wuhan/entrances/plakat/poster.svg{address}", UriKind.Relative)) { Headers = { { "Accept-Language", wanted } } };
            using var answer = await staff.Browser.SendAsync(ask);
            var english = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            Assert.True(english.IndexOf("Wuhan fever consultations", StringComparison.Ordinal) < english.IndexOf("武汉发热义诊", StringComparison.Ordinal), address + wanted);
        }

        using var pdf = await staff.Browser.GetAsync(new Uri("/staff/campaigns/wuhan/entrances/plakat/poster.pdf", UriKind.Relative));
        Assert.Equal("application/pdf", pdf.Content.Headers.ContentType?.MediaType);
        var bytes = await pdf.Content.ReadAsByteArrayAsync();
        Assert.Equal("%PDF"u8.ToArray(), bytes[..4]);
        await staff.ReadAsync("/staff/campaigns/wuhan/entrances/nobody/poster.svg", HttpStatusCode.NotFound);
    }

    /// <summary>Start carries no form token.</summary>
    internal static async Task<string?> PressAsync(Operator person, string start)
    {
        using var pressed = await person.Browser.PostAsync(new Uri(start, UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.SeeOther, pressed.StatusCode);
        return pressed.Headers.Location?.OriginalString;
    }

    private static async Task MakeAsync(Operator staff, string code, int share)
    {
        using var made = await staff.Browser.PostAsJsonAsync(new Uri(Entrances, UriKind.Relative), new { code, name = code, kind = "link", per_hour = share });
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    private static async Task<Started> StartAsync(TestSite site, string entrance, bool urgent = false)
    {
        using var person = new Caller(site);
        return await person.Post<Started>("/api/v1/campaigns/wuhan/start", new { entrance, urgent });
    }

    private static (int ThisHour, int Arrived, int Promised, int Urgent) Of(JsonElement figures, string code)
    {
        var one = figures.EnumerateArray().Single(f => f.GetProperty("code").GetString() == code);
        return (one.GetProperty("this_hour").GetInt32(), one.GetProperty("arrived").GetInt32(), one.GetProperty("promised").GetInt32(), one.GetProperty("urgent").GetInt32());
    }

    private sealed record Started(string Consultation, string? Token, DateTimeOffset? ComesAt);
}
