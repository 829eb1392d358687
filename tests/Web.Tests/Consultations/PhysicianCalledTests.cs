using System.Net;
using System.Text.Json;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>Whoever waits for a physician whom a nurse has called is told what is so.</summary>
public sealed class PhysicianCalledTests
{
    [Theory, OnBothDatabases]
    public async Task Who_waits_for_a_called_physician_reads_that_physicians_are_busy_and_not_that_there_is_none(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var other = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var physician = await Caller.DoctorAsync(site, number: 2, seats: 1);
        await physician.Given(other.Id);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var nurse = await Caller.DoctorAsync(site, seats: 1);
        await nurse.Given(patient.Id);
        await site.RunAsync("update staff set role = 'Nurse' where login <> 'doctor2'");
        await nurse.Post<JsonElement>($"{patient.Consultation}/hand-over", new { note = "口唇发紫，请医师马上看", danger = true });
        Assert.Equal("physician", await site.TextAsync("select need from head where bucket = 'waiting'"));

        using var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={patient.Token}");
        var page = WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri($"/q/{patient.Id}/waiting", UriKind.Relative)));
        Assert.Contains("能看您这一类的医生现在都在忙", page, StringComparison.Ordinal);
        Assert.DoesNotContain("没有能看您这一类", page, StringComparison.Ordinal);
    }
}
