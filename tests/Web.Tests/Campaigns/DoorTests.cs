using System.Net;
using System.Text.Json;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>At the door, before anything about health is stored: whoever presses Start is counted once, by what they really did.</summary>
public sealed class DoorTests
{
    private static readonly (string, string)[] Evening =
    [
        ("slug", "fever"), ("name_zh", "发热义诊"), ("name_en", "Fever advice"), ("owner_zh", "卫健委"), ("owner_en", "Health commission"), ("purpose_zh", "发热先问医生"), ("purpose_en", "Fever: ask first"),
        ("covers_zh", "在湖北的人"), ("covers_en", "People in Hubei"), ("regions", "420000"), ("from", "08:00"), ("to", "10:00"), ("hotline", "027-123"), ("numbers", "120"), ("rules_date", ""),
    ];

    [Theory, OnBothDatabases]
    public async Task Whoever_presses_start_at_a_closed_campaign_is_turned_back_once_and_told_where_to_go(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var doctor = await Caller.DoctorAsync(site);
        await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", Evening);
        using var person = Operator.Nobody(site);
        Assert.Equal(HttpStatusCode.NotFound, (await person.Browser.PostAsync(new Uri("/api/v1/campaigns/fever/start", UriKind.Relative), null)).StatusCode);
        Assert.Equal(0, (await site.LedgerAsync()).Arrived);
        await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever/open");
        Assert.Contains("/c/fever/start", await person.ReadAsync("/c/fever"), StringComparison.Ordinal);
        await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever/close");

        var pressed = await person.SendAsync("/c/fever", "/c/fever/start");
        Assert.Equal(HttpStatusCode.SeeOther, pressed.Status);
        for (var reload = 0; reload < 2; reload++)
        {
            var page = WebUtility.HtmlDecode(await person.ReadAsync(pressed.Location ?? ""));
            Assert.Contains("没有排上", page, StringComparison.Ordinal);
            Assert.Contains("已经结束", page, StringComparison.Ordinal);
            Assert.Contains("打 120", page, StringComparison.Ordinal);
            Assert.Contains("027-123", page, StringComparison.Ordinal);
            Assert.Contains("href=\"/c/wuhan\"", page, StringComparison.Ordinal);
        }

        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((1, 1, 0), (ledger.Arrived, ledger.TurnedBack, ledger.AtDoor));
        Assert.Equal(1, await site.CountAsync("select count(*) from door where turned_back = 'campaign_closed:campaigns'"));
        Assert.Equal(0, await site.CountAsync("select count(*) from account"));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_comes_outside_the_hours_is_turned_back_and_the_same_device_counts_once(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var doctor = await Caller.DoctorAsync(site);
        await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", Evening);
        await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever/open");
        using var known = await Caller.PatientAsync(site, "咳嗽");
        clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal((HttpStatusCode.Conflict, "campaign_not_open"), await known.Refused(HttpMethod.Post, "/api/v1/campaigns/fever/start", new { }));
        Assert.Equal((HttpStatusCode.Conflict, "campaign_not_open"), await known.Refused(HttpMethod.Post, "/api/v1/campaigns/fever/start", new { }));
        using var person = Operator.Nobody(site, "en");
        var page = WebUtility.HtmlDecode(await person.ReadAsync("/c/fever"));
        Assert.Contains("Not open at this hour", page, StringComparison.Ordinal);
        Assert.DoesNotContain("You were not put in the queue", page, StringComparison.Ordinal);
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((2, 1, 1), (ledger.Arrived, ledger.Opened, ledger.TurnedBack));
        Assert.Equal(1, await site.CountAsync("select count(*) from door where turned_back = 'outside_hours:campaigns'"));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_reads_the_consent_is_at_the_door_until_half_an_hour_without_a_step(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var api = new Caller(site);
        var started = await api.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { });
        api.Holds(started.GetProperty("token").GetString() ?? "");
        var id = started.GetProperty("consultation").GetString();
        using var person = new Operator(site.NewPerson());
        person.Browser.DefaultRequestHeaders.Authorization = new("Bearer", api.Token);

        clock.Advance(TimeSpan.FromMinutes(20));
        await person.ReadAsync($"/q/{id}/consent");
        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal((1, 0), await AtDoorAsync(site));
        await person.SendAsync($"/q/{id}/consent", $"/q/{id}/consent", ("agree", "advice"), ("agree", "share"), ("agree", "keep"));
        clock.Advance(TimeSpan.FromMinutes(20));
        var missing = new Consent(started.GetProperty("consent_version").GetString() ?? "", true, true, false, false, false, false);
        Assert.Equal("consent_missing", (await api.Refused(HttpMethod.Post, $"/api/v1/consultations/{id}/opening", new OpeningBody(Relation.Self, missing, "zh", null))).Code);
        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal((1, 0), await AtDoorAsync(site));
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal((0, 1), await AtDoorAsync(site));

        await api.Post<ConsultationView>($"/api/v1/consultations/{id}/opening", new OpeningBody(Relation.Self, missing with { Keep = true }, "zh", null));
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((1, 1, 0, 0), (ledger.Arrived, ledger.Opened, ledger.AtDoor, ledger.WentAway));
    }

    private static async Task<(long AtDoor, long WentAway)> AtDoorAsync(TestSite site)
    {
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        return (ledger.AtDoor, ledger.WentAway);
    }
}
