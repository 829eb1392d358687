using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Tests.Triage;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>The surge ladder: set by people with a reason, proposed by load; dates that can be kept; advisers who take what the policy allows.</summary>
public sealed class SurgeTests
{
    private const long Now = 1_580_000_000_000;
    private static readonly DispatchRules Dispatch = DispatchRules.Parse(Shipped.Read("dispatch.json"));
    private static readonly SurgeRules Rules = SurgeRules.Parse(Shipped.Read("surge.json"));

    private static readonly Gen<(SurgeLoad Load, int Level)> Loads =
        from waiting in Gen.Choose(0, 3000)
        from taken in Gen.Choose(0, 400)
        from seats in Gen.Choose(0, 300)
        from level in Gen.Choose(0, Surge.Highest)
        select (new SurgeLoad(waiting, taken, seats), level);

    [Theory]
    [InlineData(0, 0, 2, "多", null)]
    [InlineData(0, 0, 0, "照旧", null)]
    [InlineData(0, 0, 2, " ", Refusal.ReasonNeeded)]
    [InlineData(0, 0, 5, "多", Refusal.Malformed)]
    [InlineData(0, 0, -1, "多", Refusal.Malformed)]
    [InlineData(1, 0, 2, "多", Refusal.Conflict)]
    public void Level_is_set_with_a_reason_on_what_was_seen(int now, int seen, int to, string reason, Refusal? refused)
    {
        var set = Surge.Set(now, seen, to, reason);
        Assert.Equal(refused, set.IsRefused(out var why) ? why : null);
    }

    [Fact]
    public void Proposal_is_a_level_and_nobody_waiting_proposes_none() => Law(l =>
        Propose(l.Load, l.Level) is var p && p.Level is >= 0 and <= Surge.Highest && (l.Load.Waiting > 0 || p.Level == 0) && (l.Load.Waiting == 0 || l.Load.Seats > 0 || p.Level >= Rules.Propose.WithoutAnybody));

    [Fact]
    public void More_people_waiting_never_propose_less() => Law(l => Propose(l.Load with { Waiting = l.Load.Waiting + 50 }, l.Level).Level >= Propose(l.Load, l.Level).Level);

    /// <summary>Somebody who follows each proposal does not swing between two levels while the load stands still.</summary>
    [Fact]
    public void Proposal_that_is_followed_stands() => Law(l => Propose(l.Load, Propose(l.Load, l.Level).Level).Level == Propose(l.Load, l.Level).Level);

    [Fact]
    public void Dates_lie_ahead_on_a_round_time_within_a_day_and_later_the_more_is_promised_and_the_fewer_are_taken() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
        (from urgency in Gen.Elements(Urgency.Routine, Urgency.Question) from open in Gen.Choose(0, 5000) from seats in Gen.Choose(0, 200) from taken in Gen.Choose(0, 400) select (urgency, open, seats, taken)).ToArbitrary(),
        d =>
        {
            var (written, back) = Promises.By(d.urgency, d.open, d.seats, d.taken, Rules.Promise, Dispatch, Now, Now);
            var (later, _) = Promises.By(d.urgency, d.open + 100, d.seats, d.taken, Rules.Promise, Dispatch, Now, Now);
            var (sooner, _) = Promises.By(d.urgency, d.open, d.seats, Math.Max(Dispatch.Offers.TooFew, d.taken) * 2, Rules.Promise, Dispatch, Now, Now);
            var goes = d.taken >= Dispatch.Offers.TooFew ? d.open * Dispatch.Offers.WindowMs / d.taken : d.open * Dispatch.TypicalMs / Math.Max(1, d.seats);
            return back > Now + Rules.Promise.OpenMs && written >= back && later >= written && written % Rules.Promise.RoundMs == 0
                && written - Now <= Rules.Promise.MostMs + Rules.Promise.RoundMs
                && (d.taken < Dispatch.Offers.TooFew || sooner <= written)
                && written - Now >= Math.Min(Rules.Promise.MostMs, Rules.Promise.WrittenMs[(int)d.urgency - 1] + goes);
        }));

    [Fact]
    public void Written_answer_joins_before_it_is_due_or_while_nobody_waits_and_a_call_back_not_before_its_time()
    {
        var by = Now + 10_000_000;
        Assert.True(Promises.Joins(false, by, anybodyWaits: false, Rules.Promise, Now));
        Assert.False(Promises.Joins(false, by, anybodyWaits: true, Rules.Promise, Now));
        Assert.True(Promises.Joins(false, by, anybodyWaits: true, Rules.Promise, by - Rules.Promise.LeadMs));
        Assert.False(Promises.Joins(true, by, anybodyWaits: false, Rules.Promise, by - Rules.Promise.CallBackLeadMs - 1));
        Assert.True(Promises.Joins(true, by, anybodyWaits: true, Rules.Promise, by - Rules.Promise.CallBackLeadMs));
    }

    [Fact]
    public void Adviser_takes_nobody_below_the_level_and_only_questions_from_it_on_however_long_others_wait()
    {
        var adviser = new OnDuty(Guid.NewGuid(), "", 0, ["general", "pediatrics"], ["zh"], ["*"], ["chat"], 5, 0, false, false, 0, 350);
        Assert.Null(Promises.AsAdviser(adviser, SurgeLevels.Of(Rules.Advisers.Level - 1), Rules.Advisers));
        var seen = Promises.AsAdviser(adviser, SurgeLevels.Of(Rules.Advisers.Level), Rules.Advisers);
        Assert.NotNull(seen);
        var pool = new Pool(Dispatch, new Flow(Dispatch));
        pool.On(seen);
        foreach (var (urgency, order) in Enum.GetValues<Urgency>().Select((u, order) => (u, order)))
        {
            pool.Arrive(Who(urgency, "general", order));
            pool.Arrive(Who(urgency, "pediatrics", order + 10));
        }

        var taken = Assert.Single(pool.Decide(Now, Rules.Advisers.Level).Assignments);
        Assert.Equal((int)Urgency.Routine, taken.Rank);
        Assert.Equal(9, pool.Size);
    }

    /// <summary>A need that no question has would make level 3 help nobody. Children's questions and those of the pregnant stay with doctors.</summary>
    [Fact]
    public void Questions_of_grown_ups_by_every_shipped_protocol_are_among_what_advisers_may_take()
    {
        var needs = Packs.Names.Where(n => n is not ("RF-CHILD" or "RF-PREG")).Select(n => (n, Packs.ByFile[n].Rows.Where(r => r.Urgency == Urgency.Question).Select(r => r.Need).ToHashSet())).Where(p => p.Item2.Count > 0).ToList();
        Assert.Contains(needs, p => p.n == "RESP-CN");
        Assert.Contains(needs, p => p.n == "RESP-CN-WUHAN");
        Assert.All(needs, p => Assert.Subset(Rules.Advisers.Needs.ToHashSet(), p.Item2));
    }

    [Fact]
    public void Adviser_takes_people_of_the_campaigns_that_stand_at_the_level_and_of_no_other()
    {
        var adviser = new OnDuty(Guid.NewGuid(), "", 0, ["general"], ["zh"], ["*"], ["chat"], 5, 0, false, false, 0, 350);
        foreach (var (levels, taken) in new[]
        {
            (new SurgeLevels(3, ImmutableSortedDictionary<string, int>.Empty.Add("low", 2)), "any"),
            (new SurgeLevels(0, ImmutableSortedDictionary<string, int>.Empty.Add("low", 3)), "low"),
        })
        {
            var pool = new Pool(Dispatch, new Flow(Dispatch));
            pool.On(Assert.IsType<OnDuty>(Promises.AsAdviser(adviser, levels, Rules.Advisers)));
            pool.Arrive(Who(Urgency.Question, "general", 0) with { Campaign = taken == "any" ? "low" : "any" });
            var theirs = Who(Urgency.Question, "general", 1) with { Campaign = taken };
            pool.Arrive(theirs);
            Assert.Equal(theirs.Consultation, Assert.Single(pool.Decide(Now, levels.Highest).Assignments).Consultation);
        }

        Assert.Null(Promises.AsAdviser(adviser, new SurgeLevels(2, ImmutableSortedDictionary<string, int>.Empty.Add("low", 0)), Rules.Advisers));
        Assert.Equal((1, 3, 3), (new SurgeLevels(3, ImmutableSortedDictionary<string, int>.Empty.Add("low", 1)).Of("low"), new SurgeLevels(3, ImmutableSortedDictionary<string, int>.Empty.Add("low", 1)).Of("any"), new SurgeLevels(3, ImmutableSortedDictionary<string, int>.Empty.Add("low", 1)).Highest));
    }

    [Fact]
    public void Each_who_was_taken_meanwhile_is_counted_once_by_what_put_them_first()
    {
        var who = Who(Urgency.Routine, "fever", 0) with { ArrivedAt = Now };
        Decided[] decided =
        [
            Took(1, rank: 1, waited: 0), Took(2, rank: 4, waited: 60_000), Took(3, rank: 4, waited: 0), Took(4, rank: 5, waited: 0), Took(5, rank: 4, waited: 0, why: "own_clinician"),
            Took(4000, rank: 3, waited: 5_000_000),
            // What comes after their own turn, in the same moment too, kept them from nothing.
            Took(4000, rank: 2, waited: 0) with { Consultation = who.Consultation }, Took(4000, rank: 5, waited: 0), Took(4001, rank: 1, waited: 0),
        ];
        Assert.Equal(new WhyWaited(1, 2, 1, 2), WhyWaited.Of(who, decided, Dispatch));
    }

    [Fact]
    public void Reason_is_what_is_so_now()
    {
        var who = Who(Urgency.Soon, "fever", 0);
        var fits = new OnDuty(Guid.NewGuid(), "", 0, ["fever"], ["zh"], ["*"], ["chat"], 1, 0, false, false, 0, 350);
        Assert.Equal(WaitReason.NobodyOnDuty, WaitReasons.Of(who, []));
        Assert.Equal(WaitReason.NobodyOnDuty, WaitReasons.Of(who, [fits with { Paused = true }]));
        Assert.Equal(WaitReason.NobodyFits, WaitReasons.Of(who, [fits with { Langs = ["en"] }]));
        Assert.Equal(WaitReason.AllBusy, WaitReasons.Of(who, [fits with { Taken = 1 }]));
        Assert.Equal(WaitReason.Near, WaitReasons.Of(who, [fits with { Taken = 1 }, fits]));
        var (eligible, excluded) = WaitReasons.Count(who, [fits, fits with { Taken = 1 }, fits with { Skills = ["general"] }, fits with { Paused = true }]);
        Assert.Equal((1, 1, 1, 1, 3), (eligible, excluded.Full, excluded.Skill, excluded.Paused, excluded.Sum));
    }

    [Fact]
    public void Effect_compares_the_same_span_before_and_since()
    {
        var set = Now - 1_000_000;
        var waits = Enumerable.Range(1, 6).SelectMany(n => new[] { new Waited(Urgency.Soon, set - 600_000 - n, set - n), new Waited(Urgency.Soon, Now - 60_000 - n, Now - n), new Waited(Urgency.Soon, 0, set - 2_000_000) });
        var effect = Effect.Of(waits, set, Now, Rules.Effect);
        var soon = effect.Lines.Single(l => l.Urgency == Urgency.Soon);
        Assert.Equal((1_000_000, 6, 6, 600_000, 60_000), (effect.SpanMs, soon.TakenBefore, soon.TakenSince, soon.MedianBeforeMs, soon.MedianSinceMs));
        Assert.Null(effect.Lines.Single(l => l.Urgency == Urgency.Urgent).MedianSinceMs);
    }

    /// <summary>One in ten speaks the language of the second person: one of those gets free seldom, so that they would pay with more dated answers in the same order.</summary>
    [Fact]
    public void Whom_few_can_take_is_asked_later_and_not_for_being_last_but_only_while_it_is_busy()
    {
        var staff = Enumerable.Range(0, 10).Select(n => new OnDuty(
            Guid.NewGuid(), "", n, ["general"], n == 0 ? ["zh", "yue"] : ["zh"], ["*"], ["chat"], 2, 2, false, false, Now, 350)).ToImmutableArray();
        Assert.Equal(["zh"], Asked(100_000, staff));
        Assert.Equal(["yue", "zh"], Asked(Dispatch.Offers.Waited(Urgency.Routine, call: false) * Dispatch.Offers.Few.Times, staff));
        // Nobody on duty at all: no special rules, and no share to go by.
        Assert.Equal(["yue", "zh"], Asked(100_000, []));

        static string[] Asked(long waited, ImmutableArray<OnDuty> staff)
        {
            string[] langs = ["zh", "yue"];
            var people = langs.Select((lang, order) => new Waiting(Guid.NewGuid(), Urgency.Routine, Now - waited, order, "general", lang, null, "chat", null)).ToImmutableArray();
            var pool = new Pool(Dispatch, new Flow(Dispatch));
            staff.ToList().ForEach(pool.On);
            people.ToList().ForEach(pool.Arrive);
            var offered = pool.Decide(Now, Dispatch.Offers.Level).Offers;
            return [.. people.Where(p => offered.Any(o => o.Consultation == p.Consultation)).Select(p => p.Lang).Order(StringComparer.Ordinal)];
        }
    }

    private static Decided Took(int second, int rank, long waited, string why = "urgency_then_wait") => new(Now + (second * 1000L), Guid.NewGuid(), why, rank, waited);

    private static Waiting Who(Urgency urgency, string need, int order) => new(Guid.NewGuid(), urgency, Now - 9_000_000, order, need, "zh", null, "chat", null);

    private static SurgeProposal Propose(SurgeLoad load, int level) => Surge.Propose(load, level, Rules, Dispatch);

    private static void Law(Func<(SurgeLoad Load, int Level), bool> holds) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Loads.ToArbitrary(), holds));
}
