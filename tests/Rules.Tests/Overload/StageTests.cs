using System.Text.Json;
using Yizhen.Rules.Overload;

namespace Yizhen.Rules.Tests.Overload;

public sealed class StageTests
{
    private static readonly string Shipped = Campaigns.Shipped.Read("overload.json");

    [Fact]
    public void Comfort_goes_first_then_newcomers_wait_and_calm_ends_it()
    {
        var limits = OverloadLimits.Parse(Shipped);
        var ladder = new Ladder(limits);
        var calm = limits.CalmMs * 1000L;
        Assert.Equal(Stage.Normal, ladder.At(0));
        ladder.Busy(0);
        Assert.Equal(Stage.Sparing, ladder.At(1));
        ladder.Shed(Standing.Newcomer, 1);
        Assert.Equal(Stage.Line, ladder.At(2));
        ladder.Shed(Standing.Begun, 2);
        Assert.Equal(Stage.OngoingOnly, ladder.At(3));
        ladder.Shed(Standing.Newcomer, calm);
        Assert.Equal(Stage.Line, ladder.At(calm + 10));
        Assert.Equal(Stage.Normal, ladder.At((2 * calm) + 10));
    }

    [Fact]
    public void A_stream_that_is_left_out_sends_nobody_away()
    {
        var ladder = new Ladder(OverloadLimits.Parse(Shipped));
        ladder.Shed(Standing.Optional, 0);
        Assert.Equal(Stage.Sparing, ladder.At(1));
    }

    [Theory]
    [InlineData("\"share\": 0.6", "\"share\": 0.9")]
    [InlineData("\"share\": 1", "\"share\": 1.1")]
    [InlineData("\"fewest\": 3", "\"fewest\": 9")]
    [InlineData("\"fewer\": 0.9", "\"fewer\": 1")]
    [InlineData("\"passes\": 12", "\"passes\": 1")]
    [InlineData("\"more\": 1.1", "\"more\": 1")]
    [InlineData("\"calm_ms\": 5000", "\"calm_ms\": 0")]
    [InlineData("\"streams\"", "\"rivers\"")]
    public void Numbers_out_of_their_range_are_refused(string part, string by) =>
        Assert.Throws<JsonException>(() => OverloadLimits.Parse(Shipped.Replace(part, by, StringComparison.Ordinal)));

    [Fact]
    public void Each_class_says_why_its_numbers_are_what_they_are()
    {
        var limits = OverloadLimits.Parse(Shipped);
        Assert.All(new[] { limits.First, limits.Begun, limits.Newcomers }, one => Assert.NotEmpty(one.Why));
        Assert.True(limits.First.Share > limits.Begun.Share && limits.Begun.Share > limits.Newcomers.Share);
    }
}
