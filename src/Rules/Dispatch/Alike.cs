namespace Yizhen.Rules.Dispatch;

/// <summary>People who wait for the same clinicians with the same urgency: how many stand, and how fast they were taken lately.</summary>
internal sealed class Alike
{
    /// <summary>Starts in the window, below which a wider kind is asked.</summary>
    public const int Enough = 5;

    /// <summary>Starts in the window, below which nothing is said.</summary>
    public const int AtLeast = 3;

    private const long WindowMs = 10 * Forecast.MinuteMs;
    private const int Latest = 15;

    private readonly Queue<long> starts = [];
    private readonly Queue<long> waits = [];
    private readonly Queue<(Guid Id, long At)> line = [];
    private int waiting;

    public bool Knows(long now, int enough)
    {
        while (starts.TryPeek(out var at) && at < now - WindowMs)
        {
            starts.Dequeue();
        }

        return starts.Count >= enough;
    }

    /// <summary>Milliseconds: not less than the first in line has waited already; beyond that, half by the queue and its speed, half by the latest waits.</summary>
    public double Guess(long now, Dictionary<Guid, Standing> standing)
    {
        double latest = waits.Order().ElementAt(waits.Count / 2);
        while (line.TryPeek(out var first) && !(standing.TryGetValue(first.Id, out var person) && person.Since == first.At))
        {
            line.Dequeue();
        }

        double oldest = line.TryPeek(out var head) ? now - head.At : 0;
        return Math.Max(oldest, waiting == 0 ? latest : (((double)waiting * WindowMs / starts.Count) + latest) / 2);
    }

    public void Join(Guid id, long now)
    {
        waiting++;
        line.Enqueue((id, now));
    }

    public void Started(long now, long waited)
    {
        waiting--;
        starts.Enqueue(now);
        waits.Enqueue(waited);
        if (waits.Count > Latest)
        {
            waits.Dequeue();
        }
    }

    public void Gone() => waiting--;
}
