using System.Threading.RateLimiting;
using Yizhen.Rules.Overload;

namespace Yizhen.Web.Overload;

/// <summary>
/// So many at once of each class, the rest in a bounded queue, and whoever would stand in it too long is asked to come again. Newcomers get no place
/// while anybody of a higher class queues, and get in by the order of their coming.
/// </summary>
internal sealed class Gate(OverloadLimits limits, TimeProvider clock) : IDisposable
{
    private readonly ConcurrencyLimiter first = Limiter(limits.First);
    private readonly ConcurrencyLimiter begun = Limiter(limits.Begun);
    private readonly ConcurrencyLimiter newcomers = Limiter(limits.Newcomers);
    private readonly ConcurrencyLimiter streams = new(new() { PermitLimit = limits.Streams * Environment.ProcessorCount, QueueLimit = 0 });
    private readonly Lock turn = new();
    private readonly Ladder ladder = new(limits);
    private readonly Turnstile turnstile = new(limits.Turns);
    private CancellationTokenSource comfort = new();
    private long turnedAway;

    public GateState State
    {
        get
        {
            lock (turn)
            {
                turnstile.Advance(Now);
                return new GateState(ladder.At(Now), turnstile.Waiting, turnedAway);
            }
        }
    }

    /// <summary>Comfort is left out.</summary>
    public bool IsSparing => State.Stage != Stage.Normal;

    /// <summary>Ends when comfort is left out: streams of comfort end with it.</summary>
    public CancellationToken Comfort => Volatile.Read(ref comfort).Token;

    private long Now => clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond;

    /// <summary>A place among those that are answered, until the lease is given back; null where there is none.</summary>
    public async ValueTask<RateLimitLease?> EnterAsync(Standing standing, CancellationToken ct)
    {
        var (limiter, own) = Of(standing);
        if (standing == Standing.Newcomer && (Queued(first) > 0 || Queued(begun) > 0))
        {
            Note(standing, shed: true);
            return null;
        }

        var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        if (Queued(limiter) * 2 >= own.Queue * Environment.ProcessorCount)
        {
            Note(standing, shed: false);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(own.PatienceMs);
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            lease = await limiter.AcquireAsync(1, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Note(standing, shed: true);
            return null;
        }

        if (!lease.IsAcquired || TimeProvider.System.GetElapsedTime(began).TotalMilliseconds > limits.TargetMs)
        {
            Note(standing, shed: !lease.IsAcquired);
        }

        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        return null;
    }

    /// <summary>A newcomer of a campaign, with the place that they hold already. Null and a place where they have to wait.</summary>
    public async ValueTask<(RateLimitLease? Lease, long Place, int RetryAfter)> ComeAsync(long? shown, CancellationToken ct)
    {
        bool may;
        lock (turn)
        {
            shown = shown is { } told && turnstile.IsGood(told, Now) ? told : null;
            may = turnstile.Lets(shown, Now);
        }

        var lease = may ? await EnterAsync(Standing.Newcomer, ct) : null;
        lock (turn)
        {
            if (lease is not null)
            {
                turnstile.Entered(shown);
                return (lease, 0, 0);
            }

            if (may)
            {
                turnstile.Crowded();
            }
            else
            {
                Shed(Standing.Newcomer);
            }

            var place = shown ?? turnstile.Take(Now);
            return (null, place, turnstile.RetryAfter(place));
        }
    }

    /// <summary>A stream; those of comfort only while nothing is left out.</summary>
    public RateLimitLease? Follow(Standing standing)
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
        Note(Standing.Optional, shed: true);
        return null;
    }

    public void Dispose()
    {
        first.Dispose();
        begun.Dispose();
        newcomers.Dispose();
        streams.Dispose();
        comfort.Dispose();
    }

    private static ConcurrencyLimiter Limiter(ClassLimits own) => new(new()
    {
        PermitLimit = own.AtOnce * Environment.ProcessorCount,
        QueueLimit = own.Queue * Environment.ProcessorCount,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private static long Queued(ConcurrencyLimiter limiter) => limiter.GetStatistics()?.CurrentQueuedCount ?? 0;

    private (ConcurrencyLimiter Limiter, ClassLimits Own) Of(Standing standing) => standing switch
    {
        Standing.First => (first, limits.First),
        Standing.Begun => (begun, limits.Begun),
        _ => (newcomers, limits.Newcomers),
    };

    private void Note(Standing standing, bool shed)
    {
        lock (turn)
        {
            if (shed)
            {
                Shed(standing);
            }
            else
            {
                Busy();
            }
        }
    }

    private void Shed(Standing standing)
    {
        Busy();
        ladder.Shed(standing, Now);
        turnedAway++;
    }

    private void Busy()
    {
        if (ladder.At(Now) == Stage.Normal)
        {
            var ended = Interlocked.Exchange(ref comfort, new CancellationTokenSource());
            _ = ended.CancelAsync();
        }

        ladder.Busy(Now);
    }
}
