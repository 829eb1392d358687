using System.Collections.Concurrent;

namespace Yizhen.Web.Commands.Replay;

/// <summary>What a replay measures. Times in milliseconds.</summary>
internal sealed class Figures
{
    private readonly ConcurrentBag<double> stored = [];
    private readonly ConcurrentBag<double> seen = [];
    private readonly ConcurrentDictionary<Guid, long> sentAt = new();

    private int messages;

    public int Messages => messages;

    public void Sent(Guid message, long at) => sentAt.TryAdd(message, at);

    public void Stored(long sent, long acknowledged)
    {
        Interlocked.Increment(ref messages);
        stored.Add(TimeSpan.FromTicks(acknowledged - sent).TotalMilliseconds);
    }

    /// <summary>The other side has this line on its screen for the first time.</summary>
    public void Seen(Guid message, long at)
    {
        if (sentAt.TryRemove(message, out var sent))
        {
            seen.Add(TimeSpan.FromTicks(at - sent).TotalMilliseconds);
        }
    }

    public Percentiles StoredMs => Percentiles.Of(stored);

    public Percentiles SeenMs => Percentiles.Of(seen);
}

internal sealed record Percentiles(double P50, double P95, double P99)
{
    public static Percentiles Of(IEnumerable<double> samples)
    {
        var sorted = samples.Order().ToArray();
        return sorted.Length == 0 ? new Percentiles(0, 0, 0) : new Percentiles(At(0.50), At(0.95), At(0.99));

        double At(double share) => Math.Round(sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))], 2);
    }
}

internal sealed record Report(
    int Dialogues, int Completed, int Messages, int Lost, int Doubled, int Misordered, int Foreign, double PerSecond, Percentiles StoredMs, Percentiles SeenMs)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Clean => Lost == 0 && Doubled == 0 && Misordered == 0 && Foreign == 0;
}
