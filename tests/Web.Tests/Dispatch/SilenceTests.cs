using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>Somebody is not heard of: the doctor, or the person. Nobody is lost over it.</summary>
public sealed class SilenceTests
{
    [Theory, OnBothDatabases]
    public async Task Lost_doctor_is_told_of_after_a_minute_and_replaced_after_two_and_the_late_reply_is_a_draft(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var first = await Caller.DoctorAsync(site, 1);
        var epoch = (await first.Given(patient.Id)).Epoch;

        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True((await patient.Until(c => c.ClinicianOutOfSight)).ClinicianOutOfSight);
        using var second = await Caller.DoctorAsync(site, 2);
        clock.Advance(TimeSpan.FromSeconds(60));
        await second.Send(HttpMethod.Post, "/api/v1/duty/alive");
        var given = await second.Given(patient.Id);
        Assert.Equal(epoch + 1, given.Epoch);

        var late = await first.Send(HttpMethod.Put, $"{patient.Consultation}/replies/{Guid.CreateVersion7()}", System.Net.Http.Json.JsonContent.Create(new { text = "晚到的回复", epoch }));
        Assert.False(late.IsSuccessStatusCode);
        Assert.Contains("晚到的回复", (await second.Get<ConsultationView>(patient.Consultation)).DraftsLeft);
        Assert.DoesNotContain((await patient.Look()).Lines, l => l.Text == "晚到的回复");
        Assert.Contains((await patient.Look()).Lines, l => l.Text == "taken_over");
    }

    [Theory, OnBothDatabases]
    public async Task Silent_person_gives_up_the_seat_keeps_the_place_is_told_once_and_comes_back_to_it(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var rules = site.Services.GetRequiredService<DispatchRules>();
        using var patient = await Reachable(site);
        var arrived = (await patient.Look()).ArrivedAt;
        using var doctor = await Caller.DoctorAsync(site);
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        await doctor.Put<Stored>($"{patient.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("坐着喘不喘？", epoch));

        await MoveAsync(clock, doctor, TimeSpan.FromMilliseconds(rules.PatientSilentMs + 1000));
        Assert.Equal("on_hold", (await patient.Until(c => c.Bucket == "on_hold")).Bucket);
        Assert.Equal(1, await Told(site, "place_kept"));
        await patient.Put<Stored>($"{patient.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody("我在"));
        await patient.Post<JsonElement>($"{patient.Consultation}/return", new { });
        var back = await patient.Until(c => c.Bucket is "in_consultation" or "waiting");
        Assert.Equal(arrived, back.ArrivedAt);
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory, OnBothDatabases]
    public async Task Held_place_is_looked_for_once_and_given_up_a_day_later(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var rules = site.Services.GetRequiredService<DispatchRules>();
        using var patient = await Reachable(site);
        using var doctor = await Caller.DoctorAsync(site);
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        await doctor.Put<Stored>($"{patient.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("坐着喘不喘？", epoch));
        await MoveAsync(clock, doctor, TimeSpan.FromMilliseconds(rules.PatientSilentMs + 1000));
        await patient.Until(c => c.Bucket == "on_hold");
        Assert.Equal(1, await Told(site, "place_kept"));

        clock.Advance(TimeSpan.FromMilliseconds(rules.HoldForMs + 1000));
        await Miss(site, clock);
        Assert.Equal("on_hold", (await patient.Look()).Bucket);
        Assert.Equal(2, await Told(site, "place_kept"));
        clock.Advance(TimeSpan.FromHours(25));
        await Miss(site, clock);
        Assert.Equal("left", (await patient.Look()).Bucket);
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal(1, ledger.Left);
    }

    [Theory, OnBothDatabases]
    public async Task Person_who_stopped_in_the_middle_of_the_questions_has_left_after_a_day_and_still_reads_what_was_written(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await Caller.PatientAsync(site, "发烧，写到一半");
        var silent = site.Services.GetRequiredService<LightConsultation>().Clocks.Silent;
        clock.Advance(silent - TimeSpan.FromMinutes(1));
        await Miss(site, clock);
        Assert.Equal("being_asked", (await patient.Look()).Bucket);
        clock.Advance(TimeSpan.FromMinutes(2));
        await Miss(site, clock);
        Assert.Equal("left", (await patient.Look()).Bucket);
        Assert.Equal("发烧，写到一半", (await patient.Look()).Story);
        Assert.Equal(1, (await site.LedgerAsync()).Left);

        using var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={patient.Token}");
        var page = await browser.GetStringAsync(new Uri($"/q/{patient.Id}/talk", UriKind.Relative));
        Assert.Contains("发烧，写到一半", page, StringComparison.Ordinal);
        Assert.Contains("再问一次", page, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Emergency_without_a_doctor_rings_the_operator_after_half_a_minute_and_again(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫")).InQueueAsync();
        Assert.Equal(1, (await patient.Look()).Urgency);
        clock.Advance(TimeSpan.FromSeconds(29));
        clock.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync(async () => await site.CountAsync("select count(*) from head where times_rung = 1") == 1);
        clock.Advance(TimeSpan.FromSeconds(31));
        await UntilAsync(async () => await site.CountAsync("select count(*) from head where times_rung = 2") == 1);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_closed_the_page_is_told_when_the_turn_is_near_and_when_it_has_come(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        // Three whose language nobody speaks stand first, and are nobody's turn; with nobody on duty no turn is near.
        var (blocked, others) = (3, new List<Caller>());
        for (var n = 0; n < blocked; n++)
        {
            others.Add(await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic, lang: "en")).InQueueAsync());
        }

        using var before = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var patient = await Reachable(site);
        clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(0, await Told(site, "turn_near"));
        using var doctor = await Caller.DoctorAsync(site, seats: 1, langs: "zh");
        await doctor.Given(before.Id);
        Assert.Equal(1, await Told(site, "turn_near"));
        await before.Post<JsonElement>($"{before.Consultation}/close", new { });
        await doctor.Given(patient.Id);
        await MoveAsync(clock, doctor, TimeSpan.FromSeconds(6));
        Assert.Equal(1, await Told(site, "turn"));
        Assert.Equal(1, await Told(site, "turn_near"));
        others.ForEach(other => other.Dispose());
    }

    internal static async Task<Caller> Reachable(TestSite site, string? answers = null)
    {
        var patient = await Caller.PatientAsync(site, "发烧两天", answers: answers);
        await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
        await patient.Post<JsonElement>($"{patient.Consultation}/contact/phone", new { phone = "13900003333" });
        using var looker = new Caller(site);
        var text = (await looker.Get<OutboxView[]>("/demo/outbox.json"))[0].Text;
        await patient.Post<JsonElement>($"{patient.Consultation}/contact/code", new { code = string.Concat(text.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)) });
        await patient.Post<JsonElement>($"{patient.Consultation}/queue", new { });
        return patient;
    }

    /// <summary>Time passes in steps while this doctor stays in sight.</summary>
    internal static async Task MoveAsync(TestClock clock, Caller doctor, TimeSpan by)
    {
        for (var step = TimeSpan.FromSeconds(30); by > TimeSpan.Zero; by -= step)
        {
            clock.Advance(by < step ? by : step);
            await doctor.Send(HttpMethod.Post, "/api/v1/duty/alive");
        }
    }

    private static Task<int> Miss(TestSite site, TestClock clock) => site.Services.GetRequiredService<MissSilent>().Look(clock.GetUtcNow(), CancellationToken.None);

    internal static async Task<int> Told(TestSite site, string kind)
    {
        await site.Services.GetRequiredService<TellTurn>().Tell(site.Services.GetRequiredService<TimeProvider>().GetUtcNow(), near: true, CancellationToken.None);
        using var looker = new Caller(site);
        return (await looker.Get<OutboxView[]>("/demo/outbox.json")).Count(m => m.Kind == kind);
    }

    internal static async Task UntilAsync(Func<Task<bool>> so)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await so())
        {
            await Task.Delay(50, limit.Token);
        }
    }
}
