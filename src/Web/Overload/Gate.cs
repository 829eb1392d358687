using System.Diagnostics;
using System.Threading.RateLimiting;
using Yizhen.Rules.Overload;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Overload;

/// <summary>
/// As many at once as the machine keeps up with, the rest in bounded queues by class, and whoever finds no room there is asked to come again. Newcomers get in by the
/// order of their coming. <see cref="Precedence"/> and <see cref="Turnstile"/> decide; here are the lock, the threads and the clock.
/// </summary>
internal sealed class Gate(OverloadLimits limits, Deployment deployment, TimeProvider clock) : IDisposable
{
    private readonly ConcurrencyLimiter streams = new(new() { PermitLimit = limits.Streams * Environment.ProcessorCount, QueueLimit = 0 });
    private readonly Lock turn = new();
    private readonly Precedence precedence = new(limits, Environment.ProcessorCount);
    private readonly Turnstile turnstile = new(limits.Turns);
    private readonly Strain strain = new(limits, clock, deployment.Times);
    private bool watches;

    public GateState State
    {
        get
        {
            lock (turn)
            {
                turnstile.Advance(strain.Now);
                var (stage, turnedAway) = strain.State;
                return new GateState(stage, turnstile.Waiting, turnedAway);
            }
        }
    }

    /// <summary>So many are answered just now; lent places do not count.</summary>
    public int Inside => precedence.Inside;

    public int Queued => precedence.Queued;

    /// <summary>Comfort is left out.</summary>
    public bool IsSparing => strain.State.Stage != Stage.Normal;

    /// <summary>Ends when comfort is left out: streams of comfort end with it.</summary>
    public CancellationToken Comfort => strain.Comfort;

    /// <summary>Microseconds of the machine's own time, which nobody sets: how long somebody queues.</summary>
    private static long Elapsed => (long)Stopwatch.GetElapsedTime(0).TotalMicroseconds;

    /// <summary>A place among those that are answered, until it is given back; null where there is none.</summary>
    public async ValueTask<IDisposable?> EnterAsync(Standing standing, CancellationToken ct)
    {
        var guest = new Guest(this, standing);
        bool queues;
        lock (turn)
        {
            Tell(precedence.Come(guest, Elapsed));
            if (guest.Is == Whereabouts.Inside)
            {
                return guest;
            }

            queues = guest.Is == Whereabouts.Queues;
            if (queues)
            {
                Watch();
                strain.Busy(precedence.IsHalfFull(standing));
            }
        }

        if (queues && await QueueAsync(guest, ct))
        {
            return guest;
        }

        strain.Shed(standing);
        return null;
    }

    /// <summary>A newcomer of a campaign, with the place that they hold already. Null and a place where they have to wait.</summary>
    /// <param name="starts">They press Start.</param>
    public async ValueTask<(IDisposable? Guest, long Place, int RetryAfter)> ComeAsync(long? shown, bool starts, CancellationToken ct)
    {
        bool may;
        lock (turn)
        {
            var now = strain.Now;
            shown = shown is { } told && turnstile.IsGood(told, now) && turnstile.IsUnspent(told, starts, now) ? told : null;
            may = turnstile.Lets(shown, now);
            if (may && precedence.IsHalfFull(Standing.Newcomer))
            {
                turnstile.Crowded();
            }
        }

        var guest = may ? await EnterAsync(Standing.Newcomer, ct) : null;
        lock (turn)
        {
            if (guest is not null)
            {
                turnstile.Entered(shown, starts, strain.Now);
                return (guest, 0, 0);
            }

            if (may)
            {
                turnstile.Crowded();
            }
            else
            {
                strain.Shed(Standing.Newcomer);
            }

            var place = shown ?? turnstile.Take(strain.Now);
            return (null, place, turnstile.RetryAfter(place));
        }
    }

    /// <summary>A stream; those of comfort only while nothing is left out.</summary>
    public IDisposable? Follow(Standing standing)
    {
        if (standing == Standing.Optional && IsSparing)
        {
            return null;
        }

        var lease = streams.AttemptAcquire();
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        strain.Shed(Standing.Optional);
        return null;
    }

    public void Leave(Guest guest)
    {
        lock (turn)
        {
            Tell(precedence.Leave(guest, Elapsed));
        }

        guest.Tell();
    }

    public void Dispose()
    {
        streams.Dispose();
        strain.Dispose();
    }

    /// <exception cref="OperationCanceledException">They went away, and their place with them.</exception>
    private async Task<bool> QueueAsync(Guest guest, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        await using var gone = ct.UnsafeRegister(static one => ((Guest?)one)?.Dispose(), guest);
        var letIn = await guest.LetIn;
        ct.ThrowIfCancellationRequested();
        strain.Busy(Stopwatch.GetElapsedTime(since).TotalMilliseconds > limits.TargetMs);
        return letIn;
    }

    /// <summary>While somebody queues, and until calm comes back, the number of those at once follows how late ready work is.</summary>
    private void Watch()
    {
        if (!watches)
        {
            watches = true;
            precedence.Forget();
            _ = Task.Run(WatchAsync);
        }
    }

    private async Task WatchAsync()
    {
        for (var calm = 0; calm < limits.CalmMs;)
        {
            await Task.Delay(limits.AtOnce.TickMs);
            var ready = Stopwatch.GetTimestamp();
            await Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
            var waited = Stopwatch.GetElapsedTime(ready).TotalMilliseconds;
            lock (turn)
            {
                calm = precedence.Queued == 0 ? calm + limits.AtOnce.TickMs : 0;
                precedence.Measured(waited);
                Tell(precedence.Advance(Elapsed));
                watches = calm < limits.CalmMs;
            }
        }
    }

    private static void Tell(IReadOnlyList<Asking> changed)
    {
        foreach (var one in changed)
        {
            (one as Guest)?.Tell();
        }
    }
}
