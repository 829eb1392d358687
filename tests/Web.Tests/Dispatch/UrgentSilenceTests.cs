using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>Somebody urgent stops answering: silence may be the illness, so somebody is rung.</summary>
public sealed class UrgentSilenceTests
{
    private const string FeverClinic = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=38.6;temperature_site=axilla;symptoms=cough;breathless=stairs;spo2=unknown;comorbidities=none;exposure=wuhan;household_ill=no;infection=no";

    private static Task<BoardPicture> BoardAsync(TestSite site) => site.Services.GetRequiredService<Board>().Look(CancellationToken.None);

    [Theory, OnBothDatabases]
    public async Task Silence_at_urgency_one_rings_somebody_and_the_doctor_keeps_the_person(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var rules = site.Services.GetRequiredService<DispatchRules>();
        using var patient = await Caller.PatientAsync(site, "喘不上气，嘴唇发紫");
        using var doctor = await Caller.DoctorAsync(site);
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        await doctor.Put<Stored>($"{patient.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("身边有人吗？", epoch));
        await SilenceTests.MoveAsync(clock, doctor, TimeSpan.FromMilliseconds(rules.PatientSilentMs + 1000));
        await SilenceTests.UntilAsync(async () => await site.CountAsync("select count(*) from fact where kind = 'operator_rung'") == 1);
        Assert.Equal("in_consultation", (await patient.Look()).Bucket);
        Assert.Contains((await BoardAsync(site)).Silent, s => s is { Urgency: Rules.Triage.Urgency.Emergency, Held: false } && patient.Id.EndsWith(s.Number, StringComparison.Ordinal));
        var standby = site.Services.GetRequiredService<RingStandby>();
        Assert.Equal(1, await standby.Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None));

        await patient.Put<Stored>($"{patient.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody("我在"));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty((await BoardAsync(site)).Silent);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Silence_at_urgency_two_frees_the_seat_and_rings_somebody(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var rules = site.Services.GetRequiredService<DispatchRules>();
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: FeverClinic)).InQueueAsync();
        Assert.Equal(2, (await patient.Look()).Urgency);
        using var doctor = await Caller.DoctorAsync(site);
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        await doctor.Put<Stored>($"{patient.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("去了吗？", epoch));
        await SilenceTests.MoveAsync(clock, doctor, TimeSpan.FromMilliseconds(rules.PatientSilentMs + 1000));
        await patient.Until(c => c.Bucket == "on_hold");
        Assert.Contains((await BoardAsync(site)).Silent, s => s is { Urgency: Rules.Triage.Urgency.Urgent, Held: true });
        Assert.Equal(1, await site.Services.GetRequiredService<RingStandby>().Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None));
        Assert.Null((await site.VerifyAsync()).Broken);
    }
}
