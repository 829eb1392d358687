using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Consultations;

/// <summary>A dated answer instead of waiting: whatever happens, nobody urgent holds a date, the arrival stays, and what was kept is known.</summary>
public sealed class PromisingTests
{
    private static readonly DateTimeOffset Now = new(2020, 1, 26, 1, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Written = Now.AddHours(6);
    private static readonly DateTimeOffset Back = Now.AddHours(3);
    private static readonly DateTimeOffset Until = Now.AddHours(1);
    private static readonly Guid Doctor = Guid.NewGuid();
    private static readonly UrgencyBy Physician = new(Doctor, "王安", MayLower: true);

    /// <summary>Whatever anybody may do to a consultation, as a person, a clinician, dispatch or the clock.</summary>
    private static readonly Gen<Func<Consultation, DateTimeOffset, Decision<ImmutableArray<Fact>>>> Act = Gen.Elements<Func<Consultation, DateTimeOffset, Decision<ImmutableArray<Fact>>>>(
        (c, _) => c.OfferAnswer(Written, Back, Until, "waited"),
        (c, now) => c.TakeOffer(Promising.WrittenAnswer, now),
        (c, now) => c.TakeOffer(Promising.CallBack, now),
        (c, now) => c.WaitInLine(now),
        (c, now) => c.JoinQueue(now),
        (c, _) => c.Feel(Feeling.Worse, null),
        (c, _) => c.Feel(Feeling.Better, null),
        (c, now) => c.Receive(Guid.NewGuid(), "喘不上气", [new DangerSpotted("breathing", false, "喘不上气")], now),
        (c, now) => c.Receive(Guid.NewGuid(), "在等", [], now),
        (c, _) => c.SetUrgency(c.Urgency, Urgency.Soon, "说话断续", Physician),
        (c, _) => c.SetUrgency(c.Urgency, Urgency.Question, "只是问药", Physician),
        (c, _) => c.Assign(Doctor, "王安", "urgency_then_wait"),
        (c, _) => c.HandOver(Doctor, "lost", null),
        (c, _) => c.Reply(Doctor, c.Epoch, Guid.NewGuid(), "照说明书吃"),
        (c, now) => c.Hold("patient_silent", now.AddHours(1)),
        (c, _) => c.ComeBack());

    private static readonly Gen<Consultation> Lives =
        from urgency in Gen.Elements(Enum.GetValues<Urgency>())
        from acts in Gen.ListOf(Act)
        select acts.Aggregate((State: Waiting(urgency), At: Now), (s, act) => s.At.AddMinutes(7) is var at && act(s.State, at).Is(out var facts, out _) ? (s.State.After(facts, at), at) : (s.State, at)).State;

    [Fact]
    public void Nobody_above_urgency_four_ever_holds_a_date() => Law(c => c.Bucket != Bucket.Promised || c.Urgency is Urgency.Routine or Urgency.Question);

    [Fact]
    public void Arrival_stays_whatever_is_offered_taken_or_given_up() => Law(c => c.ArrivedAt == Now);

    [Fact]
    public void Who_holds_a_date_holds_one_that_is_due_and_was_offered_to_them() => Law(c =>
        c.Bucket != Bucket.Promised || (c is { Promise: { IsKept: false } promise, AssignedTo: null } && c.Due == promise.By && promise.By == (promise.What == Promising.CallBack ? Back : Written)));

    [Fact]
    public void Date_is_offered_once_and_only_before_any_clinician() => Law(c =>
        c.Offer is null || c.OfferAnswer(Written, Back, Until, "waited") is var again && (again.IsRefused(out _) || again.Value.IsEmpty));

    [Fact]
    public void Answer_twice_is_answer_once()
    {
        var offered = Offered();
        var taken = offered.After(offered.TakeOffer(Promising.WrittenAnswer, Now).Value, Now);
        Assert.Empty(taken.TakeOffer(Promising.WrittenAnswer, Now.AddHours(2)).Value);
        var declined = offered.After(offered.WaitInLine(Now).Value, Now);
        Assert.Empty(declined.WaitInLine(Now).Value);
        Refused(Refusal.OfferOver, declined.TakeOffer(Promising.WrittenAnswer, Now));
        // A place is asked for again by whoever leaves a number later: the date stays.
        Assert.Empty(taken.JoinQueue(Now.AddHours(1)).Value);
    }

    [Fact]
    public void Late_tap_and_a_choice_that_was_not_offered_change_nothing()
    {
        Refused(Refusal.OfferOver, Offered().TakeOffer(Promising.WrittenAnswer, Until));
        Refused(Refusal.OfferOver, Waiting(Urgency.Question).TakeOffer(Promising.WrittenAnswer, Now));
        Refused(Refusal.Malformed, Offered().TakeOffer("never", Now));
        var unreachable = Waiting(Urgency.Question) with { Contact = new(false, false, true) };
        unreachable = unreachable.After(unreachable.OfferAnswer(Written, Back, Until, "waited").Value, Now);
        Refused(Refusal.OfferOver, unreachable.TakeOffer(Promising.CallBack, Now));
        Assert.Single(unreachable.TakeOffer(Promising.WrittenAnswer, Now).Value);
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(7, true)]
    public void First_words_of_a_clinician_keep_it_in_time_or_late(int hours, bool missed)
    {
        var taken = Offered();
        taken = taken.After(taken.TakeOffer(Promising.WrittenAnswer, Now).Value, Now);
        var at = Now.AddHours(hours);
        var talks = taken.After(taken.Assign(Doctor, "王安", "urgency_then_wait").Value, at);
        Assert.False(talks.Promise?.IsKept);
        var answered = talks.After(talks.Reply(Doctor, 1, Guid.NewGuid(), "照说明书吃").Value, at);
        Assert.Equal((at, missed), (answered.Promise?.KeptAt, answered.Promise?.IsMissed(at.AddDays(1))));
        Assert.Equal(Bucket.Promised, talks.After(talks.HandOver(Doctor, "lost", null).Value, at).Bucket);
        Assert.Equal(Bucket.Waiting, answered.After(answered.HandOver(Doctor, "lost", null).Value, at).Bucket);
    }

    private static Consultation Offered() => Waiting(Urgency.Question) is var c ? c.After(c.OfferAnswer(Written, Back, Until, "waited").Value, Now) : c;

    private static Consultation Waiting(Urgency urgency) => Consultation.Before(new(Guid.NewGuid())).After(
        [new ContactGiven(true, false), new ContactVerified(), new UrgencyChanged(urgency, urgency, "judged"), new Queued(Now, urgency, "general", null)], Now);

    private static void Refused(Refusal expected, Decision<ImmutableArray<Fact>> decision)
    {
        Assert.True(decision.IsRefused(out var why));
        Assert.Equal(expected, why);
    }

    private static void Law(Func<Consultation, bool> holds) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Lives.ToArbitrary(), holds));
}
