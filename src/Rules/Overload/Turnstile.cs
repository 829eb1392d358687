namespace Yizhen.Rules.Overload;

/// <summary>
/// The order of those who wait before the door: whoever came earlier gets in earlier. A place is the microsecond of coming, later than every place
/// before it. Places are called in that order, as many ahead as the door has lately had room for, so that nobody who went away holds up the others.
/// Deterministic; times come with the call; not for two threads at once.
/// </summary>
public sealed class Turnstile(TurnLimits limits)
{
    private const long Second = 1_000_000;

    /// <summary>How much the last second counts in the pace.</summary>
    private const double Fresh = 0.3;

    /// <summary>What is left after a second of the quickest pace that was seen.</summary>
    private const double Remembered = 0.98;

    private readonly Queue<long> waiting = new();
    private readonly HashSet<long> called = [];
    private readonly Queue<(long Place, long At)> expiring = new();
    private long last;
    private long front;
    private long ticked;
    private long counted;
    private int entered;
    private double pace;
    private double able;
    private double ahead = limits.FewestCalled;
    private bool crowded;

    /// <summary>People who have not been called yet.</summary>
    public int Waiting => waiting.Count;

    /// <summary>A place behind everybody else's.</summary>
    public long Take(long now)
    {
        last = Math.Max(last + 1, now);
        if (waiting.Count < limits.MostWaiting)
        {
            waiting.Enqueue(last);
        }

        return last;
    }

    /// <param name="place">Null for whoever comes for the first time.</param>
    public bool Lets(long? place, long now)
    {
        Advance(now);
        return waiting.Count == 0 || place <= front;
    }

    /// <summary>Somebody got in.</summary>
    public void Entered(long? place)
    {
        entered++;
        if (place is { } there)
        {
            called.Remove(there);
        }
    }

    /// <summary>Somebody whose turn it was found no room: fewer are called.</summary>
    public void Crowded() => crowded = true;

    /// <summary>Whether a token tells a place that still counts.</summary>
    public bool IsGood(long place, long now) => place <= now + Second && place > now - (limits.ValidS * Second);

    /// <summary>Seconds after which it is worth coming again.</summary>
    public int RetryAfter(long place)
    {
        if (waiting.Count == 0 || place <= front || pace <= 0)
        {
            return place <= front ? limits.ShortestRetryS : Math.Clamp(limits.LongestRetryS / 2, limits.ShortestRetryS, limits.LongestRetryS);
        }

        // Places come evenly enough for this: how far into the line, times how long the line is.
        var before = waiting.Count * Math.Clamp((place - waiting.Peek()) / (double)Math.Max(1, last - waiting.Peek()), 0, 1);
        return (int)Math.Clamp(Math.Ceiling(before / Math.Max(pace, able)), limits.ShortestRetryS, limits.LongestRetryS);
    }

    /// <summary>Calls whoever is next.</summary>
    public void Advance(long now)
    {
        if (now - counted >= Second)
        {
            pace = counted == 0 ? entered : (pace * (1 - Fresh)) + (Fresh * entered * Second / (now - counted));
            (entered, counted, able) = (0, now, Math.Max(pace, able * Remembered));
        }

        if (now - ticked < limits.TickMs * 1000L)
        {
            return;
        }

        // Whoever is called comes back some seconds later: as many as get in meanwhile are called ahead, or the door stands empty.
        var fewest = Math.Max(limits.FewestCalled, able * limits.AheadS);
        (ahead, ticked) = (Math.Clamp(ahead * (crowded ? limits.Fewer : waiting.Count > 0 ? limits.More : 1), fewest, Math.Max(fewest, limits.MostWaiting)), now);
        crowded = false;
        while (expiring.TryPeek(out var old) && old.At < now - (limits.GraceS * Second))
        {
            called.Remove(expiring.Dequeue().Place);
        }

        while (called.Count < ahead && waiting.TryDequeue(out var next))
        {
            front = next;
            called.Add(next);
            expiring.Enqueue((next, now));
        }
    }
}
