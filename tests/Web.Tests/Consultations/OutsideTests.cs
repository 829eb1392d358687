using System.Net;
using System.Text.Json;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>Whom a campaign does not cover is asked about danger, sent somewhere, and counted; whoever is urgent goes on wherever they are.</summary>
public sealed class OutsideTests
{
    private const string Beijing = "110101";
    private const string Mild = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=37.6;temperature_site=axilla;symptoms=cough;breathless=none;spo2=unknown;comorbidities=none;exposure=none;household_ill=no;infection=no";

    [Theory, OnBothDatabases]
    public async Task Turned_back_with_a_reason_and_never_at_a_dead_end(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var person = Operator.Nobody(site);
        var id = await AtPlaceAsync(person);
        var stated = await person.SendAsync($"/q/{id}/where?place=110101", $"/q/{id}/where", ("region", Beijing));
        Assert.Equal($"/q/{id}/outside", stated.Location);
        using (var now = await person.Browser.GetAsync(new Uri($"/q/{id}", UriKind.Relative)))
        {
            Assert.Equal($"/q/{id}/outside", now.Headers.Location?.OriginalString);
        }

        var page = await person.ReadAsync($"/q/{id}/outside");
        Assert.Contains("这次义诊不接这个地方", page, StringComparison.Ordinal);
        Assert.Contains("急的人在哪里都接", page, StringComparison.Ordinal);
        Assert.Contains("黑龙江省中医医院公众号", page, StringComparison.Ordinal);
        Assert.Contains("tel:12320", page, StringComparison.Ordinal);
        Assert.Contains($"/c/wuhan/clinics?at={Beijing}", page, StringComparison.Ordinal);

        Assert.Equal($"/q/{id}/outside", (await person.SendAsync($"/q/{id}/outside", $"/q/{id}/outside")).Location);
        Assert.Contains("可以去这些地方问", await person.ReadAsync($"/q/{id}/outside"), StringComparison.Ordinal);
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((1, 1), (ledger.Opened, ledger.Refused));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'turned_away' and reason = 'outside_region:services'"));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Words_of_danger_are_taken_wherever_they_come_from(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "喘不上气，嘴唇发紫", region: Beijing);
        var now = await patient.Look();
        Assert.Equal(("waiting", 1), (now.Bucket, now.Urgency));
        Assert.False((await patient.Get<JsonElement>($"{patient.Consultation}/outside")).GetProperty("stops").GetBoolean());
        Assert.Equal(HttpStatusCode.Conflict, (await patient.Refused(HttpMethod.Post, $"{patient.Consultation}/outside", new { })).Status);
    }

    [Theory, OnBothDatabases]
    public async Task Urgent_by_triage_goes_on_and_the_rest_get_advice_but_no_place(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var mild = await Caller.PatientAsync(site, "有点咳嗽", region: Beijing, answers: Mild);
        await mild.Post<ConsultationView>($"{mild.Consultation}/triage", new { });
        await mild.Post<JsonElement>($"{mild.Consultation}/contact/recovery", new { });
        Assert.Equal("outside_region", (await mild.Refused(HttpMethod.Post, $"{mild.Consultation}/queue", new { })).Code);
        using var answer = await mild.Send(HttpMethod.Get, $"/q/{mild.Id}/outcome");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("这次义诊不接您在的地方", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"/q/{mild.Id}/contact\"", page, StringComparison.Ordinal);

        using var urgent = await Caller.PatientAsync(site, "发烧，走几步就喘", region: Beijing, answers: Mild.Replace("breathless=none", "breathless=rest", StringComparison.Ordinal));
        var judged = await urgent.Post<ConsultationView>($"{urgent.Consultation}/triage", new { });
        Assert.InRange(judged.Urgency ?? 5, 1, 2);
        await urgent.Post<JsonElement>($"{urgent.Consultation}/contact/recovery", new { });
        await urgent.Post<JsonElement>($"{urgent.Consultation}/queue", new { });
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Fact]
    public async Task Another_open_campaign_that_covers_them_is_named()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        (string, string)[] beijing =
        [
            ("slug", "beijing"), ("name_zh", "北京义诊"), ("name_en", "Beijing campaign"), ("owner_zh", "甲"), ("owner_en", "A"), ("purpose_zh", "问"), ("purpose_en", "Ask"), ("covers_zh", "在北京的人"), ("covers_en", "People in Beijing"),
            ("regions", "110000"), ("from", "00:00"), ("to", "00:00"), ("hotline", "010-0000 0000"), ("numbers", ""), ("rules_date", ""),
        ];
        using var doctor = await Caller.DoctorAsync(site);
        await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", beijing);
        await staff.SendAsync("/staff/campaigns/beijing", "/staff/campaigns/beijing/open");
        using var person = Operator.Nobody(site, "en");
        var id = await AtPlaceAsync(person);
        await person.SendAsync($"/q/{id}/where?place=110101", $"/q/{id}/where", ("region", Beijing));
        Assert.Contains("Beijing campaign", await person.ReadAsync($"/q/{id}/outside"), StringComparison.Ordinal);
        Assert.Contains("Beijing campaign", await person.ReadAsync("/c/wuhan/elsewhere"), StringComparison.Ordinal);
        await person.SendAsync($"/q/{id}/outside", $"/q/{id}/outside");
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'turned_away' and reason = 'outside_region:campaigns'"));
    }

    /// <summary>Start and consent, by the pages; returns the consultation.</summary>
    private static async Task<string> AtPlaceAsync(Operator person)
    {
        var started = await person.SendAsync("/c/wuhan", "/c/wuhan/start");
        var id = started.Location!.Split('/')[2];
        var consent = await person.ReadAsync($"/q/{id}/consent");
        var text = System.Text.RegularExpressions.Regex.Match(consent, "name=\"text\" value=\"([^\"]+)\"").Groups[1].Value;
        (string, string)[] agreed = [("text", text), ("agree", "advice"), ("agree", "share"), ("agree", "keep"), ("who", nameof(Relation.Self))];
        Assert.Equal($"/q/{id}/where", (await person.SendAsync($"/q/{id}/consent", $"/q/{id}/who", agreed)).Location);
        return id;
    }
}
