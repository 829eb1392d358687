using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;
using Yizhen.Web.Triage;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Tests.Triage;

/// <summary>Everybody whose advice another version changes is found, told once, seen to by a person, and reads plainly what has changed.</summary>
public sealed class RecallTests
{
    private const string Number = "13900003333";
    private const string Story = "咳嗽两天，鹤";
    private const string Page = "/staff/recall?version=RESP-CN%40national-v1";

    /// <summary>38.4 and no contact: at home by the first national version, to the fever clinic by the second.</summary>
    internal static readonly string Fever = RecheckTests.Mild.Replace("temperature_c=37.0", "temperature_c=38.4", StringComparison.Ordinal);

    [Theory, OnBothDatabases]
    public async Task Operator_sees_whom_a_version_changes_confirms_once_and_each_is_told_and_seen_to(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await site.EverywhereAsync();
        using var patient = await (await Caller.PatientAsync(site, Story, "330106", Fever)).WithPhoneAsync(Number);
        using var unreachable = await Caller.PatientAsync(site, Story, "330106", Fever);
        await unreachable.Post<ConsultationView>($"{unreachable.Consultation}/triage", new { });
        using var same = await (await Caller.PatientAsync(site, Story, "330106", RecheckTests.FeverClinic)).WithPhoneAsync("13900004444");
        var said = (await patient.Look()).Outcome ?? throw new InvalidOperationException();
        clock.Advance(TimeSpan.FromDays(11));

        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var facts = await site.CountAsync("select count(*) from fact");
        Assert.Contains("RESP-CN national-v1", await staff.ReadAsync("/staff/recall"), StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from access"));
        var list = WebUtility.HtmlDecode(await staff.ReadAsync(Page));
        Assert.Contains("RESP-CN national-v1 换成 national-v2：2 人的建议会变", list, StringComparison.Ordinal);
        Assert.Contains("看了 3 次问诊，其中 3 次用的是这一版；已经更正 0 次", list, StringComparison.Ordinal);
        Assert.Contains(patient.Id[^6..], list, StringComparison.Ordinal);
        Assert.DoesNotContain(same.Id[^6..], list, StringComparison.Ordinal);
        Assert.Contains(said.Headline.Zh, list, StringComparison.Ordinal);
        Assert.DoesNotContain("鹤", list, StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from access where purpose = 'recall' and selection = 'RESP-CN@national-v1>national-v2' and amount = 3"));
        Assert.Equal((facts, 0), (await site.CountAsync("select count(*) from fact"), await site.CountAsync("select count(*) from worklist")));

        for (var twice = 0; twice < 2; twice++)
        {
            var sent = await staff.SendAsync(twice == 0 ? Page : "/staff/sign-in", "/staff/recall", ("version", "RESP-CN@national-v1"), ("with", "RESP-CN@national-v2"));
            Assert.Equal($"/staff/recall?version=RESP-CN%40national-v1&with=RESP-CN%40national-v2&told={(twice == 0 ? 2 : 0)}", sent.Location);
        }

        Assert.Equal((2, 2), (await site.CountAsync("select count(*) from fact where kind = 'advice_corrected' and actor like 'operator:%'"), await site.CountAsync("select count(*) from worklist where kind = 'correction'")));
        var policy = site.Services.GetRequiredService<RecheckPolicy>();
        var now = await patient.Look();
        var due = (clock.GetUtcNow() + policy.Worklist.DueMinutes.Of((Urgency)(now.Urgency ?? 0))).ToUnixTimeMilliseconds();
        Assert.Equal(2, await site.CountAsync($"select count(*) from worklist where kind = 'correction' and urgency = {now.Urgency} and due_at = {due}"));
        var text = Assert.Single(await RecheckTests.OutboxAsync(site, "correction"));
        Assert.Contains($"/q/{patient.Id}/outcome", text, StringComparison.Ordinal);
        Assert.All(new[] { "咳", "发热", "发烧", "建议有变" }, word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));

        Assert.Equal((Disposition.D1, 2, "told_to_go"), (now.Outcome?.Disposition, now.Urgency, now.Bucket));
        Assert.Equal((said.Headline, 1, false), (now.Correction?.Said.Headline, now.Correction?.Count, now.Correction?.Seen));
        using var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
        Assert.Contains("建议有更正。", WebUtility.HtmlDecode(await browser.ReadAsync("/mine")), StringComparison.Ordinal);
        Assert.Contains("建议有更正。", WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{patient.Id}/talk")), StringComparison.Ordinal);
        var page = WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{patient.Id}/outcome"));
        Assert.All(new[] { said.Headline.Zh, now.Outcome?.Headline.Zh ?? "?", "我们的分诊规则改了", "我看过了" }, words => Assert.Contains(words, page, StringComparison.Ordinal));
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'correction_seen'"));
        for (var twice = 0; twice < 2; twice++)
        {
            await browser.SendAsync(twice == 0 ? $"/q/{patient.Id}/outcome" : "/mine", $"/q/{patient.Id}/correction", ("count", "1"));
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'correction_seen'"));
        Assert.Contains("已记下：您看过了", WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{patient.Id}/outcome")), StringComparison.Ordinal);
        Assert.DoesNotContain("建议有更正。", WebUtility.HtmlDecode(await browser.ReadAsync("/mine")), StringComparison.Ordinal);

        await SeeTo(staff, patient.Id);
        clock.Advance(policy.Worklist.DueMinutes.Of(Urgency.Urgent));
        Assert.Equal(1, await site.Services.GetRequiredService<Entries>().Escalate(clock.GetUtcNow(), CancellationToken.None));
        using var api = new Caller(site);
        api.Holds(staff.Browser.DefaultRequestHeaders.Authorization?.Parameter ?? "");
        var progress = (await api.Get<JsonElement>("/api/v1/recalls"))[0];
        Assert.Equal([2, 1, 1, 1, 1, 0], new[] { "sent", "seen", "reached", "open", "overdue", "missing" }.Select(name => progress.GetProperty(name).GetInt32()));
        Assert.Contains("▲ 1", WebUtility.HtmlDecode(await staff.ReadAsync(Page)), StringComparison.Ordinal);
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
        var replayed = await site.Services.GetRequiredService<ReplayOutcomes>().Run(null, null, Looking.AtTheMachine, CancellationToken.None);
        Assert.Equal((null, 5, 5), (replayed.First, replayed.Outcomes, replayed.Same));
    }

    [Theory, OnBothDatabases]
    public async Task Most_urgent_stand_first_a_colleague_of_another_organisation_sees_nobody_and_nobody_else_gets_in(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await site.EverywhereAsync();
        var ids = new List<string>();
        foreach (var answers in new[] { RecheckTests.Mild, Fever })
        {
            using var patient = await Caller.PatientAsync(site, Story, "330106", answers);
            await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
            ids.Add(patient.Id);
            await Forbidden(patient, "/api/v1/recalls");
        }

        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var api = new Caller(site);
        api.Holds(staff.Browser.DefaultRequestHeaders.Authorization?.Parameter ?? "");
        var found = await api.Get<JsonElement>("/api/v1/recalls/RESP-CN/national-v1?with=national-v2");
        var urgencies = found.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("says").GetProperty("urgency").GetInt32()).ToList();
        Assert.Equal(urgencies.Order(), urgencies);
        Assert.Equal(ids[1], found.GetProperty("lines")[0].GetProperty("consultation").GetString());
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await api.Refused(HttpMethod.Get, "/api/v1/recalls/RESP-XX/1"));
        Assert.Equal((HttpStatusCode.Conflict, "nothing_in_its_place"), await api.Refused(HttpMethod.Get, "/api/v1/recalls/RESP-CN/national-v1"));
        Assert.Equal((HttpStatusCode.Conflict, "nothing_in_its_place"), await api.Refused(HttpMethod.Post, "/api/v1/recalls/RESP-CN/national-v1", new { with = "national-v1" }));
        Assert.Contains("没有别的版本可以比", WebUtility.HtmlDecode(await staff.ReadAsync(Page, HttpStatusCode.Conflict)), StringComparison.Ordinal);

        using var doctor = await Caller.DoctorAsync(site);
        await Forbidden(doctor, "/api/v1/recalls");
        await Forbidden(doctor, "/api/v1/recalls/RESP-CN/national-v1?with=national-v2");
        await site.RunAsync($"update staff set organisation = '{Guid.NewGuid()}' where login = 'operator'");
        Assert.Equal(0, (await api.Get<JsonElement>("/api/v1/recalls/RESP-CN/national-v1?with=national-v2")).GetProperty("looked").GetInt32());
        Assert.Equal(0, (await api.Post<JsonElement>("/api/v1/recalls/RESP-CN/national-v1", new { with = "national-v2" })).GetProperty("sent").GetInt32());
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'advice_corrected'"));

        static async Task Forbidden(Caller caller, string address) => Assert.Contains((await caller.Refused(HttpMethod.Get, address)).Status, new[] { HttpStatusCode.NotFound, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
    }

    [Theory, OnBothDatabases]
    public async Task Two_who_confirm_at_once_tell_once_and_what_a_crash_left_out_is_made_by_the_next(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await site.EverywhereAsync();
        using var patient = await (await Caller.PatientAsync(site, Story, "330106", Fever)).InQueueWithPhoneAsync(Number);
        var arrived = (await patient.Look()).ArrivedAt;
        var (recall, send) = (site.Services.GetRequiredService<FindRecalled>(), site.Services.GetRequiredService<SendCorrections>());
        var asked = recall.Ask("RESP-CN", "national-v1", "national-v2").Value;
        var both = await Task.WhenAll(send.Send(asked, Looking.AtTheMachine, CancellationToken.None), send.Send(asked, Looking.AtTheMachine, CancellationToken.None));
        Assert.InRange(both.Sum(sent => sent.Value), 1, 2);
        Assert.Equal((1, 1), (await site.CountAsync("select count(*) from fact where kind = 'advice_corrected'"), await site.CountAsync("select count(*) from worklist where kind = 'correction'")));
        Assert.Single(await RecheckTests.OutboxAsync(site, "correction"));
        var now = await patient.Look();
        Assert.Equal(("waiting", arrived, 2), (now.Bucket, now.ArrivedAt, now.Urgency));
        using var browser = new Operator(site.NewPerson("en"));
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
        Assert.Contains("Your advice has been corrected.", WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{patient.Id}/waiting")), StringComparison.Ordinal);

        await site.RunAsync("delete from worklist");
        await site.RunAsync("delete from outbox where kind = 'correction'");
        Assert.Equal(1, (await send.Progress(Looking.AtTheMachine, CancellationToken.None))[0].Missing);
        Assert.Equal(0, (await send.Send(asked, Looking.AtTheMachine, CancellationToken.None)).Value);
        Assert.Equal((1, 1), (await site.CountAsync("select count(*) from fact where kind = 'advice_corrected'"), await site.CountAsync("select count(*) from worklist where kind = 'correction'")));
        Assert.Single(await RecheckTests.OutboxAsync(site, "correction"));
    }

    /// <summary>Takes the entry about this person, and reaches them.</summary>
    private static async Task SeeTo(Operator staff, string consultation)
    {
        var line = (await staff.ReadAsync("/staff/worklist")).Split("<tr>").Single(row => row.Contains(consultation[^6..], StringComparison.Ordinal));
        var entry = line.Split("/staff/worklist/")[1].Split('"')[0];
        await staff.SendAsync($"/staff/worklist/{entry}", $"/staff/worklist/{entry}/take");
        await staff.SendAsync($"/staff/worklist/{entry}", $"/staff/worklist/{entry}/done", ("came", "reached"));
    }
}
