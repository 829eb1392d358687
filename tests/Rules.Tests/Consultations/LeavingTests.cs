using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Consultations;

/// <summary>Whoever goes unhelped is due to be contacted, the more urgent the sooner, and what came of it ends the promise.</summary>
public sealed class LeavingTests
{
    private static readonly DateTimeOffset Now = new(2020, 1, 26, 1, 0, 0, TimeSpan.Zero);
    private static readonly ContactRule Contact = new(new(1, 4, 24, 25, 26), 2, Grade.D, new("走了的人由人联系", "Whoever left is contacted by a person"));

    [Theory]
    [InlineData(Urgency.Emergency, 1)]
    [InlineData(Urgency.Urgent, 4)]
    [InlineData(Urgency.Soon, 24)]
    [InlineData(Urgency.Routine, 25)]
    [InlineData(Urgency.Question, 26)]
    public void Whoever_leaves_the_queue_is_contacted_within_the_hours_of_their_urgency(Urgency urgency, int hours)
    {
        var gone = Decided(Waiting(urgency), c => c.CloseByPatient("by_patient", Contact, Now));
        Assert.Equal((Bucket.Left, Now.AddHours(hours)), (gone.Bucket, gone.Due));
        Assert.Equal(gone.Version, Decided(gone, c => c.CloseByPatient("by_patient", Contact, Now.AddHours(1))).Version);
    }

    [Fact]
    public void Whoever_gave_no_number_has_left_without_a_due_time()
    {
        var gone = Decided(Waiting(Urgency.Soon, phone: false), c => c.CloseByPatient("by_patient", Contact, Now));
        Assert.Equal((Bucket.Left, null), (gone.Bucket, gone.Due));
        Assert.Equal(gone.Version, Decided(gone, c => c.CloseByPatient("by_patient", Contact, Now)).Version);
        Assert.True(gone.AttemptContact(1, reached: true, Contact, Now).IsRefused(out var why));
        Assert.Equal(Refusal.Conflict, why);
    }

    [Fact]
    public void Whoever_has_been_answered_and_ends_it_was_served()
    {
        var doctor = Guid.NewGuid();
        var answered = Waiting(Urgency.Soon).After([new Assigned(doctor, "王安", 1, "urgency_then_wait"), new ReplySent(Guid.NewGuid(), doctor, "坐着喘不喘？")], Now);
        var ended = Decided(answered, c => c.CloseByPatient("by_patient", Contact, Now));
        Assert.Equal((Bucket.Served, null), (ended.Bucket, ended.Due));
    }

    [Fact]
    public void Contact_is_tried_again_until_reached_or_until_the_last_time()
    {
        var gone = Decided(Waiting(Urgency.Urgent), c => c.CloseByPatient("by_patient", Contact, Now));
        var once = Decided(gone, c => c.AttemptContact(1, reached: false, Contact, Now.AddHours(2)));
        Assert.Equal((1, Now.AddHours(6)), (once.ContactAttempts, once.Due));
        Assert.Equal(once.Version, Decided(once, c => c.AttemptContact(1, reached: true, Contact, Now.AddHours(3))).Version);
        Assert.True(once.AttemptContact(3, reached: true, Contact, Now).IsRefused(out _));
        Assert.Null(Decided(once, c => c.AttemptContact(2, reached: false, Contact, Now.AddHours(5))).Due);
        var reached = Decided(gone, c => c.AttemptContact(1, reached: true, Contact, Now));
        Assert.Equal((Bucket.Left, null), (reached.Bucket, reached.Due));
    }

    private static Consultation Waiting(Urgency urgency, bool phone = true) => Consultation.Before(new(Guid.NewGuid())).After(
    [
        new Opened("wuhan", "link", Guid.NewGuid(), "zh", ServiceMode.LightConsultation, Guid.NewGuid(), Relation.Self, new("v", true, true, true, false, false, false), new(2020, 1, 26), "chat"),
        new ContactGiven(phone, RecoveryCode: !phone),
        new Queued(Now, urgency, "general", null),
    ], Now);

    private static Consultation Decided(Consultation before, Func<Consultation, Decision<ImmutableArray<Fact>>> decide)
    {
        Assert.True(decide(before).Is(out var facts, out var why), $"Refused: {why}");
        return before.After(facts, Now);
    }
}
