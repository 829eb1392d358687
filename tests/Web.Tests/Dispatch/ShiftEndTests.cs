using System.Net;
using System.Text.Json;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>The end of a shift is known to dispatch and to the doctor; and so is how tired they are.</summary>
public sealed class ShiftEndTests
{
    [Theory, OnBothDatabases]
    public async Task Nobody_new_is_given_who_could_not_be_finished_and_the_doctor_is_told_and_may_stay(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var doctor = await Caller.DoctorAsync(site);
        using var staff = await SurgeScene.OperatorAsync(site);
        await staff.Post<RosterAnswer>("/api/v1/roster", new { csv = "clinician,date,from,to\nreplay-1,2020-01-26,08:55,09:20" });
        using var first = await SurgeScene.AskAsync(site);
        await doctor.Given(first.Id);
        using var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        Assert.DoesNotContain("班次 09:20", WebUtility.HtmlDecode(await desk.ReadAsync("/staff/desk")), StringComparison.Ordinal);

        // Ten minutes before the end it is said; five minutes before it nobody is given whom they could not finish, and the record says why.
        await AliveAsync(site, clock, doctor, TimeSpan.FromMinutes(16));
        Assert.Contains("班次 09:20 结束，还有 4 分钟", WebUtility.HtmlDecode(await desk.ReadAsync("/staff/desk")), StringComparison.Ordinal);
        using var second = await SurgeScene.AskAsync(site);
        await SurgeScene.TurnedAsync(site, clock);
        Assert.Equal("waiting", (await second.Look()).Bucket);
        Assert.Equal((0, 1), (await staff.Get<WaitedFor>($"/api/v1/waited/{second.Id[^6..]}")) is var why ? (why.Eligible, why.Excluded.ShiftEnds) : default);

        // The one who is open is not taken away; whoever stays longer is given people again.
        Assert.Equal("in_consultation", (await first.Look()).Bucket);
        var id = (await doctor.Get<JsonElement>("/api/v1/shifts"))[0].GetProperty("id").GetString();
        await doctor.Post<JsonElement>($"/api/v1/shifts/{id}", new { says = "stay" });
        await doctor.Given(second.Id);
        Assert.Equal(1, await site.CountAsync("select count(*) from journal where kind = 'shift_stayed'"));
    }

    [Theory, OnBothDatabases]
    public async Task Two_hours_without_a_break_make_seats_fewer_and_then_a_break_is_offered_and_nobody_is_taken_away(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var doctor = await Caller.DoctorAsync(site, seats: 2);
        using var first = await SurgeScene.AskAsync(site);
        await doctor.Given(first.Id);
        using var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);

        // From 96 minutes on one at once.
        await AliveAsync(site, clock, doctor, TimeSpan.FromMinutes(100), () => first.Put<JsonElement>($"{first.Consultation}/messages/{Guid.CreateVersion7()}", new { text = "还在" }));
        using var second = await SurgeScene.AskAsync(site);
        await SurgeScene.TurnedAsync(site, clock);
        Assert.Equal("waiting", (await second.Look()).Bucket);
        Assert.Contains("先少接一些：同时 1 位", WebUtility.HtmlDecode(await desk.ReadAsync("/staff/desk")), StringComparison.Ordinal);
        using var staff = await SurgeScene.OperatorAsync(site);
        Assert.Equal(1, (await staff.Get<WaitedFor>($"/api/v1/waited/{second.Id[^6..]}")).Excluded.Tired);

        await AliveAsync(site, clock, doctor, TimeSpan.FromMinutes(21), () => first.Put<JsonElement>($"{first.Consultation}/messages/{Guid.CreateVersion7()}", new { text = "还在" }));
        Assert.Contains("该歇歇了：点“休息”，10 分钟以后再回来", WebUtility.HtmlDecode(await desk.ReadAsync("/staff/desk")), StringComparison.Ordinal);
        Assert.Equal("in_consultation", (await first.Look()).Bucket);
        var line = (await staff.Get<JsonElement>("/api/v1/board")).GetProperty("duty")[0];
        Assert.Equal(("tired", "continuous"), (line.GetProperty("tiredness").GetString(), line.GetProperty("cap").GetString()));

        // A break of ten minutes, and all seats are there again.
        await doctor.Post<JsonElement>("/api/v1/duty", new { state = "paused", seats = 2 });
        await AliveAsync(site, clock, doctor, TimeSpan.FromMinutes(11), () => first.Put<JsonElement>($"{first.Consultation}/messages/{Guid.CreateVersion7()}", new { text = "还在" }));
        await doctor.Post<JsonElement>("/api/v1/duty", new { state = "on", seats = 2 });
        clock.Advance(TimeSpan.FromSeconds(31));
        await doctor.Given(second.Id);
    }

    /// <summary>Time passes, and the doctor is there all the while.</summary>
    private static async Task AliveAsync(TestSite site, TestClock clock, Caller doctor, TimeSpan time, Func<Task>? meanwhile = null)
    {
        for (var step = TimeSpan.FromSeconds(50); time > TimeSpan.Zero; time -= step)
        {
            clock.Advance(time < step ? time : step);
            await doctor.Send(HttpMethod.Post, "/api/v1/duty/alive");
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
        }

        await SurgeScene.TurnedAsync(site, clock);
    }
}
