using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Consultations;

/// <summary>Everybody may raise, physicians may lower, each with a reason; what is risky about lowering is refused.</summary>
public sealed class SettingUrgencyTests
{
    private const string Reason = "说话断续";
    private static readonly DateTimeOffset Now = new(2020, 1, 26, 1, 0, 0, TimeSpan.Zero);
    private static readonly UrgencyBy Physician = new(Guid.NewGuid(), "王安", MayLower: true);
    private static readonly UrgencyBy Nurse = Physician with { MayLower = false };

    [Fact]
    public void Each_pair_of_urgencies_is_raised_by_everybody_and_lowered_by_physicians_alone()
    {
        foreach (var (from, to, by, talks) in from f in Enum.GetValues<Urgency>() from t in Enum.GetValues<Urgency>() from b in new[] { Physician, Nurse } from k in new[] { true, false } select (f, t, b, k))
        {
            var before = talks ? Talking(from) : Waiting(from);
            var decided = before.SetUrgency(from, to, Reason, by);
            if (to > from && !by.MayLower)
            {
                Assert.True(decided.IsRefused(out var why));
                Assert.Equal(Refusal.OnlyRaise, why);
                continue;
            }

            var after = before.After(decided.Value, Now.AddMinutes(1));
            Assert.Equal((to, before.ArrivedAt, before.Bucket, from != to), (after.Urgency, after.ArrivedAt, after.Bucket, after.Version > before.Version));
            Assert.Equal(from == to, after.SetLast() is null);
            Assert.Equal(!talks && from != to, after.Lines.Any(l => l.Text.StartsWith("urgency_", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public void Without_a_reason_nothing_changes(string? reason) => Refused(Refusal.ReasonNeeded, Waiting(Urgency.Soon).SetUrgency(Urgency.Soon, Urgency.Urgent, reason, Physician));

    [Fact]
    public void Old_page_raises_and_does_not_lower()
    {
        var waits = Waiting(Urgency.Soon);
        Refused(Refusal.Conflict, waits.SetUrgency(Urgency.Urgent, Urgency.Routine, Reason, Physician));
        Refused(Refusal.Conflict, waits.SetUrgency(null, Urgency.Routine, Reason, Physician));
        Assert.Single(waits.SetUrgency(Urgency.Routine, Urgency.Urgent, Reason, Nurse).Value);
    }

    [Fact]
    public void Red_flag_is_lowered_by_the_physician_who_has_the_person_and_by_nobody_else()
    {
        var spotted = Waiting(Urgency.Emergency).After(new DangerSpotted("breathing", false, "喘不上气"), Now);
        Refused(Refusal.RedFlagStands, spotted.SetUrgency(Urgency.Emergency, Urgency.Urgent, Reason, Physician));
        var mine = spotted.After(new Assigned(Physician.Account, "王安", 1, "urgency_then_wait"), Now);
        Refused(Refusal.NoLongerYours, mine.SetUrgency(Urgency.Emergency, Urgency.Urgent, Reason, Physician with { Account = Guid.NewGuid() }));
        var lowered = mine.After(mine.SetUrgency(Urgency.Emergency, Urgency.Soon, Reason, Physician).Value, Now);
        Assert.Equal(Urgency.Soon, lowered.Urgency);
        Refused(Refusal.RedFlagStands, lowered.After(new HandedOver(Physician.Account, "王安", "hand_over", Reason), Now).SetUrgency(Urgency.Soon, Urgency.Routine, Reason, Physician));
    }

    [Fact]
    public void Words_of_danger_said_again_after_a_physician_has_lowered_raise_again()
    {
        var danger = new DangerSpotted("breathing", false, "喘不上气");
        var mine = Talking(Urgency.Emergency).After(danger, Now);
        Assert.Single(mine.Receive(Guid.NewGuid(), "喘不上气", [danger], Now).Value);
        var lowered = mine.After(mine.SetUrgency(Urgency.Emergency, Urgency.Soon, Reason, Physician).Value, Now);
        Assert.Equal(Urgency.Emergency, lowered.After(lowered.Receive(Guid.NewGuid(), "又喘不上气", [danger], Now).Value, Now).Urgency);
    }

    [Fact]
    public void Who_has_no_place_has_no_urgency_to_set()
    {
        Refused(Refusal.NotWaiting, Opened().SetUrgency(null, Urgency.Urgent, Reason, Physician));
        Refused(Refusal.ConsultationClosed, Waiting(Urgency.Soon).After(new Left("withdrew", null), Now).SetUrgency(Urgency.Soon, Urgency.Urgent, Reason, Physician));
        Refused(Refusal.Malformed, Waiting(Urgency.Soon).SetUrgency(Urgency.Soon, (Urgency)9, Reason, Physician));
    }

    private static void Refused(Refusal expected, Decision<ImmutableArray<Fact>> decision)
    {
        Assert.True(decision.IsRefused(out var why));
        Assert.Equal(expected, why);
    }

    private static Consultation Opened() => Consultation.Before(new(Guid.NewGuid())).After(
        new Opened("demo", "web", Guid.NewGuid(), "zh", ServiceMode.LightConsultation, Guid.NewGuid(), Relation.Self, new Consent("1", true, true, true, false, false, false), new DateOnly(2020, 1, 26), "chat"), Now);

    private static Consultation Waiting(Urgency urgency) => Opened().After(new Queued(Now, urgency, "general", null), Now);

    private static Consultation Talking(Urgency urgency) => Waiting(urgency).After(new Assigned(Physician.Account, "王安", 1, "urgency_then_wait"), Now);
}
