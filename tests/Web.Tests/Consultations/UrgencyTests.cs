using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>A person of the staff sets the urgency with a reason; the queue follows at once, and whoever waits is told the truth about it.</summary>
public sealed class UrgencyTests
{
    private const string Reason = "复测三十七度二，没有气促";

    [Theory, OnBothDatabases]
    public async Task Physician_lowers_at_the_desk_the_next_goes_first_and_the_person_is_told(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        await doctor.Post<JsonElement>("/api/v1/duty", new { state = "pausing", seats = 1 });
        using var desk = With(site, doctor.Token);
        var (page, form) = ($"/staff/desk?c={patient.Id}", $"/staff/desk/{patient.Id}/urgency");

        var missing = await desk.SendAsync(page, form, ("seen", "Urgent"), ("to", "Routine"), ("reason", " "));
        Assert.Equal(HttpStatusCode.BadRequest, missing.Status);
        Assert.Contains("要写一句原因", WebUtility.HtmlDecode(missing.Page), StringComparison.Ordinal);
        var stale = await desk.SendAsync(page, form, ("seen", "Soon"), ("to", "Routine"), ("reason", Reason));
        Assert.Equal(HttpStatusCode.Conflict, stale.Status);
        Assert.Contains($"value=\"{Reason}\"", WebUtility.HtmlDecode(stale.Page), StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'urgency_set'"));

        for (var twice = 0; twice < 2; twice++)
        {
            var set = await desk.SendAsync(page, form, ("seen", "Urgent"), ("to", "Routine"), ("reason", Reason));
            Assert.Equal((HttpStatusCode.Redirect, $"{page}#urgency"), (set.Status, set.Location));
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'urgency_set' and reason = 'lowered' and urgency = 4 and actor like 'clinician:%'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from head where urgency = 4"));
        Assert.Empty(await site.RowsHoldingAsync(Reason));
        var history = WebUtility.HtmlDecode(await desk.ReadAsync(page));
        Assert.Contains($"<b>2 紧急 → 4 一般</b> {Reason}", history, StringComparison.Ordinal);
        using var english = With(site, doctor.Token, "en");
        Assert.Contains("2 Urgent → 4 Routine", WebUtility.HtmlDecode(await english.ReadAsync(page)), StringComparison.Ordinal);

        using var busy = await (await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild)).InQueueAsync();
        using var second = await Caller.DoctorAsync(site, number: 2, seats: 1);
        var epoch = (await second.Given(busy.Id)).Epoch;
        await doctor.Post<Stored>($"{patient.Consultation}/hand-over", new HandOverBody("请接着看"));
        using var later = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        foreach (var (language, words) in new[] { ("zh-CN", "更急的人会先看；您的到达时间照算"), ("en", "People who are worse go first; your arrival still counts") })
        {
            using var browser = With(site, patient.Token, language);
            var room = WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{patient.Id}/waiting"));
            Assert.Contains(words, room, StringComparison.Ordinal);
            Assert.Contains(language == "en" ? "1 person" : "1 人", room, StringComparison.Ordinal);
            Assert.DoesNotContain(Reason, room, StringComparison.Ordinal);
        }

        await second.Post<Stored>($"{busy.Consultation}/advice", new AdviceBody(epoch, Disposition.D4, "干咳", "在家观察", Close: true));
        await second.Given(later.Id);
        Assert.Equal("waiting", (await patient.Look()).Bucket);
        Assert.Null((await site.VerifyAsync()).Broken);
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory, OnBothDatabases]
    public async Task Nurse_raises_and_cannot_lower_and_nobody_sets_it_for_whom_they_have_not(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var nurse = await Caller.DoctorAsync(site);
        await nurse.Given(patient.Id);
        using var stranger = await Caller.DoctorAsync(site, number: 2, seats: 1);
        await site.RunAsync("update staff set role = 'Nurse'");
        var urgency = $"{patient.Consultation}/urgency";
        Assert.Equal((HttpStatusCode.Conflict, "only_raise"), await nurse.Refused(HttpMethod.Put, urgency, new { seen = "urgent", to = "question", reason = Reason }));
        Assert.Equal((HttpStatusCode.BadRequest, "reason_needed"), await nurse.Refused(HttpMethod.Put, urgency, new { seen = "urgent", to = "emergency" }));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await stranger.Refused(HttpMethod.Put, urgency, new { seen = "urgent", to = "emergency", reason = Reason }));
        Assert.Equal(HttpStatusCode.NotFound, (await patient.Refused(HttpMethod.Put, urgency, new { seen = "urgent", to = "emergency", reason = Reason })).Status);
        using var desk = With(site, nurse.Token, "en");
        var page = WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={patient.Id}"));
        Assert.Contains("Raise to", page, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"Question\">5", page, StringComparison.Ordinal);
        var lowered = await desk.SendAsync($"/staff/desk?c={patient.Id}", $"/staff/desk/{patient.Id}/urgency", ("seen", "Urgent"), ("to", "Question"), ("reason", Reason));
        Assert.Contains("You can only raise the urgency", WebUtility.HtmlDecode(lowered.Page), StringComparison.Ordinal);
        await nurse.Put<Stored>(urgency, new { to = "emergency", reason = Reason });
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'urgency_set' and reason = 'raised' and urgency = 1"));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Nurse_calls_a_doctor_in_one_step_and_the_doctor_gets_the_person_at_urgency_one(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var nurse = await Caller.DoctorAsync(site);
        await nurse.Given(patient.Id);
        await site.RunAsync("update staff set role = 'Nurse'");
        using var desk = With(site, nurse.Token, "zh-CN");
        Assert.Contains("危急：马上叫医生", WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={patient.Id}")), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "reason_needed"), await nurse.Refused(HttpMethod.Post, $"{patient.Consultation}/hand-over", new { note = "", danger = true }));
        var called = await desk.SendAsync($"/staff/desk?c={patient.Id}", $"/staff/desk/{patient.Id}/hand-over", ("note", Reason), ("danger", "1"));
        Assert.Equal((HttpStatusCode.Redirect, "/staff/desk"), (called.Status, called.Location));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'urgency_set' and reason = 'raised' and urgency = 1"));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'handed_over' and reason = 'doctor_called'"));

        // The nurse has a seat free and serves the need, and still it waits for a physician.
        Assert.Equal("physician", await site.TextAsync("select need from head where bucket = 'waiting'"));
        var onDuty = await site.Services.GetRequiredService<StaffOnDuty>().Now(site.Services.GetRequiredService<TimeProvider>().GetUtcNow(), Rules.Dispatch.SurgeLevels.Of(0), called: true, CancellationToken.None);
        Assert.DoesNotContain("physician", Assert.Single(onDuty).Skills);
        await site.RunAsync("update staff set role = 'Physician' where login = 'doctor2'");
        using var doctor = await Caller.DoctorAsync(site, number: 2);
        var given = await doctor.Given(patient.Id);
        Assert.Equal(1, given.Urgency);
        Assert.Equal(2, await site.CountAsync("select count(*) from fact where kind = 'assigned'"));
        using var physician = With(site, doctor.Token, "zh-CN");
        var page = WebUtility.HtmlDecode(await physician.ReadAsync($"/staff/desk?c={patient.Id}"));
        Assert.Contains(Reason, page, StringComparison.Ordinal);
        Assert.DoesNotContain("危急：马上叫医生", page, StringComparison.Ordinal);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task From_the_worklist_whoever_has_taken_it_raises_and_a_physician_lowers_but_no_red_flag(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var policy = site.Services.GetRequiredService<RecheckPolicy>();
        using var calm = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var flagged = await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫", answers: RecheckTests.FeverClinic)).InQueueAsync();
        Assert.Equal((2, 1), ((await calm.Look()).Urgency, (await flagged.Look()).Urgency));
        clock.Advance(policy.Waiting.EveryMinutes.Of(Urgency.Urgent));
        await RecheckTests.LookAsync(site, clock);
        clock.Advance(policy.Waiting.AnswerMinutes.Of(Urgency.Urgent));
        await RecheckTests.LookAsync(site, clock);

        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var api = new Caller(site);
        api.Holds(staff.Browser.DefaultRequestHeaders.Authorization!.Parameter!);
        var entries = (await api.Get<JsonElement>("/api/v1/worklist")).EnumerateArray().ToDictionary(e => e.GetProperty("number").GetString() ?? "", e => e.GetProperty("id").GetString());
        var (mine, red) = (entries[calm.Id[^6..]], entries[flagged.Id[^6..]]);
        var up = new { seen = "urgent", to = "emergency", reason = Reason };
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await api.Refused(HttpMethod.Post, $"/api/v1/worklist/{mine}/urgency", up));
        await staff.SendAsync($"/staff/worklist/{mine}", $"/staff/worklist/{mine}/take");
        Assert.DoesNotContain("5 咨询", WebUtility.HtmlDecode(await staff.ReadAsync($"/staff/worklist/{mine}")), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, "only_raise"), await api.Refused(HttpMethod.Post, $"/api/v1/worklist/{mine}/urgency", new { seen = "urgent", to = "question", reason = Reason }));
        var missing = await staff.SendAsync($"/staff/worklist/{mine}", $"/staff/worklist/{mine}/urgency", ("seen", "Urgent"), ("to", "Emergency"), ("reason", ""));
        Assert.Contains("要写一句原因", WebUtility.HtmlDecode(missing.Page), StringComparison.Ordinal);
        var raised = await staff.SendAsync($"/staff/worklist/{mine}", $"/staff/worklist/{mine}/urgency", ("seen", "Urgent"), ("to", "Emergency"), ("reason", Reason));
        Assert.Equal((HttpStatusCode.SeeOther, $"/staff/worklist/{mine}"), (raised.Status, raised.Location));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'urgency_set' and reason = 'raised' and actor like 'operator:%'"));
        Assert.Equal(1, (await calm.Look()).Urgency);
        Assert.Contains("<b>1</b><span>危急</span>", WebUtility.HtmlDecode(await staff.ReadAsync($"/staff/worklist/{mine}")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Refused(HttpMethod.Put, $"{flagged.Consultation}/urgency", up)).Status);
        foreach (var (language, words) in new[] { ("zh-CN", new[] { "您比原来先看", "现在就打 120" }), ("en", ["you go sooner than before", "call 120 now"]) })
        {
            using var browser = With(site, calm.Token, language);
            var room = WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{calm.Id}/waiting"));
            Assert.All(words, w => Assert.Contains(w, room, StringComparison.Ordinal));
            Assert.DoesNotContain(Reason, room, StringComparison.Ordinal);
        }

        using var doctor = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor1");
        using var physician = new Caller(site);
        physician.Holds(doctor.Browser.DefaultRequestHeaders.Authorization!.Parameter!);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await physician.Refused(HttpMethod.Post, $"/api/v1/worklist/{mine}/urgency", up));
        await api.Post<JsonElement>($"/api/v1/worklist/{mine}/done", new { came = "seen_to" });
        await physician.Post<JsonElement>($"/api/v1/worklist/{red}/take", new { });
        Assert.Equal((HttpStatusCode.Conflict, "red_flag_stands"), await physician.Refused(HttpMethod.Post, $"/api/v1/worklist/{red}/urgency", new { seen = "emergency", to = "routine", reason = Reason }));
        Assert.Equal(1, (await flagged.Look()).Urgency);
        Assert.Empty(await site.RowsHoldingAsync(Reason));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    private static Operator With(TestSite site, string token, string language = "zh-CN")
    {
        var browser = new Operator(site.NewPerson(language));
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return browser;
    }
}
