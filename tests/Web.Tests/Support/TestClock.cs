namespace Yizhen.Web.Tests.Support;

/// <summary>A clock that stands still until a test moves it. It tells the time only; timers stay real.</summary>
public sealed class TestClock(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;

    /// <summary>The morning of the demo story, 26 January 2020, 9:00 in Wuhan.</summary>
    public static TestClock InJanuary2020() => new(new(2020, 1, 26, 9, 0, 0, TimeSpan.FromHours(8)));

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
