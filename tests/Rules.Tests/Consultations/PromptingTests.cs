using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Consultations;

/// <summary>A clinician is asked, and takes the person or passes: whatever happens meanwhile, one at most is asked, the place stays, and nobody who was asked before has them by it.</summary>
public sealed class PromptingTests
{
    private static readonly DateTimeOffset Now = new(2020, 1, 26, 1, 0, 0, TimeSpan.Zero);
    private static readonly Guid First = Guid.NewGuid();
    private static readonly Guid Second = Guid.NewGuid();
    private static readonly UrgencyBy Physician = new(First, "王安", MayLower: true);

    /// <summary>Whatever anybody may do meanwhile, as a person, a clinician, dispatch or the clock.</summary>
    private static readonly Gen<Func<Consultation, DateTimeOffset, Decision<ImmutableArray<Fact>>>> Act = Gen.Elements<Func<Consultation, DateTimeOffset, Decision<ImmutableArray<Fact>>>>(
        (c, now) => c.Ask(First, "王安", "urgency_then_wait", now.AddSeconds(20)),
        (c, now) => c.Ask(Second, "李平", "own_clinician", now.AddSeconds(20)),
        (c, _) => c.TakePrompt(First),
        (c, _) => c.TakePrompt(Second),
        (c, now) => c.PassPrompt(First, Prompting.Lapsed, now),
        (c, now) => c.PassPrompt(Second, Prompting.Declined, now.AddMinutes(1)),
        (c, now) => c.Receive(Guid.NewGuid(), "在等", [], now),
        (c, _) => c.SetUrgency(c.Urgency, Urgency.Soon, "说话断续", Physician),
        (c, _) => c.Ring("operator"),
        (c, _) => c.HandOver(First, "lost", null),
        (c, now) => c.Hold("patient_silent", now.AddHours(1)),
        (c, _) => c.ComeBack(),
        (c, now) => c.JoinQueue(now));

    private static readonly Gen<Consultation> Lives = Gen.ListOf(Act).Select(acts =>
        acts.Aggregate((State: Waiting(), At: Now), (s, act) => s.At.AddSeconds(7) is var at && act(s.State, at).Is(out var facts, out _) ? (s.State.After(facts, at), at) : (s.State, at)).State);

    [Fact]
    public void Somebody_is_asked_only_while_the_person_has_nobody() => Law(c => c.Prompt is null || (c.Bucket is Bucket.Waiting or Bucket.Promised && c.AssignedTo is null));

    [Fact]
    public void The_arrival_stays_whoever_passes() => Law(c => c.ArrivedAt == Now);

    [Fact]
    public void Two_are_never_asked_at_once() => Law(c => c.Prompt is null || c.Ask(Second, "李平", "urgency_then_wait", Now).IsRefused(out _));

    [Fact]
    public void Only_who_is_asked_can_take_or_pass() => Law(c =>
        new[] { First, Second }.All(d => c.Prompt?.Clinician == d || c.AssignedTo == d || (c.TakePrompt(d).IsRefused(out _) && c.PassPrompt(d, Prompting.Declined, Now).IsRefused(out _))));

    [Fact]
    public void Taking_twice_is_taking_once_and_ends_the_prompt_and_its_history()
    {
        var passed = After(After(Waiting(), c => c.Ask(First, "王安", "urgency_then_wait", Now.AddSeconds(20))), c => c.PassPrompt(First, Prompting.Lapsed, Now.AddSeconds(20)));
        Assert.Equal([(First, "lapsed")], passed.PassedBy.Select(p => (p.Clinician, p.Because)));
        var taken = After(After(passed, c => c.Ask(Second, "李平", "urgency_then_wait", Now.AddSeconds(40))), c => c.TakePrompt(Second));
        Assert.Equal((Bucket.InConsultation, Second, "李平", 1), (taken.Bucket, taken.AssignedTo, taken.AssignedName, taken.Epoch));
        Assert.Null(taken.Prompt);
        Assert.Empty(taken.PassedBy);
        Assert.Empty(taken.TakePrompt(Second).Value);
        Assert.True(taken.TakePrompt(First).IsRefused(out var why) && why == Refusal.PromptOver);
    }

    private static void Law(Func<Consultation, bool> so) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Lives.ToArbitrary(), so));

    private static Consultation After(Consultation c, Func<Consultation, Decision<ImmutableArray<Fact>>> act) => c.After(act(c).Value, Now);

    private static Consultation Waiting() => Consultation.Before(new ConsultationId(Guid.CreateVersion7())).After([new ContactGiven(true, false), new Queued(Now, Urgency.Emergency, "general", null)], Now);
}
