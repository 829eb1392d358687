namespace Yizhen.Web.Commands.Drill;

/// <summary>The time of the drill: seconds since its beginning, so many times faster than the clock on the wall; and what the machine takes of it.</summary>
internal sealed class DrillClock(TimeProvider clock, double speed)
{
    private const double Slow = 0.1;

    private readonly Lock turn = new();
    private long began = clock.GetTimestamp();
    private DateTimeOffset beganAt = clock.GetUtcNow();
    private double late;
    private int ended;

    public void Begin() => (began, beganAt) = (clock.GetTimestamp(), clock.GetUtcNow());

    public double Now => clock.GetElapsedTime(began).TotalSeconds * speed;

    public DateTimeOffset BeganAt => beganAt;

    /// <summary>Seconds that the sending of a sheet has taken lately: the doctors send so much earlier.</summary>
    public double Sending { get; private set; }

    /// <summary>Seconds by which a seat became free later than the work was done, on average; below zero: earlier.</summary>
    public double Late => ended == 0 ? 0 : late / ended;

    public double At(DateTimeOffset moment) => (moment - beganAt).TotalSeconds * speed;

    public TimeSpan Real(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds / speed, 0, 3600));

    public async Task Until(double second, CancellationToken ct)
    {
        while (second > Now)
        {
            await Task.Delay(Real(second - Now) + TimeSpan.FromMilliseconds(1), ct);
        }
    }

    /// <param name="sent">When it was sent.</param>
    /// <param name="left">Work that was not done yet when it had arrived.</param>
    public void Sent(double sent, double left)
    {
        lock (turn)
        {
            Sending += Slow * (Now - sent - Sending);
            late -= left;
            ended++;
        }
    }
}
