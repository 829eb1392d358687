using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Overload;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>A campaign inside another's page: framed by whom the operator has named, on every page, the danger signs too.</summary>
public sealed class EmbedTests
{
    [Theory, OnBothDatabases]
    public async Task Embed_is_framed_by_the_named_origins_alone_on_every_page_that_follows_and_staff_pages_never(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var made = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/campaigns/wuhan/entrances", UriKind.Relative), new { code = "app", name = "app", kind = "embed", origins = new[] { "https://app.example.cn" } });
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        using var person = Operator.Nobody(site);
        using var alone = await person.Browser.GetAsync(new Uri("/c/wuhan", UriKind.Relative));
        Assert.Contains("frame-ancestors 'none'", Csp(alone), StringComparison.Ordinal);
        using var embedded = await person.Browser.GetAsync(new Uri("/embed/app", UriKind.Relative));
        Assert.EndsWith("frame-ancestors https://app.example.cn", Csp(embedded), StringComparison.Ordinal);
        Assert.False(embedded.Headers.Contains("X-Frame-Options"));
        var page = await embedded.Content.ReadAsStringAsync();
        Assert.Contains("data-embed=\"https://app.example.cn\"", page, StringComparison.Ordinal);
        Assert.Contains("/assets/embed.", page, StringComparison.Ordinal);
        var consent = await EntranceTests.PressAsync(person, "/c/wuhan/start?e=app") ?? "";
        using var next = await person.Browser.GetAsync(new Uri(consent, UriKind.Relative));
        Assert.EndsWith("frame-ancestors https://app.example.cn", Csp(next), StringComparison.Ordinal);
        using var danger = await person.Browser.GetAsync(new Uri("/danger", UriKind.Relative));
        Assert.EndsWith("frame-ancestors https://app.example.cn", Csp(danger), StringComparison.Ordinal);
        using var desk = await person.Browser.GetAsync(new Uri("/staff/sign-in", UriKind.Relative));
        Assert.EndsWith("frame-ancestors 'none'", Csp(desk), StringComparison.Ordinal);
        using var forged = Operator.Nobody(site);
        forged.Browser.DefaultRequestHeaders.Add("Cookie", "yz-embed=aHR0cHM6Ly9ldmlsLmV4YW1wbGU.AAAA");
        using var answer = await forged.Browser.GetAsync(new Uri("/c/wuhan", UriKind.Relative));
        Assert.EndsWith("frame-ancestors 'none'", Csp(answer), StringComparison.Ordinal);
        await person.ReadAsync("/embed/nobody", HttpStatusCode.NotFound);
    }

    [Theory, OnBothDatabases]
    public async Task Origin_that_is_taken_away_frames_no_more_and_a_closed_embed_says_where_to_go(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var at = new Uri("/api/v1/campaigns/wuhan/entrances", UriKind.Relative);
        using var made = await staff.Browser.PostAsJsonAsync(at, new { code = "app", name = "app", kind = "embed", origins = new[] { "https://old.example.cn", "https://app.example.cn" } });
        using var person = Operator.Nobody(site);
        using var before = await person.Browser.GetAsync(new Uri("/embed/app", UriKind.Relative));
        Assert.EndsWith("frame-ancestors https://old.example.cn https://app.example.cn", Csp(before), StringComparison.Ordinal);
        const string Page = "/staff/campaigns/wuhan/entrances";
        Assert.Contains("<input id=\"origins-app\" name=\"origins\" maxlength=\"400\" value=\"https://old.example.cn https://app.example.cn\"", await staff.ReadAsync(Page), StringComparison.Ordinal);
        var slip = await staff.SendAsync(Page, $"{Page}/app", ("name", "app"), ("kind", "embed"), ("origins", "app.example.cn"), ("per_hour", "many"), ("step", "change"));
        Assert.Equal(HttpStatusCode.BadRequest, slip.Status);
        Assert.Contains("href=\"#origins-app\"", slip.Page, StringComparison.Ordinal);
        Assert.Contains("<input id=\"origins-app\" name=\"origins\" maxlength=\"400\" value=\"app.example.cn\"", slip.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"many\"", slip.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync(Page, $"{Page}/app", ("name", "app"), ("kind", "embed"), ("origins", "https://app.example.cn"), ("per_hour", ""), ("step", "change"))).Status);
        await site.Services.GetRequiredService<Hotlines>().Learn(CancellationToken.None);
        foreach (var path in new[] { "/c/wuhan", "/c/wuhan/elsewhere", "/danger" })
        {
            using var after = await person.Browser.GetAsync(new Uri(path, UriKind.Relative));
            Assert.EndsWith("frame-ancestors https://app.example.cn", Csp(after), StringComparison.Ordinal);
        }

        using var closed = await staff.Browser.PostAsync(new Uri("/api/v1/campaigns/wuhan/entrances/app/close", UriKind.Relative), null);
        await site.Services.GetRequiredService<Hotlines>().Learn(CancellationToken.None);
        using var gone = await person.Browser.GetAsync(new Uri("/embed/app", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.EndsWith("frame-ancestors https://app.example.cn", Csp(gone), StringComparison.Ordinal);
        var page = WebUtility.HtmlDecode(await gone.Content.ReadAsStringAsync());
        Assert.Contains("这个入口已经关闭", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/c/wuhan\">到义诊自己的页面问", page, StringComparison.Ordinal);
        Assert.Contains("/c/wuhan/elsewhere", page, StringComparison.Ordinal);
        // A frame that may open no window would answer a press with nothing.
        Assert.DoesNotContain("target=", page, StringComparison.Ordinal);
        using var inside = await person.Browser.GetAsync(new Uri("/mine", UriKind.Relative));
        Assert.EndsWith("frame-ancestors https://app.example.cn", Csp(inside), StringComparison.Ordinal);
    }

    private static string Csp(HttpResponseMessage answer) => answer.Headers.GetValues("Content-Security-Policy").Single();
}
