using System.Net;
using System.Text.Json;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Information;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>Nobody on duty who may take a person: the page says the place, when it was made up, and when by the roster somebody comes.</summary>
public sealed class NextDutyTests
{
    [Theory, OnBothDatabases]
    public async Task While_nobody_is_on_duty_the_page_says_the_place_and_who_comes_by_the_roster(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await SurgeScene.OperatorAsync(site);
        using var counsellor = await Caller.DoctorAsync(site, seats: 1);
        await site.RunAsync("update staff set skills = 'psych' where login = 'replay-1'");
        await counsellor.Post<JsonElement>("/api/v1/duty", new { state = "off", seats = 1 });
        clock.Advance(TimeSpan.FromSeconds(6));
        using var first = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        using var second = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        var page = await PageAsync(site, second);
        Assert.Contains("现在没有医生在岗", page, StringComparison.Ordinal);
        Assert.Contains("有医生上班就按您到达的时间排", page, StringComparison.Ordinal);
        Assert.Contains($"您前面大约：1 人。{Local(clock)} 更新", page, StringComparison.Ordinal);
        Assert.Contains("您前面大约：没有人，下一个是您。", await PageAsync(site, first), StringComparison.Ordinal);

        // A counsellor comes before, and helps nobody with a fever; a doctor comes in the morning after, further ahead than the board looks.
        await staff.Post<RosterAnswer>("/api/v1/roster", new { csv = "clinician,organisation,people,date,from,to,skills,langs\n,示例市第一医院,1,2020-01-26,12:00,14:00,psych,zh\n,示例市第一医院,2,2020-01-27,08:00,12:00,fever|general,zh" });
        clock.Advance(TimeSpan.FromSeconds(31));
        page = await PageAsync(site, second);
        Assert.Contains("按排班，1 月 27 日 08:00 有能看您的医生上班", page, StringComparison.Ordinal);
        Assert.Contains("By the roster, a doctor who can help you comes on duty: 27 January 08:00", await PageAsync(site, second, "en"), StringComparison.Ordinal);

        // Somebody is on duty who cannot take them: still the morning's doctors are named.
        await counsellor.Post<JsonElement>("/api/v1/duty", new { state = "on", seats = 1 });
        clock.Advance(TimeSpan.FromSeconds(31));
        page = await PageAsync(site, second);
        Assert.Contains("现在在岗的医生里没有能接您的", page, StringComparison.Ordinal);
        Assert.Contains("有能接您的上岗就接。按排班，1 月 27 日 08:00 有能看您的医生上班。", page, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task While_the_only_doctor_gives_no_sign_no_time_is_told(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        using var first = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        await doctor.Given(first.Id);
        using var second = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        Assert.Contains("前面大约</p><span class=\"big\">", await PageAsync(site, second), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromSeconds(70));
        var page = await PageAsync(site, second);
        Assert.Contains("<span class=\"big\">现在没有医生在岗", page, StringComparison.Ordinal);
        Assert.DoesNotContain("轮到您</p>", page, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task An_emergency_is_told_no_place_and_no_time(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var alone = await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫")).InQueueAsync();
        var nobody = await PageAsync(site, alone);
        Assert.Contains("就叫值班的人", nobody, StringComparison.Ordinal);
        Assert.DoesNotContain("上班就按您到达的时间排", nobody, StringComparison.Ordinal);
        await alone.Post<JsonElement>($"{alone.Consultation}/close", new { });
        clock.Advance(TimeSpan.FromSeconds(6));
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        using var first = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        await doctor.Given(first.Id);
        using var emergency = await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫")).InQueueAsync();
        Assert.Equal(1, (int?)(await emergency.Look()).Urgency);
        var page = await PageAsync(site, emergency);
        Assert.Contains("正在给您找医生，不排队", page, StringComparison.Ordinal);
        Assert.Contains("就叫值班的人", page, StringComparison.Ordinal);
        Assert.DoesNotContain("前面大约", page, StringComparison.Ordinal);
        Assert.DoesNotContain("要等多久", page, StringComparison.Ordinal);
    }

    private static string Local(TestClock clock) => clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private static Task<string> PageAsync(TestSite site, Caller person, string lang = "zh") => NoticeScene.Browser(site, person).ReadAsync($"/q/{person.Id}/waiting?lang={lang}", HttpStatusCode.OK);
}
