using System.Net;
using Yizhen.Web.Commands.Drill;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Commands;

/// <summary>One press on the demo's board starts a drill beside it; nothing of it is in the demo.</summary>
public sealed class DrillPageTests
{
    [Theory, OnBothDatabases]
    public async Task Operator_starts_a_drill_sees_its_board_and_stops_it_and_the_demo_counts_nobody(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        Assert.Contains("看一次高峰（演练）", await staff.ReadAsync("/staff/board"), StringComparison.Ordinal);
        var page = await staff.ReadAsync("/staff/drill");
        Assert.Contains("患者和医生都是程序", page, StringComparison.Ordinal);
        Assert.Contains("傍晚一个省突然都来", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await staff.SendAsync("/staff/drill", "/staff/drill", ("scenario", "nowhere"), ("hour", "9"), ("length", "1"), ("speed", "60"), ("level", "0"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await staff.SendAsync("/staff/drill", "/staff/drill", ("scenario", "normal"), ("hour", "9"), ("length", "1"), ("speed", "900"), ("level", "0"))).Status);

        Assert.Equal("/staff/drill", (await staff.SendAsync("/staff/drill", "/staff/drill", ("scenario", "normal"), ("hour", "9"), ("length", "1"), ("speed", "60"), ("level", "2"))).Location);
        using var api = await SurgeScene.OperatorAsync(site);
        Assert.Equal(HttpStatusCode.Conflict, (await api.Refused(HttpMethod.Post, "/api/v1/drill", new DrillBody("normal", null, null, null, null))).Status);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        DrillShown? drill;
        while ((drill = (await api.Get<DrillChoice>("/api/v1/drill")).Drill) is null or { State: "preparing" or "running", Came: 0 })
        {
            await Task.Delay(50, limit.Token);
        }

        Assert.Equal("running", drill.State);
        var shown = await staff.ReadAsync("/staff/drill");
        Assert.Contains("停止演练", shown, StringComparison.Ordinal);
        Assert.Contains("2 约时间答复", shown, StringComparison.Ordinal);
        Assert.Contains("演练医生", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/staff/surge\">调整", shown, StringComparison.Ordinal);
        // What stands here is the drill's; a link would lead to the demo's figures.
        Assert.DoesNotContain("/staff/board/", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("去排班", shown, StringComparison.Ordinal);
        await api.Post<DrillShown>("/api/v1/drill/level", new DrillLevelBody(1));
        Assert.Contains("1 先看信息台", await staff.ReadAsync("/staff/drill"), StringComparison.Ordinal);

        Assert.Equal(0, await site.CountAsync("select count(*) from door"));
        Assert.Equal(0, await site.CountAsync("select count(*) from duty"));
        Assert.Equal(0, await site.CountAsync("select count(*) from surge"));
        Assert.Equal("/staff/drill", (await staff.SendAsync("/staff/drill", "/staff/drill/stop")).Location);
        Assert.Null((await api.Get<DrillChoice>("/api/v1/drill")).Drill);
        Assert.DoesNotContain("停止演练", await staff.ReadAsync("/staff/drill"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Refused(HttpMethod.Post, "/api/v1/drill/level", new DrillLevelBody(1))).Status);
        using var doctor = await Caller.DoctorAsync(site);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.Refused(HttpMethod.Post, "/api/v1/drill", new DrillBody("normal", null, null, null, null))).Status);
    }
}
