using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Statistics;
using Yizhen.Web.Storage;

namespace Yizhen.Benchmarks;

/// <summary>
/// The picture of a large day: 400,000 visitors and 50,000 consultations through the product's own log, on SQLite, with the product serving beside.
/// Then each of its pages is read while others write, and the writing is measured with and without somebody looking.
/// </summary>
internal sealed class PictureBench(WebApplication site, Guid organisation) : IDisposable
{
    private const int Writers = 32;
    private const int Looks = 200;
    private const int Windows = 4;
    private const int PerSecond = 10;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(12);
    private static readonly string[] Pages =
        ["/staff/picture", "/staff/picture?province=42", "/staff/picture?province=42&city=4201", "/staff/picture?campaign=wuhan", "/api/v1/picture", "/staff/picture/tables.csv"];

    private readonly ConsultationLog log = site.Services.GetRequiredService<ConsultationLog>();
    private readonly HttpClient staff = new() { BaseAddress = new(site.Urls.First()) };
    private int written;

    public static async Task<int> RunAsync(string[] told)
    {
        var visitors = Count(told, "--visitors", 400_000);
        var consultations = Count(told, "--consultations", 50_000);
        var folder = Directory.CreateTempSubdirectory("yizhen-bench-picture-").FullName;
        try
        {
            var now = TimeProvider.System.GetUtcNow();
            var place = Place.From(folder, null, null, folder);
            var deployment = await Deployment.OpenAsync(place, DeploymentKind.Demo, make: true, "Asia/Shanghai", now, CancellationToken.None);
            await using var site = Site.Build(deployment, $"http://127.0.0.1:{Served.Address.Port}");
            _ = site.Services.GetRequiredService<DemoSecret>();
            await DemoCampaign.Seed(site.Services, now);
            await site.StartAsync();
            await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
            using var bench = new PictureBench(site, await database.Set<OrganisationRow>().Select(o => o.Id).FirstAsync());
            await bench.SignInAsync(now);
            await bench.FillAsync(deployment.Engine, visitors, consultations, now);
            await bench.MeasureAsync();
            await site.StopAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => staff.Dispose();

    private static int Count(string[] told, string name, int otherwise) =>
        Array.IndexOf(told, name) is >= 0 and var at && at + 1 < told.Length && int.TryParse(told[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : otherwise;

    private async Task SignInAsync(DateTimeOffset now)
    {
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == "operator");
        staff.DefaultRequestHeaders.Authorization = new("Bearer", await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, now));
    }

    /// <summary>Over the day that has just ended: a large past is what the first look after a start has to read.</summary>
    private async Task FillAsync(IEngine engine, int visitors, int consultations, DateTimeOffset now)
    {
        var began = Stopwatch.GetTimestamp();
        await LargeDay.FillAsync(log, consultations, organisation, now);
        written = consultations;
        await using var connection = await engine.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"insert into door (id, campaign, entrance, account, started_at, last_step_at) with recursive n(i) as (select 1 union all select i + 1 from n where i < {Math.Max(1, visitors - consultations)}) select lower(hex(randomblob(16))), 'wuhan', 'link', lower(hex(randomblob(16))), {now.Ms()} - i * 200, {now.Ms()} - i * 200 from n");
        await command.ExecuteNonQueryAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{consultations:#,0} consultations of nine facts and {visitors:#,0} visitors stored in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s."));
    }

    private async Task WriteAsync(int n, DateTimeOffset at)
    {
        await LargeDay.StoreAsync(log, n, organisation, at);
        Interlocked.Increment(ref written);
    }

    private async Task MeasureAsync()
    {
        var live = site.Services.GetRequiredService<LivePicture>();
        var first = Stopwatch.GetTimestamp();
        await live.Look(CancellationToken.None);
        Tell("first look after a start", Stopwatch.GetElapsedTime(first).TotalMilliseconds);
        using var stop = new CancellationTokenSource();
        var writing = WriteOnAsync(TimeSpan.FromMilliseconds(100), stop.Token);
        foreach (var page in Pages)
        {
            var samples = new List<double>();
            for (var look = 0; look < Looks / 4; look++)
            {
                var asked = Stopwatch.GetTimestamp();
                using var answer = await staff.GetAsync(new Uri(page, UriKind.Relative));
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
                samples.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                await Task.Delay(50);
            }

            samples.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{page,-40} p50 {samples[samples.Count / 2],8:0.0} ms, p95 {samples[(int)(samples.Count * 0.95)],8:0.0} ms"));
        }

        await stop.CancelAsync();
        await writing;
        var (alone, watched) = (new List<double>(), new List<double>());
        for (var n = 0; n < Windows; n++)
        {
            alone.AddRange(await PacedAsync(look: false));
            watched.AddRange(await PacedAsync(look: true));
        }

        alone.Sort();
        watched.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stored at {PerSecond} consultations a second: mean {alone.Average():0.00} ms, p95 {alone[(int)(alone.Count * 0.95)]:0.00} ms alone; mean {watched.Average():0.00} ms, p95 {watched[(int)(watched.Count * 0.95)]:0.00} ms while the picture is read each second ({100 * (watched.Average() / alone.Average() - 1):0.0} % slower)"));
        var (most, less) = (await RateAsync(look: false), await RateAsync(look: true));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"as many as go in, with both cores full: {most:0} consultations a second alone, {less:0} while the picture is read each second ({100 * (1 - less / most):0.0} % less)"));
    }

    /// <summary>Twice what the fullest hour of January 2020 brought, evenly.</summary>
    private async Task<List<double>> PacedAsync(bool look)
    {
        using var stop = new CancellationTokenSource(Window);
        var looking = look ? LookOnAsync(stop.Token) : Task.CompletedTask;
        var samples = new List<double>();
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        while (!stop.IsCancellationRequested && await beat.WaitForNextTickAsync(CancellationToken.None))
        {
            var began = Stopwatch.GetTimestamp();
            await WriteAsync(Volatile.Read(ref written), TimeProvider.System.GetUtcNow());
            samples.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        await looking;
        return samples;
    }

    private static void Tell(string what, double milliseconds) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40}     {milliseconds,8:0.0} ms"));

    private async Task<double> RateAsync(bool look)
    {
        using var stop = new CancellationTokenSource(Window);
        var (before, began) = (Volatile.Read(ref written), Stopwatch.GetTimestamp());
        var looking = look ? LookOnAsync(stop.Token) : Task.CompletedTask;
        await WriteOnAsync(TimeSpan.Zero, stop.Token);
        await looking;
        return (Volatile.Read(ref written) - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private Task WriteOnAsync(TimeSpan pause, CancellationToken ct) => Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
    {
        while (!ct.IsCancellationRequested)
        {
            await WriteAsync(Volatile.Read(ref written), TimeProvider.System.GetUtcNow());
            await Task.Delay(pause, CancellationToken.None);
        }
    }));

    private async Task LookOnAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            using var answer = await staff.GetAsync(new Uri("/staff/picture", UriKind.Relative), CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }
}
