using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>Each figure of the board is a count: nobody twice, nobody left out.</summary>
public sealed class BoardCountTests
{
    private const long Now = 1_580_000_123_456;
    private const long Minute = 60_000;
    private const int Fewest = 11;

    private static readonly Urgency[] Classes = Enum.GetValues<Urgency>();

    private static readonly Gen<WaitingThere> There =
        from region in Gen.Elements<string?>(null, "", "42", "420000", "420100", "420102", "420500", "440100", "110101")
        from urgency in Gen.Elements(Classes)
        from people in Gen.Choose(1, 40)
        from ago in Gen.Choose(0, 9000)
        select new WaitingThere(region, urgency, people, Now - (ago * 1000L));

    private static readonly Gen<Waiting> Person =
        from urgency in Gen.Elements(Classes)
        from need in Gen.Elements("general", "fever", "psych")
        from lang in Gen.Elements("zh", "yue")
        from area in Gen.Elements<string?>(null, "42", "44")
        from channel in Gen.Elements("chat", "phone")
        from ago in Gen.Choose(0, 9000)
        select new Waiting(Guid.NewGuid(), urgency, Now - (ago * 1000L), 0, need, lang, area, channel, null);

    private static readonly Gen<OnDuty> Doctor =
        from skills in Gen.SubListOf("general", "fever", "psych")
        from langs in Gen.SubListOf("zh", "yue")
        from licence in Gen.Elements("*", "42", "44")
        from channels in Gen.Elements("chat", "chat,phone")
        from mostUrgent in Gen.Elements(Urgency.Emergency, Urgency.Question)
        select new OnDuty(Guid.NewGuid(), "", 0, [.. skills], [.. langs], [licence], [.. channels.Split(',')], 2, 0, false, false, 0, 350, mostUrgent);

    /// <summary>A person's way: joins, and is taken, leaves, chooses a date, or waits.</summary>
    private static readonly Gen<ImmutableArray<Moved>> Way =
        from urgency in Gen.Elements(Classes)
        from ago in Gen.Choose(1, 14_000)
        from waits in Gen.Choose(0, 4000)
        from end in Gen.Elements(Stand.Taken, Stand.Left, Stand.Promised, Stand.Waiting, Stand.Elsewhere)
        from again in Gen.Elements(true, false)
        select Walk(urgency, Now - (ago * 1000L), waits * 1000L, end, again);

    [Fact]
    public void Regions_hold_everybody_once_and_cities_nobody_whom_their_province_has_not() => Check.One(Many, Prop.ForAll(There.ListOf().ToArbitrary(), there =>
    {
        var places = Whereabouts.Of(there);
        return Classes.Select((u, n) => places.Sum(p => p.ByUrgency[n]) == there.Where(t => t.Urgency == u).Sum(t => t.People)).All(same => same)
            && places.All(p => p.Cities.Sum(c => c.People) <= p.People && p.Cities.All(c => c.Since >= p.Since && c.Code?.StartsWith(p.Code ?? "none", StringComparison.Ordinal) == true))
            && (there.Count == 0 || places.Min(p => p.Since) == there.Min(t => t.Since))
            && places.Select(p => p.Code).Distinct().Count() == places.Length;
    }));

    [Fact]
    public void Holes_hold_exactly_those_whom_nobody_may_take_and_begin_when_the_last_who_could_stopped() => Check.One(Many, Prop.ForAll(
        (from people in Person.ListOf() from here in Doctor.ListOf(3) from gone in Doctor.ListOf(2) from since in Gen.Choose(0, 9000) select (people, here, gone, since)).ToArbitrary(), d =>
        {
            var stopped = Now - (d.since * 1000L);
            var holes = Coverage.Holes(d.people, [.. d.here], [.. d.gone.Select(g => new OutOfReach(g, stopped, OnBreak: true))]);
            var alone = d.people.Where(p => !d.here.Any(c => WaitReasons.MayTake(c, p))).ToList();
            return holes.Sum(h => h.Waiting) == alone.Count
                && holes.All(h => h.LongestSince == alone.Where(p => Same(h, p)).Min(p => p.ArrivedAt) && h.Since >= h.LongestSince && h.MostUrgent == alone.Where(p => Same(h, p)).Min(p => p.Urgency))
                && holes.All(h => (h.OnBreak > 0) == d.gone.Any(g => alone.Any(p => Same(h, p) && WaitReasons.MayTake(g, p))) && (h.OnBreak > 0 || h.Since == h.LongestSince))
                && holes.All(h => (h.Lacks == Coverage.Nobody) == (d.here.Count == 0));
        }));

    [Fact]
    public void Spans_add_up_to_what_was_and_end_with_who_waits_now() => Check.One(Many, Prop.ForAll(Way.ListOf().ToArbitrary(), ways =>
    {
        var moves = ways.SelectMany(w => w).ToList();
        var spans = new Answering(moves).History(Now);
        return spans.Length == Answering.Spans && spans[0].From == Answering.Begin(Now) && spans[^1].To == Now
            && spans.Zip(spans.Skip(1)).All(p => p.First.To == p.Second.From)
            && spans[^1].Waiting == ways.Count(w => w[^1].To == Stand.Waiting)
            && spans.Sum(s => s.Joined) == ways.Count(w => w[0].At >= Answering.Begin(Now))
            && spans.Sum(s => s.Taken) == ways.Count(w => w.Any(m => m.To == Stand.Taken && m.At >= Answering.Begin(Now)))
            && spans.All(s => s.Waiting >= 0);
    }));

    [Fact]
    public void Classes_add_up_to_all_and_a_share_is_told_of_eleven_or_more() => Check.One(Many, Prop.ForAll(Way.ListOf(60).ToArbitrary(), ways =>
    {
        var lines = new Answering(ways.SelectMany(w => w)).LastHour(Now, Fewest);
        var (all, each) = (lines[0], lines.Skip(1).ToList());
        return all.Urgency is null && each.Count == Classes.Length
            && all.Joined == each.Sum(l => l.Joined) && all.InTime == each.Sum(l => l.InTime) && all.Ended == each.Sum(l => l.Ended) && all.Left == each.Sum(l => l.Left)
            && lines.All(l => l.InTime <= l.Joined && l.Left <= l.Ended && (l.Joined >= Fewest) == l.InTimePercent is >= 0 and <= 100 && (l.Ended >= Fewest) == l.LeftPercent is >= 0 and <= 100);
    }));

    [Fact]
    public void Answered_counts_from_joining_to_sixty_seconds_and_waits_for_the_minute_to_be_over()
    {
        var in60 = Walk(Urgency.Urgent, Now - (2 * Minute), Minute, Stand.Taken, false);
        var in61 = Walk(Urgency.Urgent, Now - (3 * Minute), Minute + 1, Stand.Taken, false);
        var fresh = Walk(Urgency.Urgent, Now - Minute + 1, 0, Stand.Waiting, false);
        var gone = Walk(Urgency.Urgent, Now - (90 * Minute), 40 * Minute, Stand.Left, false);
        var dated = Walk(Urgency.Routine, Now - (9 * Minute), Minute, Stand.Promised, false).Add(new Moved(Guid.Empty, Now, Urgency.Routine, Stand.Promised, Stand.Left));
        dated = [.. dated.Select(m => m with { Consultation = dated[0].Consultation })];
        var lines = new Answering([.. in60, .. in61, .. fresh, .. gone, .. dated]).LastHour(Now, 1);
        Assert.Equal(new AnsweredLine(Urgency.Urgent, 2, 1, 3, 1, 50, 33), lines[2]);
        Assert.Equal(new AnsweredLine(Urgency.Routine, 1, 0, 0, 0, 0, null), lines[4]);
    }

    [Fact]
    public void Work_without_a_break_begins_after_the_last_break_and_other_seats_are_none()
    {
        Assert.Equal(new DutySpell(50, null), Spell((10, "on"), (20, "paused"), (50, "on"), (60, "on")));
        Assert.Equal(new DutySpell(10, 30), Spell((10, "on"), (30, "pausing")));
        Assert.Equal(new DutySpell(null, 30), Spell((10, "on"), (30, "pausing"), (40, "paused")));
        Assert.Equal(new DutySpell(null, 30), Spell((10, "on"), (30, "off")));
        Assert.Equal(new DutySpell(null, null), Spell());
    }

    private static Config Many => Config.QuickThrowOnFailure.WithMaxTest(300);

    private static DutySpell Spell(params (long At, string State)[] changes) => DutySpell.Of(changes.Select(c => new DutyChange(Guid.Empty, c.At, c.State)));

    private static bool Same(CoverageHole hole, Waiting who) => (hole.Need, hole.Lang, hole.Area, hole.Channel) == (who.Need, who.Lang, who.Area, who.Channel);

    private static ImmutableArray<Moved> Walk(Urgency urgency, long joined, long waits, Stand end, bool again)
    {
        var id = Guid.NewGuid();
        ImmutableArray<Moved> joins = [new(id, joined, urgency, Stand.Elsewhere, Stand.Waiting)];
        if (end == Stand.Waiting || joined + waits > Now)
        {
            return joins;
        }

        joins = joins.Add(new Moved(id, joined + waits, urgency, Stand.Waiting, end));
        return again && end == Stand.Taken ? [.. joins, new Moved(id, joined + waits, urgency, Stand.Taken, Stand.Waiting), new Moved(id, joined + waits, urgency, Stand.Waiting, Stand.Taken)] : joins;
    }
}
