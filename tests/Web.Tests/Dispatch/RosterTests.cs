using System.Net;
using System.Text.Json;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>An operator puts on the roster who is to come when; a clinician sees their own and says in one tap that they cannot come.</summary>
public sealed class RosterTests
{
    private const string Heading = "clinician,organisation,people,date,from,to,skills,langs";

    [Theory, OnBothDatabases]
    public async Task Sheet_is_shown_first_and_added_whole_or_not_at_all(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        Assert.Contains("还没有排班", await staff.ReadAsync("/staff/roster"), StringComparison.Ordinal);

        var (status, _, wrong) = await staff.SendAsync("/staff/roster", "/staff/roster/sheet", ("sheet", $"{Heading}\ndoctor1,,,2020-01-28,08:00,14:00,,\nnobody,,,2020-01-28,8 am,14:00,,"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        wrong = WebUtility.HtmlDecode(wrong);
        Assert.Contains("第 3 行：“from”要写时间", wrong, StringComparison.Ordinal);
        Assert.Contains("第 3 行：“clinician”不认识：nobody", wrong, StringComparison.Ordinal);
        Assert.Contains("nobody,,,2020-01-28,8 am", wrong, StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from shift"));

        var sheet = $"{Heading}\ndoctor1,,,2020-01-28,08:00,14:00,,\n,示例市第一医院,5,2020-01-28,20:00,08:00,发热|一般,普通话";
        var (_, _, preview) = await staff.SendAsync("/staff/roster", "/staff/roster/sheet", ("sheet", sheet));
        Assert.Contains("加入这 2 个班", WebUtility.HtmlDecode(preview), StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from shift"));
        var (_, location, _) = await staff.SendAsync("/staff/roster", "/staff/roster/sheet", ("sheet", sheet), ("step", "add"));
        Assert.Equal("/staff/roster?added=2", location);
        Assert.Equal(2, await site.CountAsync("select count(*) from journal where kind = 'shift_added'"));

        var page = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/roster?added=2"));
        Assert.Contains("加了 2 个班", page, StringComparison.Ordinal);
        Assert.Contains("王安", page, StringComparison.Ordinal);
        Assert.Contains("示例市第一医院 5 位", page, StringComparison.Ordinal);
        var (again, _, twice) = await staff.SendAsync("/staff/roster", "/staff/roster/sheet", ("sheet", sheet), ("step", "add"));
        Assert.Equal(HttpStatusCode.BadRequest, again);
        Assert.Contains("doctor1 在这段时间已有一个班", WebUtility.HtmlDecode(twice), StringComparison.Ordinal);

        // What is read out can be read in again.
        var file = await staff.ReadAsync("/staff/roster/roster.csv");
        Assert.Contains("\"王安\",\"\",\"\",\"2020-01-28\",\"08:00\",\"14:00\"", file, StringComparison.Ordinal);
        Assert.Contains("\"示例市第一医院\",\"5\",\"2020-01-28\",\"20:00\",\"08:00\",\"fever|general\",\"zh\"", file, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Clinician_says_in_one_tap_that_they_cannot_come_and_takes_it_back(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var doctor = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor1");
        using var other = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor2");
        Assert.Contains("还没有给您排班", await doctor.ReadAsync("/staff/shifts"), StringComparison.Ordinal);
        var (_, location, _) = await staff.SendAsync("/staff/roster", "/staff/roster", ("clinician", "doctor1"), ("date", "2020-01-28"), ("from", "08:00"), ("to", "14:00"), ("seats", "3"));
        Assert.Equal("/staff/roster?added=1", location);

        var id = JsonDocument.Parse(await doctor.ReadAsync("/api/v1/shifts")).RootElement[0].GetProperty("id").GetString();
        Assert.Contains("要来", await doctor.ReadAsync("/staff/shifts"), StringComparison.Ordinal);
        Assert.Equal("[]", await other.ReadAsync("/api/v1/shifts"));
        Assert.Equal(HttpStatusCode.NotFound, (await other.SendAsync("/staff/shifts", $"/staff/shifts/{id}", ("says", "cannot_come"))).Status);
        Assert.Equal("/staff/shifts", (await doctor.SendAsync("/staff/shifts", $"/staff/shifts/{id}", ("says", "cannot_come"))).Location);
        Assert.Contains("▲ 说了来不了", await staff.ReadAsync("/staff/roster"), StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from journal where kind = 'shift_declined'"));
        await doctor.SendAsync("/staff/shifts", $"/staff/shifts/{id}", ("says", "coming"));
        Assert.DoesNotContain("▲ 说了来不了", await staff.ReadAsync("/staff/roster"), StringComparison.Ordinal);

        Assert.Equal("/staff/roster", (await staff.SendAsync("/staff/roster", $"/staff/roster/{id}/withdraw")).Location);
        Assert.Equal("[]", await doctor.ReadAsync("/api/v1/shifts"));
        Assert.Equal(HttpStatusCode.NotFound, (await staff.SendAsync("/staff/roster", $"/staff/roster/{id}/withdraw")).Status);
        await doctor.ReadAsync("/staff/roster", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Roster_at_the_JSON_door_is_read_dry_names_each_wrong_line_and_is_added_once()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var staff = await SurgeScene.OperatorAsync(site);
        var (status, code) = await staff.Refused(HttpMethod.Post, "/api/v1/roster", new { csv = $"{Heading}\ndoctor99,,,2020-01-28,08:00,14:00,," });
        Assert.Equal((HttpStatusCode.BadRequest, "roster_wrong"), (status, code));
        var good = $"{Heading}\ndoctor2,,,2020-01-28,08:00,14:00,,";
        Assert.Equal(0, (await staff.Post<RosterAnswer>("/api/v1/roster", new { csv = good, dry_run = true })).Added);
        var added = await staff.Post<RosterAnswer>("/api/v1/roster", new { csv = good });
        Assert.Equal((1, "李宁"), (added.Added, added.Shifts[0].Who));
        Assert.Equal("to_come", (await staff.Get<RosterShift[]>("/api/v1/roster")).Single().State);
    }
}
