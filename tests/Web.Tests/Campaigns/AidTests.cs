using System.Net;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Consultations;
using Yizhen.Web.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>A hospital lends by its own rules, its floor holds at the door of dispatch, and the ledger of help adds up to zero.</summary>
public sealed class AidTests
{
    private const string Lender = "operator2";

    [Theory, OnBothDatabases]
    public async Task Rule_is_set_by_the_lender_with_a_reason_on_what_was_seen_and_by_nobody_else(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var lender = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow(), Lender);
        Assert.Contains("没有设规则", await lender.ReadAsync("/staff/aid"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await lender.SendAsync("/staff/aid", "/staff/aid", Rule(("reason", " ")))).Status);
        var (status, _, again) = await lender.SendAsync("/staff/aid", "/staff/aid", Rule(("keep", "101"), ("areas", "99"), ("from", "8")));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("写 0 到 100 的整数", again, StringComparison.Ordinal);
        Assert.Contains("有的省看不懂。写省名，例如 湖北、河南", again, StringComparison.Ordinal);
        Assert.Contains("时间写成 08:00 的样子", again, StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from aid_rule"));

        Assert.Equal("/staff/aid", (await lender.SendAsync("/staff/aid", "/staff/aid", Rule(("campaign", "wuhan"), ("need", "fever"), ("areas", "湖北省，Inner Mongolia、41"), ("from", "08:00"), ("to", "20:00")))).Location);
        var page = await lender.ReadAsync("/staff/aid");
        Assert.Contains("借给武汉发热义诊：发热，在湖北、内蒙古、河南的人，08:00–20:00；每个专长留 50% 的座位给本单位", page, StringComparison.Ordinal);
        Assert.Contains("白天人手有余", page, StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from journal where kind = 'aid_rule' and body like '%\"keep\":50%'"));
        Assert.Equal(0, await site.CountAsync("select count(*) from journal where body like '%人手有余%'"));

        var api = await Api(site, Lender);
        var rule = Assert.Single((await api.Get<AidPicture>("/api/v1/aid")).Rules);
        Assert.Equal("42 15 41", string.Join(' ', rule.Lends.Areas));
        Assert.Contains("value=\"湖北、内蒙古、河南\"", await lender.ReadAsync($"/staff/aid?rule={rule.Rule:N}"), StringComparison.Ordinal);
        Assert.Equal(2, (await api.Post<AidRuleView>("/api/v1/aid", new AidBody(1, 80, rule.Rule, "*", null, null, null, "夜里留多些"))).Version);
        Assert.Equal(HttpStatusCode.Conflict, (await api.Refused(HttpMethod.Post, "/api/v1/aid", new AidBody(1, 10, rule.Rule, "*", null, null, null, "旧的页面"))).Status);
        var receiver = await Api(site, "operator");
        Assert.Equal(HttpStatusCode.NotFound, (await receiver.Refused(HttpMethod.Post, "/api/v1/aid", new AidBody(2, 0, rule.Rule, "*", null, null, null, "都借给我"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await receiver.Refused(HttpMethod.Post, "/api/v1/aid/end", new AidEndBody(rule.Rule, 2, "停"))).Status);
        using var doctor = await Caller.DoctorAsync(site);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.Refused(HttpMethod.Post, "/api/v1/aid", new AidBody(0, 0, null, "*", null, null, null, "不归我管"))).Status);
        Assert.Equal(80, Assert.Single((await receiver.Get<AidPicture>("/api/v1/aid")).Rules).Lends.Keep);

        using var english = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow(), "operator", "en");
        Assert.Contains("keeps 80 % of the seats of each skill for its own people", await english.ReadAsync("/staff/aid"), StringComparison.Ordinal);
        await api.Post<AidRuleView>("/api/v1/aid/end", new AidEndBody(rule.Rule, 2, "不用了"));
        Assert.Empty((await api.Get<AidPicture>("/api/v1/aid")).Rules);
        Assert.Equal(3, await site.CountAsync("select count(*) from aid_rule"));
    }

    [Theory, OnBothDatabases]
    public async Task Floor_is_kept_while_others_wait_with_its_reason_and_the_ledger_of_help_adds_up_to_zero(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var api = await Api(site, Lender);
        var rule = await api.Post<AidRuleView>("/api/v1/aid", new AidBody(0, 50, null, "wuhan", null, null, null, "留一半给自己的患者"));
        using var doctor = await Caller.DoctorAsync(site, seats: 2);
        await site.RunAsync("update staff set organisation = (select organisation from staff where login = 'doctor4') where login = 'replay-1'");

        using var first = await SurgeScene.AskAsync(site);
        await doctor.Given(first.Id);
        using var desk = site.NewPerson();
        desk.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        Assert.Contains("支援：武汉发热义诊", await desk.GetStringAsync(new Uri("/staff/desk", UriKind.Relative)), StringComparison.Ordinal);
        using var second = await SurgeScene.AskAsync(site);
        await SurgeScene.TurnedAsync(site, clock);
        Assert.Equal("waiting", (await second.Look()).Bucket);
        using var staff = await SurgeScene.OperatorAsync(site);
        var why = await staff.Get<WaitedFor>($"/api/v1/waited/{second.Id[^6..]}");
        Assert.Equal((0, 1, 0), (why.Eligible, why.Excluded.Reserved, why.Excluded.Full));
        using var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={second.Token}");
        Assert.Contains("按约定留给他们自己的患者", await browser.GetStringAsync(new Uri($"/q/{second.Id}/waiting", UriKind.Relative)), StringComparison.Ordinal);

        // Half a minute of one person, then half a minute of both: one doctor-minute, for no minute is counted twice.
        clock.Advance(TimeSpan.FromSeconds(30));
        await api.Post<AidRuleView>("/api/v1/aid/end", new AidEndBody(rule.Rule, rule.Version, "人手够了"));
        await doctor.Given(second.Id);
        clock.Advance(TimeSpan.FromSeconds(30));
        foreach (var person in new[] { first, second })
        {
            var now = await person.Look();
            await doctor.Post<ConsultationView>($"{person.Consultation}/advice", new AdviceBody(now.Epoch, Disposition.D5, "来问", "照常休息", Close: true));
        }

        var sheet = await staff.Get<AidSheet>("/api/v1/aid/ledger");
        Assert.True(sheet.Holds);
        var line = Assert.Single(sheet.Lines);
        Assert.Equal((2, true), (line.Consultations, line.IsHelp));
        Assert.Equal(new DateOnly(2020, 1, 26), line.Day);
        Assert.InRange(line.Minutes, 1.0m, 1.1m);
        Assert.Equal(2, sheet.Balances.Length);
        Assert.Equal(0, sheet.Balances.Sum(b => b.Minutes));
        using var page = await Operator.SignInAsync(site, clock.GetUtcNow());
        var shown = await page.ReadAsync("/staff/aid/ledger");
        Assert.Contains("样板省人民医院", shown, StringComparison.Ordinal);
        Assert.Contains("加起来是零", shown, StringComparison.Ordinal);
        var csv = await page.ReadAsync("/staff/aid/ledger.csv");
        Assert.Contains("\"2020-01-26\",\"样板省人民医院\",\"示例市第一医院\",\"2\"", csv, StringComparison.Ordinal);
        Assert.Empty((await staff.Get<AidSheet>("/api/v1/aid/ledger?from=2020-01-01&to=2020-01-25")).Lines);
        Assert.Single((await staff.Get<AidSheet>("/api/v1/aid/ledger?from=0001-01-01&to=0001-01-01")).Lines);

        // Who asks to be erased leaves the help that was given where it was.
        await first.Refused(HttpMethod.Delete, "/api/v1/me", new { });
        Assert.Equal(line with { Minutes = 0 }, Assert.Single((await staff.Get<AidSheet>("/api/v1/aid/ledger")).Lines) with { Minutes = 0 });
    }

    [Theory, OnBothDatabases]
    public async Task Organisation_that_set_the_deployment_up_takes_another_in_and_its_operator_comes_by_a_link(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var first = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        using var other = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow(), Lender);
        Assert.DoesNotContain("加一个单位", await other.ReadAsync("/staff/aid"), StringComparison.Ordinal);
        (string, string)[] named = [("name_zh", "邻市第二医院"), ("name_en", "Second Hospital of the Next City"), ("province", "43")];
        Assert.Equal(HttpStatusCode.NotFound, (await other.SendAsync("/staff/aid", "/staff/aid/organisations", named)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await first.SendAsync("/staff/aid", "/staff/aid/organisations", [.. named[..2], ("province", "99")])).Status);
        var (status, _, page) = await first.SendAsync("/staff/aid", "/staff/aid/organisations", named);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Matches("/staff/join/[A-Za-z0-9_-]{20,}", page);
        Assert.Contains("邻市第二医院", page, StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from invitation where role = 'Operator' and organisation = (select id from organisation where name_zh = '邻市第二医院')"));
        Assert.Equal(HttpStatusCode.Conflict, (await first.SendAsync("/staff/aid", "/staff/aid/organisations", named)).Status);
    }

    private static (string Name, string Value)[] Rule(params (string Name, string Value)[] other)
    {
        (string Name, string Value)[] usual = [("rule", ""), ("seen", "0"), ("campaign", "*"), ("keep", "50"), ("areas", ""), ("from", "00:00"), ("to", "00:00"), ("reason", "白天人手有余")];
        return [.. usual.Where(u => other.All(o => o.Name != u.Name)), .. other];
    }

    private static Task<Caller> Api(TestSite site, string login) => SurgeScene.OperatorAsync(site, login);
}
