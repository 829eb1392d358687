using System.Net;
using AngleSharp.Html.Parser;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>Opening a page writes nothing. What judges is the form that was sent last.</summary>
public sealed class ReadingTests
{
    private const string Grave = "red_flags=A1";

    [Theory, OnBothDatabases]
    public async Task Page_with_nothing_left_to_ask_writes_nothing_and_leads_on_with_one_button(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "孩子咳嗽", answers: Grave);
        using var browser = At(site, patient);
        var before = (await patient.Look()).Version;

        var read = new HtmlParser().ParseDocument(await browser.ReadAsync($"/q/{patient.Id}/questions"));
        Assert.Equal(before, (await patient.Look()).Version);
        var form = Assert.Single(read.QuerySelectorAll("main form"));
        Assert.Equal($"/q/{patient.Id}/outcome", form.GetAttribute("action"));
        Assert.Equal("看结果", Assert.Single(form.QuerySelectorAll("button")).TextContent.Trim());
        using (var there = await browser.Browser.GetAsync(new Uri($"/q/{patient.Id}/outcome", UriKind.Relative)))
        {
            Assert.Equal((HttpStatusCode.SeeOther, $"/q/{patient.Id}/questions"), (there.StatusCode, there.Headers.Location?.OriginalString));
        }

        Assert.Equal(before, (await patient.Look()).Version);
        var (_, location, _) = await browser.SendAsync($"/q/{patient.Id}/questions", $"/q/{patient.Id}/outcome");
        await AnsweredAsync(site, patient, location);
    }

    [Theory, OnBothDatabases]
    public async Task Last_answer_judges(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "说不清哪里不对");
        using var browser = At(site, patient);
        var (code, value) = (Grave.Split('=')[0], Grave.Split('=')[1]);
        var (_, location, _) = await browser.SendAsync($"/q/{patient.Id}/questions", $"/q/{patient.Id}/questions", ("asked", code), ($"a.{code}", value));
        await AnsweredAsync(site, patient, location);
    }

    [Theory, OnBothDatabases]
    public async Task Confirmed_reading_judges_where_nothing_is_left_to_ask(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "血氧 88，没力气");
        using var browser = At(site, patient);
        var page = new HtmlParser().ParseDocument(await browser.ReadAsync($"/q/{patient.Id}/read-back"));
        var read = page.QuerySelectorAll("main form input[type=hidden][name^='a.']").Select(i => (i.GetAttribute("name")!, i.GetAttribute("value")!)).ToArray();
        Assert.NotEmpty(read);
        var (_, location, _) = await browser.SendAsync($"/q/{patient.Id}/read-back", $"/q/{patient.Id}/read-back", read);
        await AnsweredAsync(site, patient, location);
    }

    [Theory, OnBothDatabases]
    public async Task Story_judges_where_nothing_is_asked(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "说不清哪里不对", answers: Grave);
        using var browser = At(site, patient);
        var (_, location, _) = await browser.SendAsync($"/q/{patient.Id}/story", $"/q/{patient.Id}/story", ("story", "就是不对劲"));
        await AnsweredAsync(site, patient, location);
    }

    private static async Task AnsweredAsync(TestSite site, Caller patient, string? location)
    {
        Assert.Equal($"/q/{patient.Id}/outcome", location);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'triaged'"));
        Assert.Equal("D0", (await patient.Look()).Outcome?.Disposition.ToString());
        using var browser = At(site, patient);
        var before = (await patient.Look()).Version;
        Assert.Contains("120", await browser.ReadAsync(location!), StringComparison.Ordinal);
        Assert.Equal(before, (await patient.Look()).Version);
    }

    private static Operator At(TestSite site, Caller patient)
    {
        var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
        return browser;
    }
}
