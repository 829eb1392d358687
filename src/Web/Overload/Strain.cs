using Yizhen.Rules.Overload;

namespace Yizhen.Web.Overload;

/// <summary>What the door has lately had to do, the stage that follows from it, and the comfort that ends with the first sign.</summary>
internal sealed class Strain(OverloadLimits limits, TimeProvider clock, double times) : IDisposable
{
    private readonly Lock turn = new();
    private readonly Ladder ladder = new(limits);
    private CancellationTokenSource comfort = new();
    private long turnedAway;

    /// <summary>Microseconds of the machine.</summary>
    public long Now => (long)(clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond / times);

    public (Stage Stage, long TurnedAway) State
    {
        get
        {
            lock (turn)
            {
                return (ladder.At(Now), turnedAway);
            }
        }
    }

    /// <summary>Ends when comfort is left out: streams of comfort end with it.</summary>
    public CancellationToken Comfort => Volatile.Read(ref comfort).Token;

    /// <param name="so">Somebody waits too long, or many do.</param>
    public void Busy(bool so)
    {
        if (!so)
        {
            return;
        }

        lock (turn)
        {
            Sparing();
            ladder.Busy(Now);
        }
    }

    /// <summary>Somebody of this class was asked to come again.</summary>
    public void Shed(Standing standing)
    {
        lock (turn)
        {
            Sparing();
            ladder.Shed(standing, Now);
            turnedAway++;
        }
    }

    public void Dispose() => comfort.Dispose();

    private void Sparing()
    {
        if (ladder.At(Now) == Stage.Normal)
        {
            var ended = Interlocked.Exchange(ref comfort, new CancellationTokenSource());
            _ = ended.CancelAsync();
        }
    }
}
