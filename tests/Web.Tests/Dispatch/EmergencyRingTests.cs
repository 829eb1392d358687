using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>Whoever is at urgency 1 without a doctor is rung for after half a minute and each half minute again, whatever was before.</summary>
public sealed class EmergencyRingTests
{
    private const string Rung = "select count(*) from fact where kind = 'operator_rung'";
    private const string Standby = "+8613900002222";

    [Theory, OnBothDatabases]
    public async Task Whoever_waited_for_hours_and_is_an_emergency_now_is_rung_for_once_in_half_a_minute(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var person = await SurgeScene.AskAsync(site);
        clock.Advance(TimeSpan.FromHours(2));
        await person.Put<Stored>($"{person.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody("现在喘不上气，嘴唇发紫"));
        Assert.Equal(1, (await person.Look()).Urgency);
        await LookedAsync(site, clock);
        Assert.Equal(0, await site.CountAsync(Rung));
        Assert.True(Assert.Single((await site.Services.GetRequiredService<Board>().Look(CancellationToken.None)).Alarms).Waited < TimeSpan.FromMinutes(1));

        clock.Advance(TimeSpan.FromSeconds(31));
        await SilenceTests.UntilAsync(async () => await site.CountAsync(Rung) > 0);
        await LookedAsync(site, clock);
        Assert.Equal(1, await site.CountAsync(Rung));
        Assert.Equal(1, await TellAsync(site, clock));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_was_rung_for_before_a_doctor_came_is_rung_for_as_soon_when_the_doctor_is_gone(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫")).InQueueAsync();
        for (var times = 1; times <= 4; times++)
        {
            clock.Advance(TimeSpan.FromSeconds(31));
            await SilenceTests.UntilAsync(async () => await site.CountAsync(Rung) == times);
            Assert.Equal(1, await TellAsync(site, clock));
        }

        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        await doctor.Post<JsonElement>("/api/v1/duty", new { state = "off", seats = 5 });
        await patient.Until(c => c.Bucket == "waiting");
        clock.Advance(TimeSpan.FromSeconds(31));
        await SilenceTests.UntilAsync(async () => await site.CountAsync(Rung) == 5);
        Assert.Equal(1, await TellAsync(site, clock));
    }

    [Theory, OnBothDatabases]
    public async Task After_the_service_stood_still_nobody_is_rung_for_all_the_times_at_once(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫")).InQueueAsync();
        clock.Advance(TimeSpan.FromMinutes(20));
        await SilenceTests.UntilAsync(async () => await site.CountAsync(Rung) > 0);
        await LookedAsync(site, clock);
        Assert.Equal(1, await site.CountAsync(Rung));
        clock.Advance(TimeSpan.FromSeconds(31));
        await SilenceTests.UntilAsync(async () => await site.CountAsync(Rung) == 2);
    }

    /// <summary>It looks for who is without a doctor at every turn of half a second, and each look would ring again.</summary>
    private static async Task LookedAsync(TestSite site, TestClock clock)
    {
        for (var look = 0; look < 3; look++)
        {
            await SurgeScene.TurnedAsync(site, clock);
        }
    }

    private static Task<int> TellAsync(TestSite site, TestClock clock) => site.Services.GetRequiredService<RingStandby>().Tell(Standby, clock.GetUtcNow(), CancellationToken.None);
}
