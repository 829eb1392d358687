using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Benchmarks;

/// <summary><c>./bench turn WAITING... --place</c>: what telling a place costs while so many wait, for people all over the line: the look that reads the line, those that find it read, and place and reason of a page that is asked for meanwhile.</summary>
internal static class PlaceLook
{
    private const int People = 60;
    private const int Reads = 20;

    public static async Task MeasureAsync(WebApplication site, int size, int doctors)
    {
        var (why, log, waits) = (site.Services.GetRequiredService<WhyNobodyYet>(), site.Services.GetRequiredService<ConsultationLog>(), Bucket.Waiting.Code());
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var ids = await database.Set<Head>().Where(h => h.Bucket == waits).OrderBy(h => h.Id).Select(h => h.Id).ToListAsync();
        var people = new List<Consultation>();
        foreach (var id in Enumerable.Range(0, People).Select(n => ids[n * ids.Count / People]))
        {
            people.Add(await log.Read(new ConsultationId(id), CancellationToken.None));
        }

        var (anew, found, meanwhile, now) = (new List<double>(), new List<double>(), new List<double>(), TimeProvider.System.GetUtcNow());
        for (var read = 0; read < Reads; read++)
        {
            now = now.AddMinutes(1);
            var reading = Task.Run(() => TimeAsync(() => why.Before(people[read], now, CancellationToken.None)));
            while (!reading.IsCompleted)
            {
                meanwhile.Add(await TimeAsync(() => PageAsync(people[meanwhile.Count % People])));
            }

            anew.Add(await reading);
            foreach (var one in people)
            {
                found.Add(await TimeAsync(() => why.Before(one, now, CancellationToken.None)));
            }
        }

        anew.RemoveRange(0, Reads / 4);
        Console.WriteLine($"{size,6} wait, {doctors} on duty, telling a place: the line read {Of(anew)}, found read {Of(found)}, place and reason meanwhile {Of(meanwhile)}");

        async Task PageAsync(Consultation one)
        {
            await why.Of(one, now, CancellationToken.None);
            await why.Before(one, now, CancellationToken.None);
        }
    }

    private static async Task<double> TimeAsync(Func<Task> look)
    {
        var began = Stopwatch.GetTimestamp();
        await look();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static string Of(List<double> times)
    {
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {times[times.Count / 2]:0.00} ms, p95 {times[times.Count * 95 / 100]:0.00} ms");
    }
}
