using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>Urgency 1: a doctor is asked and has twenty seconds; not taken, the next is asked. Everybody else is given without asking.</summary>
public sealed class PromptTests
{
    private const string Danger = "喘不上气，嘴唇发紫";

    [Theory, OnBothDatabases]
    public async Task An_emergency_is_asked_for_with_codes_only_and_taking_it_puts_it_on_the_desk(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, Danger)).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        var asked = await doctor.Asked(patient.Id);
        Assert.Equal((1, 20.0), (asked.Urgency, (asked.Until - clock.GetUtcNow()).TotalSeconds));
        var desk = await doctor.Get<JsonElement>("/api/v1/desk");
        Assert.Empty(desk.GetProperty("changed").EnumerateArray());
        Assert.DoesNotContain("嘴唇", desk.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.Refused(HttpMethod.Get, patient.Consultation)).Status);
        Assert.Equal("waiting", (await patient.Look()).Bucket);
        Assert.Equal(0, await site.CountAsync("select count(*) from access"));
        await PageAsync(site, patient, "正在请一位医生接您");

        clock.Advance(TimeSpan.FromSeconds(6));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            // Sent twice is taken once.
            Assert.True((await doctor.Post<JsonElement>($"{patient.Consultation}/prompt", new PromptBody(Take: true))).GetProperty("mine").GetBoolean());
        }

        Assert.Equal(1, (await doctor.Given(patient.Id)).Epoch);
        Assert.Equal(["prompted", "assigned"], await KindsAsync(site, "fact", "prompted", "prompt_passed", "assigned"));
        Assert.Equal(["prompted", "assigned"], await KindsAsync(site, "journal", "prompted", "prompt_lapsed", "prompt_declined", "prompt_away", "assigned"));
        Assert.Null((await site.VerifyAsync()).Broken);
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory, OnBothDatabases]
    public async Task Not_answered_it_goes_on_to_the_next_two_misses_pause_and_the_operator_is_rung_all_the_same(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, Danger)).InQueueAsync();
        var arrived = (await patient.Look()).ArrivedAt;
        using var first = await Caller.DoctorAsync(site, 1);
        await first.Asked(patient.Id);
        clock.Advance(TimeSpan.FromSeconds(21));
        await SilenceTests.UntilAsync(async () => await site.CountAsync("select count(*) from journal where kind = 'prompt_lapsed'") == 1);

        // Nobody else is there: asked again; then the second doctor comes, and the first has missed twice.
        await first.Asked(patient.Id);
        using var second = await Caller.DoctorAsync(site, 2);
        clock.Advance(TimeSpan.FromSeconds(21));
        await second.Asked(patient.Id);
        Assert.Empty((await first.Get<DeskView>("/api/v1/desk")).Asked);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await first.Refused(HttpMethod.Post, $"{patient.Consultation}/prompt", new PromptBody(Take: true)));
        Assert.Equal(1, await site.CountAsync("select count(*) from duty where state = 'paused' and missed = 2"));
        Assert.Equal(1, await site.CountAsync("select count(*) from head where times_rung = 1"));
        using (var desk = Desk(site, first))
        {
            Assert.Contains("都没有等到回音", WebUtility.HtmlDecode(await desk.ReadAsync("/staff/desk")), StringComparison.Ordinal);
        }

        Assert.Equal(arrived, (await second.Given(patient.Id)).ArrivedAt);
        Assert.Equal(["prompted", "prompt_passed", "prompted", "prompt_passed", "prompted", "assigned"], await KindsAsync(site, "fact", "prompted", "prompt_passed", "assigned"));
        await first.Post<JsonElement>("/api/v1/duty", new { state = "on", seats = 5 });
        Assert.Equal(1, await site.CountAsync("select count(*) from duty where state = 'on' and missed = 0 and seats = 5") - 1);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Not_now_asks_the_next_at_once_and_the_first_again_only_after_a_minute(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, Danger)).InQueueAsync();
        using var first = await Caller.DoctorAsync(site, 1);
        await first.Asked(patient.Id);
        await first.Post<JsonElement>($"{patient.Consultation}/prompt", new PromptBody(Take: false));
        clock.Advance(TimeSpan.FromSeconds(30));
        await first.Send(HttpMethod.Post, "/api/v1/duty/alive");
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty((await first.Get<DeskView>("/api/v1/desk")).Asked);
        Assert.Equal(0, await site.CountAsync("select count(*) from duty where missed > 0"));
        await first.Send(HttpMethod.Post, "/api/v1/duty/alive");
        clock.Advance(TimeSpan.FromSeconds(2));
        await first.Asked(patient.Id);
        Assert.Equal(["prompted", "prompt_declined", "prompted"], await KindsAsync(site, "journal", "prompted", "prompt_lapsed", "prompt_declined", "prompt_away"));
    }

    [Theory, OnBothDatabases]
    public async Task Off_duty_while_asked_passes_at_once_and_whoever_leaves_is_asked_for_no_more(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, Danger)).InQueueAsync();
        using var first = await Caller.DoctorAsync(site, 1);
        await first.Asked(patient.Id);
        using var second = await Caller.DoctorAsync(site, 2);
        await first.Post<JsonElement>("/api/v1/duty", new { state = "off", seats = 5 });
        clock.Advance(TimeSpan.FromSeconds(1));
        await second.Asked(patient.Id);
        await patient.Post<JsonElement>($"{patient.Consultation}/close", new { });
        Assert.Empty((await second.Get<DeskView>("/api/v1/desk")).Asked);
        Assert.False((await second.Send(HttpMethod.Post, $"{patient.Consultation}/prompt", System.Net.Http.Json.JsonContent.Create(new { take = true }))).IsSuccessStatusCode);
        Assert.Equal(["prompted", "prompt_away", "prompted"], await KindsAsync(site, "journal", "prompted", "prompt_lapsed", "prompt_declined", "prompt_away"));
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory, OnBothDatabases]
    public async Task Without_script_the_desk_shows_it_a_button_takes_it_and_too_late_is_said_calmly(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, Danger)).InQueueAsync();
        using var first = await Caller.DoctorAsync(site, 1);
        await first.Asked(patient.Id);
        using var desk = Desk(site, first);
        var page = WebUtility.HtmlDecode(await desk.ReadAsync("/staff/desk"));
        Assert.Contains("危急患者，请您马上接", page, StringComparison.Ordinal);
        Assert.Contains($"/staff/desk/{patient.Id}/prompt", page, StringComparison.Ordinal);
        Assert.DoesNotContain("嘴唇", page, StringComparison.Ordinal);

        using var second = await Caller.DoctorAsync(site, 2);
        clock.Advance(TimeSpan.FromSeconds(21));
        await second.Asked(patient.Id);
        var late = await desk.SendAsync("/staff/desk", $"/staff/desk/{patient.Id}/prompt", ("take", "yes"));
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("已经转请别的医生", WebUtility.HtmlDecode(late.Page), StringComparison.Ordinal);

        using var other = Desk(site, second);
        var taken = await other.SendAsync("/staff/desk", $"/staff/desk/{patient.Id}/prompt", ("take", "yes"));
        Assert.Equal($"/staff/desk?c={patient.Id}#latest", taken.Location);
        Assert.Equal("in_consultation", (await patient.Look()).Bucket);
    }

    [Theory, OnBothDatabases]
    public async Task The_less_urgent_are_given_without_being_asked_for(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        await doctor.Given(patient.Id);
        Assert.Equal(["assigned"], await KindsAsync(site, "journal", "prompted", "prompt_lapsed", "assigned"));
        var rules = site.Services.GetRequiredService<DispatchRules>();
        Assert.Equal(20_000, rules.Prompts.Ms);
    }

    private static async Task PageAsync(TestSite site, Caller patient, string words)
    {
        using var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={patient.Token}");
        Assert.Contains(words, WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri($"/q/{patient.Id}/waiting", UriKind.Relative))), StringComparison.Ordinal);
    }

    private static Operator Desk(TestSite site, Caller doctor)
    {
        var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        return new Operator(browser);
    }

    private static Task<List<string>> KindsAsync(TestSite site, string table, params string[] kinds) =>
        site.TextsAsync($"select kind from {table} where kind in ({string.Join(',', kinds.Select(k => $"'{k}'"))}) order by {(table == "fact" ? "version" : "seq")}");
}
