using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>A day that is planned or rehearsed knows how tired clinicians get: fewer at once near the cap, and a break at it.</summary>
public sealed class DayFatigueTests
{
    private const int Minute = 60;
    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));
    private static readonly FatigueRule Rule = new(120, 1000, 660, 80, 50, 10, 240, []);

    [Fact]
    public void Near_two_hours_a_clinician_has_half_the_seats_then_rests_ten_minutes_and_is_fresh_again()
    {
        var played = Play(Rule, worked: 0);

        Assert.Equal(4, MostAtOnce(played, 0, 95 * Minute));
        Assert.InRange(MostAtOnce(played, 100 * Minute, 119 * Minute), 1, 2);
        Assert.Equal(0, MostAtOnce(played, 124 * Minute, 130 * Minute));
        Assert.Equal(4, MostAtOnce(played, 140 * Minute, 200 * Minute));
    }

    [Fact]
    public void Work_before_the_day_counts() => Assert.Equal(0, MostAtOnce(Play(Rule, worked: 90 * Minute), 34 * Minute, 40 * Minute));

    [Fact]
    public void Without_the_rule_nobody_tires() => Assert.Equal(4, MostAtOnce(Play(null, worked: 0), 100 * Minute, 140 * Minute));

    [Fact]
    public void The_most_urgent_reach_a_tired_clinician_who_is_not_on_a_break_yet()
    {
        // Somebody long is with the clinician when the cap is reached: no break yet, and only urgency 1 is added.
        ImmutableArray<Coming> people = [Comes(0, Urgency.Question, 130 * Minute), Comes(122 * Minute, Urgency.Urgent, Minute), Comes(123 * Minute, Urgency.Emergency, Minute)];
        var played = DayRun.Play(Day(people, Rule, 0), Rules, 0);

        Assert.InRange(played.People[2].FirstAt ?? -1, 123 * Minute, (123 * Minute) + 5);
        Assert.True(played.People[1].FirstAt is null or > 130 * Minute, $"{played.People[1].FirstAt}");
    }

    private static PlayedDay Play(FatigueRule? rule, int worked) =>
        DayRun.Play(Day([.. Enumerable.Range(0, 2000).Select(n => Comes(n * 10, Urgency.Question, 100))], rule, worked), Rules, 0);

    private static PlannedDay Day(ImmutableArray<Coming> people, FatigueRule? rule, int worked) => new(
        0, PlanRules.Parse(Shipped.Read("plan.json")).Day with { AnswerSeconds = null, Fatigue = rule }, people,
        [new Shift("王", ["general"], ["zh"], ["*"], [Waiting.Chat], 0, 240 * Minute, 4, 1000 * Minute, 0, WorkedSeconds: worked)], [], []);

    private static Coming Comes(int at, Urgency urgency, int work) => new(at, urgency, "general", "zh", "wuhan", null, Waiting.Chat, work, 3600);

    /// <summary>Of those who were given between these seconds, the most that one clinician had at once when they came.</summary>
    private static int MostAtOnce(PlayedDay played, int from, int to) =>
        played.Seated.Where(s => s.From >= from && s.From < to).Select(s => played.Seated.Count(o => o.From <= s.From && o.To > s.From)).DefaultIfEmpty(0).Max();
}
