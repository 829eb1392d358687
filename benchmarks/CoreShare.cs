using System.Diagnostics;
using System.Globalization;

namespace Yizhen.Benchmarks;

/// <summary>How much of the server's core went to others, from the system's own count (hundredths of a second): a figure taken beside strangers is worth less.</summary>
internal sealed class CoreShare(Served served, int core)
{
    private const double TicksASecond = 100;
    private const int Idle = 3;
    private const int IoWait = 4;

    private readonly long began = Stopwatch.GetTimestamp();
    private readonly TimeSpan own = served.ProcessorTime;
    private readonly double busy = Busy(core);

    public double Others() => Math.Max(0, (Busy(core) - busy - (served.ProcessorTime - own).TotalSeconds) / Stopwatch.GetElapsedTime(began).TotalSeconds);

    private static double Busy(int core)
    {
        var counts = File.ReadLines("/proc/stat").First(l => l.StartsWith($"cpu{core} ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        return counts.Take(8).Where((_, n) => n is not (Idle or IoWait)).Sum(c => double.Parse(c, CultureInfo.InvariantCulture)) / TicksASecond;
    }
}
