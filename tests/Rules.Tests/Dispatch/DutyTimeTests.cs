using Yizhen.Rules.Dispatch;

namespace Yizhen.Rules.Tests.Dispatch;

public sealed class DutyTimeTests
{
    private const long Minute = 60_000;
    private static readonly Guid Wang = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Li = Guid.Parse("00000000-0000-0000-0000-000000000002");

    [Fact]
    public void Breaks_do_not_count_and_finishing_does()
    {
        DutyChange[] changes = [new(Wang, 0, "on"), new(Li, 10 * Minute, "on"), new(Wang, 20 * Minute, "pausing"), new(Wang, 25 * Minute, "paused"), new(Wang, 40 * Minute, "on"), new(Wang, 50 * Minute, "off")];
        Assert.Equal(new DutyTime(2, 25 + 10 + 50), DutyTime.Of(changes, 0, 60 * Minute));
    }

    [Fact]
    public void Only_what_lies_within_the_span_counts()
    {
        DutyChange[] changes = [new(Wang, 0, "on"), new(Wang, 30 * Minute, "off"), new(Li, 50 * Minute, "on")];
        Assert.Equal(new DutyTime(1, 10), DutyTime.Of(changes, 20 * Minute, 40 * Minute));
        Assert.Equal(new DutyTime(0, 0), DutyTime.Of(changes, 30 * Minute, 50 * Minute));
    }
}
