using System.Net;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>Where the ambulance has another number than 120.</summary>
public sealed class ElsewhereTests
{
    private const string Reason = "复测三十七度二，没有气促";

    [Theory, OnBothDatabases]
    public async Task Whoever_waits_at_urgency_one_elsewhere_is_given_the_number_of_that_place_by_the_stream_too(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        await site.EverywhereAsync();
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", region: "810000", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var nurse = await Caller.DoctorAsync(site);
        await nurse.Given(patient.Id);
        await site.RunAsync("update staff set role = 'Nurse'");
        using var desk = With(site, nurse.Token, "zh-CN");
        await desk.SendAsync($"/staff/desk?c={patient.Id}", $"/staff/desk/{patient.Id}/hand-over", ("note", Reason), ("danger", "1"));
        using var browser = With(site, patient.Token, "zh-CN");
        Assert.Contains("现在就打 999", WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{patient.Id}/waiting")), StringComparison.Ordinal);
        using var stream = await patient.Stream($"/q/{patient.Id}/waiting/stream");
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        var room = "";
        for (var line = await reader.ReadLineAsync(); line is { Length: > 0 }; line = await reader.ReadLineAsync())
        {
            room += line;
        }

        Assert.Contains("现在就打 999", WebUtility.HtmlDecode(room), StringComparison.Ordinal);
    }

    private static Operator With(TestSite site, string token, string language = "zh-CN")
    {
        var browser = new Operator(site.NewPerson(language));
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return browser;
    }
}
