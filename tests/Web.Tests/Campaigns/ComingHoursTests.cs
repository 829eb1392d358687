using System.Text.Json;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>The hours to come on the board and in the planner: who is expected, who is on the roster, and for whom nobody comes.</summary>
public sealed class ComingHoursTests
{
    [Theory, OnBothDatabases]
    public async Task Board_says_when_nobody_on_the_roster_fits_and_the_planner_counts_the_roster(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var page = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var staff = await SurgeScene.OperatorAsync(site);
        using var first = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var second = await (await Caller.PatientAsync(site, "发烧两天，咳嗽")).InQueueAsync();
        Assert.Contains("往后没有排班", await page.ReadAsync("/staff/board"), StringComparison.Ordinal);
        Assert.Contains("排班上还要来 0 人", await page.ReadAsync("/staff/plan"), StringComparison.Ordinal);

        // Doctors of every skill from eleven to one: before and after nobody fits.
        await staff.Post<RosterAnswer>("/api/v1/roster", new { csv = "clinician,organisation,people,date,from,to,skills,langs\ndoctor3,,,2020-01-26,11:00,13:00,,\n,示例市第一医院,2,2020-01-26,12:00,13:00,fever|general,zh" });
        clock.Advance(TimeSpan.FromSeconds(31));
        var coming = JsonDocument.Parse(await page.ReadAsync("/api/v1/board")).RootElement.GetProperty("coming");
        Assert.True(coming.GetProperty("has_roster").GetBoolean());
        var spans = coming.GetProperty("holes").EnumerateArray().Select(h => (From: Local(h, "from"), To: Local(h, "to"), Waiting: h.GetProperty("waiting").GetInt32(), Lacks: h.GetProperty("lacks").GetString())).ToList();
        Assert.Equal((2, "nobody_on_duty"), (spans.Where(s => s.To == "11:00").Sum(s => s.Waiting), spans.First(s => s.To == "11:00").Lacks));
        Assert.All(spans, s => Assert.True(s.To == "11:00" || s.From == "13:00", $"{s.From}-{s.To}"));
        var noon = coming.GetProperty("hours").EnumerateArray().Single(h => Local(h, "from") == "12:00");
        Assert.Equal(3, noon.GetProperty("clinicians").GetDouble());
        Assert.Equal(9, noon.GetProperty("seats").GetDouble());
        Assert.True(noon.GetProperty("can_take").GetDouble() > 40 && noon.GetProperty("expected").GetDouble() > 0);

        var board = await page.ReadAsync("/staff/board");
        Assert.Contains("往后的缺口：排班里没有人能接", board, StringComparison.Ordinal);
        Assert.Contains("那时一个人也没有排", board, StringComparison.Ordinal);
        Assert.Contains("id=\"coming-table\"", board, StringComparison.Ordinal);
        Assert.Contains("\"2020-01-26 12:00\",\"2020-01-26 13:00\"", await page.ReadAsync("/staff/board/coming.csv"), StringComparison.Ordinal);
        Assert.Contains("排班上还要来 3 人", await page.ReadAsync("/staff/plan"), StringComparison.Ordinal);

        // At a quarter past eleven and a minute the doctor is late, and is counted on no more.
        clock.Advance(TimeSpan.FromHours(2) + TimeSpan.FromMinutes(16));
        using var later = await Operator.SignInAsync(site, clock.GetUtcNow());
        Assert.Equal(1, JsonDocument.Parse(await later.ReadAsync("/api/v1/board")).RootElement.GetProperty("coming").GetProperty("late").GetInt32());
        Assert.Contains("▲ 排了班、到点没上岗 1 人", await later.ReadAsync("/staff/board"), StringComparison.Ordinal);
        Assert.Contains("▲ 到点没上岗", await later.ReadAsync("/staff/roster"), StringComparison.Ordinal);
    }

    /// <summary>The other hospital is rostered from twelve to one, and lends its seats for nothing before half past twelve and after.</summary>
    [Theory, OnBothDatabases]
    public async Task What_another_hospital_does_not_lend_is_a_hole_to_come_and_nobody_in_the_plan(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var page = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var lender = await SurgeScene.OperatorAsync(site, "operator2");
        for (var n = 0; n < 4; n++)
        {
            using var person = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        }

        await lender.Post<RosterAnswer>("/api/v1/roster", new { csv = "organisation,people,date,from,to,skills,langs\n样板省人民医院,2,2020-01-26,12:00,13:00,fever|general,zh" });
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.DoesNotContain(await Holes(page), h => h.Lacks == "lending");
        Assert.True(await GaveUp(lender) < 1, "whoever comes at noon is seen");

        var rule = await lender.Post<AidRuleView>("/api/v1/aid", new AidBody(0, 0, null, "*", null, null, "12:30-12:45", "中午忙，只借一刻钟"));
        clock.Advance(TimeSpan.FromSeconds(31));
        var holes = (await Holes(page)).Where(h => h.Lacks == "lending").Select(h => (h.From, h.To)).Distinct().ToList();
        Assert.Equal([("09:01", "12:30"), ("12:45", "17:00")], holes.Order());

        await lender.Post<AidRuleView>("/api/v1/aid", new AidBody(rule.Version, 100, rule.Rule, "*", null, null, null, "都留给自己"));
        Assert.Equal(1, await GaveUp(lender));
    }

    private static async Task<List<(string From, string To, string? Lacks)>> Holes(Operator page) =>
        [.. JsonDocument.Parse(await page.ReadAsync("/api/v1/board")).RootElement.GetProperty("coming").GetProperty("holes").EnumerateArray().Select(h => (Local(h, "from"), Local(h, "to"), h.GetProperty("lacks").GetString()))];

    private static async Task<double> GaveUp(Caller staff)
    {
        var plan = await staff.Post<JsonElement>("/api/v1/plan", new { fields = new Dictionary<string, string>() });
        return plan.GetProperty("answer").GetProperty("now").GetProperty("groups")[0].GetProperty("gave_up").GetDouble();
    }

    private static string Local(JsonElement of, string name) => of.GetProperty(name).GetDateTimeOffset().ToOffset(TimeSpan.FromHours(8)).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
