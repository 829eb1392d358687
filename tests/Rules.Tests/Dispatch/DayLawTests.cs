using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>The laws of a played day, over made-up days: nothing in it is chance, everybody comes to an end, no seat is taken twice, and it is the pool of production that decides.</summary>
public sealed class DayLawTests
{
    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));
    private static readonly PlanRules Planned = PlanRules.Parse(Shipped.Read("plan.json"));

    private static readonly ImmutableArray<string> Needs = ["general", "fever", "psych"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory, MemberData(nameof(Seeds))]
    public void The_same_day_is_the_same_result_to_the_last_second(int seed)
    {
        var (once, again) = (DayRun.Play(Day(seed), Rules, level: 2), DayRun.Play(Day(seed), Rules, level: 2));
        Assert.Equal(once.People.ToList(), again.People.ToList());
        Assert.Equal(once.Seated.ToList(), again.Seated.ToList());
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_pool_filled_anew_at_each_moment_as_the_live_loop_does_decides_the_same(int seed) => Same(Day(seed));

    [Theory, MemberData(nameof(Seeds))]
    public void So_it_does_where_organisations_lend_by_rules_that_change_with_the_hour(int seed) => Same(Lending(seed));

    [Theory, MemberData(nameof(Seeds))]
    public void So_it_does_where_clinicians_tire_and_rest_and_write_what_was_promised(int seed) => Same(Tiring(Day(seed)), level: 2);

    /// <summary>The planner's floor is the live one: nobody is lent outside the hours, and never more than the rule leaves.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void On_a_played_day_nobody_is_lent_against_a_rule_and_the_lender_keeps_its_share(int seed)
    {
        var played = DayRun.Play(Lending(seed), Rules, level: 0);
        var (shifts, people) = (played.Day.Shifts, played.Day.People);
        var lent = played.Seated.Where(s => people[s.Person].Organisation != shifts[s.Shift].Organisation && shifts[s.Shift].Organisation != Id(2, 9)).ToList();
        Assert.NotEmpty(lent);
        foreach (var loan in lent)
        {
            Assert.Equal(Id(0, 9), shifts[loan.Shift].Organisation);
            Assert.InRange(loan.From, 3600, 9000 - 1);
            foreach (var skill in shifts[loan.Shift].Skills)
            {
                int Seats(Func<Seated, bool>? given) => Enumerable.Range(0, shifts.Length).Where(n => shifts[n].Organisation == Id(0, 9) && shifts[n].Skills.Contains(skill) && shifts[n].From <= loan.From && shifts[n].To > loan.From)
                    .Sum(n => given is null ? shifts[n].Seats : played.Seated.Where(s => s.Shift == n && given(s)).Sum(s => people[s.Person].IsCall ? shifts[n].Seats : 1));
                var away = Seats(s => people[s.Person].Organisation != Id(0, 9) && s.From <= loan.From && (s.To > loan.From || s.From == loan.From));
                Assert.True(away <= Seats(null) / 2, $"{away} of {Seats(null)} seats of {skill} were lent at {loan.From}");
            }
        }
    }

    [Fact]
    public void A_health_adviser_takes_on_a_played_day_only_whom_the_policy_and_the_ladder_give_them()
    {
        var day = Day(3) with { Levels = everybody => new SurgeLevels(everybody, ImmutableSortedDictionary<string, int>.Empty.Add("calm", 0)) };
        day = day with
        {
            People = [.. day.People.Select((p, n) => p with { Need = "general", Lang = "zh", Area = null, Channel = "chat", OwnShift = null, Campaign = n % 2 == 0 ? "calm" : "busy" })],
            Shifts = [.. day.Shifts.Select(s => s with { Skills = ["general"], Langs = ["zh"], Channels = ["chat"], MostUrgent = Urgency.Question, Reach = day.Levels(3).Reach(3) })],
        };
        var played = DayRun.Play(day, Rules, level: 3);
        Assert.NotEmpty(played.Seated);
        Assert.All(played.Seated, s => Assert.Equal((Urgency.Question, "busy"), (day.People[s.Person].Urgency, day.People[s.Person].Campaign)));
        Assert.All(played.People.Zip(day.People).Where(x => x.First.End == DayEnd.Offered), x => Assert.Equal("busy", x.Second.Campaign));
    }

    private static PlannedDay Tiring(PlannedDay day) => day with { Rules = day.Rules with { Fatigue = new FatigueRule(20, 12, 60, 80, 50, 5, 240, []), Promise = SurgeRules.Parse(Shipped.Read("surge.json")).Promise } };

    private static void Same(PlannedDay day, int level = 0)
    {
        var live = new List<(long At, string Who)>();
        var played = DayRun.Play(day, Rules, level, look: (waiting, onDuty, flow, now) =>
        {
            var pool = new Pool(Rules, flow);
            foreach (var clinician in onDuty)
            {
                pool.On(clinician);
            }

            foreach (var person in waiting)
            {
                pool.Arrive(person);
            }

            live.AddRange(pool.Decide(now, level).Assignments.Select(a => (now, $"{a.Consultation} {a.Clinician}")));
        });
        Assert.NotEmpty(live);
        var kept = played.Seated.Select(s => ((long)s.From * 1000, $"{Id(s.Person, 1)} {Id(s.Shift, 2)}"));
        Assert.Equal(live.Order(), kept.Order());
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Everybody_comes_to_an_end_and_no_clinician_has_more_than_the_seats_or_a_call_beside_a_chat(int seed)
    {
        var played = DayRun.Play(Day(seed), Rules, level: 2);
        var whole = DayFigures.Of(played).Whole;
        Assert.Equal(1, whole.GaveUp + whole.Offered + (played.People.Count(p => p.End == DayEnd.Served) / (double)whole.People), 9);
        foreach (var desk in played.Seated.GroupBy(s => s.Shift))
        {
            var shift = played.Day.Shifts[desk.Key];
            foreach (var seat in desk)
            {
                var beside = desk.Count(o => o.From <= seat.From && o.To > seat.From);
                Assert.InRange(beside, 1, played.Day.People[seat.Person].IsCall ? 1 : shift.Seats);
                Assert.InRange(seat.From, shift.From, shift.To);
            }
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Only_the_last_two_urgencies_are_offered_a_dated_answer_and_only_at_level_two(int seed)
    {
        Assert.All(DayRun.Play(Day(seed), Rules, level: 2).People.Zip(Day(seed).People).Where(x => x.First.End == DayEnd.Offered), x => Assert.True(x.Second.Urgency >= Urgency.Routine));
        Assert.DoesNotContain(DayRun.Play(Day(seed), Rules, level: 0).People, p => p.End == DayEnd.Offered);
    }

    /// <summary>On one day chance may turn against it; by a little, and over many days it helps.</summary>
    [Fact]
    public void One_more_doctor_never_hurts_beyond_noise()
    {
        var changes = new List<double>();
        foreach (var seed in Enumerable.Range(1, 30))
        {
            var day = Day(seed);
            var before = DayFigures.Of(DayRun.Play(day, Rules, 0)).J;
            var after = DayFigures.Of(DayRun.Play(new WhatIf(0, [new MoreDoctors("fever", 0, 4 * 3600, 1)], [], [], []).On(day), Rules, 0)).J;
            changes.Add((after - before) / before);
        }

        Assert.All(changes, change => Assert.True(change < 0.05, $"J rose by {100 * change:0.0} %"));
        Assert.True(changes.Average() < -0.02, $"{100 * changes.Average():0.0} % on average");
    }

    [Fact]
    public void A_doctor_hour_is_worth_nothing_where_nobody_waits_and_most_where_the_skill_is_lacking()
    {
        var day = Day(3) with { Shifts = [.. Day(3).Shifts.Select(s => s with { Skills = ["general", "psych"] })] };
        var answer = Plan.Answer(day, Rules, 0, WhatIf.OnlyLevel(0), most: 10_000);
        Assert.Equal("fever", answer.Calls[0].Skill);
        var empty = Plan.Answer(day with { People = [day.People[0] with { At = 7000, Need = "general", Channel = "chat", Lang = "zh" }] }, Rules, 0, WhatIf.OnlyLevel(0), most: 10_000);
        Assert.All(empty.Worth, cell => Assert.Equal(0, cell.Minutes));
        Assert.Empty(empty.Calls);
    }

    [Fact]
    public void A_large_day_made_smaller_keeps_every_kind_and_says_one_in_how_many()
    {
        var day = Day(5);
        var (smaller, oneIn) = Smaller.Of(day, day.People.Length / 3);
        Assert.Equal(4, oneIn);
        Assert.InRange(smaller.People.Length, day.People.Length / 5, day.People.Length / 3);
        Assert.Equal(Needs.Order(), smaller.People.Select(p => p.Need).Distinct().Order());
        Assert.Equal((day, 1), Smaller.Of(day, day.People.Length));
    }

    [Fact]
    public void The_hours_to_come_follow_the_hours_that_were_and_the_same_seed_is_the_same_day()
    {
        const long Now = 1_580_000_400_000;
        var seen = Enumerable.Range(0, 300).Select(n => new CameLately(
            new Waiting(Id(n, 1), Urgency.Routine, Now - (n * 30_000L), n, n % 3 == 0 ? "fever" : "general", "zh", "42", "chat", null), "42", null)).Reverse().ToList();
        PlannedDay Made(ulong seed) => Demand.Day(seen, [seen[^1]], [], [], Planned, hourOfDay: 9, Now, past: 400, hours: 2, seed);
        var day = Made(1);
        Assert.Equal(day.People.ToList(), Made(1).People.ToList());
        Assert.NotEqual(day.People.ToList(), Made(2).People.ToList());
        // 300 came from six to nine, of weights 26 + 45 + 66; the rest of an hour of 83 and one of 93 are to come: 365.
        Assert.InRange(day.People.Length, 350, 380);
        Assert.InRange(day.People.Count(p => p.Need == "fever"), 80, 165);
        Assert.All(day.People.Skip(1), p => Assert.InRange(p.At, 400, 7200));
    }

    /// <summary>Two houses, one of which lends half of its seats from the second hour on, the other nothing.</summary>
    internal static PlannedDay Lending(int seed) => Day(seed) with
    {
        Shifts = [.. Day(seed).Shifts.Select((s, n) => s with { Organisation = Id(n % 3, 9) })],
        People = [.. Day(seed).People.Select((p, n) => p with { Organisation = Id(n % 4 == 0 ? 0 : 1, 9), Campaign = n % 4 == 0 ? "zero" : "one" })],
        Aid = new DayAid(
            ImmutableDictionary<Guid, ImmutableArray<AidRule>>.Empty.Add(Id(0, 9), [new AidRule("one", 50, [], [], new TimeOnly(10, 0), new TimeOnly(11, 30))]).Add(Id(1, 9), [new AidRule("nobody", 0, [], [], default, default)]), 9 * 3600),
    };

    private static Guid Id(int number, byte kind) => new(number, 0, 0, kind, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Four hours, too few doctors, some calls, some who fall silent or leave.</summary>
    internal static PlannedDay Day(int seed)
    {
        var chance = new Random(seed);
        var shifts = Enumerable.Range(0, 9).Select(n => new Shift(
            $"D{n}", n % 3 == 0 ? ["general", "fever"] : n % 3 == 1 ? ["fever"] : ["general", "psych"], n % 4 == 0 ? ["zh", "yue"] : ["zh"], ["*"], n % 2 == 0 ? ["chat", "phone"] : ["chat"],
            chance.Next(0, 3600), chance.Next(8000, 14_400), 1 + (n % 3), 4 * 3600, n == 5 ? 1100 : 350)).ToImmutableArray();
        var people = Enumerable.Range(0, 320).Select(_ => chance.Next(0, 14_400)).Order().Select(at => new Coming(
            at, (Urgency)(chance.Next(100) switch { < 3 => 1, < 12 => 2, < 40 => 3, < 75 => 4, _ => 5 }), Needs[chance.Next(3)], chance.Next(12) == 0 ? "yue" : "zh", "42", null,
            chance.Next(8) == 0 ? "phone" : "chat", chance.Next(120, 700), chance.Next(200, 4000), chance.Next(10) == 0 ? chance.Next(9) : null)).ToImmutableArray();
        return new PlannedDay(0, Planned.Day with { AnswerSeconds = null }, people, shifts, [new Away(1, 5000, 6000, Left: false), new Away(4, 7000, 7000, Left: true)], []);
    }
}
