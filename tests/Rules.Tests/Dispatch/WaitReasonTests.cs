using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>The one sentence for the person who waits says what is so: busy, resting, not there, or nobody who could.</summary>
public sealed class WaitReasonTests
{
    private static readonly Waiting Who = new(Guid.NewGuid(), Urgency.Routine, 0, 0, "fever", "zh", null, "chat", null);
    private static readonly OnDuty Doctor = new(Guid.NewGuid(), "", 0, ["fever"], ["zh"], ["*"], ["chat"], 1, 0, false, false, 0, 350);
    private static readonly OnDuty Other = Doctor with { Clinician = Guid.NewGuid(), Skills = ["psych"] };

    [Fact]
    public void A_free_one_is_near_and_a_full_one_is_busy()
    {
        Assert.Equal(WaitReason.Near, WaitReasons.Of(Who, [Doctor, Other]));
        Assert.Equal(WaitReason.AllBusy, WaitReasons.Of(Who, [Doctor with { Taken = 1 }, Other]));
    }

    [Fact]
    public void On_a_break_or_at_the_end_of_the_shift_is_not_called_nobody_who_could()
    {
        Assert.Equal(WaitReason.Resting, WaitReasons.Of(Who, [Doctor with { Paused = true }, Other]));
        Assert.Equal(WaitReason.Resting, WaitReasons.Of(Who, [Doctor with { LeastUrgent = Urgency.Soon, Because = Spared.ShiftEnds }, Other]));
        Assert.Equal(WaitReason.Resting, WaitReasons.Of(Who, [Doctor with { LeastUrgent = Urgency.Emergency, Because = Spared.Tired }, Other]));
        Assert.Equal(WaitReason.NobodyFits, WaitReasons.Of(Who, [Other]));
        Assert.Equal(WaitReason.NobodyOnDuty, WaitReasons.Of(Who, [Doctor with { Paused = true }]));
    }

    [Fact]
    public void Whoever_was_asked_and_passed_is_named_among_the_others()
    {
        var (eligible, excluded) = WaitReasons.Count(Who with { PassedBy = [new Passed(Doctor.Clinician, 0)] }, [Doctor, Other]);
        Assert.Equal((0, 1, 1, 2), (eligible, excluded.Asked, excluded.Skill, excluded.Sum));
    }
}
