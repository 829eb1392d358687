using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Tests.Worklist;

/// <summary>Who may see, decide and take away a report, and what goes out with it.</summary>
public sealed class ReportAccessTests
{
    private const string Phone = "13900003333";
    private const string Note = "同住两人发热，去过海鲜市场";

    [Theory, OnBothDatabases]
    public async Task Export_holds_the_fields_of_the_policy_for_whoever_has_taken_it_and_each_leaves_a_record(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天，不要外传的话", region: "421182", answers: RecheckTests.FeverClinic, label: "=cmd|陈女士")).InQueueWithPhoneAsync(Phone);
        var (doctor, desk) = await ReportTests.AtDeskAsync(site, patient);
        using var _ = doctor;
        using var __ = desk;
        var (_, entry) = await ReportTests.ConfirmAsync(doctor, patient, Flag.Report, Note);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var api = ReportTests.Api(site, staff);
        var task = await api.Get<JsonElement>($"/api/v1/reports/{entry}");
        Assert.Equal(("武穴市疾病预防控制中心", "0713-6233099", "421182", true), (task.GetProperty("recipient").GetString(), task.GetProperty("phone").GetString(), task.GetProperty("region").GetString(), task.GetProperty("recipient_known").GetBoolean()));
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await api.Refused(HttpMethod.Post, $"/api/v1/reports/{entry}/export", new { @as = "json" }));
        await api.Post<JsonElement>($"/api/v1/worklist/{entry}/take", new { });

        var sheet = await api.Post<JsonElement>($"/api/v1/reports/{entry}/export", new { @as = "json" });
        var fields = sheet.GetProperty("fields");
        Assert.Equal(site.Services.GetRequiredService<ReportingPolicy>().Sheet.Select(f => Entries.Code(f.Key)), fields.EnumerateObject().Select(f => f.Name));
        Assert.Equal(("34 岁", "+86" + Phone, Note, "REPORTING-CN@1", "REPORT-2013"), (fields.GetProperty("age").GetString(), fields.GetProperty("phone").GetString(), fields.GetProperty("judged").GetString(), sheet.GetProperty("policy").GetString(), sheet.GetProperty("duty").GetString()));
        Assert.Equal(JsonValueKind.Null, fields.GetProperty("identity").ValueKind);
        Assert.Contains("38.6", fields.GetProperty("told").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("不要外传的话", sheet.GetRawText(), StringComparison.Ordinal);

        var report = $"/staff/reports/{entry}";
        var csv = (await staff.SendAsync(report, $"{report}/export", ("as", "csv"))).Page;
        Assert.Equal(2, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(new[] { "\"'=cmd|陈女士\"", $"\"'+86{Phone}\"", "\"没有收集，打电话问\"" }, cell => Assert.Contains(cell, csv, StringComparison.Ordinal));
        var print = WebUtility.HtmlDecode((await staff.SendAsync(report, $"{report}/export", ("as", "print"))).Page);
        Assert.All(new[] { "报告医生", Note, "不是诊断" }, words => Assert.Contains(words, print, StringComparison.Ordinal));
        Assert.Equal(3, await site.CountAsync($"select count(*) from access where purpose = 'export' and role = 'Operator' and selection like 'report/{entry}/%' and consultation is not null"));

        using var other = ReportTests.Api(site, await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor2"));
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await other.Refused(HttpMethod.Post, $"/api/v1/reports/{entry}/export", new { @as = "csv" }));
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await other.Refused(HttpMethod.Post, $"/api/v1/reports/{entry}/acknowledge", new { recipient = "x", number = "1", filed_at = clock.GetUtcNow() }));
        using var stranger = ReportTests.Api(site, await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor4"));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await stranger.Refused(HttpMethod.Get, $"/api/v1/reports/{entry}"));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await patient.Refused(HttpMethod.Get, $"/api/v1/reports/{entry}"));
        Assert.Equal("done", (await api.Post<JsonElement>($"/api/v1/reports/{entry}/acknowledge", new { recipient = "武穴市疾控", number = "7", filed_at = clock.GetUtcNow() })).GetProperty("state").GetString());
        Assert.Equal("7", Assert.Single((await doctor.Given(patient.Id)).FlagsDecided).Number);
    }

    [Theory, OnBothDatabases]
    public async Task Doctor_refuses_a_flag_with_a_reason_and_nobody_but_a_physician_decides(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        var (doctor, desk) = await ReportTests.AtDeskAsync(site, patient);
        using var _ = doctor;
        using var __ = desk;
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        var at = $"/staff/desk?c={patient.Id}";
        var blank = await desk.SendAsync(at, $"/staff/desk/{patient.Id}/flag", ("epoch", $"{epoch}"), ("flag", "Contact"), ("decided", "refuse"), ("reason", " "));
        Assert.Equal(HttpStatusCode.BadRequest, blank.Status);
        Assert.Equal((HttpStatusCode.Conflict, "no_longer_yours"), await doctor.Refused(HttpMethod.Post, $"{patient.Consultation}/flags", new { flag = "contact", confirmed = false, reason = "x", epoch = epoch + 1 }));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await patient.Refused(HttpMethod.Post, $"{patient.Consultation}/flags", new { flag = "contact", confirmed = true, epoch }));

        await site.RunAsync($"update staff set role = 'Nurse' where id in (select assigned_to from head where assigned_to is not null)");
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.Refused(HttpMethod.Post, $"{patient.Consultation}/flags", new { flag = "contact", confirmed = true, epoch })).Status);
        Assert.Contains("这件事由医师定", WebUtility.HtmlDecode(await desk.ReadAsync(at)), StringComparison.Ordinal);
        Assert.DoesNotContain($"/staff/desk/{patient.Id}/flag", await desk.ReadAsync(at), StringComparison.Ordinal);
        await site.RunAsync($"update staff set role = 'Physician' where id in (select assigned_to from head where assigned_to is not null)");
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind in ('flag_confirmed', 'flag_refused')"));

        for (var twice = 0; twice < 2; twice++)
        {
            await doctor.Post<Stored>($"{patient.Consultation}/flags", new { flag = "contact", confirmed = false, reason = "没有去过，是笔误", epoch });
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'flag_refused' and reason = 'C'"));
        Assert.Equal(0, await site.CountAsync("select count(*) from worklist"));
        Assert.Empty(await site.RowsHoldingAsync("没有去过，是笔误"));
        Assert.Contains("定为不用报", WebUtility.HtmlDecode(await desk.ReadAsync(at)), StringComparison.Ordinal);
        Assert.Empty((await doctor.Given(patient.Id)).FlagsWaiting);
    }
}
