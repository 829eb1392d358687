using Yizhen.Rules.Dispatch;

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

    /// <summary>The own clinician is awaited while many wait, by class for seconds or minutes, the most urgent never; then whoever is there takes them.</summary>
    [Fact]
    public void The_wait_for_the_own_clinician_ends() => PoolLawTests.Law(room =>
        PoolLawTests.NobodyIsLeft(room, PoolLawTests.Fill(room).Decide(PoolLawTests.Now + PoolLawTests.Rules.OwnClinicianMs.Max(), level: 0), p => p.OwnClinician is not null));

    /// <summary>Where nobody calls: of those whose own clinician has nobody, one is taken by that clinician.</summary>
    [Fact]
    public void A_free_clinician_takes_one_of_their_own_people() => PoolLawTests.Law(room =>
    {
        var round = PoolLawTests.Decide(room);
        var called = room.People.Any(p => p.IsCall);
        return called || room.Staff.Where(c => c is { Paused: false, InCall: false, Taken: 0 } && room.People.Any(p => p.OwnClinician == c.Clinician && PoolLawTests.Fits(p, c)))
            .All(c => round.Assignments.Any(a => a.Clinician == c.Clinician && a.Why == "own_clinician"));
    });

    private static (int, long, long) Turn(Waiting person) => (PoolLawTests.Rank(person), person.ArrivedAt, person.Order);
}
