using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Consultations;
using Yizhen.Web.Information;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Information;

/// <summary>Whom a notice is for is written down in steps: who that is was settled when it was sent, whatever moves on or stops meanwhile.</summary>
public sealed class NoticeStepsTests
{
    [Theory, OnBothDatabases]
    public async Task Stopped_in_the_middle_of_its_list_it_goes_on_where_it_was_and_tells_who_was_meant_when_it_was_sent(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var clock = TestClock.InJanuary2020();
        await using (var first = await NoticeScene.StartStillAsync(database, clock))
        {
            foreach (var _ in Enumerable.Range(0, 4))
            {
                using var advised = await Caller.PatientAsync(first, "有点干咳", answers: RecheckTests.Mild);
                await advised.Post<ConsultationView>($"{advised.Consultation}/triage", new { });
            }

            using var waits = await (await Caller.PatientAsync(first, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
            using var asked = await Caller.PatientAsync(first, "有点干咳", answers: RecheckTests.Mild);
            await NoticeScene.SendAsync(first, clock);
            Assert.Equal((true, 0, 0), await NoticeScene.LookAsync(first, clock));
            var (listed, told) = await ListedAsync(first);
            Assert.InRange(listed, 1, 2);
            Assert.Equal(0, told);
            using var staff = await Operator.SignInAsync(first, clock.GetUtcNow());
            var progress = await NoticeScene.Progress(first, staff);
            Assert.Equal((true, listed, 0), (progress.Choosing, progress.Chosen, progress.Told));
            Assert.Contains($"正在写名单：已写下 {listed} 人", WebUtility.HtmlDecode(await staff.ReadAsync(NoticeScene.Here)), StringComparison.Ordinal);

            // Meanwhile one is advised who was not yet, and another comes.
            clock.Advance(TimeSpan.FromMinutes(1));
            await asked.Post<ConsultationView>($"{asked.Consultation}/triage", new { });
            using var late = await (await Caller.PatientAsync(first, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        }

        await using var second = await NoticeScene.StartStillAsync(database, clock);
        await NoticeScene.LookUntilAsync(second, clock, "select count(*) from notice_to where state = 'page'", 5);
        Assert.False((await NoticeScene.LookAsync(second, clock)).More);
        Assert.Equal((5, 5), await ListedAsync(second));
        Assert.Equal(5, await second.CountAsync("select count(*) from (select distinct consultation from fact where kind = 'notice_given') as told"));
        using var again = await Operator.SignInAsync(second, clock.GetUtcNow());
        var done = await NoticeScene.Progress(second, again);
        Assert.Equal((false, 5, 5, 0), (done.Choosing, done.Chosen, done.Told, done.Due));
        Assert.Null((await second.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Two_nodes_at_once_write_everybody_down_once_and_a_notice_stopped_half_way_tells_nobody(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var clock = TestClock.InJanuary2020();
        await using var site = await NoticeScene.StartStillAsync(database, clock);
        foreach (var _ in Enumerable.Range(0, 5))
        {
            using var advised = await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild);
            await advised.Post<ConsultationView>($"{advised.Consultation}/triage", new { });
        }

        await NoticeScene.SendAsync(site, clock);
        var choose = site.Services.GetRequiredService<ChooseNotice>();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => choose.Go(clock.GetUtcNow(), CancellationToken.None)));
        Assert.Equal((2, 0), await ListedAsync(site, either: 4));
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var notice = (await NoticeScene.Progress(site, staff)).Notice;
        Assert.Equal(NoticeScene.Here, (await staff.SendAsync(NoticeScene.Here, $"{NoticeScene.Here}/{notice}/stop")).Location);
        Assert.Equal((false, 0, 0), await NoticeScene.LookAsync(site, clock));
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'notice_given'"));
        Assert.Contains("名单只写到一半", WebUtility.HtmlDecode(await staff.ReadAsync(NoticeScene.Here)), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Notice_that_is_stopped_tells_nobody_of_the_batch_that_was_read_before(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var clock = TestClock.InJanuary2020();
        await using var site = await NoticeScene.StartStillAsync(database, clock);
        using var waits = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        await NoticeScene.SendAsync(site, clock);
        while ((await site.CountAsync("select count(*) from notice where whole_at is null")) > 0)
        {
            await site.Services.GetRequiredService<ChooseNotice>().Go(clock.GetUtcNow(), CancellationToken.None);
        }

        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var notice = (await NoticeScene.Progress(site, staff)).Notice;
        await staff.SendAsync(NoticeScene.Here, $"{NoticeScene.Here}/{notice}/stop");
        // As a batch that was read a moment before the stop still holds them: due.
        await site.RunAsync("update notice_to set state = 'due'");
        await NoticeScene.LookAsync(site, clock);
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'notice_given'"));
        Assert.Equal(0, await site.CountAsync("select count(*) from worklist where kind = 'notice'"));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Number_of_another_organisations_notice_is_a_conflict(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var clock = TestClock.InJanuary2020();
        await using var site = await NoticeScene.StartStillAsync(database, clock);
        using var waits = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        await NoticeScene.SendAsync(site, clock);
        await site.RunAsync($"update notice set organisation = '{Guid.Empty}'");
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var api = new Caller(site);
        api.Holds(staff.Browser.DefaultRequestHeaders.Authorization?.Parameter ?? "");
        await using var rows = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var theirs = (await rows.Set<NoticeRow>().SingleAsync()).Id;

        Assert.Empty(await api.Get<List<NoticeProgress>>("/api/v1/notices"));
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await api.Refused(HttpMethod.Put, $"/api/v1/notices/{Base32.Write(theirs)}", new { text = new { zh = "一", en = "one" }, why = "x", waiting = true, counted = 1 }));
        Assert.Equal(1, await site.CountAsync("select count(*) from notice"));
    }

    /// <summary>Rows of the list, and how many were told.</summary>
    /// <param name="either">Two steps at once may have been one after the other.</param>
    private static async Task<(long Rows, long Told)> ListedAsync(TestSite site, long either = -1)
    {
        var rows = await site.CountAsync("select count(*) from notice_to");
        return (rows == either ? rows / 2 : rows, await site.CountAsync("select count(*) from fact where kind = 'notice_given'"));
    }
}
