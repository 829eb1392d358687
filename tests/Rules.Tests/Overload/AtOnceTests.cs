using Yizhen.Rules.Overload;

namespace Yizhen.Rules.Tests.Overload;

/// <summary>How many are answered at once follows what is measured, down and up again.</summary>
public sealed class AtOnceTests
{
    private const int Processors = 2;
    private static readonly OverloadLimits Shipped = OverloadLimits.Parse(Campaigns.Shipped.Read("overload.json"));

    [Fact]
    public void So_many_at_once_as_the_machine_keeps_up_with_and_more_again_when_it_does()
    {
        var limits = Shipped.AtOnce;
        var number = new AtOnce(limits, Processors);
        for (var n = 0; n < 200; n++)
        {
            number.Tick(waited: 10 * limits.TargetMs, took: null, wanted: true);
        }

        Assert.Equal(limits.Fewest * Processors, number.Number);
        for (var n = 0; n < 5_000; n++)
        {
            number.Tick(waited: 0, took: 1, wanted: true);
        }

        Assert.Equal(limits.Most * Processors, number.Number);
        for (var n = 0; n < 200; n++)
        {
            number.Tick(waited: 0, took: 10 * limits.SlowMs, wanted: true);
        }

        Assert.Equal(limits.Fewest * Processors, number.Number);
        for (var n = 0; n < 200; n++)
        {
            number.Tick(waited: 0, took: 1, wanted: false);
        }

        Assert.Equal(limits.Fewest * Processors, number.Number);
    }

    /// <summary>A machine that can do so many at once without delay finds about that number, from below and from above.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(60)]
    public void The_number_settles_where_the_machine_begins_to_lag(int able)
    {
        var number = new AtOnce(Shipped.AtOnce, Processors);
        var seen = new List<int>();
        for (var n = 0; n < 2_000; n++)
        {
            number.Tick(waited: number.Number <= able ? 1 : Shipped.AtOnce.TargetMs * 3 * (number.Number - able) / 5, took: 20, wanted: true);
            seen.Add(number.Number);
        }

        Assert.InRange(seen.Skip(1_000).Average(), able * 0.7, able * 1.4 + 4);
    }
}
