using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Yizhen.Benchmarks;

/// <summary>
/// <c>./bench overload</c>: ten times what this machine can do, asked for at fixed times whether it answers or not. Newcomers are ten times too many;
/// ongoing consultations and danger signs come as often as at the peak. Whoever is asked to come again does, with the place they were given.
/// </summary>
internal static class OverloadBench
{
    private const int Times = 10;
    private const int Workers = 128;
    private const int MostAtOnce = 6_000;

    /// <summary>Of a hundred at the peak.</summary>
    private const int OngoingShare = 20;
    private const int RedFlagShare = 10;

    private static readonly TimeSpan LongestAfter = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] told)
    {
        var at = Array.IndexOf(told, "--seconds");
        if (told.Contains("--help") || (at >= 0 && (at + 1 == told.Length || !int.TryParse(told[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n < 8)))
        {
            Console.WriteLine("usage: ./bench overload [--seconds N] [--json]   N from 8 on, 20 where nothing is said: a quarter finds the peak, three quarters are overload; the return to normal comes after.");
            return told.Contains("--help") ? 0 : 2;
        }

        var seconds = at >= 0 ? int.Parse(told[at + 1], CultureInfo.InvariantCulture) : 20;
        var served = await Served.StartAsync(null, CancellationToken.None);
        try
        {
            var measured = await MeasureAsync(TimeSpan.FromSeconds(seconds / 4.0), TimeSpan.FromSeconds(seconds * 3 / 4.0));
            Console.WriteLine(told.Contains("--json") ? JsonSerializer.Serialize(measured, JsonSerializerOptions.Web) : measured.Table());
            return measured.MeetsGoals ? 0 : 1;
        }
        finally
        {
            served.Dispose();
            Directory.Delete(served.Folder, recursive: true);
        }
    }

    private static async Task<OverloadMeasured> MeasureAsync(TimeSpan calibrating, TimeSpan overloading)
    {
        using var people = new OverloadPeople();
        await people.PrepareAsync(CancellationToken.None);
        // Once without counting: the first of everything pays for the code.
        await AtPeakAsync(people, TimeSpan.FromSeconds(4));
        people.Collect();
        await AtPeakAsync(people, calibrating);
        var calm = people.Collect();
        var peak = calm.Count(a => a.IsServed) / calibrating.TotalSeconds;
        var normal = Quantile(calm.Where(a => a.IsServed), 0.99);
        await Console.Error.WriteLineAsync($"peak {peak:0} a second; now {Times} times as many ...");

        var unsent = await OpenLoopAsync(people, peak, overloading);
        var ended = Stopwatch.GetTimestamp();
        var answers = people.Collect();
        var back = await BackAsync(people, ended, normal);
        var flags = answers.Where(a => a.Comer == Comer.RedFlag).ToList();
        var ongoing = answers.Where(a => a.Comer == Comer.Ongoing).ToList();
        return new OverloadMeasured(
            peak, peak * Times, answers.Count / overloading.TotalSeconds, answers.Count(a => a.IsServed) / overloading.TotalSeconds, unsent,
            answers.Count(a => a.Comer == Comer.Newcomer && a.IsServed), answers.Count(a => a.IsRefused), Quantile(answers.Where(a => a.IsRefused), 0.5), Quantile(answers.Where(a => a.IsRefused), 0.99),
            flags.Count, flags.Count(a => a.IsServed), Quantile(flags, 0.99), ongoing.Count, ongoing.Count(a => a.IsServed), Quantile(ongoing, 0.99),
            answers.Count(a => !a.IsServed && !a.IsRefused), normal, back);
    }

    /// <summary>As much as is answered when everybody asks again as soon as they have their answer.</summary>
    private static Task AtPeakAsync(OverloadPeople people, TimeSpan time)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        return Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            for (var n = worker; Stopwatch.GetTimestamp() < until; n++)
            {
                await people.ComeAsync(n % 100 < OngoingShare ? Comer.Ongoing : n % 100 < OngoingShare + RedFlagShare ? Comer.RedFlag : Comer.Newcomer, Stopwatch.GetTimestamp(), null, CancellationToken.None);
            }
        })));
    }

    /// <returns>Arrivals that could not be sent, because so many answers were outstanding already.</returns>
    private static async Task<int> OpenLoopAsync(OverloadPeople people, double peak, TimeSpan time)
    {
        var (began, atOnce, unsent) = (Stopwatch.GetTimestamp(), 0, 0);
        var until = began + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var each = Stopwatch.Frequency / (peak * Times);
        // Of each hundred times ten arrivals so many are inside already: they come no more often than at the peak.
        var coming = new List<Task>();
        var again = new PriorityQueue<string, long>();
        for (long n = 0; ; n++)
        {
            var due = began + (long)(n * each);
            if (due >= until)
            {
                break;
            }

            if (due > Stopwatch.GetTimestamp())
            {
                await Task.Delay(1);
            }

            var of = n % (100 * Times);
            Send(of % Times != 0 ? Comer.Newcomer : of / Times < OngoingShare ? Comer.Ongoing : of / Times < OngoingShare + RedFlagShare ? Comer.RedFlag : Comer.Newcomer, due, null);
            while (TryNext(out var turn, out var when))
            {
                Send(Comer.Newcomer, when, turn);
            }
        }

        await Task.WhenAll(coming);
        return unsent;

        void Send(Comer comer, long due, string? turn)
        {
            // Who is inside is always sent: the bound is for the crowd.
            if (Volatile.Read(ref atOnce) >= MostAtOnce && comer == Comer.Newcomer)
            {
                unsent++;
                return;
            }

            Interlocked.Increment(ref atOnce);
            coming.Add(OneAsync(comer, due, turn));
        }

        async Task OneAsync(Comer comer, long due, string? turn)
        {
            var told = await people.ComeAsync(comer, due, turn, CancellationToken.None);
            Interlocked.Decrement(ref atOnce);
            if (told is { } later)
            {
                lock (again)
                {
                    again.Enqueue(later.Turn, Stopwatch.GetTimestamp() + (long)(later.After.TotalSeconds * Stopwatch.Frequency));
                }
            }
        }

        bool TryNext(out string? turn, out long when)
        {
            lock (again)
            {
                var found = again.TryPeek(out turn, out when) && when <= Stopwatch.GetTimestamp();
                if (found)
                {
                    again.Dequeue();
                }

                return found;
            }
        }
    }

    /// <returns>Seconds until somebody of each kind is answered as quickly as at the peak, ten times running, and nothing is left out; null within a minute not.</returns>
    private static async Task<double?> BackAsync(OverloadPeople people, long ended, double normal)
    {
        var well = 0;
        double? since = null;
        while (Stopwatch.GetElapsedTime(ended) < LongestAfter)
        {
            var began = Stopwatch.GetElapsedTime(ended).TotalSeconds;
            foreach (var comer in Enum.GetValues<Comer>())
            {
                await people.ComeAsync(comer, Stopwatch.GetTimestamp(), null, CancellationToken.None);
            }

            var fine = people.Collect().All(a => a.IsServed && a.Ms <= normal) && await people.StageAsync(CancellationToken.None) == "normal";
            (well, since) = (fine ? well + 1 : 0, fine ? since ?? began : null);
            if (well == 10)
            {
                return since;
            }

            await Task.Delay(100);
        }

        return null;
    }

    private static double Quantile(IEnumerable<Met> answers, double quantile)
    {
        var ordered = answers.Select(a => a.Ms).Order().ToList();
        return ordered.Count == 0 ? 0 : ordered[(int)Math.Ceiling(quantile * ordered.Count) - 1];
    }
}
