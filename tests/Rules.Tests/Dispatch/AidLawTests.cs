using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>The laws of mutual aid: the floor of a lender holds whatever comes in whatever order, nobody is lent without a rule, and what is given is received.</summary>
public sealed class AidLawTests
{
    private const long Now = 1_580_000_000_000;
    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));
    private static readonly ImmutableArray<string> Needs = ["general", "fever", "psych"];
    private static readonly ImmutableArray<Guid> Houses = [new("00000000-0000-0000-0000-00000000000a"), new("00000000-0000-0000-0000-00000000000b"), new("00000000-0000-0000-0000-00000000000c")];

    private static readonly Gen<AidRule> Rule =
        from to in Gen.Elements("*", "of-0", "of-1", "of-2")
        from keep in Gen.Choose(0, 100)
        from needs in Gen.ListOf(Gen.Elements<string>([.. Needs]))
        from areas in Gen.Elements<string[]>([], ["42"], ["42", "33"])
        from begins in Gen.Choose(0, 23)
        from ends in Gen.Choose(0, 23)
        select new AidRule(to, keep, [.. needs.Distinct()], [.. areas], new TimeOnly(begins, 0), new TimeOnly(ends, 0));

    private static readonly Gen<ImmutableArray<AidTerms?>> Terms =
        from rules in Gen.ListOf(Rule, 6)
        from at in Gen.Choose(0, 23)
        select Enumerable.Range(0, Houses.Length).Select(h => AidTerms.At([.. rules.Skip(h * 2).Take(h == 0 ? 0 : 2)], new TimeOnly(at, 0))).ToImmutableArray();

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, from urgency in Gen.Elements(Enum.GetValues<Urgency>()) from need in Gen.Elements<string>([.. Needs]) from area in Gen.Elements<string?>("42", "33", null)
            from call in Gen.Frequency((5, Gen.Constant("chat")), (1, Gen.Constant("phone"))) from house in Gen.Choose(0, 2)
            select new Step("comes", house, urgency, need, area, call, 0)),
        (3, from house in Gen.Choose(0, 2) from skills in Gen.Choose(1, 7) from seats in Gen.Choose(1, 4) select new Step("on", house, Urgency.Routine, "", null, "", (skills * 10) + seats)),
        (3, from which in Gen.Choose(0, 100) select new Step("ends", 0, Urgency.Routine, "", null, "", which)),
        (1, from which in Gen.Choose(0, 100) select new Step("off", 0, Urgency.Routine, "", null, "", which)));

    private static readonly Gen<(ImmutableArray<AidTerms?> Terms, ImmutableArray<Step> Steps)> Days =
        from terms in Terms from steps in Gen.ListOf(Steps, 60) select (terms, steps.ToImmutableArray());

    /// <summary>Each loan leaves its lender the share of every skill of that clinician that the rules keep, at the moment of the loan, whatever came before.</summary>
    [Fact]
    public void Floor_of_a_lender_holds_at_every_loan_under_any_order_of_events() => Law(day => Live(day).Loans.All(l => l.Kept >= l.Floor));

    [Fact]
    public void Nobody_is_lent_without_a_rule_that_names_campaign_need_province_and_hour() => Law(day => Live(day).Loans.All(l =>
        l.By.Aid is null || l.By.Aid.Rules.Any(r => (r.Campaign == "*" || r.Campaign == l.Who.Campaign) && (r.Needs.IsEmpty || r.Needs.Contains(l.Who.Need)) && (r.Areas.IsEmpty || r.Areas.Contains(l.Who.Area ?? "")))));

    /// <summary>Filled anew from what is so it decides the same: a leader that starts in mid-day keeps the same floor.</summary>
    [Fact]
    public void Filled_anew_in_mid_day_it_lends_the_same() => Law(day =>
    {
        var live = Live(day);
        var anew = new Pool(Rules, new Flow(Rules));
        foreach (var who in live.Staff)
        {
            var theirs = live.Open.Where(o => o.By == who.Clinician).Select(o => o.Who).ToList();
            anew.On(who with
            {
                Taken = theirs.Count, InCall = theirs.Exists(w => w.IsCall), LastAssignedAt = live.LastOf(who.Clinician),
                Lent = theirs.Where(w => w.Organisation != who.Organisation).Sum(w => w.IsCall ? who.Seats : 1),
            });
        }

        live.Waiting.ForEach(anew.Arrive);
        return live.Pool.Decide(Now + 60_000, 0).Assignments.Select(a => (a.Consultation, a.Clinician)).SequenceEqual(anew.Decide(Now + 60_000, 0).Assignments.Select(a => (a.Consultation, a.Clinician)));
    });

    /// <summary>The reserve has an end: nobody of a lender's own waits while one of its clinicians who fits has a seat.</summary>
    [Fact]
    public void Own_people_do_not_wait_while_a_seat_that_was_kept_for_them_is_free() => Law(day =>
    {
        var live = Live(day);
        live.Turn();
        var calls = live.Waiting.Exists(w => w.IsCall);
        return live.Waiting.Where(w => !w.IsCall).All(w => !live.Staff.Any(c => c.Organisation == w.Organisation && !calls && c.Skills.Contains(w.Need) && live.Open.TrueForAll(o => o.By != c.Clinician)));
    });

    /// <summary>One decision says why the others could not, and those kept back stand in it.</summary>
    [Fact]
    public void Every_decision_counts_who_was_not_lent_and_who_was_kept_back() => Law(day => Live(day).Counted.All(c => c));

    [Fact]
    public void Floor_keeps_a_seat_of_any_share_and_none_of_nothing()
    {
        var terms = AidTerms.At([new AidRule("*", 30, [], [], new TimeOnly(0, 0), new TimeOnly(0, 0))], new TimeOnly(12, 0));
        Assert.Equal([0, 1, 1, 1, 2, 3], new[] { 0, 1, 2, 3, 4, 10 }.Select(seats => terms?.Floor(seats)).Select(f => f ?? -1));
        Assert.Null(AidTerms.At([], new TimeOnly(12, 0)));
        Assert.Equal(AidTerms.Whole, AidTerms.At([new AidRule("*", 30, [], [], new TimeOnly(8, 0), new TimeOnly(12, 0))], new TimeOnly(12, 0))?.Keep);
    }

    [Fact]
    public void What_is_given_is_received_and_a_doctors_minute_is_given_once() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Spells.ToArbitrary(), spells =>
    {
        List<LedgerDay> days = [new(new DateOnly(2020, 1, 25), Now), new(new DateOnly(2020, 1, 26), Now + 500_000), new(new DateOnly(2020, 1, 27), Now + 900_000)];
        var ledger = AidLedger.Of(spells, days, Now + 1_200_000);
        var shuffled = AidLedger.Of(spells.Reverse(), days, Now + 1_200_000);
        // Each clinician's time with anybody, once.
        var busy = spells.GroupBy(s => s.Clinician).Sum(g => Enumerable.Range(0, 1_200).LongCount(s => g.Any(x => x.From <= Now + (s * 1000L) && x.To > Now + (s * 1000L)))) / 60m;
        return ledger.Holds && ledger.Lines.SequenceEqual(shuffled.Lines) && ledger.Balances.All(b => b.MinutesGiven >= 0 && b.MinutesReceived >= 0)
            && Math.Abs(ledger.Lines.Sum(l => l.Minutes) - busy) <= 0.05m * ledger.Lines.Length
            && ledger.Lines.Sum(l => l.Consultations) >= spells.Where(s => s.From < Now + 1_200_000).Select(s => s.Consultation).Distinct().Count();
    }));

    private static readonly Gen<ImmutableArray<HelpSpell>> Spells =
        from spells in Gen.ListOf(
            from consultation in Gen.Choose(1, 30) from clinician in Gen.Choose(0, 3) from receiver in Gen.Choose(0, 2) from begins in Gen.Choose(0, 1100) from lasts in Gen.Choose(0, 400)
            select new HelpSpell(new Guid(consultation, 0, 0, new byte[8]), new Guid(clinician, 1, 0, new byte[8]), Houses[clinician % 3], Houses[receiver], Now + (begins * 1000L), Now + ((begins + lasts) * 1000L)), 25)
        select spells.ToImmutableArray();
    private static void Law(Func<(ImmutableArray<AidTerms?> Terms, ImmutableArray<Step> Steps), bool> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Days.ToArbitrary(), holds));

    private static Scene Live((ImmutableArray<AidTerms?> Terms, ImmutableArray<Step> Steps) day)
    {
        var scene = new Scene(day.Terms);
        foreach (var step in day.Steps)
        {
            scene.Take(step);
            scene.Turn();
        }

        return scene;
    }

    private sealed record Step(string What, int House, Urgency Urgency, string Need, string? Area, string Channel, int Number);

    /// <summary>What is so, kept beside the pool by somebody who believes nothing that it says.</summary>
    private sealed class Scene(ImmutableArray<AidTerms?> terms)
    {
        private readonly Dictionary<Guid, long> last = [];
        private int next;
        private long now = Now;
        public Pool Pool { get; } = new(Rules, new Flow(Rules));

        public List<OnDuty> Staff { get; } = [];

        public List<Waiting> Waiting { get; } = [];

        public List<(Waiting Who, Guid By)> Open { get; } = [];

        public List<(OnDuty By, Waiting Who, int Kept, int Floor)> Loans { get; } = [];

        public List<bool> Counted { get; } = [];

        public long LastOf(Guid clinician) => last.GetValueOrDefault(clinician);

        public void Take(Step step)
        {
            now += 500;
            var id = new Guid(++next, 0, 0, new byte[8]);
            switch (step.What)
            {
                case "comes":
                    Waiting.Add(new Waiting(id, step.Urgency, now, next, step.Need, "zh", step.Area, step.Channel, null, Organisation: Houses[step.House], Campaign: $"of-{step.House}"));
                    Pool.Arrive(Waiting[^1]);
                    break;
                case "on":
                    ImmutableArray<string> skills = [.. Needs.Where((_, n) => (step.Number / 10 & (1 << n)) > 0)];
                    Staff.Add(new OnDuty(id, "", next, skills, ["zh"], ["*"], ["chat", "phone"], step.Number % 10, 0, false, false, 0, 350, Organisation: Houses[step.House], Aid: terms[step.House]));
                    Pool.On(Staff[^1]);
                    break;
                case "ends" when Open.Count > 0:
                    var (who, by) = Open[step.Number % Open.Count];
                    Open.RemoveAt(step.Number % Open.Count);
                    Pool.Ended(by, who);
                    break;
                case "off" when Staff.Count > 0:
                    var gone = Staff[step.Number % Staff.Count];
                    Staff.Remove(gone);
                    Open.RemoveAll(o => o.By == gone.Clinician);
                    Pool.Off(gone.Clinician);
                    break;
            }
        }

        public void Turn()
        {
            foreach (var made in Pool.Decide(now, 0).Assignments)
            {
                var (who, by) = (Waiting.Single(w => w.Consultation == made.Consultation), Staff.Single(c => c.Clinician == made.Clinician));
                Waiting.Remove(who);
                Open.Add((who, by.Clinician));
                last[by.Clinician] = now;
                Counted.Add(made.Eligible >= 1 && made.Eligible + made.Excluded.Sum == Staff.Count);
                if (by.Organisation != who.Organisation)
                {
                    foreach (var skill in by.Skills)
                    {
                        var house = Staff.Where(c => c.Organisation == by.Organisation && c.Skills.Contains(skill)).ToList();
                        var lent = Open.Where(o => house.Exists(c => c.Clinician == o.By) && o.Who.Organisation != by.Organisation).Sum(o => o.Who.IsCall ? house.Single(c => c.Clinician == o.By).Seats : 1);
                        var seats = house.Sum(c => c.Seats);
                        Loans.Add((by, who, seats - lent, by.Aid is { } aid ? ((seats * aid.Keep) + 99) / 100 : int.MinValue));
                    }
                }
            }
        }
    }
}
