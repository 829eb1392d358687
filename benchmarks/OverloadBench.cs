using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Text.Json;

namespace Yizhen.Benchmarks;

/// <summary>
/// <c>./bench overload</c>: the server on one core, this client on another. What that core can do is found by steps of persons who come at fixed times, whether it answers
/// or not; then ten times as many newcomers come, beside as many ongoing consultations and danger signs as at the peak; then the crowd goes home.
/// </summary>
internal static class OverloadBench
{
    private const int Times = 10;
    private const int Inside = 150;
    private const int ServerCore = 0;
    private const int OwnCore = 1;

    /// <summary>Of a hundred who come.</summary>
    private const int OngoingShare = 20;
    private const int RedFlagShare = 10;

    /// <summary>One newcomer in so many will tell a danger sign.</summary>
    private const int GraveOneIn = 10;

    /// <summary>Until those who came have ended their journeys: not counted.</summary>
    private static readonly TimeSpan Filling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestAfter = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(string[] told)
    {
        var (seconds, known) = (Number(told, "--seconds", 30, 10), Number(told, "--at", 0, 1));
        if (told.Contains("--help") || seconds is null || known is null)
        {
            Console.WriteLine("usage: ./bench overload [--seconds N] [--at N] [--own] [--json]   N seconds of overload, from 10 on, 30 where nothing is said; --at: takes so many persons a second for the peak, without a search; --own: each answer at the door on a connection of its own, instead of kept-alive lines. About four minutes in all.");
            return told.Contains("--help") ? 0 : 2;
        }

        if (Environment.ProcessorCount < 2)
        {
            await Console.Error.WriteLineAsync("bench: overload needs two cores, one for the server and one for whoever measures.");
            return 2;
        }

        await PinAsync();
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        var served = await Served.StartAsync(null, CancellationToken.None, ServerCore);
        try
        {
            using var lines = new OverloadLines();
            var measured = await MeasureAsync(served, lines, told.Contains("--own"), known.Value, TimeSpan.FromSeconds(seconds.Value));
            Console.WriteLine(told.Contains("--json") ? JsonSerializer.Serialize(measured, JsonSerializerOptions.Web) : measured.Table());
            return measured.MeetsGoals ? 0 : 1;
        }
        finally
        {
            served.Dispose();
            Directory.Delete(served.Folder, recursive: true);
        }
    }

    private static async Task<OverloadMeasured> MeasureAsync(Served served, OverloadLines lines, bool own, int known, TimeSpan overloading)
    {
        var people = new OverloadPeople(lines, own);
        await people.PrepareAsync(Inside);
        var (steps, best) = await OverloadPeak.FindAsync(lines, people, Filling, known);
        await OverloadPeak.CalmAsync(people, Quiet);
        lines.Collect();
        await new OverloadArrivals(lines, people).RunAsync(best.Offered / 2, 1, TimeSpan.FromSeconds(8));
        var normal = Quantile(lines.Collect().Where(a => a.IsServed && a.Step != Step.Whole), 0.99);
        await OverloadPeak.CalmAsync(people, Quiet);
        lines.Collect();

        await Console.Error.WriteLineAsync(FormattableString.Invariant($"peak {best.Journeys:0.0} whole journeys a second; now {Times} times as many persons ..."));
        var began = Stopwatch.GetTimestamp();
        var arrivals = new OverloadArrivals(lines, people);
        var shared = new CoreShare(served, ServerCore);
        await arrivals.RunAsync(best.Offered, Times, overloading);
        var others = shared.Others();
        var all = lines.Collect();
        people.GoHome();
        var back = await BackAsync(lines, people, normal);
        var goodput = all.Count(a => a.Step == Step.Whole && Stopwatch.GetElapsedTime(began, a.At) > Filling) / (overloading - Filling).TotalSeconds;
        var (asked, door) = (all.Where(a => a.Step != Step.Whole).ToList(), all.Where(a => a.Step == Step.Door).ToList());
        var (flags, ongoing, inside) = (all.Where(a => a.Step == Step.RedFlag).ToList(), all.Where(a => a.Step == Step.Ongoing).ToList(), all.Where(a => a.Step == Step.Inside).ToList());
        return new OverloadMeasured(
            steps, best.Journeys, arrivals.Came / overloading.TotalSeconds, asked.Count / overloading.TotalSeconds, goodput,
            door.Count(a => a.IsRefused), Quantile(door.Where(a => a.IsRefused), 0.5), Quantile(door.Where(a => a.IsRefused), 0.99), inside.Count(a => a.IsRefused), Quantile(inside, 0.99),
            flags.Count, flags.Count(a => a.IsServed), Quantile(flags, 0.99), ongoing.Count, ongoing.Count(a => a.IsServed), Quantile(ongoing, 0.99),
            asked.Count(a => !a.IsServed && !a.IsRefused && a.Status >= 0), asked.Count(a => a.Status < 0), normal, back, others, arrivals.Late, asked.Count(a => a.LateMs > OverloadArrivals.LateMs) / (double)Math.Max(1, asked.Count));
    }

    /// <returns>Seconds until somebody of each kind is answered as quickly as at half of the peak, ten times running, nobody stands before the door and nothing is left out.</returns>
    private static async Task<double?> BackAsync(OverloadLines lines, OverloadPeople people, double normal)
    {
        var (ended, well) = (Stopwatch.GetTimestamp(), 0);
        double? since = null;
        while (Stopwatch.GetElapsedTime(ended) < LongestAfter)
        {
            var began = Stopwatch.GetElapsedTime(ended).TotalSeconds;
            var asked = Stopwatch.GetTimestamp();
            await people.LookAsync();
            var fine = lines.Collect().Where(a => a.At - (a.Ms * Stopwatch.Frequency / 1000) >= asked).All(a => a.IsServed && a.Ms <= normal) && await OverloadPeak.IsCalmAsync();
            (well, since) = (fine ? well + 1 : 0, fine ? since ?? began : null);
            if (well == 10)
            {
                return since;
            }

            await Task.Delay(200);
            lines.Sweep();
        }

        return null;
    }

    /// <returns>Null where what follows the name is no number, or too small a one.</returns>
    private static int? Number(string[] told, string name, int unsaid, int least)
    {
        var at = Array.IndexOf(told, name);
        return at < 0 ? unsaid : at + 1 < told.Length && int.TryParse(told[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least ? n : null;
    }

    /// <summary>Every thread of this process, and those to come.</summary>
    private static async Task PinAsync()
    {
        using var pinning = Process.Start(new ProcessStartInfo("taskset", ["-a", "-c", "-p", OwnCore.ToString(CultureInfo.InvariantCulture), Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("taskset does not start.");
        await pinning.StandardOutput.ReadToEndAsync();
        await pinning.WaitForExitAsync();
        if (pinning.ExitCode != 0)
        {
            throw new InvalidOperationException("taskset could not keep this client on its core.");
        }
    }

    internal static double Quantile(IEnumerable<Met> answers, double quantile)
    {
        var ordered = answers.Select(a => a.Ms).Order().ToList();
        return ordered.Count == 0 ? 0 : ordered[(int)Math.Ceiling(quantile * ordered.Count) - 1];
    }

    /// <summary>Of a hundred who come at the peak, who is the n-th.</summary>
    internal static (Step Step, bool Grave) Kind(long n) =>
        n % 100 < OngoingShare ? (Step.Ongoing, false) : n % 100 < OngoingShare + RedFlagShare ? (Step.RedFlag, false) : (Step.Door, n % GraveOneIn == GraveOneIn - 1);
}
