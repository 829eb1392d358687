namespace Yizhen.Web.Commands.Drill;

/// <summary>
/// The one time of a drill: of its people, of its doctors and of the product that they come to, so that waits, targets, forecasts and hours on its pages are those of the day that is
/// rehearsed. It begins at an hour of that day and goes so many times faster than the clock on the wall. Where the machine takes longer than a rehearsal bears, it goes slower, until
/// the machine keeps up: what a slow machine adds to each consultation would be waited for by everybody behind. Timers and timestamps stay the machine's own.
/// </summary>
/// <param name="most">Times faster, as asked; never faster than that.</param>
/// <param name="dawn">When the day begins.</param>
internal sealed class DrillClock(TimeProvider wall, double most, DateTimeOffset dawn) : TimeProvider
{
    private const double Slow = 0.1;

    /// <summary>Seconds of the drill that sending a sheet may take: two in a hundred of a consultation.</summary>
    private const double Bearable = 6;

    /// <summary>Slower than the clock on the wall is no rehearsal.</summary>
    private const double Least = 1;

    /// <summary>Seconds before the day, in which everybody is hired, however long that takes.</summary>
    private const double Before = 60;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly Lock turn = new();
    private readonly List<(TimeSpan From, double Second, double Speed)> paces = [];
    private readonly long made = wall.GetTimestamp();
    private long began;
    private double machine;
    private double late;
    private int ended;

    /// <summary>The day begins.</summary>
    public void Begin()
    {
        lock (turn)
        {
            began = wall.GetTimestamp();
            paces.Add((TimeSpan.Zero, 0, most));
        }
    }

    /// <summary>The day is over: whoever still looks at its pages sees them stand, as fast as the clock on the wall.</summary>
    public void End()
    {
        lock (turn)
        {
            paces.Add((Passed, At(Passed), Least));
        }
    }

    public override DateTimeOffset GetUtcNow() => dawn + TimeSpan.FromSeconds(Now);

    /// <summary>Seconds since the day began; below zero before.</summary>
    public double Now
    {
        get
        {
            lock (turn)
            {
                return paces.Count > 0 ? At(Passed) : -Before * Before / (Before + wall.GetElapsedTime(made).TotalSeconds);
            }
        }
    }

    public DateTimeOffset BeganAt => dawn;

    /// <summary>Times faster than the clock on the wall, since the beginning on average; as asked where nothing has passed yet.</summary>
    public double Kept => Now is > 0 and var now && Passed.TotalSeconds is > 0 and var passed ? now / passed : most;

    /// <summary>Seconds that the sending of a sheet has taken lately: the doctors send so much earlier.</summary>
    public double Sending
    {
        get
        {
            lock (turn)
            {
                return paces.Count > 0 ? machine * paces[^1].Speed : 0;
            }
        }
    }

    /// <summary>Seconds by which a seat became free later than the work was done, on average; below zero: earlier.</summary>
    public double Late => ended == 0 ? 0 : late / ended;

    private TimeSpan Passed => wall.GetElapsedTime(began);

    public double At(DateTimeOffset moment) => (moment - dawn).TotalSeconds;

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
        var (from, second, speed) = paces[^1];
        return second + ((passed - from).TotalSeconds * speed);
    }
}
