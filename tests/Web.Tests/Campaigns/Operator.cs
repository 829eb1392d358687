using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>Somebody at a browser, with the forms that stand on the pages they read.</summary>
internal sealed partial class Operator(HttpClient browser) : IDisposable
{
    public HttpClient Browser => browser;

    /// <summary>The demo's story, and its operator (or another of its staff) signed in.</summary>
    public static async Task<Operator> SignInAsync(TestSite site, DateTimeOffset now, string login = "operator", string language = "zh-CN")
    {
        await DemoCampaign.Seed(site.Services, now);
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == login);
        var token = await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, now);
        var browser = site.NewPerson(language);
        browser.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return new Operator(browser);
    }

    public static Operator Nobody(TestSite site, string language = "zh-CN") => new(site.NewPerson(language));

    public async Task<string> ReadAsync(string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await browser.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(expected, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Fills the form of the page <paramref name="from"/> and sends it.</summary>
    public async Task<(HttpStatusCode Status, string? Location, string Page)> SendAsync(string from, string to, params (string Name, string Value)[] fields)
    {
        var token = Token().Match(await ReadAsync(from)).Groups[1].Value;
        Assert.True(token.Length > 0 || to == $"{from}/start", $"{from} has no form token.");
        using var body = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).Append(KeyValuePair.Create("__RequestVerificationToken", WebUtility.HtmlDecode(token))));
        using var answer = await browser.PostAsync(new Uri(to, UriKind.Relative), body);
        return (answer.StatusCode, answer.Headers.Location?.OriginalString, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends the code on the page that asks for it; returns where it leads.</summary>
    public async Task<string?> SignInAsync(string secondFactorPage, string code)
    {
        var pending = Pending().Match(secondFactorPage).Groups[1].Value;
        using var body = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["pending"] = WebUtility.HtmlDecode(pending), ["code"] = code, ["__RequestVerificationToken"] = WebUtility.HtmlDecode(Token().Match(secondFactorPage).Groups[1].Value),
        });
        using var answer = await browser.PostAsync(new Uri("/staff/second-factor", UriKind.Relative), body);
        return answer.Headers.Location?.OriginalString;
    }

    public void Dispose() => browser.Dispose();

    [GeneratedRegex("name=\"pending\" value=\"([^\"]+)\"")]
    private static partial Regex Pending();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
