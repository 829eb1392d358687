using System.Net;
using System.Text.Json;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>Whoever waits is told of those on duty what the operators are told and what dispatch decides by.</summary>
public sealed class SameSightTests
{
    private static readonly TimeSpan Strained = TimeSpan.FromMinutes(125);

    [Theory, OnBothDatabases]
    public async Task Page_operators_and_dispatch_see_the_same_of_a_doctor_who_is_lent_an_adviser_at_the_end_of_a_shift_and_tired(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await SurgeScene.OperatorAsync(site);
        using var lender = await SurgeScene.OperatorAsync(site, "operator2");
        var rule = await lender.Post<AidRuleView>("/api/v1/aid", new AidBody(0, 100, null, "wuhan", null, null, null, "都留给自己的患者"));
        using var doctor = await Caller.DoctorAsync(site, seats: 2);
        await SetAsync("organisation = (select organisation from staff where login = 'doctor4')");
        using var person = await SurgeScene.AskAsync(site);
        using var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={person.Token}");
        await SeenAsync("按约定留给他们自己的患者", new(0, 0, 0, 0, 0, 0, 0, Reserved: 1));

        // The surge ladder stands too low for advisers: they are not there for anybody.
        await SetAsync("role = 'HealthAdviser'");
        await lender.Post<AidRuleView>("/api/v1/aid/end", new AidEndBody(rule.Rule, rule.Version, "人手够了"));
        await SeenAsync("现在没有医生在岗", new(0, 0, 0, 0, 0, 0, 0));

        await staff.Post<RosterAnswer>("/api/v1/roster", new { csv = "clinician,date,from,to\nreplay-1,2020-01-26,08:55,09:06" });
        await SetAsync("role = 'Physician'");
        await SeenAsync("在休息，或快要下班了", new(0, 0, 0, 0, 0, 0, 0, ShiftEnds: 1));

        await BeganEarlierAsync(Strained);
        await SeenAsync("在休息，或快要下班了", new(0, 0, 0, 0, 0, 0, 0, Tired: 1));

        // Nothing else kept them from each other.
        await doctor.Post<JsonElement>($"/api/v1/shifts/{(await doctor.Get<JsonElement>("/api/v1/shifts"))[0].GetProperty("id").GetString()}", new { says = "stay" });
        await BeganEarlierAsync(-Strained);
        clock.Advance(TimeSpan.FromSeconds(31));
        await doctor.Given(person.Id);

        Task SetAsync(string what) => site.RunAsync($"update staff set {what} where login = 'replay-1'");

        async Task BeganEarlierAsync(TimeSpan by)
        {
            await site.RunAsync($"update journal set at = at - {(long)by.TotalMilliseconds} where kind = 'duty_on'");
            await site.RunAsync($"update duty set since = since - {(long)by.TotalMilliseconds}");
        }

        async Task SeenAsync(string words, Exclusions excluded)
        {
            clock.Advance(TimeSpan.FromSeconds(31));
            await doctor.Send(HttpMethod.Post, "/api/v1/duty/alive");
            await SurgeScene.TurnedAsync(site, clock);
            Assert.Equal("waiting", (await person.Look()).Bucket);
            Assert.Contains(words, WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri($"/q/{person.Id}/waiting", UriKind.Relative))), StringComparison.Ordinal);
            var why = await staff.Get<WaitedFor>($"/api/v1/waited/{person.Id[^6..]}");
            Assert.Equal((0, excluded), (why.Eligible, why.Excluded));
        }
    }
}
