using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>Lost is not slow: the moments of section 9, to the millisecond.</summary>
public sealed class WatchTests
{
    private const long Assigned = 1_580_000_000_000;

    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));

    [Theory]
    [InlineData(59_999, false, WatchAct.Nothing)]
    [InlineData(60_000, false, WatchAct.TellPatientUnreachable)]
    [InlineData(60_000, true, WatchAct.Nothing)]
    [InlineData(119_999, true, WatchAct.Nothing)]
    [InlineData(120_000, true, WatchAct.ReassignLost)]
    public void Clinician_without_a_sign_of_life_is_told_to_the_patient_and_then_replaced(long quiet, bool told, WatchAct expected) =>
        Assert.Equal(expected, Watch.Look(new Talk(Urgency.Routine, Assigned, Assigned, Assigned, Assigned, told), Rules, Assigned + quiet));

    [Theory]
    [InlineData(Urgency.Emergency, 59_999, WatchAct.Nothing)]
    [InlineData(Urgency.Emergency, 60_000, WatchAct.Nudge)]
    [InlineData(Urgency.Emergency, 120_000, WatchAct.OfferHandOver)]
    [InlineData(Urgency.Question, 899_999, WatchAct.Nudge)]
    [InlineData(Urgency.Question, 900_000, WatchAct.OfferHandOver)]
    public void Living_clinician_who_does_not_answer_is_nudged_and_offered_to_hand_over_never_replaced(Urgency urgency, long unanswered, WatchAct expected) =>
        Assert.Equal(expected, Watch.Look(new Talk(urgency, Assigned + unanswered, Assigned, Assigned, Assigned, false), Rules, Assigned + unanswered));

    [Fact]
    public void Clinician_who_is_seen_again_is_told_to_the_patient() =>
        Assert.Equal(WatchAct.TellPatientBack, Watch.Look(new Talk(Urgency.Soon, Assigned + 90_000, Assigned, null, Assigned, true), Rules, Assigned + 90_000));

    [Theory]
    [InlineData(179_999, WatchAct.Nothing)]
    [InlineData(180_000, WatchAct.HoldSilentPatient)]
    public void Silent_patient_gives_up_the_seat_after_three_minutes(long silent, WatchAct expected) =>
        Assert.Equal(expected, Watch.Look(new Talk(Urgency.Routine, Assigned + silent, Assigned, null, Assigned, false), Rules, Assigned + silent));

    [Theory]
    [InlineData(Urgency.Emergency, WatchAct.RingForSilentPatient)]
    [InlineData(Urgency.Urgent, WatchAct.HoldSilentPatient)]
    public void Silence_at_urgency_one_is_an_alarm_and_the_clinician_keeps_the_person(Urgency urgency, WatchAct expected) =>
        Assert.Equal(expected, Watch.Look(new Talk(urgency, Assigned + 180_000, Assigned, null, Assigned, false), Rules, Assigned + 180_000));

    [Theory]
    [InlineData(29_999, 0, WatchAct.Nothing)]
    [InlineData(30_000, 0, WatchAct.RingOperator)]
    [InlineData(59_999, 1, WatchAct.Nothing)]
    [InlineData(60_000, 1, WatchAct.RingOperator)]
    public void Urgency_one_without_a_clinician_rings_after_thirty_seconds_and_again(long waits, int rung, WatchAct expected) =>
        Assert.Equal(expected, Watch.Ring(Assigned, rung, Rules, Assigned + waits));
}
