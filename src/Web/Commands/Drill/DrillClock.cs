namespace Yizhen.Web.Commands.Drill;

/// <summary>
/// The time of the drill: seconds since its beginning, so many times faster than the clock on the wall. Where the machine takes longer than a rehearsal bears, it goes slower, until
/// the machine keeps up: what a slow machine adds to each consultation would be waited for by everybody behind.
/// </summary>
/// <param name="most">Times faster, as asked; never faster than that.</param>
internal sealed class DrillClock(TimeProvider clock, double most)
{
    private const double Slow = 0.1;

    /// <summary>Seconds of the drill that sending a sheet may take: two in a hundred of a consultation.</summary>
    private const double Bearable = 6;

    /// <summary>Slower than the clock on the wall is no rehearsal.</summary>
    private const double Least = 1;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly Lock turn = new();
    private readonly List<(TimeSpan From, double Second, double Speed)> paces = [(TimeSpan.Zero, 0, most)];
    private long began = clock.GetTimestamp();
    private double machine;
    private double late;
    private int ended;

    public void Begin() => (began, BeganAt) = (clock.GetTimestamp(), clock.GetUtcNow());

    public double Now => At(Passed);

    public DateTimeOffset BeganAt { get; private set; } = clock.GetUtcNow();

    /// <summary>Times faster than the clock on the wall, since the beginning on average; as asked where nothing has passed yet.</summary>
    public double Kept => Passed.TotalSeconds is > 0 and var passed ? Now / passed : most;

    /// <summary>Seconds that the sending of a sheet has taken lately: the doctors send so much earlier.</summary>
    public double Sending
    {
        get
        {
            lock (turn)
            {
                return machine * paces[^1].Speed;
            }
        }
    }

    /// <summary>Seconds by which a seat became free later than the work was done, on average; below zero: earlier.</summary>
    public double Late => ended == 0 ? 0 : late / ended;

    private TimeSpan Passed => clock.GetElapsedTime(began);

    public double At(DateTimeOffset moment) => At(moment - BeganAt);

    /// <summary>So much of the clock on the wall at least; looked at again when it is over, it may not be time yet.</summary>
    public TimeSpan AtLeast(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds / most, 0, 3600));

    public async Task Until(double second, CancellationToken ct)
    {
        while (second > Now)
        {
            await Task.Delay(AtLeast(second - Now) + TimeSpan.FromMilliseconds(1), ct);
        }
    }

    /// <param name="took">Of the clock on the wall.</param>
    /// <param name="left">Seconds of work that was not done yet when it had arrived.</param>
    public void Sent(TimeSpan took, double left)
    {
        lock (turn)
        {
            machine += Slow * (took.TotalSeconds - machine);
            late -= left;
            ended++;
            var (passed, (from, _, speed)) = (Passed, paces[^1]);
            if (passed - from >= Look && Math.Clamp(Bearable / machine, Math.Min(Least, most), most) is var bears && Math.Abs(bears - speed) > speed * Slow / 2)
            {
                // A step at a time: what is slow now was begun at the pace of before.
                paces.Add((passed, At(passed), speed + (Slow * (bears - speed))));
            }
        }
    }

    private double At(TimeSpan passed)
    {
        lock (turn)
        {
            var last = paces.Count - 1;
            while (last > 0 && paces[last].From > passed)
            {
                last--;
            }

            var (from, second, speed) = paces[last];
            return second + ((passed - from).TotalSeconds * speed);
        }
    }
}
