using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>
/// The truth about the wait while little is known: hours of the shipped days, each begun with nobody waiting and nothing learned, as in a drill. What the forecast knows
/// beforehand was read off other days.
/// </summary>
public sealed class ColdForecastTests
{
    private const int Hour = 3600;
    private const int FewestRanges = 20;
    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));
    private static readonly PlanRules Plan = PlanRules.Parse(Shipped.Read("plan.json"));

    [Theory]
    [InlineData(50 * 60, false, 8)]
    [InlineData(2 * Hour, false, 11)]
    [InlineData(4 * Hour, false, 16)]
    [InlineData(50 * 60, true, 6)]
    [InlineData(2 * Hour, true, 6)]
    [InlineData(4 * Hour, true, 8)]
    public void Of_days_begun_cold_four_ranges_in_five_hold_and_they_are_no_wider_than_they_must_be(int length, bool drill, double widest)
    {
        var (inside, ranges, wide) = (0, 0, new List<double>());
        foreach (var name in new[] { "jan26", "flash", "churn", "phone" })
        {
            var day = Day(name);
            for (var from = 8 * Hour; from + length <= 21 * Hour; from += 2 * Hour)
            {
                var told = Told(drill ? AsDrilled(Part(day, from, from + length)) : Part(day, from, from + length)).Where(t => t.Range.IsRange).ToList();
                if (told.Count >= FewestRanges)
                {
                    ranges += told.Count;
                    inside += told.Count(t => t.WaitMs >= t.Range.FromMs && t.WaitMs <= t.Range.ToMs);
                    wide.AddRange(told.Select(t => Math.Log((t.Range.ToMs + 20_000.0) / (t.Range.FromMs + 20_000.0))));
                }
            }
        }

        Assert.True(ranges > 1000, $"{ranges} ranges");
        Assert.InRange(100.0 * inside / ranges, 75, 85);
        Assert.InRange(Math.Exp(wide.Average()), 1, widest);
    }

    /// <summary>One in so many that some five hundred come, everybody by chat, as a drill makes it.</summary>
    private static PlannedDay Part(PlannedDay day, int from, int to)
    {
        var (part, _) = Smaller.Of(day with { People = [.. day.People.Where(p => p.At >= from && p.At < to)], Shifts = [.. day.Shifts.Where(s => s.From < to && s.To > from)], Away = [] }, 600);
        return part with
        {
            People = [.. part.People.Select(p => p with { At = p.At - from, Channel = Waiting.Chat, Lang = "zh", Area = null, OwnShift = null, PatienceSeconds = Math.Min(p.PatienceSeconds, Hour) })],
            Shifts = [.. part.Shifts.Select(s => s with { From = Math.Max(0, s.From - from), To = s.To - from, Langs = ["zh"], Licence = ["*"], Channels = [Waiting.Chat], Slowdown = Rules.Slowdown })],
        };
    }

    /// <summary>A drill's people tell stories of which the product makes two urgencies and one need, and its doctors tire.</summary>
    private static PlannedDay AsDrilled(PlannedDay day) => day with
    {
        Rules = day.Rules with { AnswerSeconds = Plan.Day.AnswerSeconds, Fatigue = DutyPolicy.Read(Shipped.Read("duty.json")).Fatigue },
        People = [.. day.People.Select(p => p with { Need = "general", Urgency = p.Urgency switch { Urgency.Emergency => Urgency.Emergency, Urgency.Urgent or Urgency.Soon => Urgency.Urgent, _ => Urgency.Question } })],
    };

    /// <summary>What each whom somebody took was told when they joined, and how long it was.</summary>
    private static IEnumerable<(Told Range, long WaitMs)> Told(PlannedDay day)
    {
        var played = DayRun.Play(day, Rules, level: 0);
        var steps = played.People.SelectMany((made, n) => new (int At, int Kind, int Who)[] { (day.People[n].At, 0, n), made.FirstAt is { } taken ? (taken, 1, n) : (made.EndedAt, 2, n) });
        var (forecast, told) = (new Forecast(ForecastTests.Rules), new Told?[day.People.Length]);
        foreach (var (at, kind, n) in steps.OrderBy(s => s.At).ThenBy(s => s.Kind).ThenBy(s => s.Who))
        {
            var (id, who, now) = (new Guid(n + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), day.People[n], at * 1000L);
            if (kind == 0)
            {
                told[n] = forecast.Joined(id, who.Urgency, who.Need, who.Channel, now);
            }
            else if (kind == 1)
            {
                forecast.Started(id, now);
                if (told[n] is { } range)
                {
                    yield return (range, now - (who.At * 1000L));
                }
            }
            else
            {
                forecast.Left(id, now);
            }
        }
    }

    private static PlannedDay Day(string name)
    {
        string File(string file) => System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "scenarios", name, file));
        var text = new DayText();
        var shifts = text.Shifts(File("doctors.csv"));
        return new PlannedDay(0, Plan.Day, text.People(File("arrivals.csv")), shifts, [], []);
    }
}
