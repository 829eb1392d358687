using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Worklist;

/// <summary>A day after they were told what to do people say in one tap how it went; worse and turned away are a place in the queue.</summary>
public sealed class FollowUpTests
{
    private const string Number = "13900003333";
    private const string Goes = RecheckTests.FeverClinic;
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Theory, OnBothDatabases]
    public async Task Who_was_turned_away_at_the_hospital_is_in_the_queue_again_and_on_the_worklist(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic, followUp: true)).WithPhoneAsync(Number);
        Assert.Equal("told_to_go", (await patient.Look()).Bucket);
        using var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await patient.Refused(HttpMethod.Post, $"{patient.Consultation}/follow-up", new { answer = "worse" }));

        clock.Advance(Day - TimeSpan.FromMinutes(1));
        await RecheckTests.LookAsync(site, clock);
        Assert.Empty(await RecheckTests.OutboxAsync(site, "follow_up"));
        clock.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(RecheckTests.LookAsync(site, clock), RecheckTests.LookAsync(site, clock));
        var text = Assert.Single(await RecheckTests.OutboxAsync(site, "follow_up"));
        Assert.Contains($"/q/{patient.Id}/follow-up", text, StringComparison.Ordinal);
        Assert.DoesNotContain("发烧", text, StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'check_asked' and reason = 'follow_up' and bucket = 'told_to_go'"));

        var page = WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{patient.Id}/follow-up"));
        Assert.All(new[] { "好些", "差不多", "加重了", "去了，医院没有收", "拨打 120" }, words => Assert.Contains(words, page, StringComparison.Ordinal));
        for (var twice = 0; twice < 2; twice++)
        {
            Assert.Equal((HttpStatusCode.OK, "waiting"), ((await patient.Send(HttpMethod.Post, $"{patient.Consultation}/follow-up", JsonBody("turned_away"))).StatusCode, (await patient.Look()).Bucket));
        }

        var after = await patient.Look();
        Assert.Equal((2, clock.GetUtcNow()), (after.Urgency, after.ArrivedAt));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'sent_away'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'turned_away' and urgency = 2"));
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        using var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        Assert.Contains("医院没有收", WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={patient.Id}")), StringComparison.Ordinal);
        var ledger = await site.LedgerAsync();
        Assert.Equal((true, 1, 0), (ledger.Holds, ledger.InConsultation, ledger.ToldToGo));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Worse_after_a_doctors_advice_keeps_the_arrival_and_the_doctor_and_stands_further_ahead(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild, followUp: true)).InQueueWithPhoneAsync(Number);
        var arrived = (await patient.Look()).ArrivedAt;
        using (var doctor = await Caller.DoctorAsync(site))
        {
            var epoch = (await doctor.Given(patient.Id)).Epoch;
            await doctor.Post<Stored>($"{patient.Consultation}/advice", new AdviceBody(epoch, Disposition.D4, "干咳", "在家观察", Close: true));
            await doctor.Post<JsonElement>("/api/v1/duty", new { state = "off", seats = 1 });
        }

        var before = await patient.Look();
        Assert.Equal("served", before.Bucket);
        clock.Advance(Day);
        await RecheckTests.LookAsync(site, clock);
        using var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
        var same = await browser.SendAsync($"/q/{patient.Id}/follow-up", $"/q/{patient.Id}/follow-up", ("how", "same"));
        Assert.Equal($"/q/{patient.Id}/follow-up?said=same", same.Location);
        Assert.Contains("记下了：差不多", WebUtility.HtmlDecode(await browser.ReadAsync(same.Location ?? "")), StringComparison.Ordinal);
        Assert.Equal("served", (await patient.Look()).Bucket);

        var worse = await browser.SendAsync($"/q/{patient.Id}/follow-up", $"/q/{patient.Id}/follow-up", ("how", "worse"));
        Assert.Equal($"/q/{patient.Id}/waiting?felt=worse", worse.Location);
        var after = await patient.Look();
        Assert.Equal(("waiting", arrived, before.Urgency - 1), (after.Bucket, after.ArrivedAt, after.Urgency));
        Assert.Equal(1, await site.CountAsync($"select count(*) from head where own_clinician is not null and bucket = 'waiting'"));
        var ledger = await site.LedgerAsync();
        Assert.Equal((true, 1, 0), (ledger.Holds, ledger.Waiting, ledger.Served));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Silence_goes_to_the_worklist_and_nobody_is_asked_who_did_not_agree_or_is_at_no_risk(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var policy = site.Services.GetRequiredService<RecheckPolicy>();
        using var silent = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic, followUp: true)).WithPhoneAsync(Number);
        using var refuses = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).WithPhoneAsync("13900004444");
        using var unreachable = await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic, followUp: true);
        await unreachable.Post<JsonElement>($"{unreachable.Consultation}/triage", new { });
        clock.Advance(Day);
        await RecheckTests.LookAsync(site, clock);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'check_asked'"));
        clock.Advance(TimeSpan.FromMinutes(policy.FollowUp.AnswerMinutes));
        await RecheckTests.LookAsync(site, clock);
        await RecheckTests.LookAsync(site, clock);
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'follow_up_silent'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'check_missed' and reason = 'follow_up'"));
        Assert.Equal("told_to_go", (await silent.Look()).Bucket);
        Assert.Equal(HttpStatusCode.OK, (await silent.Send(HttpMethod.Post, $"{silent.Consultation}/follow-up", JsonBody("better"))).StatusCode);
        Assert.Equal(0, await site.CountAsync("select count(*) from head where due_at is not null"));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_is_told_to_go_may_leave_a_number_to_be_asked_without_joining_the_queue(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind, TestClock.InJanuary2020());
        using var patient = await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic, followUp: true);
        await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
        using var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
        var ask = $"/q/{patient.Id}/contact?only=follow_up";
        Assert.Contains(ask, WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{patient.Id}/outcome")), StringComparison.Ordinal);
        Assert.Contains("这一步不排队", WebUtility.HtmlDecode(await browser.ReadAsync(ask)), StringComparison.Ordinal);
        Assert.Equal($"/q/{patient.Id}/contact/code", (await browser.SendAsync(ask, $"/q/{patient.Id}/contact", ("only", "follow_up"), ("phone", Number))).Location);
        Assert.Equal("told_to_go", (await patient.Look()).Bucket);
    }

    [Theory, OnBothDatabases]
    public async Task Recovery_code_on_the_page_of_the_code_joins_nobody_to_the_queue(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind, TestClock.InJanuary2020());
        foreach (var (language, said) in new[] { ("zh-CN", "回到我的建议"), ("en", "Back to my advice") })
        {
            using var patient = await Caller.PatientAsync(site, "发烧三天", answers: Goes, followUp: true);
            await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
            using var browser = new Operator(site.NewPerson(language));
            browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
            var (ask, code) = ($"/q/{patient.Id}/contact?only=follow_up", $"/q/{patient.Id}/contact/code");
            await browser.SendAsync(ask, $"/q/{patient.Id}/contact", ("only", "follow_up"), ("phone", Number));
            Assert.DoesNotContain($"/q/{patient.Id}/waiting", await browser.ReadAsync(code), StringComparison.Ordinal);
            var given = await browser.SendAsync(code, code, ("recovery", "yes"));
            Assert.Equal(HttpStatusCode.OK, given.Status);
            Assert.Contains(said, WebUtility.HtmlDecode(given.Page), StringComparison.Ordinal);
            Assert.Equal("told_to_go", (await patient.Look()).Bucket);
            Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'queued'"));
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_same_person_who_asks_again_within_days_stands_further_ahead(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var first = await (await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild)).InQueueAsync();
        clock.Advance(TimeSpan.FromHours(48));
        var again = (await first.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { }));
        var at = $"/api/v1/consultations/{again.GetProperty("consultation").GetString()}";
        await first.Post<ConsultationView>($"{at}/opening", new OpeningBody(Relation.Self, new Consent(again.GetProperty("consent_version").GetString()!, true, true, true, false, false, false), "zh", null));
        await first.Put<ConsultationView>($"{at}/place", new PlaceBody("420102", null));
        await first.Put<ConsultationView>($"{at}/story", new StoryBody("还在咳", null));
        await first.Put<JsonElement>($"{at}/answers", new { answers = RecheckTests.Mild.Split(';').Select(a => a.Split('=')).ToDictionary(a => a[0], a => a[1]) });
        await first.Post<ConsultationView>($"{at}/triage", new { });
        await first.Post<JsonElement>($"{at}/contact/recovery", new { });
        await first.Post<JsonElement>($"{at}/queue", new { });
        Assert.Equal((await first.Look()).Urgency - 1, (await first.Get<ConsultationView>(at)).Urgency);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'urgency_changed' and reason = 'rule:repeat'"));
    }

    private static StringContent JsonBody(string answer) => new($"{{\"answer\":\"{answer}\"}}", System.Text.Encoding.UTF8, "application/json");
}
