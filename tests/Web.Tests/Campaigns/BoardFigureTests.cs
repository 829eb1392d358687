using System.Net.Http.Json;
using System.Text.Json;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>The operator at the board: where people wait, whom nobody can take, the doctors' load and breaks, and the last hours.</summary>
public sealed class BoardFigureTests
{
    private const string Canary = "只有医生能看见的一句话";
    private static readonly Uri Door = new("/api/v1/board", UriKind.Relative);

    [Theory, OnBothDatabases]
    public async Task Board_counts_regions_holes_breaks_and_the_last_hours(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var first = await (await Caller.PatientAsync(site, $"咳嗽两天。{Canary}")).InQueueAsync();
        using var second = await (await Caller.PatientAsync(site, $"发热。{Canary}")).InQueueAsync();
        clock.Advance(TimeSpan.FromMinutes(3));

        // Nobody on duty: both wait in one province, and nobody can take them.
        var alone = await LookAsync(staff);
        var urgencies = alone.GetProperty("urgencies").EnumerateArray().Select(u => u.GetProperty("waiting").GetInt32()).ToList();
        Assert.Equal(2, urgencies.Sum());
        Assert.Equal(urgencies, [.. Enumerable.Range(0, urgencies.Count).Select(n => alone.GetProperty("regions").EnumerateArray().Sum(r => r.GetProperty("by_urgency")[n].GetInt32()))]);
        var holes = alone.GetProperty("recount").GetProperty("holes").EnumerateArray().ToList();
        Assert.Equal(2, holes.Sum(h => h.GetProperty("waiting").GetInt32()));
        Assert.All(holes, h => Assert.Equal("nobody_on_duty", h.GetProperty("lacks").GetString()));
        Assert.All(holes, h => Assert.InRange(clock.GetUtcNow() - h.GetProperty("since").GetDateTimeOffset(), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(4)));
        var page = await staff.ReadAsync("/staff/board");
        Assert.Contains("缺口：在岗的没有人能接", page, StringComparison.Ordinal);
        Assert.Contains("现在没有人在岗接诊。", page, StringComparison.Ordinal);
        Assert.Contains("id=\"hours-table\"", page, StringComparison.Ordinal);

        // A doctor comes, takes one, and has worked for two hours and a half when the second has left the queue's hole.
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        await doctor.Given(first.Id);
        clock.Advance(TimeSpan.FromSeconds(6));
        var served = await LookAsync(staff);
        Assert.Empty(served.GetProperty("recount").GetProperty("holes").EnumerateArray());
        Assert.Equal(1, served.GetProperty("regions").EnumerateArray().Sum(r => r.GetProperty("waiting").GetInt32()));
        var all = served.GetProperty("recount").GetProperty("answered")[0];
        Assert.Equal((2, 0, 1, 0), (Int(all, "joined"), Int(all, "in_time"), Int(all, "ended"), Int(all, "left")));
        Assert.True(IsNull(all, "in_time_percent"));
        var hours = served.GetProperty("recount").GetProperty("hours").EnumerateArray().ToList();
        Assert.Equal((18, 1, 2, 1), (hours.Count, Int(hours[^1], "waiting"), hours.Sum(h => Int(h, "joined")), hours.Sum(h => Int(h, "taken"))));
        Assert.Contains("人太少", await staff.ReadAsync("/staff/board"), StringComparison.Ordinal);

        await doctor.Post<JsonElement>("/api/v1/duty", new { state = "paused", seats = 1 });
        clock.Advance(TimeSpan.FromMinutes(20));
        var paused = await LookAsync(staff);
        Assert.True(IsNull(paused.GetProperty("duty")[0], "without_break"));
        var open = paused.GetProperty("recount").GetProperty("holes").EnumerateArray().ToList();
        Assert.NotEmpty(open);
        Assert.All(open, h => Assert.Equal(1, Int(h, "on_break")));
        Assert.All(open, h => Assert.InRange(clock.GetUtcNow() - h.GetProperty("since").GetDateTimeOffset(), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(21)));
        await doctor.Post<JsonElement>("/api/v1/duty", new { state = "on", seats = 1 });
        clock.Advance(TimeSpan.FromMinutes(7));
        var back = await LookAsync(staff);
        Assert.StartsWith("00:07:", back.GetProperty("duty")[0].GetProperty("without_break").GetString(), StringComparison.Ordinal);

        page = await staff.ReadAsync("/staff/board");
        Assert.DoesNotContain(Canary, page, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, back.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(second.Id, page, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Empty_board_says_so_and_the_file_is_a_download_of_eighteen_spans_for_operators_only(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var page = await staff.ReadAsync("/staff/board");
        Assert.Contains("现在没有人候诊。", page, StringComparison.Ordinal);
        Assert.Contains("没有缺口：候诊的每个人，在岗的都有人能接。", page, StringComparison.Ordinal);
        Assert.Contains("最近三小时没有人候诊。", page, StringComparison.Ordinal);

        using var answer = await staff.Browser.GetAsync(new Uri("/staff/board/hours.csv?lang=en", UriKind.Relative));
        Assert.Equal(("text/csv", "attachment"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.DispositionType));
        var lines = (await answer.Content.ReadAsStringAsync()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("\"from\",\"to\",\"waiting at the end\",\"joined\",\"taken\",\"left\"", lines[0]);
        Assert.Equal(19, lines.Length);
        Assert.All(lines, l => Assert.All(l.Split(','), c => Assert.Matches("^\"[a-z0-9][^\"]*\"$", c)));

        using var nobody = Operator.Nobody(site);
        using var refused = await nobody.Browser.GetAsync(new Uri("/staff/board/hours.csv", UriKind.Relative));
        Assert.NotEqual(System.Net.HttpStatusCode.OK, refused.StatusCode);
    }

    private static int Int(JsonElement of, string name) => of.GetProperty(name).GetInt32();

    private static bool IsNull(JsonElement of, string name) => !of.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null;

    private static Task<JsonElement> LookAsync(Operator staff) => staff.Browser.GetFromJsonAsync<JsonElement>(Door);
}
