using System.Diagnostics;

namespace Yizhen.Benchmarks;

/// <summary>Persons who come at fixed times, whether anybody is answered or not.</summary>
internal sealed class OverloadArrivals(OverloadLines lines, OverloadPeople people)
{
    /// <summary>Further behind its plan than this, a client is late.</summary>
    public const double LateMs = 5;

    private long late;
    private long whole;

    public int Came { get; private set; }

    /// <summary>Share of the time in which this client was behind its plan.</summary>
    public double Late => late / (double)Math.Max(1, whole);

    /// <param name="offered">Persons a second at the peak, of each kind as many as there.</param>
    /// <param name="times">So many times as many newcomers; whoever is inside comes no more often than at the peak.</param>
    public async Task RunAsync(double offered, int times, TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        var until = began + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var each = Stopwatch.Frequency / (offered * times);
        var (last, swept) = (began, began);
        for (long n = 0; ; n++)
        {
            var due = began + (long)(n * each);
            if (due >= until)
            {
                break;
            }

            while (Stopwatch.GetTimestamp() < due)
            {
                await Task.Delay(1);
            }

            var now = Stopwatch.GetTimestamp();
            late += (now - due) * 1000.0 / Stopwatch.Frequency > LateMs ? now - last : 0;
            (last, Came) = (now, Came + 1);
            var (step, grave) = n % times == 0 ? OverloadBench.Kind(n / times) : (Step.Door, n % 100 == 99);
            _ = people.ComeAsync(step, due, grave);
            if (Stopwatch.GetElapsedTime(swept, now) > TimeSpan.FromSeconds(1))
            {
                lines.Sweep();
                swept = now;
            }
        }

        whole = Stopwatch.GetTimestamp() - began;
    }
}
