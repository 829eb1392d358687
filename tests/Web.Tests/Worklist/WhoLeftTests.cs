using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Tests.Worklist;

/// <summary>Whoever goes before anybody has helped them is contacted: at a stored time, by a person, and what came of it is a fact.</summary>
public sealed class WhoLeftTests
{
    private const string Number = "13900003333";
    private const string Standby = "+8613900009999";
    private const string Story = "咳嗽两天，只有医生能看";

    [Theory, OnBothDatabases]
    public async Task Whoever_leaves_the_queue_or_a_held_place_or_a_silent_doctor_is_due_to_be_contacted(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var rules = site.Services.GetRequiredService<DispatchRules>();
        using var held = await (await Caller.PatientAsync(site, Story)).InQueueWithPhoneAsync("13900001111");
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        await doctor.Put<Stored>($"{held.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("坐着喘不喘？", (await doctor.Given(held.Id)).Epoch));
        for (var waited = TimeSpan.Zero; waited <= TimeSpan.FromMilliseconds(rules.PatientSilentMs); waited += TimeSpan.FromSeconds(30))
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            await doctor.Send(HttpMethod.Post, "/api/v1/duty/alive");
        }

        await held.Until(c => c.Bucket == "on_hold");
        using var unheard = await (await Caller.PatientAsync(site, Story)).InQueueWithPhoneAsync("13900002222");
        await doctor.Given(unheard.Id);
        using var waiting = await (await Caller.PatientAsync(site, Story)).InQueueWithPhoneAsync(Number);
        using var unreachable = await (await Caller.PatientAsync(site, Story)).InQueueAsync();

        foreach (var person in new[] { held, unheard, waiting, unreachable, waiting })
        {
            await person.Post<Stored>($"{person.Consultation}/close", new { });
            Assert.Equal("left", (await person.Look()).Bucket);
        }

        Assert.Equal(3, await site.CountAsync($"select count(*) from head where bucket = 'left' and due_at > {clock.GetUtcNow().ToUnixTimeMilliseconds()}"));
        Assert.Equal(3, await site.CountAsync("select count(*) from fact where kind = 'left' and reason = 'withdrew'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'left' and reason = 'no_contact' and due_at is null"));
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((4, 0), (ledger.Left, ledger.Served));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Operator_sees_who_is_due_reads_the_number_on_the_record_and_says_what_came_of_it(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, Story)).InQueueWithPhoneAsync(Number);
        using var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
        var asked = WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{patient.Id}/close"));
        Assert.Contains("会有人打您的电话", asked, StringComparison.Ordinal);
        Assert.Equal("/mine", (await browser.SendAsync($"/q/{patient.Id}/close", $"/q/{patient.Id}/close")).Location);

        var due = await site.CountAsync("select due_at from head where bucket = 'left'");
        clock.Advance(TimeSpan.FromHours(25));
        var overdue = site.Services.GetRequiredService<TellOverdue>();
        await Task.WhenAll(overdue.Tell(Standby, clock.GetUtcNow(), CancellationToken.None), overdue.Tell(Standby, clock.GetUtcNow(), CancellationToken.None));
        await overdue.Tell(Standby, clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(due, await site.CountAsync("select due_at from worklist where kind = 'left_unhelped' and role = 'operator'"));
        var rung = Assert.Single(await RecheckTests.OutboxAsync(site, TellOverdue.Kind));
        Assert.Contains(patient.Id[^6..], rung, StringComparison.Ordinal);

        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var board = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/board"));
        Assert.Contains("待办 1", board, StringComparison.Ordinal);
        Assert.Contains($"编号 {patient.Id[^6..]}", board, StringComparison.Ordinal);
        Assert.Contains("超过时间", board, StringComparison.Ordinal);
        Assert.DoesNotContain("/staff/left", board, StringComparison.Ordinal);
        foreach (var old in new[] { "/staff/left", $"/staff/left/{patient.Id}" })
        {
            using var moved = await staff.Browser.GetAsync(new Uri(old, UriKind.Relative));
            Assert.Equal((HttpStatusCode.SeeOther, "/staff/worklist"), (moved.StatusCode, moved.Headers.Location?.OriginalString));
        }

        var list = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/worklist"));
        Assert.Contains($"没等到医生就走了 {patient.Id[^6..]}", list, StringComparison.Ordinal);
        Assert.DoesNotContain(Number, list, StringComparison.Ordinal);
        var entry = Entry(list);
        Assert.DoesNotContain(Number, await staff.ReadAsync(entry), StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from access"));
        await staff.SendAsync(entry, $"{entry}/take");
        var one = WebUtility.HtmlDecode(await staff.ReadAsync(entry));
        Assert.Contains(Number, one, StringComparison.Ordinal);
        Assert.DoesNotContain(Story, one, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"NotNeeded\"", one, StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from access where purpose = 'worklist'"));
        Assert.Equal(HttpStatusCode.BadRequest, (await staff.SendAsync(entry, $"{entry}/done", ("came", "NotNeeded"))).Status);
        Assert.Equal((HttpStatusCode.SeeOther, "/staff/worklist"), Where(await staff.SendAsync(entry, $"{entry}/done", ("came", "NotReached"), ("note", "关机"))));
        await staff.ReadAsync(entry, HttpStatusCode.NotFound);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'contact_attempted' and reason = 'not_reached' and due_at is not null"));

        await overdue.Tell(null, clock.GetUtcNow(), CancellationToken.None);
        var again = Entry(await staff.ReadAsync("/staff/worklist"));
        Assert.NotEqual(entry, again);
        await staff.SendAsync(again, $"{again}/take");
        Assert.Equal((HttpStatusCode.SeeOther, "/staff/worklist"), Where(await staff.SendAsync(again, $"{again}/done", ("came", "Reached"))));
        await overdue.Tell(null, clock.GetUtcNow(), CancellationToken.None);
        Assert.Contains("现在没有待办", WebUtility.HtmlDecode(await staff.ReadAsync("/staff/worklist")), StringComparison.Ordinal);
        Assert.Equal(2, await site.CountAsync("select count(*) from fact where kind = 'contact_attempted' and actor like 'operator:%'"));
        Assert.Equal(2, await site.CountAsync("select count(*) from fact where kind = 'entry_seen_to'"));
        Assert.Empty(await site.RowsHoldingAsync("关机"));
        Assert.Equal(0, await site.CountAsync("select count(*) from head where due_at is not null"));
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((1, 1), (ledger.Opened, ledger.Left));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_but_the_operator_of_the_same_organisation_reads_the_number(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var doctor = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor1");
        using var nobody = Operator.Nobody(site);
        using var patient = await (await Caller.PatientAsync(site, Story)).InQueueWithPhoneAsync(Number);
        await patient.Post<Stored>($"{patient.Consultation}/close", new { });
        await site.Services.GetRequiredService<TellOverdue>().Tell(null, clock.GetUtcNow(), CancellationToken.None);
        var entry = Entry(await staff.ReadAsync("/staff/worklist"));
        await staff.SendAsync(entry, $"{entry}/take");
        await doctor.ReadAsync(entry, HttpStatusCode.NotFound);
        Assert.DoesNotContain(entry, await doctor.ReadAsync("/staff/worklist"), StringComparison.Ordinal);
        await nobody.ReadAsync(entry, HttpStatusCode.Redirect);
        await nobody.ReadAsync("/staff/left", HttpStatusCode.Redirect);
        Assert.Contains(Number, await staff.ReadAsync(entry), StringComparison.Ordinal);

        var theirs = await site.CountAsync("select count(*) from organisation where province = '33'");
        Assert.Equal(1, theirs);
        await site.RunAsync($"update staff set organisation = (select id from organisation where province = '33') where login = 'operator'");
        await staff.ReadAsync(entry, HttpStatusCode.NotFound);
        Assert.DoesNotContain(entry, await staff.ReadAsync("/staff/worklist"), StringComparison.Ordinal);
        Assert.Equal(DemoCampaign.Slug, (await patient.Look()).Campaign);
    }

    private static string Entry(string list) => "/staff/worklist/" + list.Split("/staff/worklist/")[^1].Split('"')[0];

    private static (HttpStatusCode Status, string? Location) Where((HttpStatusCode Status, string? Location, string Page) answer) => (answer.Status, answer.Location);
}
