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
        return (index.Open, index.IdleMs) == (chosen.Taken, PoolLawTests.Now - chosen.LastAssignedAt)
            && (without is not [{ Index: { } next } second, ..] || second.Consultation != first.Consultation || next.Busy != index.Busy
                || next.Sum > index.Sum || (next.Sum == index.Sum && next.IdleMs <= index.IdleMs));
    });

    private static (int, long, long) Turn(Waiting person) => (PoolLawTests.Rank(person), person.ArrivedAt, person.Order);
}
