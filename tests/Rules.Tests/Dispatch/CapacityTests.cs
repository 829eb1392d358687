using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>The forecast of the wait counts who is rostered to come and to go.</summary>
public sealed class CapacityTests
{
    private const long Minute = 60_000;
    private static readonly OnDuty Doctor = new(Guid.Empty, "", 0, ["fever"], ["zh"], ["*"], ["chat"], 3, 0, false, false, 0, 350);

    [Theory]
    [InlineData(20, 20)]
    [InlineData(40, 35)]
    [InlineData(60, 45)]
    public void Doctors_who_come_make_the_wait_shorter_from_then_on(int guess, int told) =>
        Assert.Equal(told * Minute, Capacity.Of([Here(1, 0, 600), Rostered(1, 30, 600)], _ => true, 0).Stretch(guess * Minute));

    [Fact]
    public void Doctors_who_go_make_it_longer_and_others_change_nothing()
    {
        Assert.Equal(50 * Minute, Capacity.Of([Here(1, 0, 600), Here(1, 0, 30)], _ => true, 0).Stretch(40 * Minute));
        Assert.Equal(40 * Minute, Capacity.Of([Here(1, 0, 600), Rostered(9, 10, 600)], who => who == Doctor, 0).Stretch(40 * Minute));
    }

    [Fact]
    public void With_nobody_here_the_wait_begins_when_somebody_comes() =>
        Assert.Equal(100 * Minute, Capacity.Of([Rostered(1, 90, 600)], _ => true, 0).Stretch(10 * Minute));

    [Fact]
    public void Whoever_joins_is_told_less_where_doctors_are_to_come()
    {
        Told? Told(Capacity? capacity)
        {
            var forecast = new Forecast(ForecastTests.Rules);
            for (var n = 0; n < 200; n++)
            {
                var (id, at) = (Id(n), n * Minute);
                forecast.Joined(id, Urgency.Routine, "fever", "chat", at);
                if (n >= 20)
                {
                    forecast.Started(Id(n - 20), at + 1);
                }
            }

            return forecast.Joined(Id(999), Urgency.Routine, "fever", "chat", 200 * Minute, capacity);
        }

        var (without, with) = (Told(null), Told(Capacity.Of([Here(1, 0, 600), Rostered(3, 202, 600)], _ => true, 200 * Minute)));
        Assert.NotNull(without);
        Assert.True(with?.ToMs < without.ToMs / 2, $"{with} {without}");
    }

    private static Guid Id(int n) => new(n + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static Presence Here(int people, int from, int to) => new(Doctor, people, from * Minute, to * Minute, true);

    private static Presence Rostered(int people, int from, int to) => new(Doctor with { Name = "rostered" }, people, from * Minute, to * Minute, false);
}
