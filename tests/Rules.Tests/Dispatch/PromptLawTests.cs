using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>The laws of the prompt: only urgency 1 and calls are asked for, whoever has passed comes after the others, and nobody is stranded by it.</summary>
public sealed class PromptLawTests
{
    private const long Now = 1_580_000_000_000;

    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));
    private static readonly PlanRules Planned = PlanRules.Parse(Shipped.Read("plan.json"));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [InlineData(Urgency.Emergency, "chat", true)]
    [InlineData(Urgency.Urgent, "chat", false)]
    [InlineData(Urgency.Question, "phone", true)]
    public void Urgency_one_and_calls_are_asked_for_twenty_seconds_and_everybody_else_is_given(Urgency urgency, string channel, bool asked)
    {
        var made = Assert.Single(Decide([Person(1, urgency, channel)], [Clinician(1)]).Assignments);
        Assert.Equal(asked ? Now + 20_000 : null, made.AskedUntil);
    }

    [Fact]
    public void Whoever_let_it_lapse_comes_after_everybody_who_was_not_asked_and_is_asked_again_where_there_is_nobody_else()
    {
        var person = Person(1, Urgency.Emergency) with { PassedBy = [new Passed(Id(1, 2), Now)] };
        var made = Assert.Single(Decide([person], [Clinician(1), Clinician(2, taken: 2)]).Assignments);
        Assert.Equal((Id(2, 2), 1, 1), (made.Clinician, made.Eligible, made.Excluded.Asked));
        Assert.Equal(Id(1, 2), Assert.Single(Decide([person], [Clinician(1)]).Assignments).Clinician);
    }

    [Fact]
    public void Whoever_said_not_now_is_left_alone_until_the_time_that_is_recorded_and_the_next_in_line_is_not_held_up()
    {
        var person = Person(1, Urgency.Emergency) with { PassedBy = [new Passed(Id(1, 2), Now + 60_000)] };
        var made = Assert.Single(Decide([person, Person(2, Urgency.Emergency)], [Clinician(1)]).Assignments);
        Assert.Equal(Id(2, 1), made.Consultation);
        Assert.Equal(Id(1, 1), Assert.Single(made.PassedOver));
        Assert.Empty(Decide([person], [Clinician(1)], Now + 59_999).Assignments);
        Assert.Single(Decide([person], [Clinician(1)], Now + 60_000).Assignments);
    }

    [Fact]
    public void A_prompt_holds_the_seat_and_passing_gives_it_back()
    {
        var pool = new Pool(Rules, new Flow(Rules));
        pool.On(Clinician(1, seats: 1));
        pool.Arrive(Person(1, Urgency.Emergency));
        pool.Arrive(Person(2, Urgency.Routine));
        Assert.Single(pool.Decide(Now, 0).Assignments);
        Assert.Empty(pool.Decide(Now + 1000, 0).Assignments);
        pool.Ended(Id(1, 2));
        pool.Arrive(Person(1, Urgency.Emergency) with { PassedBy = [new Passed(Id(1, 2), Now + 80_000)] });
        Assert.Equal(Id(2, 1), Assert.Single(pool.Decide(Now + 20_000, 0).Assignments).Consultation);
    }

    /// <summary>Whatever was passed by whom: filled in another order, or told step by step, the same is decided.</summary>
    [Fact]
    public void Nobody_is_stranded_a_free_clinician_whose_time_has_come_is_asked_and_no_id_decides() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
            Gen.Choose(0, 3).ArrayOf(6).SelectMany(seats => Gen.Choose(0, 63).ArrayOf(5), (seats, passes) => (seats, passes)).ToArbitrary(),
            made =>
            {
                var staff = made.seats.Select((s, n) => Clinician(n + 1, seats: 3, taken: s)).ToList();
                var people = made.passes.Select((bits, n) => Person(n + 1, Urgency.Emergency) with
                {
                    PassedBy = [.. staff.Where((_, at) => (bits >> at & 1) == 1).Select((c, at) => new Passed(c.Clinician, Now + (at % 2 == 0 ? 0 : 5000)))],
                }).ToList();
                var round = Decide(people, staff);
                Assert.Equal(Says(round), Says(Decide(people.AsEnumerable().Reverse(), staff.AsEnumerable().Reverse())));
                foreach (var given in round.Assignments)
                {
                    var passed = people.Single(p => p.Consultation == given.Consultation).PassedBy.FirstOrDefault(p => p.Clinician == given.Clinician);
                    Assert.True(passed is null || passed.Again <= Now);
                    Assert.Equal(staff.Count, given.Eligible + given.Excluded.Sum);
                }

                foreach (var left in people.Where(p => round.Assignments.All(a => a.Consultation != p.Consultation)))
                {
                    Assert.DoesNotContain(staff, c => c.Taken + round.Assignments.Count(a => a.Clinician == c.Clinician) < c.Seats && left.PassedBy.All(p => p.Clinician != c.Clinician || p.Again <= Now));
                }
            }));

    [Theory, MemberData(nameof(Seeds))]
    public void On_a_played_day_the_silent_let_it_lapse_nobody_has_more_than_the_seats_and_a_pool_filled_anew_decides_the_same(int seed)
    {
        var day = DayLawTests.Day(seed);
        day = day with { Rules = day.Rules with { AnswerSeconds = 4 } };
        var (live, asked) = (new List<string>(), 0);
        var going = new List<string>();
        var played = DayRun.Play(day, Rules, level: 0, look: (waiting, onDuty, flow, now) =>
        {
            var pool = new Pool(Rules, flow);
            onDuty.ToList().ForEach(pool.On);
            waiting.ToList().ForEach(pool.Arrive);
            var round = pool.Decide(now, 0);
            live.AddRange(round.Assignments.Select(a => $"{now} {a.Consultation} {a.Clinician} {a.AskedUntil}"));
            asked += round.Assignments.Count(a => a.AskedUntil is not null);
        }, decided: round => going.AddRange(round.Assignments.Select(a => $"{round.At} {a.Consultation} {a.Clinician} {a.AskedUntil}")));
        Assert.Equal(live, going);
        Assert.True(asked > 0);
        Assert.Equal(played.Seated.ToList(), DayRun.Play(day, Rules, level: 0).Seated.ToList());
        foreach (var desk in played.Seated.GroupBy(s => s.Shift))
        {
            Assert.All(desk, seat => Assert.InRange(desk.Count(o => o.From <= seat.From && o.To > seat.From), 1, day.People[seat.Person].IsCall ? 1 : day.Shifts[desk.Key].Seats));
        }

        // Nobody is with a silent clinician any more who was asked for while that one was silent.
        Assert.DoesNotContain(played.Seated, s => s.Shift == 1 && s.From is > 5000 and < 6000 && (day.People[s.Person].IsCall || day.People[s.Person].Urgency == Urgency.Emergency));
    }

    private static Round Decide(IEnumerable<Waiting> people, IEnumerable<OnDuty> staff, long now = Now)
    {
        var pool = new Pool(Rules, new Flow(Rules));
        staff.ToList().ForEach(pool.On);
        people.ToList().ForEach(pool.Arrive);
        return pool.Decide(now, 0);
    }

    private static List<string> Says(Round round) => [.. round.Assignments.Select(a => $"{a.Consultation} {a.Clinician} {a.Eligible} {a.Excluded}")];

    private static Waiting Person(int number, Urgency urgency, string channel = "chat") => new(Id(number, 1), urgency, Now - 1000 + number, number, "general", "zh", null, channel, null);

    private static OnDuty Clinician(int number, int seats = 3, int taken = 0) =>
        new(Id(number, 2), "", number, ["general"], ["zh"], ["*"], ["chat", "phone"], seats, taken, false, false, 0, 350);

    private static Guid Id(int number, byte kind) => new(number, 0, 0, kind, 0, 0, 0, 0, 0, 0, 0);
}
