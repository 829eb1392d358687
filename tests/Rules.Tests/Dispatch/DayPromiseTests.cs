using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>On a day that is planned or rehearsed a dated answer is work that somebody does, and puts nobody back who is urgent.</summary>
public sealed class DayPromiseTests
{
    private const int Hour = 3600;
    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));
    private static readonly PromiseRules Promise = SurgeRules.Parse(Shipped.Read("surge.json")).Promise;

    /// <summary>A question takes a date while the only clinician is busy.</summary>
    private static readonly ImmutableArray<Coming> Three = [Comes(0, Urgency.Soon, 1000), Comes(10, Urgency.Question, 1000), Comes(1500, Urgency.Soon, 100)];

    [Fact]
    public void Answer_is_written_when_nobody_waits_and_leaves_a_seat_for_whoever_comes_then()
    {
        var day = Day(Three, Promise);
        day = day with { Shifts = [day.Shifts[0] with { Seats = 2 }], Running = [new Running(0, 1000, IsCall: false)], Promised = [new Dated(Comes(-Hour, Urgency.Question, 1000), 7 * Hour, IsCallBack: false)] };
        var played = DayRun.Play(day, Rules, level: 2);

        Assert.Equal(DayEnd.Offered, played.People[1].End);
        Assert.Null(played.People[1].FirstAt);
        // Both seats are free at last, two answers could be written, and one is.
        Assert.Equal([1000, 2000], played.Seated.Where(s => s.Dated).Select(s => s.From).Order().Select(from => from / 100 * 100));
        Assert.Equal(1500, played.People[2].FirstAt);
    }

    [Fact]
    public void Who_has_one_seat_writes_an_answer_when_it_is_nearly_due_and_is_there_for_the_urgent_until_then()
    {
        var played = DayRun.Play(Day(Three, Promise), Rules, level: 2);

        Assert.Equal(1500, played.People[2].FirstAt);
        Assert.InRange(Assert.Single(played.Seated, s => s.Dated).From, 4 * Hour, 5 * Hour);
        Assert.Equal((1, 1, 1, 0, 0), (played.Kept.Offered, played.Kept.Promised, played.Kept.InTime, played.Kept.Late, played.Kept.Missed));
    }

    [Fact]
    public void As_in_the_reference_simulator_without_the_rule_whoever_takes_a_date_is_gone()
    {
        var played = DayRun.Play(Day(Three, promise: null), Rules, level: 2);

        Assert.Equal(DayEnd.Offered, played.People[1].End);
        Assert.DoesNotContain(played.Seated, s => s.Dated);
        Assert.Equal(1500, played.People[2].FirstAt);
    }

    [Theory]
    [InlineData(-Hour, 0, 1)]
    [InlineData(Hour, 1, 0)]
    [InlineData(2 * Hour, 1, 0)]
    public void What_was_promised_before_the_day_comes_after_the_urgent_in_the_order_of_what_is_due_and_is_in_no_figure(int by, int inTime, int late)
    {
        // Somebody urgent waits since a minute, somebody like the one with the date came in the same moment; the clinician is free after 100 seconds.
        var day = Day([Comes(40, Urgency.Soon, 100), Comes(40, Urgency.Routine, 100)], Promise) with
        {
            Promised = [new Dated(Comes(-5 * Hour, Urgency.Routine, 100), by, IsCallBack: false)],
            Running = [new Running(0, 100, IsCall: false)],
        };
        var played = DayRun.Play(day, Rules, level: 0);

        // A wait of theirs is due an hour after they came.
        Assert.Equal(by <= Hour ? [0, 2, 1] : [0, 1, 2], played.Seated.OrderBy(s => s.From).Select(s => s.Person));
        Assert.Equal(2, DayFigures.Of(played).Whole.People);
        Assert.Equal((inTime, late, 0), (played.Kept.InTime, played.Kept.Late, played.Kept.Offered));
    }

    [Fact]
    public void Whoever_waits_for_a_language_that_nobody_here_speaks_keeps_no_answer_from_being_written()
    {
        var day = Day([Comes(0, Urgency.Soon, 100) with { Lang = "yue" }], Promise);
        day = day with { Shifts = [day.Shifts[0] with { Seats = 2 }], Promised = [new Dated(Comes(-Hour, Urgency.Question, 100), 6 * Hour, IsCallBack: false)] };
        var played = DayRun.Play(day, Rules, level: 0);

        Assert.InRange(played.Seated.Single(s => s.Dated).From, 0, 1);
        Assert.Null(played.People[0].FirstAt);
    }

    [Fact]
    public void Date_lies_after_somebody_has_come_who_may_answer_and_none_is_offered_where_nobody_does()
    {
        // The shift ends while the only clinician is busy; the next begins ten hours later, and nobody of it speaks Cantonese.
        var day = Day([Comes(0, Urgency.Soon, 400), Comes(10, Urgency.Question, 100), Comes(20, Urgency.Question, 100) with { Lang = "yue" }], Promise);
        day = day with { Shifts = [day.Shifts[0] with { To = 300 }, day.Shifts[0] with { From = 10 * Hour, To = 18 * Hour }] };
        var played = DayRun.Play(day, Rules, level: 2);

        Assert.Equal([DayEnd.Served, DayEnd.Offered, DayEnd.GaveUp], played.People.Select(p => p.End));
        Assert.Equal((1, 1, 0), (played.Kept.Offered, played.Kept.InTime, played.Kept.Late));
    }

    [Theory]
    [InlineData(true, "zh", 10, true)]
    [InlineData(false, "zh", 10, false)]
    [InlineData(false, "yue", 10, null)]
    [InlineData(false, "zh", 20, null)]
    public void Answer_is_reckoned_from_when_somebody_is_there(bool here, string lang, int hours, bool? now)
    {
        var from = hours * Hour * 1000L;
        var doctor = new OnDuty(Guid.NewGuid(), "", 0, ["general"], ["zh"], ["*"], [Waiting.Chat], 3, 0, false, false, 0, 350);
        var who = new Waiting(Guid.NewGuid(), Urgency.Question, 0, 0, "general", lang, null, Waiting.Chat, null);
        ImmutableArray<Presence> roster = [new(doctor, 1, from, 2 * from, IsHere: false)];

        Assert.Equal(now is { } at ? (at ? 0 : from) : null, Promises.From(who, here ? [.. roster, new(doctor, 1, 0, from, IsHere: true)] : roster, Promise, Rules, 0));
        Assert.Equal(0, Promises.From(who, [], Promise, Rules, 0));
    }

    [Fact]
    public void Call_back_that_was_promised_is_not_made_before_its_time()
    {
        var day = Day([Comes(3 * Hour, Urgency.Soon, 100)], Promise) with { Promised = [new Dated(Comes(-Hour, Urgency.Question, 100) with { Channel = "phone" }, 2 * Hour, IsCallBack: true)] };
        var played = DayRun.Play(day, Rules, level: 0);

        Assert.Equal((2 * Hour) - (int)(Promise.CallBackLeadMs / 1000), played.Seated.Single(s => s.Dated).From);
    }

    [Fact]
    public void Whoever_has_a_date_is_never_put_before_the_urgent_however_late_the_answer_is()
    {
        var overdue = Promises.InPool(new Waiting(Guid.NewGuid(), Urgency.Routine, 0, 0, "general", "zh", null, Waiting.Chat, null), by: 1000, Rules);

        Assert.Equal((int)Urgency.Routine, Pool.Rank(overdue, Rules, now: 100_000_000));
        Assert.Equal((int)Urgency.Routine, Pool.Rank(overdue with { Urgency = Urgency.Question }, Rules, now: 100_000_000));
        Assert.Equal((int)Urgency.Soon, Pool.Rank(overdue with { LiftsTo = Urgency.Urgent }, Rules, now: 100_000_000));
    }

    [Fact]
    public void Hours_that_were_no_wait_lift_nobody_until_they_have_waited_as_long_in_the_line()
    {
        var (hour, target) = (Hour * 1000L, Rules.Target(Urgency.Routine));
        var came = new Waiting(Guid.NewGuid(), Urgency.Routine, 0, 0, "general", "zh", null, Waiting.Chat, null);

        Assert.Equal((int)Urgency.Soon, Pool.Rank(came, Rules, 9 * hour));
        Assert.Equal((int)Urgency.Routine, Pool.Rank(Promises.Since(came, 9 * hour, Rules, (9 * hour) + target), Rules, (9 * hour) + target));
        Assert.Equal((int)Urgency.Soon, Pool.Rank(Promises.Since(came, 9 * hour, Rules, (9 * hour) + target + 1), Rules, (9 * hour) + target + 1));
        Assert.Equal(came, Promises.Since(came, 0, Rules, hour));
        Assert.Equal(came, Promises.Since(came, null, Rules, hour));
    }

    private static PlannedDay Day(ImmutableArray<Coming> people, PromiseRules? promise) => new(
        0, PlanRules.Parse(Shipped.Read("plan.json")).Day with { AnswerSeconds = null, Promise = promise }, people,
        [new Shift("王", ["general"], ["zh"], ["*"], [Waiting.Chat, "phone"], 0, 8 * Hour, 1, 8 * Hour, 0)], [], []);

    private static Coming Comes(int at, Urgency urgency, int work) => new(at, urgency, "general", "zh", "wuhan", null, Waiting.Chat, work, 2 * Hour);
}
