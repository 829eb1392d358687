using System.Collections.Immutable;
using System.Net;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>The operator sees people waiting and seats free, and reads why, and when that ends.</summary>
public sealed class FreeSeatTests
{
    [Theory, OnBothDatabases]
    public async Task Seats_of_doctors_without_the_language_say_so_and_count_no_more_once_somebody_who_speaks_it_has_come(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var board = await SurgeScene.OperatorAsync(site);
        using var doctor = await Caller.DoctorAsync(site, seats: 2, langs: "zh");
        using var patient = await (await Caller.PatientAsync(site, "A cough for two days.", lang: "en")).InQueueAsync();
        clock.Advance(TimeSpan.FromSeconds(10));

        var line = Assert.Single(await SeatsAsync(board));
        Assert.Equal((1, 1, 2, 0, 0), (line.Waiting, line.OnDuty, line.Free, line.OnBreak, line.Next));
        Assert.Equal(new KeptLine(SeatKept.Language, 2, null), Assert.Single(line.Kept));
        Assert.InRange(line.Longest, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
        Assert.Contains("2 个不会他们的语言，等会的上岗。", WebUtility.HtmlDecode(await staff.ReadAsync("/staff/board")), StringComparison.Ordinal);
        Assert.Contains("2 with clinicians who do not speak their language, until one who does comes on duty.", WebUtility.HtmlDecode(await staff.ReadAsync("/staff/board?lang=en")), StringComparison.Ordinal);

        using var other = await Caller.DoctorAsync(site, 2, seats: 1, langs: "zh,en");
        await other.Given(patient.Id);
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Empty(await SeatsAsync(board));
        Assert.Equal(1, await site.CountAsync("select count(*) from journal where kind = 'assigned'"));
    }

    [Theory, OnBothDatabases]
    public async Task While_one_doctor_is_asked_the_seats_of_the_others_say_until_when(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var board = await SurgeScene.OperatorAsync(site);
        using var patient = await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫")).InQueueAsync();
        using var first = await Caller.DoctorAsync(site, 1, seats: 1);
        var asked = await first.Asked(patient.Id);
        using var alone = await Operator.SignInAsync(site, clock.GetUtcNow());
        Assert.Contains("1 人正请一位医生接，座位给他留着；别的座位都满了。", WebUtility.HtmlDecode(await alone.ReadAsync("/staff/board")), StringComparison.Ordinal);
        using var second = await Caller.DoctorAsync(site, 2, seats: 3);
        clock.Advance(TimeSpan.FromSeconds(6));

        var line = Assert.Single(await SeatsAsync(board));
        Assert.Equal((1, 2, 3, 0), (line.Waiting, line.OnDuty, line.Free, line.Next));
        Assert.Equal(new KeptLine(SeatKept.Asked, 3, asked.Until), Assert.Single(line.Kept));
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        Assert.Contains("1 人正请一位医生接，座位给他留着；3 个空着，正请另一位医生接", WebUtility.HtmlDecode(await staff.ReadAsync("/staff/board")), StringComparison.Ordinal);
        Assert.Equal(["prompted"], await site.TextsAsync("select kind from journal where kind in ('prompted', 'assigned')"));
    }

    [Theory, OnBothDatabases]
    public async Task Near_the_end_of_a_shift_and_on_a_break_seats_say_so(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var board = await SurgeScene.OperatorAsync(site);
        using var doctor = await Caller.DoctorAsync(site, seats: 2);
        await board.Post<RosterAnswer>("/api/v1/roster", new { csv = "clinician,date,from,to\nreplay-1,2020-01-26,08:55,09:20" });
        for (var minute = 0; minute < 16; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await doctor.Send(HttpMethod.Post, "/api/v1/duty/alive");
        }

        using var patient = await SurgeScene.AskAsync(site);
        await SurgeScene.TurnedAsync(site, clock);
        // What was counted before they came is told for five seconds.
        clock.Advance(TimeSpan.FromSeconds(6));
        var line = Assert.Single(await SeatsAsync(board));
        var kept = Assert.Single(line.Kept);
        Assert.Equal((1, 1, 2, 0, SeatKept.ShiftEnds, 2), (line.Waiting, line.OnDuty, line.Free, line.Next, kept.Why, kept.Seats));
        Assert.Contains("2 个快下班、来不及看完，到下班（最晚 09:20:00）。", WebUtility.HtmlDecode(await staff.ReadAsync("/staff/board")), StringComparison.Ordinal);

        using var other = await Caller.DoctorAsync(site, 2, seats: 3);
        await other.Given(patient.Id);
        await other.Post<System.Text.Json.JsonElement>("/api/v1/duty", new { state = "paused", seats = 3 });
        using var next = await SurgeScene.AskAsync(site);
        await SurgeScene.TurnedAsync(site, clock);
        clock.Advance(TimeSpan.FromSeconds(6));
        line = Assert.Single(await SeatsAsync(board));
        Assert.Equal((1, 1, 2, 2), (line.Waiting, line.OnDuty, line.Free, line.OnBreak));
        Assert.Contains("休息或没有动静的医生还有 2 个，回来才算。", WebUtility.HtmlDecode(await staff.ReadAsync("/staff/board")), StringComparison.Ordinal);
        Assert.Equal("waiting", (await next.Look()).Bucket);
    }

    private static async Task<ImmutableArray<SeatLine>> SeatsAsync(Caller board) => (await board.Get<BoardPicture>("/api/v1/board")).Recount?.Seats ?? [];
}
