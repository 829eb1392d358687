using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>A place: before a person stand, at the least, those whom one of their clinicians may take and who go first, and nobody is counted who does not.</summary>
public sealed class PlacesInLineTests
{
    private const long Now = PoolLawTests.Now;

    private static readonly DispatchRules Rules = PoolLawTests.Rules;

    /// <summary>Said once more here, one by one, in the words of the design.</summary>
    [Fact]
    public void The_least_are_those_who_go_first_and_whom_a_clinician_of_this_person_may_take_too() => PoolLawTests.Law(room =>
    {
        var places = Places(room);
        return room.People.All(who =>
        {
            var theirs = room.Staff.Where(c => !c.Paused && PoolLawTests.Fits(who, c)).ToList();
            var first = room.People.Where(p => GoesFirst(p, who)).ToList();
            var least = first.FindAll(p => theirs.Count > 0 ? theirs.Exists(c => PoolLawTests.Fits(p, c)) : (p.Need, p.Lang, p.Area, p.Channel) == (who.Need, who.Lang, who.Area, who.Channel));
            var needs = room.Staff.Where(c => !c.Paused && c.Skills.Contains(who.Need)).SelectMany(c => c.Skills).Append(who.Need).ToHashSet();
            return places.Of(who) == new StandBefore(least.Count, first.Count(p => needs.Contains(p.Need)), least.Exists(p => p.Urgency < who.Urgency));
        });
    });

    [Fact]
    public void Least_is_never_more_than_most_and_nobody_before_me_is_before_whoever_goes_before_me_alone() => PoolLawTests.Law(room =>
    {
        var places = Places(room);
        return room.People.All(p => places.Of(p) is var stand && stand.Least <= stand.Most && stand.Most < room.People.Length)
            && room.People.GroupBy(p => (p.Need, p.Lang, p.Area, p.Channel, p.Urgency, p.LiftsTo)).All(g => g.OrderBy(p => p.ArrivedAt).Select(p => places.Of(p)).ToList() is var line
                && line.Zip(line.Skip(1)).All(pair => pair.First.Least <= pair.Second.Least && pair.First.Most <= pair.Second.Most));
    });

    /// <summary>What is promised by it: with one seat free at a time, nobody gets a clinician of this person's before them but those who are counted.</summary>
    [Fact]
    public void Whoever_is_taken_first_by_a_clinician_of_theirs_was_counted() => PoolLawTests.Law(room =>
    {
        var quiet = room with { People = [.. room.People.Where(p => !p.IsCall).Select(p => p with { OwnClinician = null })], Staff = [.. room.Staff.Select(c => c with { Slowdown = 0, InCall = false })] };
        var (places, round) = (Places(quiet), PoolLawTests.Decide(quiet));
        var left = quiet.People.Where(p => round.Assignments.All(a => a.Consultation != p.Consultation));
        return left.All(who => round.Assignments.Count(a => PoolLawTests.Fits(who, quiet.Staff.Single(c => c.Clinician == a.Clinician))) <= places.Of(who).Least + Ties(quiet, who));
    });

    [Fact]
    public void Whom_none_of_my_doctors_may_take_is_not_among_the_least()
    {
        ImmutableArray<Waiting> people = [.. Enumerable.Range(0, 5).Select(n => Who(n) with { Lang = "en" }), .. Enumerable.Range(5, 5).Select(n => Who(n) with { Area = "33" }), Who(10), Who(11)];
        ImmutableArray<OnDuty> staff = [Doctor(1), Doctor(2) with { Langs = ["en"], Licence = ["*"] }];
        var places = new PlacesInLine(people, staff, Rules, Now);
        Assert.Equal((new StandBefore(0, 10, false), new StandBefore(1, 11, false)), (places.Of(people[10]), places.Of(people[11])));

        // One who speaks both and may advise everywhere, and all of them stand before me.
        places = new PlacesInLine(people, [.. staff, Doctor(3) with { Langs = ["zh", "en"], Licence = ["*"] }], Rules, Now);
        Assert.Equal(new StandBefore(11, 11, false), places.Of(people[11]));
    }

    [Fact]
    public void While_nobody_may_take_me_those_who_ask_for_the_same_stand_before_me()
    {
        ImmutableArray<Waiting> people = [Who(0), Who(1) with { Lang = "en" }, Who(2) with { Urgency = Urgency.Urgent }, Who(3)];
        Assert.Equal(new StandBefore(2, 3, true), new PlacesInLine(people, [Doctor(1) with { Paused = true }], Rules, Now).Of(people[3]));
    }

    [Fact]
    public void Whoever_waits_longer_than_the_target_of_the_class_goes_before_the_next_class()
    {
        var (old, fresh) = (Who(0) with { ArrivedAt = Now - Rules.Target(Urgency.Routine) - 1 }, Who(1) with { Urgency = Urgency.Soon });
        Assert.Equal(1, new PlacesInLine([old, fresh], [Doctor(1)], Rules, Now).Of(fresh).Least);
        Assert.Equal(0, new PlacesInLine([old with { ArrivedAt = old.ArrivedAt + 1 }, fresh], [Doctor(1)], Rules, Now).Of(fresh).Least);
    }

    private static PlacesInLine Places(PoolLawTests.Room room) => new(room.People, room.Staff, Rules, Now);

    private static bool GoesFirst(Waiting a, Waiting b) => (PoolLawTests.Rank(a), a.ArrivedAt).CompareTo((PoolLawTests.Rank(b), b.ArrivedAt)) < 0;

    /// <summary>Who came in the same millisecond goes by the order of the log, of which a place knows nothing.</summary>
    private static int Ties(PoolLawTests.Room room, Waiting who) => room.People.Count(p => p != who && (PoolLawTests.Rank(p), p.ArrivedAt) == (PoolLawTests.Rank(who), who.ArrivedAt));

    private static Waiting Who(int number) => new(new Guid(number, 0, 0, new byte[8]), Urgency.Routine, Now - 200_000 + number, number, "fever", "zh", "42", "chat", null);

    private static OnDuty Doctor(int number) => new(new Guid(number, 1, 0, new byte[8]), "", number, ["fever"], ["zh"], ["42"], ["chat"], 2, 2, false, false, 0, 350);
}
