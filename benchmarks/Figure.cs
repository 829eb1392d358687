using System.Diagnostics;

namespace Yizhen.Benchmarks;

/// <summary>One measured line.</summary>
/// <param name="Unit">Of <paramref name="P50"/> and <paramref name="P99"/>: us or ms; bytes where size is measured.</param>
/// <param name="PerSecond">By the clock on the wall, all workers together; 0 where it says nothing.</param>
internal sealed record Figure(string Name, string Unit, double P50, double P99, double PerSecond)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(1);

    /// <summary>Measures something pure on one thread: warm, then for a second. A sample is <paramref name="batch"/> calls, so that the clock's own grain does not show.</summary>
    /// <param name="act">Returns something, so that no compiler may leave it out.</param>
    public static Figure Of<T>(string name, int batch, Func<T> act)
    {
        Sample(WarmUp, batch, act);
        var started = Stopwatch.GetTimestamp();
        var samples = Sample(Measured, batch, act);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return FromSamples(name, "us", samples.ConvertAll(ticks => ticks * 1e6 / Stopwatch.Frequency / batch), samples.Count * (double)batch / seconds);
    }

    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static Figure FromSamples(string name, string unit, List<double> samples, double perSecond)
    {
        if (samples.Count == 0)
        {
            throw new ArgumentException($"{name} was not measured.", nameof(samples));
        }

        samples.Sort();
        return new(name, unit, At(samples, 0.50), At(samples, 0.99), perSecond);
    }

    private static double At(List<double> sorted, double quantile) => sorted[(int)Math.Ceiling(quantile * sorted.Count) - 1];

    private static List<double> Sample<T>(TimeSpan time, int batch, Func<T> act)
    {
        var samples = new List<double>();
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        T? kept = default;
        for (var now = Stopwatch.GetTimestamp(); now < until;)
        {
            for (var i = 0; i < batch; i++)
            {
                kept = act();
            }

            var then = now;
            now = Stopwatch.GetTimestamp();
            samples.Add(now - then);
        }

        GC.KeepAlive(kept);
        return samples;
    }
}
