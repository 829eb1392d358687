using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>What one more doctor-hour is worth where organisations lend: a seat that becomes free is not lent against the floor.</summary>
public sealed class WorthTests
{
    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));
    private static readonly DayRules Day = PlanRules.Parse(Shipped.Read("plan.json")).Day with { AnswerSeconds = null };
    private static readonly Guid Lender = new(1, 0, 0, new byte[8]);
    private static readonly Guid Other = new(2, 0, 0, new byte[8]);

    [Fact]
    public void A_seat_that_becomes_free_goes_to_another_organisation_only_where_the_floor_leaves_it()
    {
        // Of two seats one stays. The second of the lender's people waits from 100 to 600, the second of the other's until the first one's end at 2000.
        var played = DayRun.Play(Lent(keep: 50), Rules, level: 0);
        Assert.Equal([0, 0, 600, 2000], played.People.Select(p => p.FirstAt ?? -1));
        Assert.Equal(500, Seconds(played));

        // Without a floor the seat at 600 would be lent, and 1400 seconds more are saved.
        Assert.Equal(500 + 1400, Seconds(played with { Day = Lent(keep: 0) }));
    }

    [Fact]
    public void A_seat_that_another_organisation_has_already_may_go_on_to_it()
    {
        var day = Lent(keep: 50);
        var played = DayRun.Play(day with { People = [day.People[0], day.People[1], day.People[2] with { Organisation = Other, Campaign = "one" }, day.People[3]] }, Rules, level: 0);
        Assert.Equal([0, 0, 2000, 2600], played.People.Select(p => p.FirstAt ?? -1));
        Assert.Equal(1900 + 600, Seconds(played));
    }

    /// <summary>Saved by one more clinician for general complaints in the first hour, who can take only the third.</summary>
    private static double Seconds(PlayedDay played) => Math.Round(Worth.Of(played, ["general"], 1).Single().Minutes * 60 / Day.Weight(Urgency.Routine));

    private static PlannedDay Lent(int keep) => new(
        0, Day,
        [Comes(0, "fever", Lender, 600), Comes(0, "fever", Other, 2000), Comes(100, "general", Lender, 600), Comes(150, "fever", Other, 600)],
        [Shift("A"), Shift("B")], [], [])
    {
        Aid = new DayAid(ImmutableDictionary<Guid, ImmutableArray<AidRule>>.Empty.Add(Lender, [new AidRule("one", keep, [], [], default, default)]), 9 * 3600),
    };

    private static Coming Comes(int at, string need, Guid organisation, int work) =>
        new(at, Urgency.Routine, need, "zh", "42", null, Waiting.Chat, work, 14_400, Organisation: organisation, Campaign: organisation == Other ? "one" : "own");

    private static Shift Shift(string name) => new(name, ["general", "fever"], ["zh"], ["*"], [Waiting.Chat], 0, 7200, 1, 8 * 3600, 350, Lender);
}
