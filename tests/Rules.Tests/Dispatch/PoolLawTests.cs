using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>The laws of dispatch over random rooms and random staff: nobody is given to whom they cannot be helped by, nobody jumps, nothing depends on an id.</summary>
public sealed class PoolLawTests
{
    internal const long Now = 1_580_000_000_000;

    internal static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));

    private static readonly ImmutableArray<string> Needs = ["general", "fever", "paediatrics", "obstetrics"];

    private static readonly Gen<Waiting> Person =
        from urgency in Gen.Elements(Enum.GetValues<Urgency>())
        // Many came in the same second: what ties go by is part of the laws.
        from waited in Gen.OneOf(Gen.Choose(0, 9_000), Gen.Elements(0, 30, 400, 4_000))
        from need in Gen.Elements<string>([.. Needs])
        from lang in Gen.Frequency((5, Gen.Constant("zh")), (1, Gen.Constant("en")))
        from area in Gen.Elements<string?>("42", "33", null)
        from channel in Gen.Frequency((5, Gen.Constant("chat")), (1, Gen.Constant("phone")))
        from lifts in Gen.Frequency((8, Gen.Constant(Urgency.Urgent)), (1, Gen.Constant(Urgency.Question)))
        from dated in Gen.Frequency((5, Gen.Constant<int?>(null)), (1, Gen.Choose(-90, 90).Select(minutes => (int?)minutes)))
        let person = new Waiting(Guid.NewGuid(), urgency, Now - (waited * 1000L), 0, need, lang, area, channel, null, LiftsTo: lifts)
        select dated is { } minutes && urgency >= Urgency.Routine ? Promises.InPool(person with { WasOffered = true }, Now + (minutes * 60_000L), Rules) : person;

    private static readonly Gen<OnDuty> Clinician =
        from skills in Gen.NonEmptyListOf(Gen.Elements<string>([.. Needs]))
        from langs in Gen.Elements<string[]>(["zh"], ["en"], ["zh", "en"])
        from licence in Gen.Elements<string[]>(["*"], ["42"], ["33"])
        from channels in Gen.Elements<string[]>(["chat"], ["chat", "phone"])
        from seats in Gen.Choose(1, 4)
        from taken in Gen.Choose(0, 4)
        from paused in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
        from idle in Gen.OneOf(Gen.Choose(0, 900), Gen.Elements(0, 60))
        from slowdown in Gen.Elements(0, 350, 1100)
        let calls = channels.Length > 1 && taken == 1
        select new OnDuty(Guid.NewGuid(), "", 0, [.. skills.Distinct()], [.. langs], [.. licence], [.. channels], seats, Math.Min(taken, seats), calls, paused, Now - (idle * 1000L), slowdown);

    private static readonly Gen<Room> Rooms =
        from people in Gen.ListOf(Person)
        from staff in Gen.ListOf(Clinician)
        from owned in Gen.Choose(0, 3)
        let clinicians = staff.Select((c, order) => c with { Order = order }).ToImmutableArray()
        select new Room([.. people.Select((p, order) => p with { Order = order, OwnClinician = owned == 0 && clinicians.Length > 0 ? clinicians[order % clinicians.Length].Clinician : null })], clinicians);

    [Fact]
    public void Nobody_gets_a_clinician_who_lacks_the_skill_the_language_the_channel_or_the_licence() => Law(room =>
        Decide(room).Assignments.All(a => Fits(room.People.Single(p => p.Consultation == a.Consultation), room.Staff.Single(c => c.Clinician == a.Clinician))));

    [Fact]
    public void Nobody_is_given_twice_no_seat_is_taken_twice_and_a_call_is_alone() => Law(room =>
    {
        var round = Decide(room);
        return round.Assignments.Select(a => a.Consultation).Distinct().Count() == round.Assignments.Length
            && round.Assignments.GroupBy(a => a.Clinician).All(g => room.Staff.Single(c => c.Clinician == g.Key) is var c && !c.Paused && !c.InCall && c.Taken + g.Count() <= c.Seats
                && (g.All(a => !Of(room, a.Consultation).IsCall) || (c.Taken == 0 && g.Count() == 1)));
    });

    /// <summary>But for reasons that end: the own clinician is awaited for seconds, a call that waits empties somebody, one more chat would make all of them slower.</summary>
    [Fact]
    public void Nobody_waits_while_a_living_clinician_who_fits_has_a_free_seat() => Law(room => NobodyIsLeft(room, Decide(room), p => p.OwnClinician is null));

    /// <summary>Whoever of the same kind is more urgent, or as urgent and came first, is not the one left behind.</summary>
    [Fact]
    public void Among_people_of_one_kind_the_more_urgent_and_then_the_earlier_is_never_the_one_left_waiting() => Law(room =>
    {
        var round = Decide(room);
        var served = round.Assignments.Select(a => a.Consultation).ToHashSet();
        return room.People.Where(p => !served.Contains(p.Consultation) && p.OwnClinician is null).All(left => room.People.Where(p => served.Contains(p.Consultation) && p.OwnClinician is null && SameKind(p, left))
            .All(got => Rank(got) < Rank(left) || (Rank(got) == Rank(left) && (got.ArrivedAt, got.Order).CompareTo((left.ArrivedAt, left.Order)) < 0)));
    });

    [Fact]
    public void Urgency_one_is_never_behind_anybody_however_long_that_one_has_waited() => Law(room =>
        room.People.Where(p => p.Urgency != Urgency.Emergency).All(p => Rank(p) > (int)Urgency.Emergency));

    [Fact]
    public void Other_ids_change_nothing_but_ids() => Law(room =>
    {
        var before = Decide(room);
        var people = room.People.ToDictionary(p => p.Consultation, _ => Guid.NewGuid());
        var staff = room.Staff.ToDictionary(c => c.Clinician, _ => Guid.NewGuid());
        var after = Decide(new Room([.. room.People.Select(p => p with { Consultation = people[p.Consultation], OwnClinician = p.OwnClinician is { } own ? staff[own] : null })], [.. room.Staff.Select(c => c with { Clinician = staff[c.Clinician] })]));
        return before.Assignments.Select(a => (people[a.Consultation], staff[a.Clinician])).SequenceEqual(after.Assignments.Select(a => (a.Consultation, a.Clinician)));
    });

    [Fact]
    public void Order_in_which_people_are_listed_changes_nothing() => Law(room =>
        Pairs(Decide(room)).SequenceEqual(Pairs(Decide(room with { People = [.. room.People.Reverse()] }))));

    [Fact]
    public void More_urgent_is_never_worse() => Law(room =>
        Enumerable.Range(0, Math.Min(room.People.Length, 4)).All(n => room.People[n] is var one && (one.Urgency == Urgency.Emergency || !Served(room, one)
            || Served(room with { People = room.People.SetItem(n, one with { Urgency = one.Urgency - 1 }) }, one))));

    [Fact]
    public void One_more_clinician_never_leaves_more_people_waiting() => Law(room =>
        room.Staff.Length == 0 || Decide(room).Assignments.Length >= Decide(room with { Staff = room.Staff.RemoveAt(room.Staff.Length - 1) }).Assignments.Length
        || room.Staff.Any(c => c.Slowdown > 350) || room.People.Any(p => p.IsCall || p.OwnClinician is not null));

    [Fact]
    public void Every_decision_says_who_was_passed_over_and_why_the_others_could_not() => Law(room =>
        Decide(room).Assignments.All(a => a.Why.Length > 0 && a.Eligible >= 1 && a.Eligible + a.Excluded.Sum == room.Staff.Length && !a.PassedOver.Contains(a.Consultation)));

    /// <summary>A leader that starts in the middle of the day decides as the one that fell would have.</summary>
    [Fact]
    public void Filled_anew_from_the_same_state_it_decides_the_same() => Law(room =>
    {
        var (cut, later) = (room.People.Length / 2, Now + 30_000);
        var going = Fill(room with { People = room.People[..cut] });
        var first = going.Decide(Now, level: 0);
        foreach (var person in room.People[cut..])
        {
            going.Arrive(person);
        }

        var taken = first.Assignments.ToLookup(a => a.Clinician);
        var anew = Fill(new Room(
            [.. room.People.Where(p => first.Assignments.All(a => a.Consultation != p.Consultation))],
            [.. room.Staff.Select(c => c with
            {
                Taken = c.Taken + taken[c.Clinician].Count(),
                InCall = c.InCall || taken[c.Clinician].Any(a => Of(room, a.Consultation).IsCall),
                LastAssignedAt = taken[c.Clinician].Any() ? Now : c.LastAssignedAt,
            })]));
        return Pairs(going.Decide(later, level: 0)).SequenceEqual(Pairs(anew.Decide(later, level: 0)));
    });

    [Fact]
    public void Only_the_least_urgent_are_offered_a_dated_answer_and_nobody_twice() => Law(room =>
    {
        var pool = Fill(room);
        pool.Decide(Now, level: 0);
        var offered = pool.Decide(Now, Rules.Offers.Level).Offers;
        foreach (var offer in offered)
        {
            pool.Arrive(Of(room, offer.Consultation) with { WasOffered = true });
        }

        return offered.All(o => Of(room, o.Consultation).Urgency >= Urgency.Routine) && pool.Decide(Now, Rules.Offers.Level).Offers.All(o => offered.All(before => before.Consultation != o.Consultation));
    });

    /// <summary>Of these, nobody waits while a living clinician who fits has a free seat, but for a call that empties somebody and one more chat that would make all slower.</summary>
    internal static bool NobodyIsLeft(Room room, Round round, Func<Waiting, bool> of)
    {
        var calls = room.People.Any(p => p.IsCall && round.Assignments.All(a => a.Consultation != p.Consultation));
        return room.People.Where(p => of(p) && round.Assignments.All(a => a.Consultation != p.Consultation))
            .All(p => !room.Staff.Any(c => Fits(p, c) && !c.Paused && !c.InCall && !round.Assignments.Any(a => a.Clinician == c.Clinician && Of(room, a.Consultation).IsCall) && Open(c) is var open
                && (p.IsCall ? open == 0 : open < c.Seats && (open == 0 || (c.Slowdown <= 350 && (!calls || !c.Channels.Contains("phone")))))));

        int Open(OnDuty c) => c.Taken + round.Assignments.Count(a => a.Clinician == c.Clinician);
    }

    internal static Waiting Of(Room room, Guid consultation) => room.People.Single(p => p.Consultation == consultation);

    internal static Pool Fill(Room room)
    {
        var pool = new Pool(Rules, new Flow(Rules));
        foreach (var clinician in room.Staff)
        {
            pool.On(clinician);
        }

        foreach (var person in room.People)
        {
            pool.Arrive(person);
        }

        return pool;
    }

    internal static Round Decide(Room room) => Fill(room).Decide(Now, level: 0);

    private static bool Served(Room room, Waiting person) => Decide(room).Assignments.Any(a => a.Consultation == person.Consultation);

    internal static int Rank(Waiting person) => Pool.Rank(person, Rules, Now);

    private static IEnumerable<(Guid, Guid)> Pairs(Round round) => round.Assignments.Select(a => (a.Consultation, a.Clinician));

    private static bool SameKind(Waiting a, Waiting b) => (a.Need, a.Lang, a.Area, a.Channel) == (b.Need, b.Lang, b.Area, b.Channel);

    /// <summary>Said once more here, in the words of the design: what may never be relaxed.</summary>
    internal static bool Fits(Waiting p, OnDuty c) =>
        c.Skills.Contains(p.Need) && c.Langs.Contains(p.Lang) && c.Channels.Contains(p.Channel)
        && (p.Area is null || c.Licence.Contains("*") || c.Licence.Contains(p.Area));

    internal static void Law(Func<Room, bool> holds) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(Rooms.ToArbitrary(), holds));

    internal sealed record Room(ImmutableArray<Waiting> People, ImmutableArray<OnDuty> Staff);
}
