using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>What is said of a free seat while people wait: it is why the pool gives it to none of them, every seat has a reason, and the reasons are those that the record of one person names.</summary>
public sealed class FreeSeatTests
{
    private const long Now = PoolLawTests.Now;

    private static readonly DispatchRules Rules = PoolLawTests.Rules;

    [Fact]
    public void Every_free_seat_has_a_reason_and_after_a_turn_none_is_free_for_no_reason() => PoolLawTests.Law(room =>
    {
        var pool = PoolLawTests.Fill(room);
        var round = pool.Decide(Now, level: 0);
        var left = room.People.Where(p => round.Assignments.All(a => a.Consultation != p.Consultation)).ToList();
        return pool.FreeSeats(left.Select(p => p.Need).Distinct(), [], Now).All(s =>
            s.Kept.Sum(k => k.Seats) == s.Free && s.Kept.All(k => k.Why != SeatKept.Nothing && k.Seats > 0)
            && s.OnDuty == room.Staff.Count(c => !c.Paused && c.Skills.Contains(s.Need))
            && s.Free == room.Staff.Where(c => !c.Paused && c.Skills.Contains(s.Need)).Sum(c => Free(c, round, room)));
    });

    /// <summary>Nobody is told one thing about a person and another about the seats.</summary>
    [Fact]
    public void For_one_person_the_seats_are_kept_by_what_keeps_the_clinicians_from_them() => PoolLawTests.Law(room =>
    {
        if (room.People.IsEmpty)
        {
            return true;
        }

        var passed = room.Staff.Where((_, n) => n % 3 == 0).Select(c => new Passed(c.Clinician, Now + 30_000));
        var one = room.People[0] with { OwnClinician = null, PassedBy = [.. passed] };
        var staff = room.Staff.Select((c, n) => c with
        {
            Paused = false, InCall = false, Seats = c.Taken + 1, LeastUrgent = n % 4 == 1 ? Urgency.Urgent : Urgency.Question, Because = n % 4 != 1 ? Spared.Not : n % 8 == 1 ? Spared.Tired : Spared.ShiftEnds,
        }).Where(c => c.Skills.Contains(one.Need)).ToList();
        var pool = PoolLawTests.Fill(new PoolLawTests.Room([one], [.. staff]));
        if (!pool.Decide(Now, level: 0).Assignments.IsEmpty)
        {
            return true;
        }

        var (eligible, kept) = WaitReasons.Count(one, staff);
        var seats = pool.FreeSeats([one.Need], [], Now).Single();
        int Of(SeatKept why) => seats.Kept.Where(k => k.Why == why).Sum(k => k.Seats);
        return (eligible == 0 || Of(SeatKept.Slower) >= eligible)
            && (Of(SeatKept.Language), Of(SeatKept.Channel), Of(SeatKept.Licence), Of(SeatKept.ShiftEnds), Of(SeatKept.Tired) + Of(SeatKept.NotEmpty)) == (kept.Language, kept.Channel, kept.Licence, kept.ShiftEnds, kept.Tired + kept.Full)
            && Of(SeatKept.Passed) + Of(SeatKept.Slower) == kept.Asked + eligible;
    });

    [Fact]
    public void Who_waits_for_their_own_doctor_keeps_a_seat_free_until_a_time_and_so_does_whoever_is_asked_for()
    {
        var own = Doctor(1) with { Taken = 2 };
        var pool = PoolLawTests.Fill(new PoolLawTests.Room([Person(1) with { OwnClinician = own.Clinician }], [own, Doctor(2)]));
        Assert.Empty(pool.Decide(Now, level: 0).Assignments);
        var seats = Assert.Single(pool.FreeSeats(["fever"], [], Now));
        Assert.Equal((2, 2, new KeptSeats(SeatKept.OwnFirst, 2, Now + 239_000)), (seats.OnDuty, seats.Free, Assert.Single(seats.Kept)));

        // Asked of the first, who has the seat by that; whoever of several comes free first is who is named.
        seats = Assert.Single(pool.FreeSeats(["fever"], [(Person(2), Now + 9_000)], Now));
        Assert.Equal(new KeptSeats(SeatKept.Asked, 2, Now + 9_000), Assert.Single(seats.Kept));
    }

    [Fact]
    public void A_call_that_waits_keeps_a_seat_and_needs_somebody_who_has_nobody()
    {
        var call = Person(1) with { Channel = "phone", Urgency = Urgency.Urgent };
        var pool = PoolLawTests.Fill(new PoolLawTests.Room([call], [Doctor(1) with { Taken = 1 }]));
        Assert.Empty(pool.Decide(Now, level: 0).Assignments);
        Assert.Equal(SeatKept.NotEmpty, Assert.Single(Assert.Single(pool.FreeSeats(["fever"], [], Now)).Kept).Why);

        pool.Arrive(Person(2) with { Urgency = Urgency.Routine });
        Assert.Empty(pool.Decide(Now, level: 0).Assignments);
        Assert.Equal(new KeptSeats(SeatKept.ForCall, 1, null), Assert.Single(Assert.Single(pool.FreeSeats(["fever"], [], Now)).Kept));
    }

    [Fact]
    public void On_a_break_are_those_who_could_and_the_end_of_a_shift_has_its_time()
    {
        var ends = Doctor(1) with { LeastUrgent = Urgency.Urgent, Because = Spared.ShiftEnds, EndsAt = Now + 60_000 };
        var pool = PoolLawTests.Fill(new PoolLawTests.Room([Person(1)], [ends, Doctor(2) with { Paused = true }, Doctor(3) with { Paused = true, Langs = ["en"] }, Doctor(4) with { Skills = ["psych"] }]));
        pool.Decide(Now, level: 0);
        var seats = Assert.Single(pool.FreeSeats(["fever"], [], Now));
        Assert.Equal((1, 2, 2, new KeptSeats(SeatKept.ShiftEnds, 2, Now + 60_000)), (seats.OnDuty, seats.Free, seats.OnBreak, Assert.Single(seats.Kept)));
    }

    [Fact]
    public void Of_what_keeps_a_seat_from_several_people_the_nearest_counts()
    {
        var lender = Guid.NewGuid();
        var terms = new AidTerms(Keep: 100, [new AidRule(AidRule.Any, 100, [], [], default, default)]);
        var doctor = Doctor(1) with { Organisation = lender, Aid = terms };
        var pool = PoolLawTests.Fill(new PoolLawTests.Room([Person(1) with { Lang = "en" }, Person(2)], [doctor]));
        Assert.Empty(pool.Decide(Now, level: 0).Assignments);
        Assert.Equal(new KeptSeats(SeatKept.Reserved, 2, null), Assert.Single(Assert.Single(pool.FreeSeats(["fever"], [], Now)).Kept));
        Assert.Equal(new KeptSeats(SeatKept.Asked, 2, Now + 9_000), Assert.Single(Assert.Single(pool.FreeSeats(["fever"], [(Person(3) with { Organisation = lender }, Now + 9_000)], Now)).Kept));
    }

    private static int Free(OnDuty c, Round round, PoolLawTests.Room room)
    {
        var got = round.Assignments.Where(a => a.Clinician == c.Clinician).ToList();
        return c.InCall || got.Exists(a => PoolLawTests.Of(room, a.Consultation).IsCall) ? 0 : c.Seats - c.Taken - got.Count;
    }

    private static Waiting Person(int number) => new(new Guid(number, 0, 0, new byte[8]), Urgency.Routine, Now - 1000, number, "fever", "zh", "42", "chat", null);

    private static OnDuty Doctor(int number) => new(new Guid(number, 1, 0, new byte[8]), "", number, ["fever"], ["zh"], ["*"], ["chat", "phone"], 2, 0, false, false, 0, 350);
}
