using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;

namespace Yizhen.Rules.Tests.Consultations;

/// <summary>A flag is a machine's; what is reported is a physician's word, and it ends with the receipt of an authority.</summary>
public sealed class FlaggingTests
{
    private static readonly DateTimeOffset Now = new(2020, 1, 26, 6, 0, 0, TimeSpan.Zero);
    private static readonly Guid Entry = new("019368b1-0000-7000-8000-0000000000e1");
    private static readonly Guid Doctor = new("019368b1-0000-7000-8000-0000000000d1");
    private static readonly ReportDuty Duty = ReportingPolicy.Read(Shipped.Read("reporting.json")).On(Flag.Report, new(2020, 1, 26));
    private static readonly Decider Desk = new(Doctor, "方医生", 1);
    private static readonly ReportAcknowledged Receipt = new(Entry, Flag.Report, "江岸区疾控", null, "2020-117", Now, "王运营");

    [Fact]
    public void Flag_waits_until_a_physician_decides_and_again_when_triage_flags_it_anew()
    {
        var c = Flagged("R");
        Assert.Equal(Flag.Report, Assert.Single(c.FlagsWaiting()));
        var refused = After(c, c.RefuseFlag(Desk, Flag.Report, "同名旧病，已报过"), Now.AddMinutes(1));
        Assert.Empty(refused.FlagsWaiting());
        var again = refused.After(new Triaged(Outcome("R")), Now.AddMinutes(2));
        Assert.Equal(Flag.Report, Assert.Single(again.FlagsWaiting()));
        var confirmed = After(again, again.ConfirmFlag(Desk, Flag.Report, Duty, "P@1", Entry, null, Now), Now);
        Assert.Empty(confirmed.After(new Triaged(Outcome("R")), Now.AddMinutes(9)).FlagsWaiting());
    }

    [Fact]
    public void Confirming_starts_the_time_of_the_duty_once()
    {
        var c = Flagged("R");
        var fact = Assert.IsType<FlagConfirmed>(Assert.Single(Value(c.ConfirmFlag(Desk, Flag.Report, Duty, "P@1", Entry, " 家里两人发病 ", Now))));
        Assert.Equal((Now + Duty.Within, "家里两人发病", Duty.Id, "P@1"), (fact.Due, fact.Note, fact.Duty, fact.Policy));
        var after = c.After(fact, Now);
        Assert.Empty(Value(after.ConfirmFlag(Desk, Flag.Report, Duty, "P@1", Guid.NewGuid(), null, Now.AddHours(1))));
    }

    [Fact]
    public void What_was_taken_back_may_be_confirmed_again()
    {
        var c = Flagged("R");
        var confirmed = After(c, c.ConfirmFlag(Desk, Flag.Report, Duty, "P@1", Entry, null, Now), Now);
        var back = confirmed.After(new EntrySeenTo(Entry, "report", "not_needed", "误按"), Now.AddMinutes(5));
        Assert.False(back.IsConfirmed(Flag.Report));
        Assert.Empty(back.FlagsWaiting());
        Assert.Single(Value(back.ConfirmFlag(Desk, Flag.Report, Duty, "P@1", Guid.NewGuid(), null, Now.AddMinutes(6))));
    }

    [Fact]
    public void Physician_may_find_what_triage_did_not_and_nobody_refuses_what_does_not_wait()
    {
        var c = Flagged();
        Assert.Single(Value(c.ConfirmFlag(Desk, Flag.Report, Duty, "P@1", Entry, null, Now)));
        Assert.Equal(Refusal.Conflict, Why(c.RefuseFlag(Desk, Flag.Report, "没有这回事")));
        Assert.Equal(Refusal.ReasonNeeded, Why(Flagged("C").RefuseFlag(Desk, Flag.Contact, "  ")));
    }

    [Fact]
    public void Whoever_has_not_the_consultation_decides_nothing()
    {
        var c = Flagged("R");
        Assert.Equal(Refusal.NoLongerYours, Why(c.ConfirmFlag(Desk with { Epoch = 2 }, Flag.Report, Duty, "P@1", Entry, null, Now)));
        Assert.NotNull(Why(c.ConfirmFlag(Desk with { Clinician = Guid.NewGuid() }, Flag.Report, Duty, "P@1", Entry, null, Now)));
        var erased = c.After(new Erased("w", "web", "42", "30-39", "zh", "D1"), Now);
        Assert.Equal(Refusal.ConsultationErased, Why(erased.ConfirmFlag(Desk with { Epoch = null }, Flag.Report, Duty, "P@1", Entry, null, Now)));
        Assert.Empty(erased.FlagsWaiting());
    }

    [Fact]
    public void Receipt_names_recipient_number_and_a_time_that_can_be_and_stands_once()
    {
        var c = Flagged("R");
        Assert.Equal(Refusal.NotFound, Why(c.Acknowledge(Receipt, Now)));
        var confirmed = After(c, c.ConfirmFlag(Desk, Flag.Report, Duty, "P@1", Entry, null, Now), Now);
        Assert.Equal(Refusal.ReceiptIncomplete, Why(confirmed.Acknowledge(Receipt with { Number = " " }, Now)));
        Assert.Equal(Refusal.ReceiptIncomplete, Why(confirmed.Acknowledge(Receipt with { Recipient = "" }, Now)));
        Assert.Equal(Refusal.ReceiptIncomplete, Why(confirmed.Acknowledge(Receipt with { FiledAt = Now.AddMinutes(1) }, Now)));
        Assert.Equal(Refusal.ReceiptIncomplete, Why(confirmed.Acknowledge(Receipt with { FiledAt = Now.AddHours(-1) }, Now)));
        var done = After(confirmed, confirmed.Acknowledge(Receipt, Now), Now);
        Assert.Equal("2020-117", Assert.Single(done.FlagsDecided).Receipt?.Number);
        Assert.Empty(Value(done.Acknowledge(Receipt, Now)));
        Assert.Equal(Refusal.Conflict, Why(done.Acknowledge(Receipt with { Number = "2020-118" }, Now)));
    }

    [Fact]
    public void Reminder_before_the_time_is_up_leaves_the_entry_with_whoever_has_it_and_lateness_does_not()
    {
        var again = TimeSpan.FromMinutes(30);
        var taken = Value(Yizhen.Rules.Worklist.Entry.Make(EntryKind.Report, Urgency.Soon, Now.AddMinutes(120), Now.AddMinutes(60)).Take(Doctor));
        Assert.True(taken.Escalate(again, 8, Now.AddMinutes(59)).IsRefused(out _));
        var reminded = Value(taken.Escalate(again, 8, Now.AddMinutes(60)));
        Assert.Equal((Doctor, EntryState.Taken, 1, Now.AddMinutes(90)), (reminded.Owner, reminded.State, reminded.Escalated, reminded.EscalateAt));
        var last = Value(reminded.Escalate(again, 8, Now.AddMinutes(100)));
        Assert.Equal(Now.AddMinutes(120), last.EscalateAt);
        var late = Value(last.Escalate(again, 8, Now.AddMinutes(120)));
        Assert.Equal((null, EntryState.Open, 3), (late.Owner, late.State, late.Escalated));
    }

    private static Consultation Flagged(params string[] flags) => Consultation.Before(new ConsultationId(new("019368b1-0000-7000-8000-000000000001")))
        .After(new Triaged(Outcome(flags)), Now.AddMinutes(-20))
        .After(new Queued(Now.AddMinutes(-20), Urgency.Soon, "general", null), Now.AddMinutes(-20))
        .After(new Assigned(Doctor, "方医生", 1, "urgency_then_wait"), Now.AddMinutes(-10));

    private static Outcome Outcome(params string[] flags)
    {
        var pin = new ProtocolPin("RESP-CN", "1");
        var words = new Wording("字", "words");
        return new(Disposition.D1, Urgency.Soon, "general", [.. flags], pin, "R2", [pin], words, words, [], [], [], [], []);
    }

    private static Consultation After(Consultation c, Decision<ImmutableArray<Fact>> decided, DateTimeOffset at) => c.After(Value(decided), at);

    private static T Value<T>(Decision<T> decision)
    {
        Assert.True(decision.Is(out var value, out var why), why.ToString());
        return value!;
    }

    private static Refusal? Why(Decision<ImmutableArray<Fact>> decision) => decision.IsRefused(out var why) ? why : null;
}
