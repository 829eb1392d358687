using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Yizhen.Benchmarks;

/// <summary>Finds how many whole journeys a second the server can do: a closed crowd says about where, steps of persons who come at fixed times say how many.</summary>
internal static class OverloadPeak
{
    private const int Closed = 12;
    private const double First = 1.1;
    private const double Up = 1.2;
    private const int MostSteps = 6;

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Counted = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(6);
    private static readonly HttpClient Client = new() { BaseAddress = Served.Address };

    /// <param name="known">Persons a second at the peak, where it is known; else 0.</param>
    public static async Task<(IReadOnlyList<LoadStep> Steps, LoadStep Best)> FindAsync(OverloadLines lines, OverloadPeople people, TimeSpan filling, int known)
    {
        // Twice, the first time without counting: the first of everything pays for the code.
        await ClosedAsync(lines, people);
        var (guess, all) = (await ClosedAsync(lines, people), new List<LoadStep>());
        people.Think = (0.2, 0.8);
        for (var offered = known > 0 ? known : guess.Offered * First; known > 0 ? all.Count == 0 : all.Count < MostSteps && (all.Count < 3 || all[^1].Journeys >= all[^2].Journeys); offered *= Up)
        {
            await CalmAsync(people, Between);
            lines.Collect();
            var began = Stopwatch.GetTimestamp();
            await new OverloadArrivals(lines, people).RunAsync(offered, 1, filling + Counted);
            all.Add(Of(lines.Collect(), began, filling, offered));
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{offered:0} came a second: {all[^1].Journeys:0.0} whole journeys, p99 {all[^1].P99:0} ms"));
        }

        return (all, all.OrderByDescending(s => s.Journeys).First());
    }

    /// <summary>Waits until nothing is left out and nobody stands before the door, and then as long again as is asked.</summary>
    public static async Task CalmAsync(OverloadPeople people, TimeSpan quiet)
    {
        people.GoHome();
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < quiet;)
        {
            since = await IsCalmAsync() ? since : Stopwatch.GetTimestamp();
            await Task.Delay(250);
        }
    }

    public static async Task<bool> IsCalmAsync()
    {
        var state = JsonDocument.Parse(await Client.GetStringAsync("/health/ready")).RootElement;
        return state.GetProperty("stage").GetString() == "normal" && state.GetProperty("before").GetInt32() == 0;
    }

    /// <summary>So few at once that nobody is asked to come again, each coming anew as soon as they are through.</summary>
    private static async Task<LoadStep> ClosedAsync(OverloadLines lines, OverloadPeople people)
    {
        people.Think = (0, 0);
        lines.Collect();
        var (began, n) = (Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(0, Closed).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(began) < Warming)
            {
                var (step, grave) = OverloadBench.Kind(Interlocked.Increment(ref n));
                await people.ComeAsync(step, Stopwatch.GetTimestamp(), grave);
            }
        }));
        return Of(lines.Collect(), began, TimeSpan.Zero, n / Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static LoadStep Of(List<Met> all, long began, TimeSpan filling, double offered)
    {
        var counted = all.Where(a => Stopwatch.GetElapsedTime(began, a.At) > filling).ToList();
        return new LoadStep(offered, counted.Count(a => a.Step == Step.Whole) / (Stopwatch.GetElapsedTime(began) - filling).TotalSeconds, OverloadBench.Quantile(counted.Where(a => a.IsServed && a.Step != Step.Whole), 0.99));
    }
}
