using System.Net;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Page;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Information;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>The operator sets the level with a reason, sees what the system would set and what came of it, and reads why somebody waited.</summary>
public sealed class SurgeLevelTests
{
    [Theory, OnBothDatabases]
    public async Task Level_is_set_by_the_operator_with_a_reason_and_stands_on_page_board_and_in_the_journal(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        Assert.Contains("没有调过", await staff.ReadAsync("/staff/surge"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await staff.SendAsync("/staff/surge", "/staff/surge", ("seen", "0"), ("level", "2"), ("reason", " "))).Status);
        Assert.Equal(0, await site.CountAsync("select count(*) from surge"));

        Assert.Equal("/staff/surge", (await staff.SendAsync("/staff/surge", "/staff/surge", ("seen", "0"), ("level", "2"), ("reason", "早高峰，来得比接得快"))).Location);
        var page = await staff.ReadAsync("/staff/surge");
        Assert.Contains("2 约时间答复", page, StringComparison.Ordinal);
        Assert.Contains("早高峰，来得比接得快", page, StringComparison.Ordinal);
        Assert.Contains("值班 方主任", page, StringComparison.Ordinal);
        Assert.Contains("系统建议 0 平时", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await staff.SendAsync("/staff/surge", "/staff/surge", ("seen", "0"), ("level", "3"), ("reason", "旧的页面"))).Status);
        Assert.Equal(1, await site.CountAsync("select count(*) from journal where kind = 'surge_level' and body like '%\"level\":2%'"));
        Assert.Equal(0, await site.CountAsync("select count(*) from journal where kind = 'surge_level' and body like '%早高峰%'"));
        var board = await staff.ReadAsync("/staff/board");
        Assert.Contains("2 约时间答复", board, StringComparison.Ordinal);
        Assert.Contains("系统建议 0 平时", board, StringComparison.Ordinal);

        using var doctor = await Caller.DoctorAsync(site);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.Refused(HttpMethod.Post, "/api/v1/surge", new SurgeBody(2, 0, "不归我管"))).Status);
        Assert.Equal(2, await site.Surges().Level(CancellationToken.None));
    }

    [Theory, OnBothDatabases]
    public async Task System_proposes_a_level_from_who_waits_against_who_is_taken_and_sets_none(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await SurgeScene.OperatorAsync(site);
        Assert.Equal((0, 0, "calm"), Said(await staff.Get<SurgePicture>("/api/v1/surge")));
        using var person = await SurgeScene.AskAsync(site);
        Assert.Equal((0, 2, "nobody_on_duty"), Said(await staff.Get<SurgePicture>("/api/v1/surge")));
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(person.Id);
        Assert.Equal((0, 0, "calm"), Said(await staff.Get<SurgePicture>("/api/v1/surge")));
        Assert.Equal(0, await site.CountAsync("select count(*) from surge"));
    }

    [Theory, OnBothDatabases]
    public async Task Why_somebody_waited_stands_in_counts_for_the_operator_and_in_a_sentence_for_the_person(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var person = await SurgeScene.AskAsync(site);
        clock.Advance(TimeSpan.FromMinutes(2));
        using var grave = await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫")).InQueueAsync();
        using var urgent = await SurgeScene.AskAsync(site, SurgeScene.Fever);
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        await doctor.Given(grave.Id);

        using var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={person.Token}");
        Assert.Contains("更急的人先接。能看您这一类的医生现在都在忙", await browser.GetStringAsync(new Uri($"/q/{person.Id}/waiting", UriKind.Relative)), StringComparison.Ordinal);

        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var page = await staff.ReadAsync($"/staff/surge/why?n={person.Id[^6..]}");
        Assert.Contains("还没有医生接", page, StringComparison.Ordinal);
        Assert.Contains(" · 普通话 · ", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("先接了：更急的 1 位。会看的 1 位现在都满了。", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("想问问药怎么吃", page, StringComparison.Ordinal);
        Assert.DoesNotContain(person.Id, page, StringComparison.Ordinal);
        using var api = await SurgeScene.OperatorAsync(site);
        var taken = await api.Get<WaitedFor>($"/api/v1/waited/{grave.Id[^6..]}");
        Assert.Equal(("urgency_then_wait", 1, 0, 0L), (taken.Chosen, taken.Eligible, taken.Index?.Open, taken.Index?.Load));
        Assert.Contains("能接的 1 位里，下面几项合计最小的一位；一样小的，挑最久没有接到人的（还没有接过人）", WebUtility.HtmlDecode(await staff.ReadAsync($"/staff/surge/why?n={grave.Id[^6..]}")), StringComparison.Ordinal);
        var found = await api.Get<WaitedFor>($"/api/v1/waited/{person.Id[^6..]}");
        Assert.Equal((1, 0, 0, 0), (found.Before.MoreUrgent, found.Before.CameBefore, found.Eligible, found.Excluded.Skill));
        Assert.Equal(1, found.Excluded.Full);
        Assert.Contains("最近两天没有这个编号", await staff.ReadAsync("/staff/surge/why?n=zzzzzz"), StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync($"select count(*) from access where role = 'Operator'"));
    }

    /// <summary>Three people come for each seat, and nobody is told that it is closed.</summary>
    [Theory, OnBothDatabases]
    public async Task At_three_times_the_capacity_no_red_flag_is_refused_and_everybody_else_holds_a_dated_promise(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 4);
        using var doctor = await Caller.DoctorAsync(site, seats: 4);
        var grave = new List<Caller>();
        var others = new List<Caller>();
        for (var n = 0; n < 12; n++)
        {
            (n % 3 == 0 ? grave : others).Add(n % 3 == 0 ? await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫")).InQueueAsync() : await SurgeScene.AskAsync(site));
            if (n is 0 or 3)
            {
                // There is a seat: the doctor is asked and takes them.
                await doctor.Given(grave[^1].Id);
            }
        }

        clock.Advance(TimeSpan.FromSeconds(50));
        var due = new List<DateTimeOffset>();
        foreach (var person in others)
        {
            var now = await person.Until(c => c.Bucket == "in_consultation" || c.Offer is not null);
            if (now.Bucket == "waiting")
            {
                due.Add((await person.AnswerAsync(Promising.WrittenAnswer)).Promise?.By ?? default);
            }
        }

        // Seats that were taken before the most urgent came are theirs as soon as one is free.
        foreach (var person in others)
        {
            if (await person.Look() is { Bucket: "in_consultation" } talks)
            {
                await doctor.Post<ConsultationView>($"{person.Consultation}/advice", new AdviceBody(talks.Epoch, Disposition.D5, "来问", "照常休息", Close: true));
            }
        }

        foreach (var person in grave)
        {
            await doctor.Given(person.Id);
            Assert.Null((await person.Until(c => c.Bucket == "in_consultation")).Offer);
        }

        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((0, 0, 0, 12), (ledger.Refused, ledger.TurnedBack, ledger.Waiting, ledger.Opened));
        Assert.Equal((due.Count, 4, 8 - due.Count), (ledger.Promised, ledger.InConsultation, ledger.Served));
        Assert.True(due.Count >= 4 && due.All(by => by > clock.GetUtcNow()));
        Assert.Equal(due.Count, await site.CountAsync("select count(*) from head where bucket = 'promised' and due_at is not null"));
        grave.Concat(others).ToList().ForEach(p => p.Dispose());
    }

    [Theory, OnBothDatabases]
    public async Task Health_adviser_is_given_questions_from_level_three_on_and_hands_over_who_gets_worse(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var adviser = await Caller.DoctorAsync(site);
        await site.RunAsync("update staff set role = 'HealthAdviser' where id in (select clinician from duty)");
        using var urgent = await SurgeScene.AskAsync(site, SurgeScene.Fever);
        using var person = await SurgeScene.AskAsync(site);
        await SurgeScene.TurnedAsync(site, clock);
        Assert.Equal("waiting", (await person.Look()).Bucket);
        var desk = NoticeScene.Browser(site, adviser);
        Assert.Contains("高峰分级到第 3 级", WebUtility.HtmlDecode(await desk.ReadAsync("/staff/desk")), StringComparison.Ordinal);
        await SurgeScene.SetAsync(site, 3);
        await adviser.Given(person.Id);
        Assert.DoesNotContain("高峰分级到第 3 级", WebUtility.HtmlDecode(await desk.ReadAsync("/staff/desk")), StringComparison.Ordinal);
        Assert.Equal("waiting", (await urgent.Look()).Bucket);
        await person.Put<Stored>($"{person.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody("现在喘不上气，嘴唇发紫"));
        var back = await person.Until(c => c.Bucket == "waiting");
        Assert.Equal(1, back.Urgency);
        Assert.Equal(1, await site.CountAsync("select count(*) from journal where kind = 'beyond_adviser'"));
    }

    [Theory, OnBothDatabases]
    public async Task What_a_health_adviser_has_written_is_not_called_a_doctors(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind, TestClock.InJanuary2020());
        using var adviser = await Caller.DoctorAsync(site);
        await site.RunAsync("update staff set role = 'HealthAdviser', title = '健康顾问' where id in (select clinician from duty)");
        await SurgeScene.SetAsync(site, 3);
        using var person = await SurgeScene.AskAsync(site);
        await site.RunAsync("update head set need = 'general'");
        var given = await adviser.Given(person.Id);
        await adviser.Post<ConsultationView>($"{person.Consultation}/advice", new AdviceBody(given.Epoch, Disposition.D5, "问药", "照说明书吃，不要两种一起吃", Close: true));
        using var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={person.Token}");
        var sheet = WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri($"/q/{person.Id}/advice", UriKind.Relative)));
        Assert.Contains("<dt>接诊人</dt><dd>演练医生1，健康顾问</dd>", sheet, StringComparison.Ordinal);
        Assert.DoesNotContain("医生的建议", sheet, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_time_is_told_in_hours_and_one_person_is_no_people()
    {
        Assert.Equal("候诊 900 人，照现在的人手大约要 33 小时 20 分接完。", SurgeWords.Proposes(Lang.Zh, new(4, 120_000_000, "load"), new(900, 7, 3)));
        Assert.Equal("1 person waits; those on duty need about 1 minute to see them all.", SurgeWords.Proposes(Lang.En, new(0, 60_000, "calm"), new(1, 7, 3)));
    }

    private static (int Level, int Proposed, string Because) Said(SurgePicture picture) => (picture.Level, picture.Proposal.Level, picture.Proposal.Because);
}
