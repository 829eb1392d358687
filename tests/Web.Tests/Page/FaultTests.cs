using System.Net;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Page;

/// <summary>The storage fails under a person who is writing.</summary>
public sealed class FaultTests
{
    private const string Story = "前天开始发烧，还有点咳嗽";

    [Theory, OnBothDatabases]
    public async Task Words_are_kept_in_the_page_while_storage_fails_and_are_stored_once_it_is_back(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "头疼");
        var page = new Uri($"/q/{patient.Id}/story", UriKind.Relative);
        using var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={patient.Token}");
        var token = Field(await browser.GetStringAsync(page), "__RequestVerificationToken");

        await site.RunAsync("alter table fact rename to fact_gone");
        using var failed = await browser.PostAsync(page, Form(token));
        var told = await failed.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.NotNull(failed.Headers.RetryAfter);
        Assert.Contains("没有存下来", told, StringComparison.Ordinal);
        Assert.Equal(Story, Field(told, "story"));
        using var danger = await browser.GetAsync(new Uri("/danger", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, danger.StatusCode);

        await site.RunAsync("alter table fact_gone rename to fact");
        using var again = await browser.PostAsync(page, Form(Field(told, "__RequestVerificationToken")));
        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
        Assert.Equal(Story, (await patient.Look()).Story);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    private static FormUrlEncodedContent Form(string token) => new(new Dictionary<string, string> { ["story"] = Story, ["worry"] = "5", ["__RequestVerificationToken"] = token });

    private static string Field(string html, string name)
    {
        using var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
        return page.QuerySelector($"[name='{name}']")?.GetAttribute("value") ?? throw new InvalidOperationException($"No field {name}.");
    }
}
