namespace Yizhen.Rules.Overload;

/// <summary>
/// The order of those who wait before the door: whoever came earlier gets in earlier. A place is the microsecond of coming, later than every place
/// before it. Places are called in that order, as many ahead as the door has lately had room for, so that nobody who went away holds up the others.
/// Deterministic; times come with the call; not for two threads at once.
/// </summary>
public sealed class Turnstile(TurnLimits limits)
{
    private const long Second = 1_000_000;

    /// <summary>Prime, so that places that come at even times are spread all the same.</summary>
    private const long Parts = 997;

    /// <summary>How much the last second counts in the pace.</summary>
    private const double Fresh = 0.3;

    /// <summary>What is left after a second of the quickest pace that was seen.</summary>
    private const double Remembered = 0.98;

    private readonly Queue<long> waiting = new();
    private readonly HashSet<long> called = [];
    private readonly Queue<(long Place, long At)> expiring = new();
    private readonly Dictionary<long, Used> used = [];
    private readonly Queue<long> spent = new();
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

    /// <summary>
    /// Whether a place can still be used, by its holder's first coming in and for what follows from it: one Start, the page read again, the same sent again over a bad line.
    /// Whoever hands it on hands on nothing.
    /// </summary>
    /// <param name="starts">It is shown to press Start.</param>
    public bool IsUnspent(long place, bool starts, long now) =>
        !used.TryGetValue(place, out var before) || (now < before.Since + (limits.PassS * Second) && before.Passes < limits.Passes && (!starts || before.Starts < limits.Starts));

    /// <param name="place">Null for whoever comes for the first time.</param>
    public bool Lets(long? place, long now)
    {
        Advance(now);
        return waiting.Count == 0 || place <= front;
    }

    /// <summary>Somebody got in.</summary>
    public void Entered(long? place, bool starts, long now)
    {
        entered++;
        if (place is not { } there)
        {
            return;
        }

        called.Remove(there);
        var known = used.TryGetValue(there, out var before);
        used[there] = new Used(known ? before.Since : now, before.Passes + 1, before.Starts + (starts ? 1 : 0));
        if (!known)
        {
            spent.Enqueue(there);
        }

        // A place that is too old to be one needs no memory, and no more are kept than may wait.
        while (spent.TryPeek(out var oldest) && (spent.Count > limits.MostWaiting || !IsGood(oldest, now)))
        {
            used.Remove(spent.Dequeue());
        }
    }

    /// <summary>The door fills: fewer are called.</summary>
    public void Crowded() => crowded = true;

    /// <summary>Whether a token tells a place that still counts.</summary>
    public bool IsGood(long place, long now) => place <= now + Second && place > now - (limits.ValidS * Second);

    /// <summary>Seconds after which it is worth coming again, spread by the place so that those who came together do not come back together.</summary>
    public int RetryAfter(long place)
    {
        var seconds = place <= front ? limits.ShortestRetryS : Math.Clamp(Expected(place), limits.ShortestRetryS, limits.LongestRetryS);
        return (int)Math.Ceiling(seconds * (1 + (limits.Spread * (place % Parts) / Parts)));
    }

    private double Expected(long place)
    {
        if (waiting.Count == 0)
        {
            return limits.LongestRetryS / 2.0;
        }

        // Places come evenly enough for this: how far into the line, times how long the line is. Told by the pace that is known, people would come no faster than that,
        // and the door would stand empty wherever it could do more: whoever comes too early is told again, and that costs little.
        var before = waiting.Count * Math.Clamp((place - waiting.Peek()) / (double)Math.Max(1, last - waiting.Peek()), 0, 1);
        return before / (limits.Sooner * Math.Max(Math.Max(pace, able), limits.FewestCalled));
    }

    /// <summary>Calls whoever is next.</summary>
    public void Advance(long now)
    {
        if (now - counted >= Second)
        {
            pace = counted == 0 || able <= 0 ? entered * Second / (double)Math.Max(Second, now - counted) : (pace * (1 - Fresh)) + (Fresh * entered * Second / (now - counted));
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

    private readonly record struct Used(long Since, int Passes, int Starts);
}
