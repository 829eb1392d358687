using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>The laws of dispatch about who comes first, over the same random rooms.</summary>
public sealed class PoolOrderLawTests
{
    /// <summary>Of whatever kind: whom a clinician is given, nobody who comes before them could have had that clinician.</summary>
    [Fact]
    public void Nobody_gets_a_clinician_whom_somebody_before_them_waits_for() => PoolLawTests.Law(room =>
    {
        var round = PoolLawTests.Decide(room);
        var served = round.Assignments.Select(a => a.Consultation).ToHashSet();
        var left = room.People.Where(p => !served.Contains(p.Consultation) && p.OwnClinician is null).ToList();
        return round.Assignments.Where(a => a.Why != "own_clinician").Select(a => (Got: PoolLawTests.Of(room, a.Consultation), By: room.Staff.Single(c => c.Clinician == a.Clinician)))
            .All(a => !left.Exists(p => p.IsCall == a.Got.IsCall && PoolLawTests.Fits(p, a.By) && Turn(p).CompareTo(Turn(a.Got)) < 0));
    });

    /// <summary>First the order of need, then the own clinician: nobody more urgent is left whom they could have taken.</summary>
    [Fact]
    public void Own_clinician_goes_to_nobody_while_somebody_more_urgent_waits_for_them() => PoolLawTests.Law(room =>
    {
        var round = PoolLawTests.Decide(room);
        var served = round.Assignments.Select(a => a.Consultation).ToHashSet();
        var left = room.People.Where(p => !served.Contains(p.Consultation) && p.OwnClinician is null).ToList();
        return round.Assignments.Where(a => a.Why == "own_clinician").Select(a => (Got: PoolLawTests.Of(room, a.Consultation), By: room.Staff.Single(c => c.Clinician == a.Clinician)))
            .All(a => !left.Exists(p => p.IsCall == a.Got.IsCall && PoolLawTests.Fits(p, a.By) && PoolLawTests.Rank(p) < PoolLawTests.Rank(a.Got)));
    });

    [Fact]
    public void One_who_is_urgent_is_taken_before_somebody_else_s_own_question()
    {
        var doctor = new OnDuty(Guid.NewGuid(), "", 0, ["general"], ["zh"], ["*"], [Waiting.Chat], 1, 0, false, false, 0, 0);
        Waiting Comes(int order, Urgency urgency, Guid? own) => new(Guid.NewGuid(), urgency, PoolLawTests.Now - 1000, order, "general", "zh", null, Waiting.Chat, own);
        var (own, urgent) = (Comes(0, Urgency.Question, doctor.Clinician), Comes(1, Urgency.Urgent, null));

        Assert.Equal(urgent.Consultation, Assert.Single(PoolLawTests.Decide(new([own, urgent], [doctor])).Assignments).Consultation);
        Assert.Equal((own.Consultation, "own_clinician"), Assert.Single(PoolLawTests.Decide(new([own with { Order = 2 }, Comes(1, Urgency.Question, null)], [doctor])).Assignments) is var a ? (a.Consultation, a.Why) : default);
    }

    /// <summary>The own clinician is awaited while many wait, by class for seconds or minutes, the most urgent never; then whoever is there takes them.</summary>
    [Fact]
    public void The_wait_for_the_own_clinician_ends() => PoolLawTests.Law(room =>
        PoolLawTests.NobodyIsLeft(room, PoolLawTests.Fill(room).Decide(PoolLawTests.Now + PoolLawTests.Rules.OwnClinicianMs.Max(), level: 0), p => p.OwnClinician is not null));

    /// <summary>Where nobody calls: of those whose own clinician has nobody and is wanted by nobody more urgent, one is taken by that clinician.</summary>
    [Fact]
    public void A_free_clinician_takes_one_of_their_own_people() => PoolLawTests.Law(room =>
    {
        var round = PoolLawTests.Decide(room);
        var called = room.People.Any(p => p.IsCall);
        return called || room.Staff.Where(c => c is { Paused: false, InCall: false, Taken: 0 } && room.People.Any(p => p.OwnClinician == c.Clinician && PoolLawTests.Fits(p, c) && !room.People.Any(o => o.OwnClinician != c.Clinician && PoolLawTests.Fits(o, c) && PoolLawTests.Rank(o) < PoolLawTests.Rank(p))))
            .All(c => round.Assignments.Any(a => a.Clinician == c.Clinician && a.Why == "own_clinician"));
    });

    /// <summary>The record says what the chosen one costs, by its parts; were they not there, whoever takes the person costs no less, or as much and has been idle for less long.</summary>
    [Fact]
    public void Chosen_is_whoever_costs_least_and_then_whoever_has_had_nobody_for_longest() => PoolLawTests.Law(room =>
    {
        if (PoolLawTests.Decide(room).Assignments is not [{ Index: { } index } first, ..])
        {
            return true;
        }

        var chosen = room.Staff.Single(c => c.Clinician == first.Clinician);
        var without = PoolLawTests.Decide(room with { Staff = room.Staff.Remove(chosen) }).Assignments;
        return (index.Open, index.IdleMs) == (chosen.Taken, (long?)(PoolLawTests.Now - chosen.LastAssignedAt))
            && (without is not [{ Index: { } next } second, ..] || second.Consultation != first.Consultation || next.Busy != index.Busy
                || next.Sum > index.Sum || (next.Sum == index.Sum && next.IdleMs <= index.IdleMs));
    });

    /// <summary>Somebody else's call that is none keeps no seat from an emergency.</summary>
    [Fact]
    public void No_emergency_waits_for_a_chat_while_a_living_clinician_who_fits_has_a_free_seat() => PoolLawTests.Law(room =>
    {
        var round = PoolLawTests.Decide(room);
        var left = room.People.Where(p => p.Urgency == Urgency.Emergency && round.Assignments.All(a => a.Consultation != p.Consultation)).ToList();
        return left.Exists(p => p.IsCall) || left.All(p => !room.Staff.Any(c => PoolLawTests.Fits(p, c) && c is { Paused: false, InCall: false }
            && !round.Assignments.Any(a => a.Clinician == c.Clinician && PoolLawTests.Of(room, a.Consultation).IsCall) && c.Taken + round.Assignments.Count(a => a.Clinician == c.Clinician) < c.Seats));
    });

    /// <summary>Who was held for their own clinician a turn ago, and is not any more, counts for whom somebody is kept; it hung on whether the pool had been there.</summary>
    [Fact]
    public void A_leader_that_starts_when_somebody_is_held_no_longer_decides_as_the_one_before()
    {
        var own = new OnDuty(Guid.NewGuid(), "", 0, ["general"], ["zh"], ["*"], [Waiting.Chat, "phone"], 4, 3, false, false, 0, 1100);
        Waiting Comes(int order, string channel, Guid? own) => new(Guid.NewGuid(), Urgency.Urgent, PoolLawTests.Now, order, "general", "zh", null, channel, own);
        var (call, chat, later) = (Comes(0, "phone", own.Clinician), Comes(1, Waiting.Chat, null), PoolLawTests.Now + 30_000);
        var going = PoolLawTests.Fill(new([call], [own]));
        Assert.Empty(going.Decide(PoolLawTests.Now, level: 0).Assignments);
        going.Arrive(chat);

        Assert.Equal(PoolLawTests.Fill(new([call, chat], [own])).Decide(later, level: 0).Assignments.Length, going.Decide(later, level: 0).Assignments.Length);
    }

    private static (int, long, long) Turn(Waiting person) => (PoolLawTests.Rank(person), person.ArrivedAt, person.Order);
}
