using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Tests.Worklist;

/// <summary>What triage flagged becomes a report once a doctor says so: with a time, a basis, a recipient, a receipt, and nothing sent by itself.</summary>
public sealed class ReportTests
{
    private const string Phone = "13900003333";
    private const string Note = "同住两人发热，去过海鲜市场";
    private const string Number = "江岸疾控 2020-0117";

    [Theory, OnBothDatabases]
    public async Task Doctor_confirms_at_the_desk_and_the_operator_files_it_and_records_the_receipt(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueWithPhoneAsync(Phone);
        var (doctor, desk) = await AtDeskAsync(site, patient);
        using var _ = doctor;
        using var __ = desk;

        var page = WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={patient.Id}"));
        Assert.All(new[] { "上报待定", "▲ 上报待医生定", "分诊提示", "可能的接触者，要告知疾控", "我认为：疑似法定传染病，要上报" }, words => Assert.Contains(words, page, StringComparison.Ordinal));
        Assert.Equal(0, await site.CountAsync("select count(*) from worklist"));
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        Assert.Equal(Flag.Contact, Assert.Single((await doctor.Given(patient.Id)).FlagsWaiting));
        Assert.Empty((await patient.Look()).FlagsWaiting);

        var sent = await desk.SendAsync($"/staff/desk?c={patient.Id}", $"/staff/desk/{patient.Id}/flag", ("epoch", $"{epoch}"), ("flag", "Report"), ("decided", "confirm"), ("reason", Note));
        Assert.Equal(HttpStatusCode.Found, sent.Status);
        var confirmed = clock.GetUtcNow();
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'flag_confirmed' and reason = 'R/REPORT-2013' and actor like 'clinician:%'"));
        Assert.Equal(1, await site.CountAsync($"select count(*) from worklist where kind = 'report' and state = 'open' and duty = 'REPORT-2013' and due_at = {confirmed.AddHours(2).ToUnixTimeMilliseconds()}"));
        Assert.Empty(await site.RowsHoldingAsync(Note));
        Assert.Contains("在待办清单里", WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={patient.Id}")), StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromSeconds(50));
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var list = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/worklist"));
        Assert.Contains("还剩 1 小时 59 分", list, StringComparison.Ordinal);
        var entry = list.Split("/staff/worklist/")[^1].Split('"')[0];
        using (var see = await staff.Browser.GetAsync(new Uri($"/staff/worklist/{entry}", UriKind.Relative)))
        {
            Assert.Equal($"/staff/reports/{entry}", see.Headers.Location?.OriginalString);
        }

        var report = $"/staff/reports/{entry}";
        var open = WebUtility.HtmlDecode(await staff.ReadAsync(report));
        Assert.All(new[] { "第三十条", "突发公共卫生事件应急条例第二十条", "江岸区", "这个区报给谁，我们不知道", "12320", "12345", "系统自己不发" }, words => Assert.Contains(words, open, StringComparison.Ordinal));
        Assert.All(new[] { Phone, "38.6", Note, "陈女士" }, secret => Assert.DoesNotContain(secret, open, StringComparison.Ordinal));
        Assert.Equal(0, await site.CountAsync("select count(*) from access where purpose in ('report', 'export')"));
        Assert.Equal(HttpStatusCode.Conflict, (await staff.SendAsync(report, $"{report}/export", ("as", "csv"))).Status);

        await staff.SendAsync(report, $"/staff/worklist/{entry}/take");
        var mine = WebUtility.HtmlDecode(await staff.ReadAsync(report));
        Assert.All(new[] { Phone, "38.6", Note, "陈女士", "没有收集，打电话问" }, words => Assert.Contains(words, mine, StringComparison.Ordinal));
        Assert.Equal(1, await site.CountAsync("select count(*) from access where purpose = 'report'"));
        Assert.Equal((HttpStatusCode.Conflict, "receipt_needed"), await Api(site, staff).Refused(HttpMethod.Post, $"/api/v1/worklist/{entry}/done", new { came = "seen_to" }));

        var empty = await staff.SendAsync(report, $"{report}/acknowledge", ("recipient", "江岸区疾控"), ("number", ""), ("filed_at", "2020-01-26T14:00"));
        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Contains("江岸区疾控", WebUtility.HtmlDecode(empty.Page), StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'report_acknowledged'"));

        var now = TimeZoneInfo.ConvertTimeBySystemTimeZoneId(clock.GetUtcNow(), "Asia/Shanghai").ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        for (var twice = 0; twice < 2; twice++)
        {
            await staff.SendAsync("/staff/campaigns/new", $"{report}/acknowledge", ("recipient", "江岸区疾控"), ("taken_by", "刘科长"), ("number", Number), ("filed_at", now));
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'report_acknowledged' and reason = 'R' and actor like 'operator:%'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'report' and state = 'done' and done_by is not null"));
        Assert.Empty(await site.RowsHoldingAsync(Number));
        Assert.Contains(Number, WebUtility.HtmlDecode(await staff.ReadAsync(report)), StringComparison.Ordinal);
        Assert.Contains($"编号 {Number}", WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={patient.Id}")), StringComparison.Ordinal);
        Assert.DoesNotContain(entry, await staff.ReadAsync("/staff/worklist"), StringComparison.Ordinal);
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Time_running_out_is_told_before_it_is_up_and_lateness_stands_on_the_board(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        var (doctor, desk) = await AtDeskAsync(site, patient);
        using var _ = doctor;
        using var __ = desk;
        var (epoch, entry) = await ConfirmAsync(doctor, patient, Flag.Report, null);
        await doctor.Post<Stored>($"{patient.Consultation}/flags", new { flag = "report", confirmed = true, epoch });
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist"));
        using (var first = Api(site, await Operator.SignInAsync(site, clock.GetUtcNow())))
        {
            await first.Post<JsonElement>($"/api/v1/worklist/{entry}/take", new { });
        }

        var overdue = site.Services.GetRequiredService<TellOverdue>();

        Assert.Equal(0, await TellAsync(TimeSpan.FromMinutes(59)));
        Assert.Equal(1, await TellAsync(TimeSpan.FromMinutes(1)));
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        Assert.Contains("还剩 60 分钟", Assert.Single(await RecheckTests.OutboxAsync(site, "entry_overdue")), StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where state = 'taken' and owner is not null and escalated = 1"));
        Assert.Contains("上报快到或超过时间：1 件", WebUtility.HtmlDecode(await staff.ReadAsync("/staff/board")), StringComparison.Ordinal);

        Assert.Equal(1, await TellAsync(TimeSpan.FromMinutes(30)));
        Assert.Equal(1, await TellAsync(TimeSpan.FromMinutes(30)));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where state = 'open' and owner is null and escalated = 3"));
        using var late = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var api = Api(site, late);
        Assert.Contains("待办超过时间：1", WebUtility.HtmlDecode(await late.ReadAsync("/staff/board")), StringComparison.Ordinal);
        Assert.Contains("▲ 超过时间", WebUtility.HtmlDecode(await late.ReadAsync("/staff/worklist")), StringComparison.Ordinal);
        Assert.Contains((await RecheckTests.OutboxAsync(site, "entry_overdue")), text => text.Contains("待办超过时间", StringComparison.Ordinal));
        Assert.All(await RecheckTests.OutboxAsync(site, "entry_overdue"), text => Assert.DoesNotContain("上报", text, StringComparison.Ordinal));

        // Late is recorded all the same, by whoever filed it.
        Assert.Equal("done", (await api.Post<JsonElement>($"/api/v1/reports/{entry}/acknowledge", new { recipient = "江岸区疾控", number = Number, filed_at = clock.GetUtcNow() })).GetProperty("state").GetString());
        Assert.Equal(0, await TellAsync(TimeSpan.FromHours(5)));

        Task<int> TellAsync(TimeSpan later)
        {
            clock.Advance(later);
            return overdue.Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Flag_that_nobody_decided_before_the_end_goes_to_a_physician_through_the_worklist(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        var (doctor, desk) = await AtDeskAsync(site, patient);
        using var _ = doctor;
        using var __ = desk;
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        await doctor.Post<Stored>($"{patient.Consultation}/advice", new AdviceBody(epoch, Disposition.D1, "发烧", "请去发热门诊", Close: true));
        await site.Services.GetRequiredService<TellOverdue>().Tell(null, clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'flag_left' and state = 'open'"));

        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var api = Api(site, staff);
        var entry = (await api.Get<JsonElement>("/api/v1/worklist"))[0].GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NotFound, (await api.Refused(HttpMethod.Post, $"/api/v1/reports/{entry}/flags", new { flag = "contact", confirmed = true })).Status);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await api.Refused(HttpMethod.Post, $"/api/v1/worklist/{entry}/take", new { }));
        Assert.Contains("这件事由医师定", WebUtility.HtmlDecode(await staff.ReadAsync($"/staff/reports/{entry}")), StringComparison.Ordinal);
        using var english = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor1", "en");
        await english.SendAsync($"/staff/reports/{entry}", $"/staff/worklist/{entry}/take");
        var undecided = WebUtility.HtmlDecode(await english.ReadAsync($"/staff/reports/{entry}"));
        Assert.All(new[] { "Possible contact, to be told to the CDC", "How it stood", "38.6" }, words => Assert.Contains(words, undecided, StringComparison.Ordinal));
        Assert.DoesNotContain("陈女士", undecided, StringComparison.Ordinal);
        await english.SendAsync($"/staff/reports/{entry}", $"/staff/reports/{entry}/decide", ("flag", "Contact"), ("decided", "confirm"), ("reason", Note));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'flag_left' and state = 'done'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'contact' and state = 'open' and duty = 'CONTACT-2013'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'flag_confirmed' and reason = 'C/CONTACT-2013'"));

        // A physician takes back what was confirmed in error, with a reason; nobody else does.
        var contact = (await api.Get<JsonElement>("/api/v1/worklist"))[0].GetProperty("id").GetString();
        await english.SendAsync($"/staff/reports/{contact}", $"/staff/worklist/{contact}/take");
        Assert.Equal(HttpStatusCode.BadRequest, (await english.SendAsync($"/staff/reports/{contact}", $"/staff/reports/{contact}/withdraw", ("note", ""))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await english.SendAsync($"/staff/reports/{contact}", $"/staff/reports/{contact}/withdraw", ("note", "病例已排除"))).Status);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'entry_seen_to' and reason = 'contact/not_needed'"));
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    internal static async Task<(Caller Doctor, Operator Desk)> AtDeskAsync(TestSite site, Caller patient)
    {
        var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        return (doctor, desk);
    }

    internal static async Task<(int Epoch, string Entry)> ConfirmAsync(Caller doctor, Caller patient, Flag flag, string? reason)
    {
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        await doctor.Post<Stored>($"{patient.Consultation}/flags", new { flag, confirmed = true, reason, epoch });
        return (epoch, Assert.Single((await doctor.Given(patient.Id)).FlagsDecided).Entry ?? "");
    }

    internal static Caller Api(TestSite site, Operator staff)
    {
        var api = new Caller(site);
        api.Holds(staff.Browser.DefaultRequestHeaders.Authorization!.Parameter!);
        return api;
    }
}
