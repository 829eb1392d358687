using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Tests.Worklist;

/// <summary>Whoever is told to go and meets no doctor is looked at by one all the same, where triage flagged something for an authority.</summary>
public sealed class FlagWithoutDoctorTests
{
    private const string Standby = "+8613900009999";
    private const string Phone = "13900003333";

    [Theory, OnBothDatabases]
    public async Task Physician_decides_the_flag_of_somebody_who_was_only_told_to_go(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).WithPhoneAsync(Phone);
        using var harmless = await Caller.PatientAsync(site, "咳嗽两天");
        Assert.Equal("told_to_go", (await patient.Look()).Bucket);
        await Task.WhenAll(TellAsync(site, clock), TellAsync(site, clock));
        await TellAsync(site, clock);
        Assert.Equal(1, await site.CountAsync($"select count(*) from worklist where kind = 'flag_left' and state = 'open' and role = 'reporter' and duty is null and due_at = {clock.GetUtcNow().AddHours(2).ToUnixTimeMilliseconds()}"));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist"));

        clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(1, await TellAsync(site, clock));
        Assert.Contains("还剩 60 分钟", Assert.Single(await RecheckTests.OutboxAsync(site, "entry_overdue")), StringComparison.Ordinal);

        using var nurse = await Operator.SignInAsync(site, clock.GetUtcNow());
        var list = WebUtility.HtmlDecode(await nurse.ReadAsync("/staff/worklist"));
        var entry = list.Split("/staff/worklist/")[^1].Split('"')[0];
        Assert.Contains($"上报提示没有定 {patient.Id[^6..]}", list, StringComparison.Ordinal);
        Assert.Contains("这件事由医师定", WebUtility.HtmlDecode(await nurse.ReadAsync($"/staff/reports/{entry}")), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await ReportTests.Api(site, nurse).Refused(HttpMethod.Post, $"/api/v1/worklist/{entry}/take", new { }));

        using var physician = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor1", "en");
        Assert.DoesNotContain(Phone, await physician.ReadAsync($"/staff/reports/{entry}"), StringComparison.Ordinal);
        await physician.SendAsync($"/staff/reports/{entry}", $"/staff/worklist/{entry}/take");
        var page = WebUtility.HtmlDecode(await physician.ReadAsync($"/staff/reports/{entry}"));
        Assert.All(new[] { "the person met none", "Possible contact, to be told to the CDC", "38.6", Phone }, words => Assert.Contains(words, page, StringComparison.Ordinal));
        Assert.Equal(1, await site.CountAsync("select count(*) from access where purpose = 'report'"));
        await physician.SendAsync($"/staff/reports/{entry}", $"/staff/reports/{entry}/decide", ("flag", "Contact"), ("decided", "confirm"), ("reason", "同屋有人确诊"));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'flag_confirmed' and reason = 'C/CONTACT-2013' and actor like 'clinician:%'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'flag_left' and state = 'done' and came = 'seen_to'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'contact' and state = 'open'"));
        await TellAsync(site, clock);
        Assert.Equal(2, await site.CountAsync("select count(*) from worklist"));
        Assert.Equal("told_to_go", (await patient.Look()).Bucket);
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Refused_with_a_reason_it_comes_back_no_more_and_lateness_is_told(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic);
        await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
        await TellAsync(site, clock);
        using (var first = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor1"))
        {
            var taken = (await ReportTests.Api(site, first).Get<JsonElement>("/api/v1/worklist"))[0].GetProperty("id").GetString();
            await ReportTests.Api(site, first).Post<JsonElement>($"/api/v1/worklist/{taken}/take", new { });
        }

        // Reminded of at one hour and at one and a half it stays theirs; overdue it lies open again, and goes on being told.
        foreach (var (minutes, open) in new[] { (60, 0), (30, 0), (30, 1), (30, 1) })
        {
            clock.Advance(TimeSpan.FromMinutes(minutes));
            Assert.Equal(1, await TellAsync(site, clock));
            Assert.Equal(open, await site.CountAsync("select count(*) from worklist where state = 'open' and owner is null"));
        }

        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor2");
        using var api = ReportTests.Api(site, staff);
        var entry = (await api.Get<JsonElement>("/api/v1/worklist"))[0].GetProperty("id").GetString();
        await api.Post<JsonElement>($"/api/v1/worklist/{entry}/take", new { });
        Assert.Equal((HttpStatusCode.BadRequest, "reason_needed"), await api.Refused(HttpMethod.Post, $"/api/v1/reports/{entry}/flags", new { flag = "contact", confirmed = false }));
        await api.Post<Stored>($"/api/v1/reports/{entry}/flags", new { flag = "contact", confirmed = false, reason = "问过，没有接触" });
        Assert.Equal(0, await TellAsync(site, clock));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist"));
        Assert.Equal(0, await site.CountAsync("select count(*) from worklist where state <> 'done'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'flag_refused' and reason = 'C'"));
        Assert.Empty(await site.RowsHoldingAsync("没有接触"));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_asks_for_a_doctor_after_all_is_decided_at_the_desk_and_who_leaves_again_stands_there_again(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic);
        await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
        await TellAsync(site, clock);
        Assert.Equal(1, await OpenAsync());
        await patient.InQueueAsync();
        await TellAsync(site, clock);
        Assert.Equal(0, await OpenAsync());

        await patient.Post<Stored>($"{patient.Consultation}/close", new { });
        Assert.Equal("left", (await patient.Look()).Bucket);
        await TellAsync(site, clock);
        Assert.Equal(1, await OpenAsync());

        using var other = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        var (doctor, desk) = await ReportTests.AtDeskAsync(site, other);
        using var _ = doctor;
        using var __ = desk;
        await doctor.Post<Stored>($"{other.Consultation}/flags", new { flag = "contact", confirmed = false, reason = "没有接触", epoch = (await doctor.Given(other.Id)).Epoch });
        await other.Post<Stored>($"{other.Consultation}/close", new { });
        await TellAsync(site, clock);
        Assert.Equal(1, await OpenAsync());
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);

        Task<long> OpenAsync() => site.CountAsync("select count(*) from worklist where kind = 'flag_left' and state = 'open'");
    }

    private static Task<int> TellAsync(TestSite site, TestClock clock) => site.Services.GetRequiredService<TellOverdue>().Tell(Standby, clock.GetUtcNow(), CancellationToken.None);
}
