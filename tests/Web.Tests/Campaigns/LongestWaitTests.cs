using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Triage;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>Who had been served and comes back a day later keeps the place of the arrival; the wait that is shown is the one since they came back.</summary>
public sealed class LongestWaitTests
{
    [Theory, OnBothDatabases]
    public async Task Board_and_waiting_room_count_the_wait_since_the_return_and_the_place_since_the_arrival(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var back = await (await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild, followUp: true)).InQueueWithPhoneAsync("13900003333");
        var arrived = (await back.Look()).ArrivedAt;
        using (var doctor = await Caller.DoctorAsync(site))
        {
            var epoch = (await doctor.Given(back.Id)).Epoch;
            await doctor.Post<Stored>($"{back.Consultation}/advice", new AdviceBody(epoch, Disposition.D4, "干咳", "在家观察", Close: true));
            await doctor.Post<System.Text.Json.JsonElement>("/api/v1/duty", new { state = "off", seats = 1 });
        }

        clock.Advance(TimeSpan.FromHours(24));
        await RecheckTests.LookAsync(site, clock);
        await back.Post<Stored>($"{back.Consultation}/follow-up", new { answer = "worse" });
        using var fresh = await (await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild)).InQueueAsync();
        clock.Advance(TimeSpan.FromMinutes(4));

        var now = await back.Look();
        Assert.Equal(("waiting", arrived), (now.Bucket, now.ArrivedAt));
        var picture = await site.Services.GetRequiredService<Board>().Look(CancellationToken.None);
        var waits = picture.Urgencies.Where(u => u.Waiting > 0).Select(u => u.Longest ?? TimeSpan.Zero).ToList();
        Assert.All(waits, longest => Assert.InRange(longest, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5)));
        Assert.Equal(0, await site.CountAsync($"select count(*) from head where bucket = 'waiting' and urgency = {now.Urgency} and arrived_at < {arrived?.ToUnixTimeMilliseconds()}"));
        using var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", back.Token);
        await browser.ReadAsync($"/q/{back.Id}/waiting", HttpStatusCode.OK);

        // A day at home was no wait: it puts nobody before whoever is more urgent.
        using var worse = await SurgeScene.AskAsync(site, DatedAnswerTests.Unclear);
        Assert.Equal((3, 4), ((await worse.Look()).Urgency, now.Urgency));
        using var one = await Caller.DoctorAsync(site, seats: 1);
        await one.Given(worse.Id);
    }
}
