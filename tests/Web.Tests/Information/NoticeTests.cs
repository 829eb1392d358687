using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Information;
using Yizhen.Web.Consultations;
using Yizhen.Web.Information;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Information;

/// <summary>A notice to many: counted before it is sent, then on each page, by message at a pace, and in the worklist where a person has to tell; a restart loses none and doubles none.</summary>
public sealed partial class NoticeTests
{
    private const string Here = NoticeScene.Here;
    private const string Zh = NoticeScene.Zh;
    private const string Day = NoticeScene.Day;
    private static readonly (string, string)[] Written = [("text_zh", Zh), ("text_en", "The fever clinic has moved to the north gate."), ("why", "市里今天的通告"), ("campaign", "")];

    [Theory, OnBothDatabases]
    public async Task Operator_sees_the_number_sends_once_and_each_is_told_on_their_page_by_message_or_by_a_person(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var waiting = await (await Caller.PatientAsync(site, "发烧三天，鹤", answers: RecheckTests.FeverClinic)).InQueueWithPhoneAsync("13900003331");
        using var sent = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).WithPhoneAsync("13900003332");
        using var calm = await (await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild)).WithPhoneAsync("13900003333");
        using var unreached = await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild);
        await unreached.Post<ConsultationView>($"{unreached.Consultation}/triage", new { });
        using var asked = await Caller.PatientAsync(site, "还在填写");
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var facts = await site.CountAsync("select count(*) from fact");

        var (narrow, _, page) = await staff.SendAsync(Here, Here, [.. Written, ("since", Day), ("said", "D1")]);
        Assert.Equal(HttpStatusCode.OK, narrow);
        Assert.Contains("会告诉 1 人，还没有发", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        page = (await staff.SendAsync(Here, Here, [.. Written, ("since", Day), ("waiting", "1")])).Page;
        Assert.Contains("会告诉 4 人，还没有发", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("<dd>3</dd>", page, StringComparison.Ordinal);
        Assert.Equal((facts, 0), (await site.CountAsync("select count(*) from fact"), await site.CountAsync("select count(*) from notice")));

        (string, string)[] send = [.. Written, ("since", Day), ("waiting", "1"), ("send", "1"), ("counted", "4"), ("id", Id().Match(page).Groups[1].Value)];
        await Task.WhenAll(staff.SendAsync(Here, Here, send), staff.SendAsync(Here, Here, send));
        Assert.Equal(Here, (await staff.SendAsync(Here, Here, send)).Location);
        Assert.Equal(HttpStatusCode.Conflict, (await staff.SendAsync(Here, Here, [.. send.Where(f => f.Item1 != "text_zh"), ("text_zh", "别的话")])).Status);
        Assert.Equal(1, await site.CountAsync("select count(*) from notice"));
        await NoticeScene.LookUntilAsync(site, clock, "select count(*) from notice_to where state in ('sent', 'page')", 4);
        Assert.Equal(4, await site.CountAsync("select count(*) from notice_to"));

        Assert.Equal(4, await site.CountAsync("select count(*) from fact where kind = 'notice_given' and actor like 'operator:%'"));
        var texts = await RecheckTests.OutboxAsync(site, "notice");
        Assert.Equal(3, texts.Count);
        Assert.All(new[] { waiting, sent, calm }, p => Assert.Single(texts, t => t.Contains($"/q/{p.Id}/notice", StringComparison.Ordinal)));
        Assert.All(texts, t => Assert.DoesNotContain("发热", t, StringComparison.Ordinal));
        Assert.Equal(2, await site.CountAsync("select count(*) from worklist where kind = 'notice'"));
        Assert.Empty((await asked.Look()).Notices);
        Assert.Equal("waiting", (await waiting.Look()).Bucket);

        using var browser = NoticeScene.Browser(site, waiting);
        foreach (var address in new[] { "waiting", "outcome", "notice" })
        {
            var read = WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{waiting.Id}/{address}"));
            Assert.Contains(Zh, read, StringComparison.Ordinal);
            Assert.Contains("我看过了", read, StringComparison.Ordinal);
        }

        Assert.Contains("看通知", WebUtility.HtmlDecode(await browser.ReadAsync("/mine")), StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'notice_seen'"));
        var held = Assert.Single((await waiting.Look()).Notices);
        await browser.SendAsync($"/q/{waiting.Id}/notice", $"/q/{waiting.Id}/notice", ("notice", held.Notice));
        await waiting.Post<JsonElement>($"{waiting.Consultation}/notice", new { notice = held.Notice });
        Assert.DoesNotContain(Zh, WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{waiting.Id}/waiting")), StringComparison.Ordinal);
        Assert.Contains("已记下：您看过了", WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{waiting.Id}/notice")), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await calm.Refused(HttpMethod.Post, $"{waiting.Consultation}/notice", new { notice = held.Notice }));

        using var api = new Caller(site);
        api.Holds(staff.Browser.DefaultRequestHeaders.Authorization?.Parameter ?? "");
        var progress = Assert.Single(await api.Get<List<NoticeProgress>>("/api/v1/notices"));
        Assert.Equal((4, 4, 0, 4, 1), (progress.Counted, progress.Chosen, progress.Due, progress.Told, progress.Seen));
        Assert.Equal((0, 3, 0, 1, 2, 2), (progress.MessagesDue, progress.Sent, progress.Failed, progress.PageOnly, progress.Entries, progress.EntriesOpen));

        // As after a crash between what was done and the mark that it was: it is done again, and nothing doubles.
        await site.RunAsync("update notice_to set state = 'due'");
        await NoticeScene.LookUntilAsync(site, clock, "select count(*) from notice_to where state in ('sent', 'page')", 4);
        Assert.Equal((4, 3, 2), (await site.CountAsync("select count(*) from fact where kind = 'notice_given'"), await site.CountAsync("select count(*) from outbox where kind = 'notice'"), await site.CountAsync("select count(*) from worklist where kind = 'notice'")));
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
        Assert.Empty(await site.RowsHoldingAsync("三天，鹤"));
    }

    [Theory, OnBothDatabases]
    public async Task Messages_keep_the_pace_over_a_restart_and_what_is_stopped_goes_no_further(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var clock = TestClock.InJanuary2020();
        await using (var first = await NoticeScene.StartAsync(database, clock))
        {
            foreach (var last in "1234")
            {
                using var person = await (await Caller.PatientAsync(first, "有点干咳", answers: RecheckTests.Mild)).WithPhoneAsync($"1390000333{last}");
            }

            await NoticeScene.SendAsync(first, clock);
            await NoticeScene.LookUntilAsync(first, clock, "select count(*) from fact where kind = 'notice_given'", 4);
            await NoticeScene.LookUntilAsync(first, clock, "select count(*) from notice_to where state = 'sent'", 1);
            await NoticeScene.LookAsync(first, clock);
            Assert.Equal(1, await first.CountAsync("select count(*) from outbox where kind = 'notice'"));
        }

        await using var second = await NoticeScene.StartAsync(database, clock);
        await NoticeScene.LookAsync(second, clock);
        Assert.Equal(1, await second.CountAsync("select count(*) from outbox where kind = 'notice'"));
        clock.Advance(TimeSpan.FromMinutes(1));
        await NoticeScene.LookUntilAsync(second, clock, "select count(*) from notice_to where state = 'sent'", 2);
        using var staff = await Operator.SignInAsync(second, clock.GetUtcNow());
        var notice = (await NoticeScene.Progress(second, staff)).Notice;
        Assert.Equal(Here, (await staff.SendAsync(Here, $"{Here}/{notice}/stop")).Location);
        clock.Advance(TimeSpan.FromMinutes(1));
        await NoticeScene.LookAsync(second, clock);
        Assert.Equal((2, 4), (await second.CountAsync("select count(*) from outbox where kind = 'notice'"), await second.CountAsync("select count(*) from fact where kind = 'notice_given'")));
        Assert.Equal((2, 2), ((await NoticeScene.Progress(second, staff)).Sent, (await NoticeScene.Progress(second, staff)).Stopped));
        Assert.Contains("停发。", WebUtility.HtmlDecode(await staff.ReadAsync(Here)), StringComparison.Ordinal);
        Assert.Null((await second.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Where_no_message_goes_out_somebody_rings_and_whoever_is_erased_is_told_nothing(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var gateway = await Gateway.StartAsync();
        await using var site = await TestSite.StartAsync(kind, clock, builder =>
        {
            gateway.AddTo(builder);
            builder.Services.AddSingleton(new NoticeRules("test", 100, 100, 2, 60));
        });
        using var calm = await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild);
        await calm.Post<ConsultationView>($"{calm.Consultation}/triage", new { });
        await calm.Post<JsonElement>($"{calm.Consultation}/contact/phone", new { phone = "13900003333" });
        await calm.Post<JsonElement>($"{calm.Consultation}/contact/code", new { code = await gateway.CodeAsync("+8613900003333") });
        using var gone = await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild);
        await gone.Post<ConsultationView>($"{gone.Consultation}/triage", new { });
        gateway.Answer = 503;
        await NoticeScene.SendAsync(site, clock);
        await NoticeScene.LookUntilAsync(site, clock, "select count(*) from fact where kind = 'notice_given'", 2);
        Assert.Equal(0, await site.CountAsync("select count(*) from worklist where kind = 'notice'"));
        clock.Advance(TimeSpan.FromMinutes(61));
        await NoticeScene.LookUntilAsync(site, clock, "select count(*) from notice_to where state = 'failed'", 1);
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'notice' and state = 'open'"));

        await site.RunAsync("update notice_to set state = 'due' where state = 'page'");
        await gone.Delete<JsonElement?>("/api/v1/me");
        await NoticeScene.LookAsync(site, clock);
        await NoticeScene.LookUntilAsync(site, clock, "select count(*) from notice_to where state in ('gone', 'page')", 1);
        Assert.DoesNotContain("fact", await site.RowsHoldingAsync(Zh));
    }

    [Fact]
    public async Task What_is_wrong_comes_back_with_its_words_and_nobody_else_gets_in()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        foreach (var (fields, words) in new[]
        {
            ([.. Written.Where(f => f.Item1 != "text_en"), ("waiting", "1")], "通知的中文和英文都要写"),
            (Written, "这样选不到人"),
            ([.. Written, ("since", "2020-02-01")], "这样选不到人"),
            (((string, string)[])[.. Written.Where(f => f.Item1 != "why"), ("waiting", "1")], "要写一句原因"),
        })
        {
            var (status, _, page) = await staff.SendAsync(Here, Here, fields);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains(words, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
            Assert.Contains(Zh, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        }

        using var patient = await Caller.PatientAsync(site, "咳嗽");
        using var doctor = await Caller.DoctorAsync(site);
        var body = new { text = new { zh = "一", en = "one" }, why = "x", waiting = true };
        Assert.NotEqual(HttpStatusCode.OK, (await patient.Refused(HttpMethod.Get, "/api/v1/notices")).Status);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await doctor.Refused(HttpMethod.Post, "/api/v1/notices/count", body));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await doctor.Refused(HttpMethod.Put, $"/api/v1/notices/{Base32.Write(Guid.CreateVersion7())}", body));
        Assert.Empty(await doctor.Get<List<NoticeProgress>>("/api/v1/notices"));
        using var other = new Caller(site);
        other.Holds(staff.Browser.DefaultRequestHeaders.Authorization?.Parameter ?? "");
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await other.Refused(HttpMethod.Post, "/api/v1/notices/count", new { body.text, body.why, body.waiting, campaign = "nowhere" }));
        await site.RunAsync($"update staff set organisation = '{Guid.NewGuid()}' where login = 'operator'");
        Assert.Equal(0, (await other.Post<JsonElement>("/api/v1/notices/count", body)).GetProperty("all").GetInt32());
    }

    [GeneratedRegex("name=\"id\" value=\"([^\"]+)\"")]
    private static partial Regex Id();
}
