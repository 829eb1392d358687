using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>A dated answer instead of waiting: offered, taken, given to a doctor before it is due, kept or missed. Nobody urgent is ever asked.</summary>
public sealed class PromiseTests
{
    [Theory, OnBothDatabases]
    public async Task Question_is_offered_a_date_at_level_two_takes_it_and_reads_the_answer_in_time(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var person = await (await Caller.PatientAsync(site, "想问问药怎么吃", answers: SurgeScene.Question)).InQueueWithPhoneAsync("13900003333");
        Assert.Equal(5, (await person.Look()).Urgency);
        clock.Advance(TimeSpan.FromMinutes(5));
        await SurgeScene.TurnedAsync(site, clock);
        Assert.Null((await person.Look()).Offer);

        await SurgeScene.SetAsync(site, 2);
        var offer = (await SurgeScene.OfferedAsync(person, clock)).Offer ?? throw new InvalidOperationException();
        Assert.True(offer.WrittenBy > offer.CallBackBy && offer.CallBackBy > clock.GetUtcNow());
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, await Told(site, "offered"));
        using var browser = Browser(site, person);
        Assert.Contains("不想一直等，可以选一样", await browser.GetStringAsync(new Uri($"/q/{person.Id}/waiting", UriKind.Relative)), StringComparison.Ordinal);

        var taken = await person.AnswerAsync(Promising.WrittenAnswer);
        Assert.Equal(("promised", Promising.WrittenAnswer, offer.WrittenBy), (taken.Bucket, taken.Promise?.What, taken.Promise?.By));
        Assert.Equal(taken.Version, (await person.AnswerAsync(Promising.WrittenAnswer)).Version);
        Assert.Equal(1, (await site.LedgerAsync()).Promised);
        Assert.Equal(1, await site.CountAsync("select count(*) from head where bucket = 'promised' and due_at = promised_by"));

        // Nobody waits: the doctor who comes on duty is given it at once, long before it is due.
        using var doctor = await Caller.DoctorAsync(site);
        var given = await doctor.Given(person.Id);
        Assert.Equal(offer.WrittenBy, given.Promise?.By);
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(0, await Told(site, "turn"));
        await doctor.Post<ConsultationView>($"{person.Consultation}/advice", new AdviceBody(given.Epoch, Disposition.D5, "问药", "照说明书吃，不要两种一起吃", Close: true));
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, await Told(site, "answered"));
        Assert.Contains("照说明书吃", await browser.GetStringAsync(new Uri($"/q/{person.Id}/advice", UriKind.Relative)), StringComparison.Ordinal);
        var kept = await site.Surges().Kept(clock.GetUtcNow().AddDays(-1), clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal((1, 1, 0, 0), (kept.Offered, kept.InTime, kept.Late, kept.Missed));
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_declines_stays_in_place_is_not_asked_again_and_whoever_took_it_may_come_back(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        using var declines = await SurgeScene.AskAsync(site);
        using var returns = await SurgeScene.AskAsync(site);
        var arrived = (await returns.Look()).ArrivedAt;
        await SurgeScene.OfferedAsync(declines, clock);
        Assert.Null((await returns.Until(c => c.Offer is not null)).Offer?.CallBackBy);
        var stays = await declines.AnswerAsync("wait");
        Assert.Equal(("waiting", true), (stays.Bucket, stays.Offer?.Answered));
        Assert.Equal((HttpStatusCode.Conflict, "offer_over"), await declines.Refused(HttpMethod.Post, $"{declines.Consultation}/offer", new OfferBody(Promising.WrittenAnswer)));

        Assert.Equal("promised", (await returns.AnswerAsync(Promising.WrittenAnswer)).Bucket);
        var back = await returns.AnswerAsync("wait");
        Assert.Equal(("waiting", arrived), (back.Bucket, back.ArrivedAt));
        Assert.Null(back.Promise);
        clock.Advance(TimeSpan.FromMinutes(10));
        await SurgeScene.TurnedAsync(site, clock);
        Assert.Equal(2, await site.CountAsync("select count(*) from fact where kind = 'offered'"));
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory, OnBothDatabases]
    public async Task Urgent_people_are_never_offered_a_date_and_whoever_gets_worse_is_in_the_line_again(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 4);
        using var urgent = await SurgeScene.AskAsync(site, SurgeScene.Fever);
        using var person = await SurgeScene.AskAsync(site);
        Assert.True((await urgent.Look()).Urgency <= 3);
        await SurgeScene.OfferedAsync(person, clock);
        var arrived = (await person.AnswerAsync(Promising.WrittenAnswer)).ArrivedAt;
        await person.Put<Stored>($"{person.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody("现在喘不上气，嘴唇发紫"));
        var worse = await person.Look();
        Assert.Equal(("waiting", 1, arrived), (worse.Bucket, worse.Urgency, worse.ArrivedAt));
        Assert.Null(worse.Promise);
        Assert.Null((await urgent.Look()).Offer);
        Assert.Equal((HttpStatusCode.Conflict, "offer_over"), await person.Refused(HttpMethod.Post, $"{person.Consultation}/offer", new OfferBody(Promising.WrittenAnswer)));
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(person.Id);
        await doctor.Given(urgent.Id);
    }

    [Theory, OnBothDatabases]
    public async Task Missed_promise_is_an_entry_that_escalates_and_is_counted(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        using var person = await SurgeScene.AskAsync(site);
        await SurgeScene.OfferedAsync(person, clock);
        var by = (await person.AnswerAsync(Promising.WrittenAnswer)).Promise?.By ?? default;
        var overdue = site.Services.GetRequiredService<TellOverdue>();
        await overdue.Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(0, await site.CountAsync("select count(*) from worklist"));

        clock.Advance(by - clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        await overdue.Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None);
        await overdue.Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'promise_missed' and escalated = 0"));
        Assert.Equal(1, (await site.Surges().Kept(clock.GetUtcNow().AddDays(-1), clock.GetUtcNow(), CancellationToken.None)).Missed);
        using var browser = Browser(site, person);
        // Nothing is said of ringing whoever has left no number.
        var told = await browser.GetStringAsync(new Uri($"/q/{person.Id}/waiting", UriKind.Relative));
        Assert.Contains("<span class=\"big\">约好的时间过了", told, StringComparison.Ordinal);
        Assert.Contains("会找医生答复您</p>", told, StringComparison.Ordinal);
        Assert.Contains("等不及，可以打专线", told, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromMinutes(31));
        await overdue.Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where kind = 'promise_missed' and escalated = 1"));

        using var doctor = await Caller.DoctorAsync(site);
        var given = await doctor.Given(person.Id);
        await doctor.Put<Stored>($"{person.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("让您久等了，照说明书吃", given.Epoch));
        var kept = await site.Surges().Kept(clock.GetUtcNow().AddDays(-1), clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal((0, 1, 0), (kept.InTime, kept.Late, kept.Missed));
    }

    [Theory, OnBothDatabases]
    public async Task Promise_goes_to_a_doctor_before_it_is_due_also_while_others_wait_and_survives_a_hand_over(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        using var person = await SurgeScene.AskAsync(site);
        await SurgeScene.OfferedAsync(person, clock);
        var by = (await person.AnswerAsync(Promising.WrittenAnswer)).Promise?.By ?? default;
        // Who is in the line may be had by the doctor, who has no seat: the answer that is not due has to wait.
        using var busy = await SurgeScene.AskAsync(site);
        using var waits = await SurgeScene.AskAsync(site);
        using var doctor = await Caller.DoctorAsync(site, langs: "zh", seats: 1);
        await SurgeScene.TurnedAsync(site, clock);
        Assert.Equal("promised", (await person.Look()).Bucket);

        await SilenceTests.MoveAsync(clock, doctor, by - clock.GetUtcNow() - TimeSpan.FromMinutes(89));
        // Whoever has worked so long is spared; somebody rested comes.
        await doctor.Post<JsonElement>("/api/v1/duty", new { state = "off", seats = 5 });
        using var rested = await Caller.DoctorAsync(site, 2, langs: "zh");
        var given = await rested.Given(person.Id);
        await rested.Post<Stored>($"{person.Consultation}/hand-over", new HandOverBody("请别的医生答"));
        var open = await person.Until(c => c.Bucket is "promised" or "in_consultation");
        Assert.Equal(by, open.Promise?.By);
        Assert.Equal(given.Epoch + 1, (await rested.Given(person.Id)).Epoch);
        Assert.True((await site.LedgerAsync()).Holds);
    }

    private static HttpClient Browser(TestSite site, Caller person)
    {
        var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={person.Token}");
        return browser;
    }

    private static async Task<int> Told(TestSite site, string kind)
    {
        await site.Services.GetRequiredService<TellTurn>().Tell(site.Services.GetRequiredService<TimeProvider>().GetUtcNow(), near: true, CancellationToken.None);
        using var looker = new Caller(site);
        return (await looker.Get<OutboxView[]>("/demo/outbox.json")).Count(m => m.Kind == kind);
    }
}
