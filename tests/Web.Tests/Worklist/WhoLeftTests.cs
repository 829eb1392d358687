using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Worklist;

/// <summary>Whoever goes before anybody has helped them is contacted: at a stored time, by a person, and what came of it is a fact.</summary>
public sealed class WhoLeftTests
{
    private const string Number = "13900003333";
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

        clock.Advance(TimeSpan.FromHours(25));
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var board = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/board"));
        Assert.Contains("要联系的人 1", board, StringComparison.Ordinal);
        Assert.Contains($"编号 {patient.Id[^6..]}", board, StringComparison.Ordinal);
        Assert.Contains("超过时间", board, StringComparison.Ordinal);
        var list = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/left"));
        Assert.Contains($"/staff/left/{patient.Id}", list, StringComparison.Ordinal);
        Assert.DoesNotContain(Number, list, StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from access"));

        var one = WebUtility.HtmlDecode(await staff.ReadAsync($"/staff/left/{patient.Id}"));
        Assert.Contains(Number, one, StringComparison.Ordinal);
        Assert.DoesNotContain(Story, one, StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from access where purpose = 'contact'"));
        for (var twice = 0; twice < 2; twice++)
        {
            await staff.SendAsync($"/staff/left/{patient.Id}", $"/staff/left/{patient.Id}/attempt", ("attempt", "1"), ("came", "not_reached"));
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'contact_attempted' and reason = 'not_reached' and due_at is not null"));
        var reached = await staff.SendAsync($"/staff/left/{patient.Id}", $"/staff/left/{patient.Id}/attempt", ("attempt", "2"), ("came", "reached"));
        Assert.Equal((HttpStatusCode.SeeOther, "/staff/left"), (reached.Status, reached.Location));
        Assert.DoesNotContain($"/staff/left/{patient.Id}", await staff.ReadAsync("/staff/left"), StringComparison.Ordinal);
        await staff.ReadAsync($"/staff/left/{patient.Id}", HttpStatusCode.NotFound);
        Assert.Equal(2, await site.CountAsync("select count(*) from fact where kind = 'contact_attempted' and actor like 'operator:%'"));
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
        await staff.ReadAsync($"/staff/left/{patient.Id}", HttpStatusCode.NotFound);
        await patient.Post<Stored>($"{patient.Consultation}/close", new { });
        await doctor.ReadAsync($"/staff/left/{patient.Id}", HttpStatusCode.NotFound);
        await nobody.ReadAsync($"/staff/left/{patient.Id}", HttpStatusCode.Redirect);
        Assert.Contains(Number, await staff.ReadAsync($"/staff/left/{patient.Id}"), StringComparison.Ordinal);

        var theirs = await site.CountAsync("select count(*) from organisation where province = '33'");
        Assert.Equal(1, theirs);
        await site.RunAsync($"update staff set organisation = (select id from organisation where province = '33') where login = 'operator'");
        await staff.ReadAsync($"/staff/left/{patient.Id}", HttpStatusCode.NotFound);
        Assert.DoesNotContain(patient.Id, await staff.ReadAsync("/staff/left"), StringComparison.Ordinal);
        Assert.Equal(DemoCampaign.Slug, (await patient.Look()).Campaign);
    }
}
