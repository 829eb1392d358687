using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Tests.Worklist;

/// <summary>Whoever waits is asked how they are; silence of somebody at risk is seen to by a person, and lateness in that is told.</summary>
public sealed class RecheckTests
{
    internal const string FeverClinic = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=38.6;temperature_site=axilla;symptoms=cough;breathless=stairs;spo2=unknown;comorbidities=none;exposure=wuhan;household_ill=no;infection=no";
    internal const string Mild = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=37.0;temperature_site=axilla;symptoms=cough;breathless=none;spo2=unknown;comorbidities=none;exposure=none;household_ill=no;infection=no";
    private const string Number = "13900003333";
    private const string Secret = "气促没有加重，已嘱打一二〇";

    internal static async Task<IReadOnlyList<string>> OutboxAsync(TestSite site, string kind)
    {
        using var looker = new Caller(site);
        return [.. (await looker.Get<JsonElement>("/demo/outbox.json")).EnumerateArray().Where(m => m.GetProperty("kind").GetString() == kind).Select(m => m.GetProperty("text").GetString() ?? "")];
    }

    internal static async Task<(int Asked, int Missed)> LookAsync(TestSite site, TestClock clock) => await site.Services.GetRequiredService<AskAgain>().Look(clock.GetUtcNow(), CancellationToken.None);

    [Theory, OnBothDatabases]
    public async Task Whoever_waits_is_asked_by_urgency_and_an_answer_keeps_the_arrival(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var policy = site.Services.GetRequiredService<RecheckPolicy>();
        using var urgent = await (await Caller.PatientAsync(site, "发烧三天", answers: FeverClinic)).InQueueWithPhoneAsync(Number);
        using var calm = await (await Caller.PatientAsync(site, "有点干咳", answers: Mild)).InQueueWithPhoneAsync("13900004444");
        var arrived = (await urgent.Look()).ArrivedAt;
        clock.Advance(policy.Waiting.EveryMinutes.Of(Urgency.Urgent));
        await LookAsync(site, clock);
        await LookAsync(site, clock);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'check_asked' and reason = 'recheck'"));
        var text = Assert.Single(await OutboxAsync(site, "recheck"));
        Assert.Contains($"/q/{urgent.Id}/waiting", text, StringComparison.Ordinal);
        Assert.DoesNotContain("发烧", text, StringComparison.Ordinal);

        using var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", urgent.Token);
        Assert.Contains("您现在怎么样？请在", WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{urgent.Id}/waiting")), StringComparison.Ordinal);
        Assert.Equal($"/q/{urgent.Id}/waiting?felt=worse", (await browser.SendAsync($"/q/{urgent.Id}/waiting", $"/q/{urgent.Id}/feeling", ("feel", "worse"))).Location);
        Assert.Equal(arrived, (await urgent.Look()).ArrivedAt);
        clock.Advance(policy.Waiting.AnswerMinutes.Of(Urgency.Urgent));
        await LookAsync(site, clock);
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'check_missed'"));
        Assert.Equal(0, await site.CountAsync("select count(*) from worklist"));
        Assert.DoesNotContain("您现在怎么样？请在", WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{urgent.Id}/waiting")), StringComparison.Ordinal);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Silence_of_somebody_at_risk_goes_to_the_worklist_once_is_told_when_late_and_ends_with_a_sealed_note(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var policy = site.Services.GetRequiredService<RecheckPolicy>();
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: FeverClinic)).InQueueWithPhoneAsync(Number);
        using var calm = await (await Caller.PatientAsync(site, "有点干咳", answers: Mild)).InQueueWithPhoneAsync("13900004444");
        for (var turn = 0; turn < 3; turn++)
        {
            clock.Advance(policy.Waiting.EveryMinutes.Of(Urgency.Question));
            await LookAsync(site, clock);
            clock.Advance(policy.Waiting.AnswerMinutes.Of(Urgency.Question));
            await LookAsync(site, clock);
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'recheck_silent' and state = 'open'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist"));
        Assert.Equal("waiting", (await calm.Look()).Bucket);

        var overdue = site.Services.GetRequiredService<TellOverdue>();
        Assert.Equal(0, await overdue.Tell(null, clock.GetUtcNow().AddDays(-1), CancellationToken.None));
        await site.RunAsync($"update worklist set escalated = 0, escalate_at = due_at");
        clock.Advance(policy.Worklist.DueMinutes.Of(Urgency.Urgent));
        var told = await overdue.Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal((1, 0), (told, await overdue.Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None)));
        Assert.Contains(patient.Id[^6..], Assert.Single(await OutboxAsync(site, "entry_overdue")), StringComparison.Ordinal);

        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        Assert.Contains("待办超过时间：1", WebUtility.HtmlDecode(await staff.ReadAsync("/staff/board")), StringComparison.Ordinal);
        var list = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/worklist"));
        Assert.Contains($"候诊中没有回音 {patient.Id[^6..]}", list, StringComparison.Ordinal);
        Assert.Contains("▲ 超过时间", list, StringComparison.Ordinal);
        var entry = list.Split("/staff/worklist/")[^1].Split('"')[0];
        Assert.DoesNotContain(Number, await staff.ReadAsync($"/staff/worklist/{entry}"), StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from access"));
        await staff.SendAsync($"/staff/worklist/{entry}", $"/staff/worklist/{entry}/take");
        var mine = await staff.ReadAsync($"/staff/worklist/{entry}");
        Assert.Contains(Number, mine, StringComparison.Ordinal);
        Assert.DoesNotContain("发烧", WebUtility.HtmlDecode(mine), StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from access where purpose = 'worklist'"));

        using var doctor = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor1");
        Assert.Contains("方主任", WebUtility.HtmlDecode(await doctor.ReadAsync($"/staff/worklist/{entry}")), StringComparison.Ordinal);
        using var stranger = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor4");
        await stranger.ReadAsync($"/staff/worklist/{entry}", HttpStatusCode.NotFound);

        var done = await staff.SendAsync($"/staff/worklist/{entry}", $"/staff/worklist/{entry}/done", ("came", "reached"), ("note", Secret));
        Assert.Equal((HttpStatusCode.SeeOther, "/staff/worklist"), (done.Status, done.Location));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'entry_seen_to' and reason = 'recheck_silent/reached' and actor like 'operator:%'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where state = 'done' and came = 'reached'"));
        Assert.Empty(await site.RowsHoldingAsync(Secret));
        Assert.DoesNotContain(entry, await staff.ReadAsync("/staff/worklist"), StringComparison.Ordinal);
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Two_who_take_the_same_entry_get_it_once(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var policy = site.Services.GetRequiredService<RecheckPolicy>();
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: FeverClinic)).InQueueAsync();
        clock.Advance(policy.Waiting.EveryMinutes.Of(Urgency.Urgent));
        await LookAsync(site, clock);
        clock.Advance(policy.Waiting.AnswerMinutes.Of(Urgency.Urgent));
        await Task.WhenAll(LookAsync(site, clock), LookAsync(site, clock));
        Assert.Equal((1, 1), (await site.CountAsync("select count(*) from worklist"), await site.CountAsync("select count(*) from fact where kind = 'check_missed'")));

        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var doctor = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor1");
        using var api = new Caller(site);
        api.Holds(staff.Browser.DefaultRequestHeaders.Authorization!.Parameter!);
        var entry = (await api.Get<JsonElement>("/api/v1/worklist"))[0];
        Assert.Equal(("recheck_silent", "open", 2), (entry.GetProperty("kind").GetString(), entry.GetProperty("state").GetString(), Urgent(entry)));
        var id = entry.GetProperty("id").GetString();
        Assert.Equal("taken", (await api.Post<JsonElement>($"/api/v1/worklist/{id}/take", new { })).GetProperty("state").GetString());
        using var other = new Caller(site);
        other.Holds(doctor.Browser.DefaultRequestHeaders.Authorization!.Parameter!);
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await other.Refused(HttpMethod.Post, $"/api/v1/worklist/{id}/take"));
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await other.Refused(HttpMethod.Post, $"/api/v1/worklist/{id}/done", new { came = "seen_to" }));
        Assert.Equal("done", (await api.Post<JsonElement>($"/api/v1/worklist/{id}/done", new { came = "not_reached" })).GetProperty("state").GetString());
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await api.Refused(HttpMethod.Post, $"/api/v1/worklist/{Base32.Write(Guid.NewGuid())}/take"));

        static int Urgent(JsonElement entry) => entry.GetProperty("urgency") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : (int)Enum.Parse<Urgency>(entry.GetProperty("urgency").GetString()!, ignoreCase: true);
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_at_risk_or_asks_again_stands_further_ahead_and_reads_why(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var calm = await (await Caller.PatientAsync(site, "有点干咳", answers: Mild)).InQueueAsync();
        using var ill = await (await Caller.PatientAsync(site, "有点干咳", region: "420500", answers: Mild.Replace("comorbidities=none", "comorbidities=hypertension", StringComparison.Ordinal))).InQueueAsync();
        var raised = await ill.Look();
        Assert.Equal(((int?)raised.Outcome?.Urgency - 1, 5), (raised.Urgency, (await calm.Look()).Urgency));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'urgency_changed' and reason = 'rule:comorbidity'"));
        using var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", ill.Token);
        Assert.Contains("有长期的病", WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{ill.Id}/waiting")), StringComparison.Ordinal);
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(ill.Id);
        using var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        Assert.Contains("按规则提前：有长期的病", WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={ill.Id}")), StringComparison.Ordinal);
        Assert.Null((await site.VerifyAsync()).Broken);
    }
}
