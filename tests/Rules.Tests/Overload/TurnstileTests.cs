using Yizhen.Rules.Overload;

namespace Yizhen.Rules.Tests.Overload;

/// <summary>Before the door: whoever came earlier gets in earlier, and nobody who went away holds up the others.</summary>
public sealed class TurnstileTests
{
    private const long Second = 1_000_000;
    private static readonly TurnLimits Limits = OverloadLimits.Parse(Campaigns.Shipped.Read("overload.json")).Turns;

    [Fact]
    public void Nobody_waits_before_an_empty_line()
    {
        var door = new Turnstile(Limits);
        Assert.True(door.Lets(null, Second));
        Assert.Equal(0, door.Waiting);
    }

    [Fact]
    public void Two_who_come_in_the_same_moment_have_two_places()
    {
        var door = new Turnstile(Limits);
        Assert.True(door.Take(Second) < door.Take(Second));
    }

    [Fact]
    public void Whoever_came_earlier_is_called_earlier_and_a_newcomer_stands_behind()
    {
        var door = new Turnstile(Limits with { FewestCalled = 1, AheadS = 0 });
        var places = Enumerable.Range(0, 50).Select(n => door.Take(Second + n)).ToList();
        var called = new List<long>();
        for (var now = 2 * Second; called.Count < places.Count; now += Limits.TickMs * 1000L)
        {
            Assert.True(now < 60 * Second);
            door.Advance(now);
            Assert.Equal(door.Waiting == 0, door.Lets(null, now));
            foreach (var place in places.Except(called).Where(p => door.Lets(p, now)).ToList())
            {
                Assert.All(places.Where(p => p < place), earlier => Assert.True(door.Lets(earlier, now)));
                called.Add(place);
                door.Entered(place, starts: true, now);
            }
        }

        Assert.Equal(places, called);
    }

    [Fact]
    public void Those_who_went_away_hold_up_nobody_for_longer_than_half_a_minute()
    {
        var door = new Turnstile(Limits);
        for (var n = 0; n < 50_000; n++)
        {
            door.Take(Second + n);
        }

        var now = 2 * Second;
        while (!door.Lets(null, now))
        {
            now += Limits.TickMs * 1000L;
        }

        Assert.InRange(now, 2 * Second, 32 * Second);
    }

    [Fact]
    public void While_the_door_is_crowded_fewer_are_called()
    {
        static int Called(bool crowded)
        {
            var door = new Turnstile(Limits);
            for (var n = 0; n < 10_000; n++)
            {
                door.Take(Second + n);
            }

            for (var now = 2 * Second; now < 8 * Second; now += Limits.TickMs * 1000L)
            {
                if (crowded)
                {
                    door.Crowded();
                }

                door.Advance(now);
            }

            return 10_000 - door.Waiting;
        }

        Assert.Equal(Limits.FewestCalled, Called(crowded: true));
        Assert.True(Called(crowded: false) > 4 * Limits.FewestCalled);
    }

    [Fact]
    public void A_place_is_worth_coming_back_for_within_its_bounds()
    {
        var door = new Turnstile(Limits);
        var last = 0L;
        for (var n = 0; n < 1_000; n++)
        {
            last = door.Take(Second + n);
        }

        Assert.InRange(door.RetryAfter(last), Limits.ShortestRetryS, (int)Math.Ceiling(Limits.LongestRetryS * (1 + Limits.Spread)));
        Assert.True(door.IsGood(last, 2 * Second));
        Assert.False(door.IsGood(last, last + ((Limits.ValidS + 1) * Second)));
        Assert.False(door.IsGood(last + (10 * Second), last));
    }

    [Fact]
    public void A_place_lets_in_once_and_again_where_the_answer_was_lost_but_not_whoever_it_is_handed_to()
    {
        var door = new Turnstile(Limits);
        var place = door.Take(Second);
        var now = 5 * Second;
        door.Advance(now);
        Assert.True(door.IsUnspent(place, starts: false, now));
        door.Entered(place, starts: false, now);
        for (var n = 0; n < Limits.Starts; n++)
        {
            Assert.True(door.IsUnspent(place, starts: true, now));
            door.Entered(place, starts: true, now);
        }

        Assert.False(door.IsUnspent(place, starts: true, now));
        for (var n = Limits.Starts + 1; n < Limits.Passes; n++)
        {
            Assert.True(door.IsUnspent(place, starts: false, now));
            door.Entered(place, starts: false, now);
        }

        Assert.False(door.IsUnspent(place, starts: false, now));
        Assert.True(door.IsUnspent(place + 1, starts: true, now));
    }

    [Fact]
    public void A_used_place_ends_with_its_time()
    {
        var door = new Turnstile(Limits);
        var place = door.Take(Second);
        door.Entered(place, starts: false, 5 * Second);
        Assert.True(door.IsUnspent(place, starts: true, (4 + Limits.PassS) * Second));
        Assert.False(door.IsUnspent(place, starts: true, (5 + Limits.PassS) * Second));
    }

    [Fact]
    public void Those_who_were_sent_away_together_do_not_come_back_together()
    {
        var door = new Turnstile(Limits);
        var seconds = Enumerable.Range(0, 5_000).Select(n => door.RetryAfter(door.Take(Second + n))).ToList();
        Assert.All(seconds, s => Assert.InRange(s, Limits.ShortestRetryS, (int)Math.Ceiling(Limits.LongestRetryS * (1 + Limits.Spread))));
        Assert.True(seconds.Distinct().Count() >= 5);
        Assert.True(seconds.GroupBy(s => s).Max(g => g.Count()) < seconds.Count / 3);
    }
}
