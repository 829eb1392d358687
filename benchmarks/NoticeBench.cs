using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Web;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Information;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Benchmarks;

/// <summary>
/// A notice to everybody of a large day: how long until it is written down whom it is for and until it stands on each page, and what it costs whoever is
/// stored meanwhile. On SQLite, with the product serving beside.
/// </summary>
internal sealed class NoticeBench(WebApplication site, Guid organisation) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    private readonly ConsultationLog log = site.Services.GetRequiredService<ConsultationLog>();
    private readonly IDbContextFactory<Database> databases = site.Services.GetRequiredService<IDbContextFactory<Database>>();
    private readonly HttpClient staff = new() { BaseAddress = new(site.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };

    public static async Task<int> RunAsync(string[] told)
    {
        var (people, step) = (Told(told, "--people", 50_000), Told(told, "--step", 0));
        var folder = Directory.CreateTempSubdirectory("yizhen-bench-notice-").FullName;
        try
        {
            var now = TimeProvider.System.GetUtcNow();
            var deployment = await Deployment.OpenAsync(Place.From(folder, null, null, folder), DeploymentKind.Demo, make: true, "Asia/Shanghai", now, CancellationToken.None);
            var rules = NoticeRules(step);
            await using var site = Site.Build(deployment, $"http://127.0.0.1:{Served.Address.Port}", builder => builder.Services.AddSingleton(rules));
            _ = site.Services.GetRequiredService<DemoSecret>();
            await DemoCampaign.Seed(site.Services, now);
            await site.StartAsync();
            await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
            var organisation = await database.Set<StaffRow>().Where(s => s.Login == "operator").Select(s => s.Organisation).FirstAsync();
            using var bench = new NoticeBench(site, organisation);
            await bench.SignInAsync(now);
            await LargeDay.FillAsync(bench.log, people, organisation, now);
            await bench.MeasureAsync(now);
            await site.StopAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => staff.Dispose();

    /// <param name="step">Consultations looked through at once; 0: as shipped.</param>
    private static Rules.Information.NoticeRules NoticeRules(int step)
    {
        var shipped = Rules.Information.NoticeRules.Parse(Policies.Text("notice.json"));
        return step == 0 ? shipped : shipped with { ChosenAtOnce = step };
    }

    private static int Told(string[] told, string name, int otherwise) =>
        Array.IndexOf(told, name) is >= 0 and var at && at + 1 < told.Length && int.TryParse(told[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : otherwise;

    private async Task SignInAsync(DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == "operator");
        staff.DefaultRequestHeaders.Authorization = new("Bearer", await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, now));
    }

    private async Task MeasureAsync(DateTimeOffset now)
    {
        using var alone = new CancellationTokenSource(Window);
        Say("stored alone", await StoreAsync(alone.Token));

        var notice = new { text = new { zh = "发热门诊改到北门，请走北门。", en = "The fever clinic has moved." }, why = "bench", waiting = true, since = now.AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), counted = 1 };
        var began = Stopwatch.GetTimestamp();
        using var counted = await staff.PostAsJsonAsync("/api/v1/notices/count", notice);
        counted.EnsureSuccessStatusCode();
        Say("counted before the sending", began);
        began = Stopwatch.GetTimestamp();
        using var stop = new CancellationTokenSource();
        var storing = StoreAsync(stop.Token);
        using var sent = await staff.PutAsJsonAsync($"/api/v1/notices/{Base32.Write(Guid.CreateVersion7())}", notice);
        sent.EnsureSuccessStatusCode();
        Say("sent", began);
        await UntilAsync(d => d.Set<NoticeRow>().AnyAsync(n => n.WholeAt != null));
        Say("written down whom it is for", began);
        await stop.CancelAsync();
        Say("stored meanwhile", await storing);

        using var over = new CancellationTokenSource();
        storing = StoreAsync(over.Token);
        var page = Stopwatch.GetTimestamp();
        using var read = await staff.GetAsync(new Uri("/staff/notices", UriKind.Relative));
        read.EnsureSuccessStatusCode();
        Say("page of progress", page);
        await UntilAsync(async d => !await d.Set<NoticeToRow>().AnyAsync(t => t.State == NoticeToRow.Due));
        Say("on everybody's page", began);
        await over.CancelAsync();
        Say("stored while it is told", await storing);
        await using var database = await databases.CreateDbContextAsync();
        var facts = await database.Database.SqlQuery<int>($"select count(*) as Value from fact where kind = 'notice_given'").SingleAsync();
        var listed = await database.Set<NoticeToRow>().CountAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{listed:#,0} people on the list, {facts:#,0} told."));
    }

    private async Task UntilAsync(Func<Database, Task<bool>> so)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var database = await databases.CreateDbContextAsync(limit.Token);
        while (!await so(database))
        {
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>Twice what the fullest hour of January 2020 brought, evenly: ten consultations a second.</summary>
    private async Task<List<double>> StoreAsync(CancellationToken ct)
    {
        var samples = new List<double>();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!ct.IsCancellationRequested && await beat.WaitForNextTickAsync(CancellationToken.None))
        {
            var began = Stopwatch.GetTimestamp();
            await LargeDay.StoreAsync(log, samples.Count, organisation, TimeProvider.System.GetUtcNow());
            samples.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return samples;
    }

    private static void Say(string what, long began) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-32} {Stopwatch.GetElapsedTime(began).TotalMilliseconds,10:#,0.0} ms"));

    private static void Say(string what, List<double> samples)
    {
        samples.Sort();
        Console.WriteLine(samples.Count == 0 ? $"{what,-32} too short to say" : string.Create(CultureInfo.InvariantCulture, $"{what,-32} p50 {samples[samples.Count / 2]:0.0} ms, p95 {samples[(int)(samples.Count * 0.95)]:0.0} ms, longest {samples[^1]:0.0} ms ({samples.Count})"));
    }
}
