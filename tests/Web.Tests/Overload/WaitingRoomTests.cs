using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Overload;
using Yizhen.Web.Overload;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Overload;

/// <summary>What whoever has to wait is told, and in which order they get in.</summary>
public sealed class WaitingRoomTests
{
    [Theory]
    [InlineData("zh-CN", "现在人很多", "先来的先进", "拨打 120", "专线", "再试一次")]
    [InlineData("en", "Many people are here", "Whoever came first gets in first", "Call 120", "Hotline", "Try again")]
    public async Task Page_says_what_to_do_next_in_under_two_kilobytes_without_script(string language, params string[] words)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, also: Crowd.Narrow());
        await site.RunAsync("update campaign set hotline = '027-12345' where slug = 'wuhan'");
        await site.Services.GetRequiredService<Hotlines>().Learn(CancellationToken.None);
        using var person = site.NewPerson(language);
        using var taken = await Crowd.TakeAsync(site, Standing.Newcomer);
        // The table is gone: nothing of this page is asked of the database.
        await site.RunAsync("alter table campaign rename to hidden");

        using var answer = await person.GetAsync(new Uri("/c/wuhan", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0, 1, 30);
        Assert.False(answer.Headers.Contains("Refresh"));
        Assert.Contains("yz-turn=", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(Encoding.UTF8.GetByteCount(html) < 2_000, $"{Encoding.UTF8.GetByteCount(html)} bytes");
        var page = new HtmlParser().ParseDocument(html);
        Assert.All(words, word => Assert.Contains(word, page.Body?.TextContent ?? "", StringComparison.Ordinal));
        Assert.Empty(page.QuerySelectorAll("script, link, img, form, [src], [style]"));
        Assert.True(page.QuerySelectorAll("li").Length >= 6);
        Assert.Equal(["/c/wuhan", "/c/wuhan?refresh=on", "tel:120", "/danger", "tel:12356", "tel:02712345"], page.QuerySelectorAll("a").Select(a => a.GetAttribute("href")));
        Assert.DoesNotContain('{', page.Body?.TextContent ?? "");

        using var byItself = await person.GetAsync(new Uri("/c/wuhan?refresh=on", UriKind.Relative));
        Assert.True(byItself.Headers.Contains("Refresh"));
        using var pressed = await person.PostAsync(new Uri("/c/wuhan/start", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, pressed.StatusCode);
        await site.RunAsync("alter table hidden rename to campaign");
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_came_earlier_gets_in_earlier_and_a_foreign_token_is_none(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock, Crowd.Narrow());
        string? first, second;
        using (await Crowd.TakeAsync(site, Standing.Newcomer))
        {
            // The first finds no room, the second somebody before them.
            (_, first) = await Crowd.StartAsync(site);
            clock.Advance(TimeSpan.FromMilliseconds(50));
            (_, second) = await Crowd.StartAsync(site);
        }

        Assert.NotNull(first);
        Assert.NotNull(second);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, second), await Crowd.StartAsync(site, second));
        var other = site.Services.GetRequiredService<Turns>().Write("elsewhere", 1);
        foreach (var useless in new[] { null, other, "AAAA", first[..^1] + (first[^1] == 'A' ? 'B' : 'A') })
        {
            var (status, turn) = await Crowd.StartAsync(site, useless);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.NotEqual(useless, turn);
        }

        Assert.Equal(HttpStatusCode.OK, (await Crowd.StartAsync(site, first)).Status);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await Crowd.StartAsync(site, second)).Status);
        Assert.Equal(2, await site.CountAsync("select count(*) from door"));
    }

    [Theory, OnBothDatabases]
    public async Task By_an_entrance_the_turn_and_the_entrance_are_kept_and_a_frame_shows_it(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock, Crowd.Narrow());
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var made = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/campaigns/wuhan/entrances", UriKind.Relative), new { code = "app", name = "app", kind = "embed", origins = new[] { "https://app.example.cn" } });
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        await site.Services.GetRequiredService<Hotlines>().Learn(CancellationToken.None);
        using var person = site.NewPerson();
        using (await Crowd.TakeAsync(site, Standing.Newcomer))
        {
            using var framed = await person.GetAsync(new Uri("/embed/app", UriKind.Relative));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, framed.StatusCode);
            Assert.EndsWith("frame-ancestors https://app.example.cn", framed.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Contains("先来的先进", await framed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            var turns = framed.Headers.GetValues("Set-Cookie").Where(c => c.StartsWith("yz-turn=", StringComparison.Ordinal)).ToList();
            Assert.Equal(2, turns.Count);
            Assert.Single(turns.Select(t => t.Split(';')[0]).Distinct());
            clock.Advance(TimeSpan.FromMilliseconds(50));
            using var pressed = await person.PostAsync(new Uri("/c/wuhan/start?e=app", UriKind.Relative), null);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, pressed.StatusCode);
            var page = new HtmlParser().ParseDocument(await pressed.Content.ReadAsStringAsync());
            Assert.Equal("/c/wuhan?e=app", page.QuerySelector("a.b")?.GetAttribute("href"));
            Assert.Equal("/c/wuhan?e=app&refresh=on", page.QuerySelector("a.t")?.GetAttribute("href"));
            Assert.Equal(turns[0].Split(';')[0], pressed.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        using var again = await person.GetAsync(new Uri("/c/wuhan?e=app", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Contains("/c/wuhan/start?e=app", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problem_for_programs_says_when_to_come_again_and_keeps_the_place()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, also: Crowd.Narrow());
        using var person = site.NewPerson("en");
        using var taken = await Crowd.TakeAsync(site, Standing.Newcomer);
        using var answer = await person.PostAsync(new Uri("/api/v1/campaigns/wuhan/start", UriKind.Relative), null);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("overloaded", "urn:yizhen:refusal:overloaded", 503, "en"), (problem.GetProperty("code").GetString(), problem.GetProperty("type").GetString(), problem.GetProperty("status").GetInt32(), problem.GetProperty("lang").GetString()));
        Assert.Equal(answer.Headers.GetValues(Turns.Header).Single(), problem.GetProperty("turn").GetString());
        Assert.Equal(answer.Headers.RetryAfter?.Delta?.TotalSeconds, problem.GetProperty("retry_after").GetInt32());
    }

    [Theory, OnBothDatabases]
    public async Task Comfort_is_left_out_before_people_and_comes_back_with_the_calm(DatabaseKind kind)
    {
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        await using var site = await TestSite.StartAsync(kind, clock, Crowd.Narrow());
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var ongoing = await (await Caller.PatientAsync(site, "咳嗽两天")).InQueueAsync();
        using var live = await ongoing.Stream($"/q/{ongoing.Id}/waiting/stream");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal("normal", await StageAsync(site));

        using (await Crowd.TakeAsync(site, Standing.Newcomer))
        {
            await Crowd.StartAsync(site);
        }

        Assert.Equal("line", await StageAsync(site));
        using var reader = new StreamReader(await live.Content.ReadAsStreamAsync());
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (await reader.ReadLineAsync(limit.Token) is not null)
            {
            }

            throw new EndOfStreamException();
        });
        using (var again = await ongoing.Stream($"/q/{ongoing.Id}/waiting/stream"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, again.StatusCode);
        }

        using (var talk = await ongoing.Stream($"{ongoing.Consultation}/events"))
        {
            Assert.Equal(HttpStatusCode.OK, talk.StatusCode);
        }

        Assert.Contains("门外等着 1 人", await staff.ReadAsync("/staff/board"), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("normal", await StageAsync(site));
        Assert.DoesNotContain("门外等着", await staff.ReadAsync("/staff/board"), StringComparison.Ordinal);
    }

    private static async Task<string?> StageAsync(TestSite site)
    {
        using var looker = site.NewPerson();
        return (await looker.GetFromJsonAsync<JsonElement>(new Uri("/health/ready", UriKind.Relative))).GetProperty("stage").GetString();
    }
}
