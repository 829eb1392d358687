using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>A doctor who has gone, or who is there and does not answer: neither is a lost connection, and each is told as it is.</summary>
public sealed class AwayTests
{
    [Theory, OnBothDatabases]
    public async Task Whoever_talks_with_a_doctor_who_goes_off_duty_or_is_suspended_gets_another_at_once(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var first = await Caller.DoctorAsync(site, 1);
        await first.Given(patient.Id);
        await first.Post<JsonElement>("/api/v1/duty", new { state = "off", seats = 5 });
        Assert.Contains((await patient.Until(c => c.Bucket == "waiting")).Lines, l => l.Text == "handed_over:off_duty");

        using var second = await Caller.DoctorAsync(site, 2);
        await second.Given(patient.Id);
        await site.RunAsync("update staff set active = false where login = 'replay-2'");
        var waits = await patient.Until(c => c.Bucket == "waiting");
        Assert.Contains(waits.Lines, l => l.Text == "handed_over:revoked");
        Assert.DoesNotContain(waits.Lines, l => l.Text is "handed_over:lost" or "unreachable");
        Assert.Equal(HttpStatusCode.Unauthorized, (await second.Refused(HttpMethod.Get, patient.Consultation)).Status);
    }

    [Theory, OnBothDatabases]
    public async Task Signing_out_ends_duty_at_once_and_asks_first_while_somebody_is_open(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var first = await Caller.DoctorAsync(site, 1);
        await first.Given(patient.Id);
        Assert.Equal((HttpStatusCode.Conflict, "people_open"), await first.Refused(HttpMethod.Post, "/api/v1/staff/sign-out"));
        using var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", first.Token);
        var (status, _, page) = await desk.SendAsync("/staff/desk", "/staff/sign-out");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("您手上还有 1 位", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Equal("in_consultation", (await patient.Look()).Bucket);

        Assert.Equal("/staff/sign-in", (await desk.SendAsync("/staff/desk", "/staff/sign-out", ("sure", "yes"))).Location);
        Assert.Contains((await patient.Until(c => c.Bucket == "waiting")).Lines, l => l.Text == "handed_over:off_duty");
        Assert.Equal(1, await site.CountAsync("select count(*) from journal where kind = 'duty_off'"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await first.Refused(HttpMethod.Get, "/api/v1/desk")).Status);

        // Nobody open: no question.
        using var second = await Caller.DoctorAsync(site, 2, seats: 1);
        await second.Given(patient.Id);
        using var third = await Caller.DoctorAsync(site, 3);
        Assert.Equal(HttpStatusCode.NoContent, (await third.Send(HttpMethod.Post, "/api/v1/staff/sign-out")).StatusCode);
        Assert.Equal(2, await site.CountAsync("select count(*) from duty where state = 'off'"));
    }

    [Theory, OnBothDatabases]
    public async Task Doctor_who_is_there_and_does_not_answer_is_offered_to_hand_over(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        var urgency = (Urgency)(await doctor.Given(patient.Id)).Urgency!.Value;
        using var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        var patience = TimeSpan.FromMilliseconds(site.Services.GetRequiredService<DispatchRules>().OfferHandOver(urgency));
        for (var step = TimeSpan.FromSeconds(30); patience > TimeSpan.Zero; patience -= step)
        {
            Assert.DoesNotContain("等您回复很久了", WebUtility.HtmlDecode(await desk.ReadAsync("/staff/desk")), StringComparison.Ordinal);
            clock.Advance(step);
            await doctor.Send(HttpMethod.Post, "/api/v1/duty/alive");
        }

        Assert.Contains("等您回复很久了", WebUtility.HtmlDecode(await desk.ReadAsync("/staff/desk")), StringComparison.Ordinal);
        Assert.Equal("in_consultation", (await patient.Look()).Bucket);
    }
}
