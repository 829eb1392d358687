using Yizhen.Web.Commands.Drill;

namespace Yizhen.Web.Tests.Commands;

/// <summary>A rehearsal on a machine that does not keep up goes slower by itself, and says at what pace it went.</summary>
public sealed class DrillClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Dawn = new(2026, 11, 29, 9, 0, 0, TimeSpan.FromHours(8));
    private readonly Wall wall = new();

    [Fact]
    public void Goes_as_asked_where_the_machine_keeps_up()
    {
        var clock = Begun(25);
        Work(clock, seconds: 60, sending: 0.1);

        Assert.Equal(60 * 25, clock.Now, 0.01);
        Assert.Equal(25, clock.Kept, 0.01);
    }

    [Fact]
    public void Slows_down_until_sending_is_bearable_and_is_as_fast_again_when_the_machine_is()
    {
        var clock = Begun(25);
        Work(clock, seconds: 120, sending: 0.6);

        // Six seconds of the drill are six tenths of a second at ten times the clock.
        var before = clock.Now;
        wall.Advance(Second);
        Assert.InRange(clock.Now - before, 9, 11.5);
        Assert.InRange(clock.Kept, 10, 20);

        Work(clock, seconds: 120, sending: 0.05);
        before = clock.Now;
        wall.Advance(Second);
        Assert.InRange(clock.Now - before, 23, 25);
    }

    [Fact]
    public void What_has_been_stays_when_it_was_and_time_never_goes_back()
    {
        var clock = Begun(40);
        wall.Advance(10 * Second);
        var (moment, then) = (clock.GetUtcNow(), clock.Now);
        var last = then;
        foreach (var sending in new[] { 2, 0.01, 1, 0.3 })
        {
            for (var n = 0; n < 20; n++)
            {
                Work(clock, seconds: 1, sending);
                Assert.True(clock.Now > last, $"{clock.Now} after {last}");
                last = clock.Now;
            }
        }

        Assert.Equal(then, clock.At(moment), 0.01);
        Assert.Equal(clock.Now, clock.At(clock.GetUtcNow()), 0.01);
    }

    [Fact]
    public void Before_the_day_it_is_nearly_dawn_however_long_hiring_takes_and_after_it_the_clock_on_the_wall()
    {
        var clock = new DrillClock(wall, 60, Dawn);
        Assert.Equal(Dawn - TimeSpan.FromMinutes(1), clock.GetUtcNow());
        var last = clock.Now;
        for (var minute = 0; minute < 10; minute++)
        {
            wall.Advance(60 * Second);
            Assert.InRange(clock.Now, last + 0.1, -0.1);
            last = clock.Now;
        }

        clock.Begin();
        Assert.Equal(Dawn, clock.GetUtcNow());
        wall.Advance(10 * Second);
        clock.End();
        wall.Advance(10 * Second);
        Assert.Equal(Dawn + TimeSpan.FromSeconds(610), clock.GetUtcNow());
    }

    private DrillClock Begun(double speed)
    {
        var clock = new DrillClock(wall, speed, Dawn);
        clock.Begin();
        return clock;
    }

    /// <summary>Four sheets a second.</summary>
    private void Work(DrillClock clock, int seconds, double sending)
    {
        for (var n = 0; n < seconds * 4; n++)
        {
            wall.Advance(Second / 4);
            clock.Sent(TimeSpan.FromSeconds(sending), left: 0);
        }
    }

    /// <summary>Moved by the test, its timestamps too.</summary>
    private sealed class Wall : TimeProvider
    {
        private TimeSpan passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + passed;

        public override long GetTimestamp() => passed.Ticks;

        public void Advance(TimeSpan by) => passed += by;
    }
}
