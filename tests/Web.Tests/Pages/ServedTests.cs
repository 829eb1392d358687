using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules;
using Yizhen.Web.Page;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Pages;

/// <summary>What stands around every answer, asked over HTTP.</summary>
public sealed partial class ServedTests : IAsyncLifetime
{
    private TestSite? site;

    private TestSite Site => site ?? throw new InvalidOperationException();

    public async Task InitializeAsync() => site = await TestSite.StartAsync(DatabaseKind.Sqlite, also: b => b.Services.AddSingleton<IStartupFilter, Faulty>());

    public async Task DisposeAsync() => await Site.DisposeAsync();

    [Theory]
    [InlineData("zh-CN", "危险信号")]
    [InlineData("en-GB", "Danger signs")]
    [InlineData("fr", "危险信号")]
    public async Task Danger_page_is_answered_in_the_readers_language_with_its_one_style_allowed(string language, string heading)
    {
        using var person = Site.NewPerson(language);
        using var answer = await person.GetAsync(Path("/danger"));
        var html = await answer.Content.ReadAsStringAsync();
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains($"<h1>{heading}</h1>", html, StringComparison.Ordinal);
        Assert.Matches("style-src 'sha256-[A-Za-z0-9+/=]{44}'", policy);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Style_sheet_is_kept_for_good_under_the_address_of_its_content()
    {
        using var person = Site.NewPerson();
        var address = AssetShelf.Address("patient.css");
        using var ask = new HttpRequestMessage(HttpMethod.Get, Path(address));
        ask.Headers.AcceptEncoding.ParseAdd("br");
        using var answer = await person.SendAsync(ask);
        var bytes = await answer.Content.ReadAsByteArrayAsync();

        Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        Assert.Equal("br", answer.Content.Headers.ContentEncoding.Single());
        Assert.InRange(bytes.Length, 1000, 12_000);

        using var again = new HttpRequestMessage(HttpMethod.Get, Path(address));
        again.Headers.AcceptEncoding.ParseAdd("br");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag ?? throw new InvalidOperationException("No ETag."));
        using var same = await person.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Theory]
    [InlineData("/mine?x=1", "/mine?x=1")]
    [InlineData("//evil.example/x", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: b=c", "/")]
    public async Task Language_link_keeps_the_choice_and_never_leads_away(string back, string to)
    {
        using var person = Site.NewPerson();
        using var answer = await person.GetAsync(Path($"/lang/en?back={Uri.EscapeDataString(back)}"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(to, answer.Headers.Location?.OriginalString);
        Assert.Contains("<html lang=\"en\">", await person.GetStringAsync(Path("/danger")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_tells_a_number_and_nothing_of_what_somebody_wrote()
    {
        using var person = Site.NewPerson();
        using var page = await person.GetAsync(Path("/faulty"));
        var html = await page.Content.ReadAsStringAsync();
        using var json = await person.GetAsync(Path("/api/v1/faulty"));
        var problem = await json.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, page.StatusCode);
        Assert.Matches(Incident(), html);
        Assert.Contains("tel:120", html, StringComparison.Ordinal);
        Assert.Equal("application/problem+json", json.Content.Headers.ContentType?.MediaType);
        Assert.Matches(Incident(), problem);
        Assert.DoesNotContain("secret story", html + problem, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_that_is_not_there_is_answered_in_words()
    {
        using var person = Site.NewPerson();
        using var page = await person.GetAsync(Path("/no-such-page"));
        using var json = await person.GetAsync(Path("/api/v1/no-such-thing"));

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("这里没有您要的内容", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"code\":\"not_found\"", await json.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Overload_says_when_to_come_again()
    {
        using var person = Site.NewPerson("en");
        using var answer = await person.GetAsync(Path("/api/v1/overloaded"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), answer.Headers.RetryAfter?.Delta);
        Assert.Contains("Your place is kept", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Uri Path(string path) => new(path, UriKind.Relative);

    [GeneratedRegex("[0-9A-Z]{4}-[0-9A-Z]{2}")]
    private static partial Regex Incident();

    /// <summary>Two addresses behind the product's own pipeline: one that breaks, one that has no room.</summary>
    private sealed class Faulty : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.Run(async http =>
            {
                if (http.Request.Path.Value?.EndsWith("/faulty", StringComparison.Ordinal) == true)
                {
                    throw new InvalidOperationException("secret story");
                }

                if (http.Request.Path.Value?.EndsWith("/overloaded", StringComparison.Ordinal) == true)
                {
                    await http.Problem(Refusal.Overloaded).ExecuteAsync(http);
                    return;
                }

                http.Response.StatusCode = StatusCodes.Status404NotFound;
            });
        };
    }
}
