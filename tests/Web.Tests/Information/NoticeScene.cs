using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Information;
using Yizhen.Rules.Triage;
using Yizhen.Web.Information;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Information;

/// <summary>Notices as an operator sends them, and the loop that tells.</summary>
internal static class NoticeScene
{
    public const string Here = "/staff/notices";
    public const string Zh = "发热门诊改到北门，请走北门。";
    public const string Day = "2020-01-26";

    public static Task<TestSite> StartAsync(TestDatabase database, TestClock clock) =>
        TestSite.StartAsync(database, clock, builder => builder.Services.AddSingleton(new NoticeRules("test", 1, 100, 2, 60)));

    /// <summary>The same, and nothing turns but what the test turns.</summary>
    public static Task<TestSite> StartStillAsync(TestDatabase database, TestClock clock) => TestSite.StartAsync(database, clock, builder =>
    {
        builder.Services.AddSingleton(new NoticeRules("test", 1, 100, 2, 60));
        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType == typeof(Chore<TellNotices>)));
    });

    public static async Task SendAsync(TestSite site, TestClock clock)
    {
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var api = new Caller(site);
        api.Holds(staff.Browser.DefaultRequestHeaders.Authorization?.Parameter ?? "");
        await api.Put<JsonElement>($"/api/v1/notices/{Base32.Write(Guid.CreateVersion7(clock.GetUtcNow()))}", new { text = new { zh = Zh, en = "It has moved." }, why = "通告", waiting = true, since = Day, dispositions = Array.Empty<Disposition>(), counted = 4 });
    }

    public static async Task<NoticeProgress> Progress(TestSite site, Operator staff)
    {
        using var api = new Caller(site);
        api.Holds(staff.Browser.DefaultRequestHeaders.Authorization?.Parameter ?? "");
        return Assert.Single(await api.Get<List<NoticeProgress>>("/api/v1/notices"));
    }

    public static Task<(bool More, int Told, int Handed)> LookAsync(TestSite site, TestClock clock) => site.Services.GetRequiredService<TellNotices>().Look(clock.GetUtcNow(), CancellationToken.None);

    /// <summary>Turns the loop until it is so; the carrier of messages turns by itself. Twenty-five seconds at most.</summary>
    public static async Task LookUntilAsync(TestSite site, TestClock clock, string sql, long expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(25));
        while (await site.CountAsync(sql) != expected)
        {
            await LookAsync(site, clock);
            await Task.Delay(50, limit.Token);
        }
    }

    public static Operator Browser(TestSite site, Caller patient)
    {
        var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
        return browser;
    }
}
