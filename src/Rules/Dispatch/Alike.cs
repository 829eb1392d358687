using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>People who wait for the same clinicians, of every urgency: how many stand, and how fast they were taken lately.</summary>
internal sealed class Alike(double queueShare)
{
    /// <summary>Starts in the window, below which nothing is said.</summary>
    public const int AtLeast = 3;

    private const long WindowMs = 10 * Forecast.MinuteMs;

    /// <summary>Nobody's speed is reckoned from less time than this.</summary>
    private const long LeastMs = Forecast.MinuteMs / 2;

    private static readonly int Classes = Enum.GetValues<Urgency>().Length;

    private readonly Queue<long> starts = [];
    private readonly Class[] classes = [.. Enumerable.Range(0, Classes).Select(_ => new Class())];
    private long? first;

    public bool Knows(long now, int enough)
    {
        while (starts.TryPeek(out var at) && at < now - WindowMs)
        {
            starts.Dequeue();
        }

        return starts.Count >= enough;
    }

    /// <summary>People who go before somebody who joins now: the more urgent, and those as urgent.</summary>
    public int Ahead(Urgency urgency) => UpTo(urgency).Sum(c => c.Waiting);

    /// <summary>
    /// Milliseconds: how long all before them take at the speed of the last minutes, and a part of how long the first of them has waited already; with nobody
    /// before them, what the latest waits were. Speed is reckoned from the time that was seen, or a beginning would look slow.
    /// </summary>
    public double Guess(Urgency urgency, long now, Dictionary<Guid, Standing> standing)
    {
        if (Ahead(urgency) is not (> 0 and var ahead))
        {
            return classes[(int)urgency - 1].Median;
        }

        var seen = Math.Clamp(now - (first ?? now), LeastMs, WindowMs);
        var oldest = UpTo(urgency).Max(c => c.Oldest(now, standing));
        return Misses.Between((double)ahead * seen / Math.Max(1, starts.Count), oldest, queueShare);
    }

    public void Join(Guid id, Urgency urgency, long now)
    {
        first ??= now;
        classes[(int)urgency - 1].Join(id, now);
    }

    public void Started(Urgency urgency, long now, long waited)
    {
        starts.Enqueue(now);
        classes[(int)urgency - 1].Started(waited);
    }

    public void Gone(Urgency urgency) => classes[(int)urgency - 1].Gone();

    private IEnumerable<Class> UpTo(Urgency urgency) => classes.Take((int)urgency);

    /// <summary>Those of one urgency.</summary>
    private sealed class Class
    {
        private const int Latest = 15;

        private readonly Queue<long> waits = [];
        private readonly Queue<(Guid Id, long At)> line = [];

        public int Waiting { get; private set; }

        /// <summary>Of the latest waits; 0 while there was none.</summary>
        public double Median => waits.Count == 0 ? 0 : waits.Order().ElementAt(waits.Count / 2);

        public double Oldest(long now, Dictionary<Guid, Standing> standing)
        {
            while (line.TryPeek(out var head) && !(standing.TryGetValue(head.Id, out var person) && person.Since == head.At))
            {
                line.Dequeue();
            }

            return line.TryPeek(out var oldest) ? now - oldest.At : 0;
        }

        public void Join(Guid id, long now)
        {
            Waiting++;
            line.Enqueue((id, now));
        }

        public void Started(long waited)
        {
            Waiting--;
            waits.Enqueue(waited);
            if (waits.Count > Latest)
            {
                waits.Dequeue();
            }
        }

        public void Gone() => Waiting--;
    }
}
