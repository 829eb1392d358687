using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Consultations;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Information;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>Whoever holds a date does not wait: in whose order their answer comes, and in which figures it does not.</summary>
public sealed class DatedAnswerTests
{
    /// <summary>A doctor looks, and it need not be now.</summary>
    internal static readonly string Mild = SurgeScene.Question.Replace("symptoms=none", "symptoms=diarrhoea", StringComparison.Ordinal);

    /// <summary>Says a sign and nothing of all that: somebody asks soon what is true.</summary>
    internal static readonly string Unclear = SurgeScene.Question.Replace("symptoms=none", "symptoms=none|sore_throat", StringComparison.Ordinal);

    [Theory, OnBothDatabases]
    public async Task Overdue_answer_goes_before_whoever_is_like_it_and_never_before_the_urgent(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        using var dated = await SurgeScene.AskAsync(site, Mild);
        await SurgeScene.OfferedAsync(dated, clock);
        var by = (await dated.AnswerAsync(Promising.WrittenAnswer)).Promise?.By ?? default;

        clock.Advance(by.AddHours(2) - clock.GetUtcNow());
        using var like = await SurgeScene.AskAsync(site, Mild);
        using var urgent = await SurgeScene.AskAsync(site, Unclear);
        Assert.Equal((4, 4, 3), ((await dated.Look()).Urgency, (await like.Look()).Urgency, (await urgent.Look()).Urgency));
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        foreach (var next in new[] { urgent, dated, like })
        {
            var given = await doctor.Given(next.Id);
            if (next == urgent)
            {
                // Whose date is due stands before them, and is counted.
                Assert.Contains("<span class=\"big\">1 人", await NoticeScene.Browser(site, like).ReadAsync($"/q/{like.Id}/waiting", HttpStatusCode.OK), StringComparison.Ordinal);
            }

            await doctor.Post<ConsultationView>($"{next.Consultation}/advice", new AdviceBody(given.Epoch, Disposition.D3, "看过了", "按说的做", Close: true));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_gives_up_a_date_has_the_place_of_the_arrival_among_those_as_urgent_and_stands_before_nobody_more_urgent(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        using var back = await SurgeScene.AskAsync(site, Mild);
        await SurgeScene.OfferedAsync(back, clock);
        await back.AnswerAsync(Promising.WrittenAnswer);

        clock.Advance(TimeSpan.FromHours(2));
        using var like = await SurgeScene.AskAsync(site, Mild);
        using var urgent = await SurgeScene.AskAsync(site, Unclear);
        await back.AnswerAsync("wait");
        Assert.Equal((4, 4, 3), ((await back.Look()).Urgency, (await like.Look()).Urgency, (await urgent.Look()).Urgency));
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        foreach (var next in new[] { urgent, back, like })
        {
            var given = await doctor.Given(next.Id);
            if (next == urgent)
            {
                Assert.Contains("前面大约</p><span class=\"big\">没有人，下一个是您", await NoticeScene.Browser(site, back).ReadAsync($"/q/{back.Id}/waiting", HttpStatusCode.OK), StringComparison.Ordinal);
            }

            await doctor.Post<ConsultationView>($"{next.Consultation}/advice", new AdviceBody(given.Epoch, Disposition.D3, "看过了", "按说的做", Close: true));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Only_whoever_says_that_they_wait_gives_up_a_date_and_not_whoever_leaves_a_number_or_asks_twice(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        using var person = await SurgeScene.AskAsync(site);
        await SurgeScene.OfferedAsync(person, clock);
        var promise = (await person.AnswerAsync(Promising.WrittenAnswer)).Promise;
        await person.Post<Stored>($"{person.Consultation}/queue", new { });
        var browser = NoticeScene.Browser(site, person);
        Assert.Contains("您的位置已经保留", await browser.ReadAsync($"/q/{person.Id}/contact", HttpStatusCode.OK), StringComparison.Ordinal);
        Assert.Equal($"/q/{person.Id}/contact/code", (await browser.SendAsync($"/q/{person.Id}/contact", $"/q/{person.Id}/contact", ("phone", "13900003333"))).Location);
        Assert.Contains("位置已经保留", await browser.ReadAsync($"/q/{person.Id}/contact/code", HttpStatusCode.OK), StringComparison.Ordinal);
        var now = await person.Look();
        Assert.Equal(("promised", promise?.By), (now.Bucket, now.Promise?.By));
        Assert.Equal("waiting", (await person.AnswerAsync("wait")).Bucket);
    }

    [Theory, OnBothDatabases]
    public async Task Date_is_reckoned_from_when_somebody_comes_who_may_answer_and_none_is_offered_where_nobody_does(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        using var staff = await SurgeScene.OperatorAsync(site);
        await staff.Post<RosterAnswer>("/api/v1/roster", new { csv = "clinician,organisation,people,date,from,to,skills,langs\n,示例市第一医院,2,2020-01-26,20:00,23:00,fever|general,zh" });
        using var person = await SurgeScene.AskAsync(site);
        using var foreigner = await (await Caller.PatientAsync(site, "想问问药怎么吃", answers: SurgeScene.Question, lang: "en")).InQueueAsync();
        var offer = (await SurgeScene.OfferedAsync(person, clock)).Offer;
        // Nobody is on duty. A question has its answer six hours after the doctors come at eight in the evening, and not six hours from now.
        Assert.Equal(new DateTimeOffset(2020, 1, 27, 2, 0, 0, TimeSpan.FromHours(8)), offer?.WrittenBy);
        await SurgeScene.TurnedAsync(site, clock);
        Assert.Null((await foreigner.Look()).Offer);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'offered'"));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_waits_for_a_language_that_nobody_here_speaks_keeps_no_doctor_from_writing_what_was_promised(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        using var person = await SurgeScene.AskAsync(site);
        await SurgeScene.OfferedAsync(person, clock);
        await person.AnswerAsync(Promising.WrittenAnswer);
        using var foreigner = await (await Caller.PatientAsync(site, "想问问药怎么吃", answers: SurgeScene.Question, lang: "en")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site, langs: "zh");
        await doctor.Given(person.Id);
        Assert.Equal("waiting", (await foreigner.Look()).Bucket);
    }

    [Theory, OnBothDatabases]
    public async Task Hours_until_a_dated_answer_are_no_wait_that_others_are_told_of(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        var people = new List<Caller>();
        for (var n = 0; n < 11; n++)
        {
            people.Add(await SurgeScene.AskAsync(site));
            await SurgeScene.OfferedAsync(people[n], clock);
            await people[n].AnswerAsync(Promising.WrittenAnswer);
        }

        clock.Advance(TimeSpan.FromHours(2));
        using var doctor = await Caller.DoctorAsync(site);
        using var second = await Caller.DoctorAsync(site, 2);
        using var third = await Caller.DoctorAsync(site, 3);
        foreach (var person in people)
        {
            await person.Until(c => c.Bucket == "in_consultation");
        }

        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Null((await site.Services.GetRequiredService<Waits>().Now("wuhan", clock.GetUtcNow(), CancellationToken.None)).Range);
        using var staff = await SurgeScene.OperatorAsync(site);
        Assert.Equal(0, (await staff.Get<SurgePicture>("/api/v1/surge")).Effect?.Lines.Sum(l => l.TakenSince));
        people.ForEach(p => p.Dispose());
    }

    [Theory, OnBothDatabases]
    public async Task Choosing_when_the_time_is_over_says_so_and_that_the_place_has_not_changed(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        using var person = await SurgeScene.AskAsync(site);
        var until = (await SurgeScene.OfferedAsync(person, clock)).Offer?.Until ?? default;
        using var browser = NoticeScene.Browser(site, person);
        clock.Advance(until - clock.GetUtcNow());
        var (status, location, _) = await browser.SendAsync($"/q/{person.Id}/waiting", $"/q/{person.Id}/offer", ("answer", Promising.WrittenAnswer));
        Assert.Equal(HttpStatusCode.SeeOther, status);
        Assert.Contains("这个约定现在选不了了。您的位置没有变，接着等就行。", await browser.ReadAsync(location ?? ""), StringComparison.Ordinal);
        Assert.DoesNotContain("选不了了", await browser.ReadAsync($"/q/{person.Id}/waiting"), StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'promised'"));
        Assert.Equal("waiting", (await person.Look()).Bucket);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_holds_a_date_is_not_said_to_wait(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        using var dated = await SurgeScene.AskAsync(site);
        await SurgeScene.OfferedAsync(dated, clock);
        await dated.AnswerAsync(Promising.WrittenAnswer);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var why = WebUtility.HtmlDecode(await staff.ReadAsync($"/staff/surge/why?n={dated.Id[^6..]}"));
        Assert.Contains("选了约时间答复，现在没有在候诊", why, StringComparison.Ordinal);
        Assert.DoesNotContain("还没有医生接", why, StringComparison.Ordinal);
        using var browser = NoticeScene.Browser(site, dated);
        Assert.DoesNotContain("有更急的人来，会先看他", await browser.ReadAsync($"/q/{dated.Id}/waiting"), StringComparison.Ordinal);
    }
}
