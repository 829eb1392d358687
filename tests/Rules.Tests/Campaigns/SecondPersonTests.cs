using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Dispatch;

namespace Yizhen.Rules.Tests.Campaigns;

/// <summary>Who opens a campaign, and how far the surge ladder may take it.</summary>
public sealed class SecondPersonTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 8, 0, 0, TimeSpan.Zero);

    private static readonly CampaignDraft Typed = new(
        "fever", "发热义诊", "Fever", "卫健委", "Commission", "发热先问", "Ask first", "在湖北的人", "People in Hubei", "420000", "00:00", "00:00", "027-1", "120", "");

    private static readonly CampaignReadiness Ready = new(
        false, [new ProtocolFound("RF-ADULT", "v5", true)], ["light@1#a"], [CampaignTerms.Light], [new StaffFound(new("甲", "A"), true, 1, 0, null, ["fever"], ["zh"])], new DateTime(2026, 11, 29, 16, 0, 0, DateTimeKind.Unspecified), Operators: 2);

    private static Campaign Draft => Typed.New(Guid.Empty, _ => true, rehearsal: false).Value;

    [Fact]
    public void One_asks_and_another_confirms_and_neither_can_do_both()
    {
        var asked = Draft.Press(Ready, Press("a", null)).Value;
        Assert.Equal((CampaignState.Draft, "a"), (asked.State, asked.Terms.Asked?.By));
        Assert.True(asked.Press(Ready, Press("a", Now)).IsRefused(out var own));
        Assert.Equal(Refusal.SecondPersonNeeded, own);
        // An old page, on which no request stood yet, neither confirms nor asks once more.
        Assert.True(asked.Press(Ready, Press("b", null)).IsRefused(out var old));
        Assert.Equal(Refusal.Conflict, old);
        var open = asked.Press(Ready, Press("b", Now)).Value;
        Assert.Equal((CampaignState.Open, null, "a", "b"), (open.State, open.Terms.Asked, open.Terms.Opened?.Ask?.By, open.Terms.Opened?.By));
        Assert.Contains("RF-ADULT@v5", open.Terms.Under);
        Assert.Same(open, open.Press(Ready, Press("b", Now)).Value);
    }

    [Fact]
    public void What_was_changed_after_the_request_is_asked_for_again_and_the_check_holds_at_both_moments()
    {
        var asked = Draft.Press(Ready, Press("a", null)).Value;
        var changed = (Typed with { Hotline = "027-2" }).Onto(asked, _ => true, rehearsal: false).Value;
        Assert.Null(changed.Terms.Asked);
        Assert.True(changed.Press(Ready, Press("b", Now)).IsRefused(out var why));
        Assert.Equal(Refusal.Conflict, why);
        Assert.True(asked.Press(Ready with { Staff = [] }, Press("b", Now)).IsRefused(out why));
        Assert.Equal(Refusal.CampaignNotReady, why);
        Assert.Null(asked.Unasked().Terms.Asked);
    }

    [Fact]
    public void Alone_it_takes_a_reason_and_a_rehearsal_or_going_on_after_a_pause_takes_one_person()
    {
        var alone = Ready with { Operators = 1 };
        Assert.True(Draft.Press(alone, Press("a", null)).IsRefused(out var why));
        Assert.Equal(Refusal.ReasonNeeded, why);
        var open = Draft.Press(alone, Press("a", null) with { Reason = " 第一天，只有我 " }).Value;
        Assert.Equal((CampaignState.Open, "第一天，只有我"), (open.State, open.Terms.Opened?.Because));
        Assert.Equal(CampaignState.Open, Draft.Press(Ready with { Rehearsal = true }, Press("a", null)).Value.State);
        var paused = open.HaltUntil(Now.AddHours(1), Now).Value;
        Assert.Equal(CampaignState.Open, paused.Press(Ready, Press("b", null)).Value.State);
        Assert.Equal(OpeningTakes.Two, SecondPerson.Takes(open.Close(), Ready));
        Assert.Equal((null, null), (open.CopyTo("next").Value.Terms.Opened, open.CopyTo("next").Value.Terms.Asked));
    }

    [Theory]
    [InlineData(0, 4, 3, 3)]
    [InlineData(1, 4, 0, 1)]
    [InlineData(0, 2, 4, 2)]
    [InlineData(2, 2, 0, 2)]
    public void Ladder_begins_where_it_says_and_goes_no_further(int from, int to, int deployment, int counts) => Assert.Equal(counts, new CampaignLadder(from, to, "").At(deployment));

    [Fact]
    public void Ladder_is_the_deployments_and_asks_why_where_it_is_not_all_of_it()
    {
        Assert.Equal(Surge.Highest, CampaignLadder.Highest);
        Assert.Equal<string>(["surge_why"], Wrong("0", "2", ""));
        Assert.Empty(Wrong("0", "2", "不用健康顾问"));
        Assert.Equal<string>(["surge_to"], Wrong("3", "2", "x"));
        Assert.Equal<string>(["surge_from"], Wrong("5", "4", "x"));
        Assert.Equal(new CampaignLadder(1, 2, "不用健康顾问"), Of("1", "2", "不用健康顾问").Onto(CampaignTerms.Plain).Ladder);
    }

    [Fact]
    public void Phone_region_goes_with_where_somebody_lives_and_with_a_region()
    {
        var byPhone = Typed with { More = TermsDraft.Empty with { Proof = "phoneregion", Basis = "Residence" } };
        Assert.Empty(byPhone.Wrong(_ => true, rehearsal: false));
        Assert.Equal<string>(["proof"], (byPhone with { More = byPhone.More with { Basis = "Present" } }).Wrong(_ => true, rehearsal: false));
        Assert.Equal<string>(["regions"], (byPhone with { Regions = "" }).Wrong(_ => true, rehearsal: false));
    }

    private static OpeningPress Press(string by, DateTimeOffset? seen) => new(by, by, Now, seen, "");

    private static TermsDraft Of(string from, string to, string why) => TermsDraft.Empty with { SurgeFrom = from, SurgeTo = to, SurgeWhy = why };

    private static IEnumerable<string> Wrong(string from, string to, string why) => Of(from, to, why).Wrong(_ => true);
}
