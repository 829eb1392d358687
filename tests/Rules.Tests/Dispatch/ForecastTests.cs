using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>What people are told about the wait, on days made by a seed: a single queue whose clinicians come, go and tire.</summary>
public sealed class ForecastTests
{
    internal static readonly ForecastRules Rules = ForecastRules.Parse(Shipped.Read("forecast.json"));

    [Fact]
    public void Nobody_is_told_anything_before_it_is_seen_how_fast_people_are_taken()
    {
        var forecast = new Forecast(Rules);
        for (var n = 0; n < 3; n++)
        {
            Assert.Null(forecast.Joined(Id(n), Urgency.Soon, "fever", "text", n * 1000L));
            forecast.Started(Id(n), (n * 1000L) + 500);
        }

        Assert.NotNull(forecast.Joined(Id(3), Urgency.Soon, "fever", "text", 3000));
    }

    [Fact]
    public void The_more_urgent_who_wait_are_counted_before_who_joins_and_the_less_urgent_are_not()
    {
        Told? After(Urgency others)
        {
            var forecast = Warm();
            for (var n = 0; n < 100; n++)
            {
                forecast.Joined(Id(7000 + n), others, "fever", "text", Start + 2000);
            }

            return forecast.Joined(Id(8000), Urgency.Routine, "fever", "text", Start + 2000);
        }

        var (longer, before) = (After(Urgency.Soon), After(Urgency.Question));
        Assert.True(longer?.FromMs > before?.ToMs, $"{longer} {before}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Eight_of_ten_waits_lie_inside_what_was_told_while_clinicians_come_and_go(int seed)
    {
        var (forecast, _) = Day(seed, people: 6000);

        var hits = forecast.Hits.All;
        Assert.True(hits.Ranges > 1000, $"{hits.Ranges} ranges");
        Assert.InRange(hits.InsidePercent ?? 0, 75, 85);
    }

    [Fact]
    public void The_same_comings_and_goings_are_told_the_same()
    {
        var (_, once) = Day(5, people: 2000);
        var (_, again) = Day(5, people: 2000);

        Assert.Equal(once, again);
    }

    [Fact]
    public void Who_left_is_in_no_count_and_stands_in_nobodys_way()
    {
        var forecast = Warm();
        var hits = forecast.Hits.All;
        var before = forecast.Joined(Id(5001), Urgency.Soon, "fever", "text", Start + 2000);
        forecast.Left(Id(5001), Start + 3000);

        for (var n = 0; n < 50; n++)
        {
            forecast.Joined(Id(6000 + n), Urgency.Soon, "fever", "text", Start + 3000);
            forecast.Left(Id(6000 + n), Start + 3000);
        }

        Assert.Equal(hits, forecast.Hits.All);
        Assert.False(forecast.Waits(Id(5001)));
        Assert.Equal(before, forecast.Joined(Id(5002), Urgency.Soon, "fever", "text", Start + 3000));
    }

    /// <summary>They were told something that did not hold, whoever would have come afterwards.</summary>
    [Fact]
    public void Who_left_when_the_time_they_were_told_was_over_counts_as_later_once()
    {
        var forecast = Warm();
        var hits = forecast.Hits.All;
        var told = forecast.Joined(Id(5001), Urgency.Soon, "fever", "text", Start + 2000);
        Assert.NotNull(told);
        var over = Start + 2000 + told.ToMs + 1;
        forecast.Left(Id(5001), over);
        forecast.Left(Id(5001), over);

        var now = forecast.Hits.All;
        Assert.Equal(1, now.Ranges + now.AtOnce - hits.Ranges - hits.AtOnce);
        Assert.Equal((hits.Inside, hits.Kept), (now.Inside, now.Kept));
    }

    [Fact]
    public void A_longer_line_is_told_a_longer_wait()
    {
        var forecast = Warm();
        var first = forecast.Joined(Id(7000), Urgency.Soon, "fever", "text", Start + 2000);
        for (var n = 0; n < 400; n++)
        {
            forecast.Joined(Id(7001 + n), Urgency.Soon, "fever", "text", Start + 2000);
        }

        var last = forecast.Joined(Id(8000), Urgency.Soon, "fever", "text", Start + 2000);
        Assert.NotNull(first);
        Assert.NotNull(last);
        Assert.True(last.ToMs > first.ToMs, $"{first} {last}");
    }

    [Fact]
    public void A_day_later_only_the_last_day_is_counted()
    {
        var (forecast, _) = Day(1, people: 3000);

        Assert.NotEqual(Hits.None, forecast.Hits.Latest(Start));
        Assert.Equal(Hits.None, forecast.Hits.Latest(Start + (48 * 3_600_000L)));
    }

    private const long Start = 20_000_000;

    private static Guid Id(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private static Forecast Warm()
    {
        var forecast = new Forecast(Rules);
        for (var n = 0; n < 300; n++)
        {
            var at = Start - 600_000 + (n * 2000L);
            forecast.Joined(Id(n), Urgency.Soon, "fever", "text", at - 60_000);
            forecast.Started(Id(n), at);
        }

        return forecast;
    }

    /// <summary>One line, first come first served, between 6 and 20 clinicians, for whom there is work for 14; people give up after half an hour on average.</summary>
    private static (Forecast Forecast, List<Told?> Told) Day(int seed, int people)
    {
        var random = new Random(seed);
        var forecast = new Forecast(Rules);
        var told = new List<Told?>();
        var line = new Queue<(int Id, long Until)>();
        var (now, n, free) = (0L, 0, new PriorityQueue<int, long>());
        var clinicians = 12;
        for (var d = 0; d < clinicians; d++)
        {
            free.Enqueue(d, 0);
        }

        while (n < people)
        {
            now += 1000;
            if (random.Next(1200) == 0)
            {
                clinicians = Math.Clamp(clinicians + random.Next(-3, 4), 6, 20);
            }

            while (free.Count < clinicians)
            {
                free.Enqueue(free.Count, now);
            }

            if (random.Next(100) < 8)
            {
                told.Add(forecast.Joined(Id(n), Urgency.Soon, "fever", "text", now));
                line.Enqueue((n++, now + (long)(-1_800_000 * Math.Log(1 - random.NextDouble()))));
            }

            foreach (var gone in line.Where(waiting => waiting.Until <= now).ToList())
            {
                forecast.Left(Id(gone.Id), now);
                line = new(line.Where(waiting => waiting.Id != gone.Id));
            }

            while (line.Count > 0 && free.TryPeek(out _, out var at) && at <= now)
            {
                free.Dequeue();
                forecast.Started(Id(line.Dequeue().Id), now);
                if (free.Count < clinicians)
                {
                    free.Enqueue(0, now + random.Next(60_000, 300_000));
                }
            }
        }

        return (forecast, told);
    }
}
