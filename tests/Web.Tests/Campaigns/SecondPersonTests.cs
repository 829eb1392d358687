using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>Outside of demo and drill one operator asks for the opening and another confirms it; an organisation with one operator opens alone and says why.</summary>
public sealed partial class SecondPersonTests
{
    private const string Page = "/staff/campaigns/fever";
    private const string Open = $"{Page}/open";

    [Theory, OnBothDatabases]
    public async Task One_operator_asks_another_confirms_and_both_names_stand_in_the_dated_records(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock, Real);
        using var first = await ReadyAsync(site, clock);
        await site.RunAsync("update staff set organisation = (select organisation from staff where login = 'operator') where login = 'operator2'");
        using var second = await Operator.SignInAsync(site, clock.GetUtcNow(), "operator2");

        Assert.Contains("开放须第二人确认", await ReadAsync(first), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await first.SendAsync(Page, Open, ("seen", ""))).Status);
        Assert.Contains("等本机构另一位操作员", await ReadAsync(first), StringComparison.Ordinal);
        await Operator.Nobody(site).ReadAsync("/c/fever", HttpStatusCode.NotFound);
        Assert.Contains("请求开放，等第二人确认", WebUtility.HtmlDecode(await second.ReadAsync("/staff/campaigns")), StringComparison.Ordinal);
        var own = await first.SendAsync(Page, Open, ("seen", await SeenAsync(first)));
        Assert.Equal(HttpStatusCode.Conflict, own.Status);
        Assert.Contains("开放须第二人确认：请本机构另一位", WebUtility.HtmlDecode(own.Page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await second.SendAsync(Page, Open, ("seen", ""))).Status);

        // A word changed after the request: what would be confirmed is not what was asked for.
        var asked = await SeenAsync(second);
        await first.SendAsync(Page, Page, [.. OpeningTests.Whole.Where(f => f.Item1 != "filing"), ("filing", "另一个")]);
        Assert.Equal(HttpStatusCode.Conflict, (await second.SendAsync(Page, Open, ("seen", asked))).Status);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.SeeOther, (await first.SendAsync(Page, Open, ("seen", ""))).Status);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("值班 方主任 请求开放", await ReadAsync(second), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await second.SendAsync(Page, Open, ("seen", await SeenAsync(second)))).Status);

        Assert.Matches("值班 方主任 请求，.*值班 秦主任 确认", await ReadAsync(first));
        await Operator.Nobody(site).ReadAsync("/c/fever");
        using var changes = JsonDocument.Parse(await first.ReadAsync("/api/v1/campaigns/fever/changes"));
        Assert.Equal(
            [("opened", "值班 秦主任"), ("opening_asked", "值班 方主任"), ("changed", "值班 方主任"), ("opening_asked", "值班 方主任"), ("created", "值班 方主任")],
            changes.RootElement.EnumerateArray().Select(c => (c.GetProperty("kind").GetString(), c.GetProperty("who").GetString())));
    }

    [Theory, OnBothDatabases]
    public async Task By_call_the_request_is_named_when_it_is_confirmed_and_can_be_taken_back(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock, Real);
        using var first = await ReadyAsync(site, clock);
        await site.RunAsync("update staff set organisation = (select organisation from staff where login = 'operator') where login = 'operator2'");
        using var second = await Operator.SignInAsync(site, clock.GetUtcNow(), "operator2");
        var (status, asked) = await CallAsync(first, new { });
        Assert.Equal((HttpStatusCode.OK, "draft"), (status, asked.GetProperty("state").GetString()));
        var at = asked.GetProperty("terms").GetProperty("asked").GetProperty("at").GetDateTimeOffset();
        (status, var no) = await CallAsync(first, new { confirms = at });
        Assert.Equal((HttpStatusCode.Conflict, "second_person_needed"), (status, no.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(second, new { take_back = true })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await CallAsync(second, new { confirms = at })).Status);
        clock.Advance(TimeSpan.FromSeconds(1));
        (_, asked) = await CallAsync(second, new { });
        (status, var open) = await CallAsync(first, new { confirms = asked.GetProperty("terms").GetProperty("asked").GetProperty("at").GetDateTimeOffset() });
        Assert.Equal((HttpStatusCode.OK, "open"), (status, open.GetProperty("state").GetString()));
    }

    [Theory, OnBothDatabases]
    public async Task Only_operator_opens_alone_with_a_reason_that_is_recorded(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock, Real);
        using var staff = await ReadyAsync(site, clock);
        Assert.Contains("本机构只有一个操作员账号", await ReadAsync(staff), StringComparison.Ordinal);
        var without = await staff.SendAsync(Page, Open, ("reason", " "));
        Assert.Equal(HttpStatusCode.BadRequest, without.Status);
        Assert.Contains("id=\"reason-err\"", without.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync(Page, Open, ("reason", "第一天，另一位还没有账号"))).Status);
        Assert.Contains("一个人开放的原因：第一天，另一位还没有账号", await ReadAsync(staff), StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from campaign_change where campaign = 'fever' and kind = 'opened' and body like '%第一天，另一位还没有账号%'"));
    }

    /// <summary>As a deployment for real people is, with the demo's people and signatures in it.</summary>
    private static void Real(WebApplicationBuilder builder)
    {
        var made = builder.Services.Single(s => s.ServiceType == typeof(Deployment)).ImplementationInstance as Deployment ?? throw new InvalidOperationException("No deployment.");
        builder.Services.AddSingleton(made with { Kind = DeploymentKind.Real });
    }

    /// <summary>A whole draft, and a shift that begins within the hour.</summary>
    private static async Task<Operator> ReadyAsync(TestSite site, TestClock clock)
    {
        var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", OpeningTests.Whole);
        var shift = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        using var rostered = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/roster", UriKind.Relative), new
        {
            csv = FormattableString.Invariant($"clinician,organisation,people,date,from,to,skills,langs\n,示例市第一医院,1,{shift:yyyy-MM-dd},{shift:HH:mm},{shift.AddHours(3):HH:mm},fever,zh"),
        });
        Assert.True(rostered.IsSuccessStatusCode, await rostered.Content.ReadAsStringAsync());
        var check = await staff.Browser.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/campaigns/fever/check", UriKind.Relative));
        Assert.Equal(0, check.GetProperty("missing").GetArrayLength());
        return staff;
    }

    private static async Task<string> ReadAsync(Operator staff) => WebUtility.HtmlDecode(await staff.ReadAsync(Page));

    private static async Task<string> SeenAsync(Operator staff) => Seen().Match(await staff.ReadAsync(Page)).Groups[1].Value;

    private static async Task<(HttpStatusCode Status, JsonElement Body)> CallAsync(Operator staff, object body)
    {
        using var answer = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/campaigns/fever/open", UriKind.Relative), body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    [GeneratedRegex("name=\"seen\" value=\"([0-9]+)\"")]
    private static partial Regex Seen();
}
