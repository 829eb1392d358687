using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Tests.Triage;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Consultations;

/// <summary>A correction reaches everybody whom it concerns, once, and makes nothing less urgent.</summary>
public sealed class CorrectingTests
{
    private static readonly DateTimeOffset Now = new(2020, 1, 26, 1, 0, 0, TimeSpan.Zero);
    private static readonly ProtocolPin Old = new("RESP-CN", "national-v1");
    private static readonly ProtocolPin New = new("RESP-CN", "national-v2");
    private static readonly Outcome Said = Packs.Judge(Packs.Person()) with { Disposition = Disposition.D4, Urgency = Urgency.Question };
    private static readonly Outcome Says = Said with { Disposition = Disposition.D1, Urgency = Urgency.Urgent };

    private static readonly Consultation Advised = Consultation.Before(new(Guid.CreateVersion7())).After(
        [
            new Opened("wuhan", "web", Guid.NewGuid(), "zh", ServiceMode.LightConsultation, Guid.NewGuid(), Relation.Self, new("1", true, true, true, true, false, false), new(2020, 1, 26), "chat"),
            new PlaceStated("420102", null), new StoryTold("咳嗽", 3), new Answered(Packs.Person()), new Triaged(Said),
        ],
        Now);

    [Fact]
    public void What_was_said_what_is_said_now_and_since_when_stand_in_one_fact()
    {
        var fact = Assert.IsType<AdviceCorrected>(Assert.Single(Correct(Advised)));
        Assert.Equal((1, Old, New, Now), (fact.Count, fact.Recalled, fact.Replacement, fact.SaidAt));
        Assert.Same(Said, fact.Said);
        var after = Advised.After(fact, Now.AddDays(10));
        Assert.Same(Says, after.Outcome);
        Assert.Equal((Bucket.ToldToGo, Urgency.Urgent, 1, 0), (after.Bucket, after.Urgency, after.Corrections, after.CorrectionsSeen));
        Assert.Equal("corrected", after.Lines[^1].Text);
    }

    [Fact]
    public void Decided_twice_or_judged_anew_since_it_changes_nothing()
    {
        var after = Advised.After(Correct(Advised), Now);
        Assert.Empty(Correct(after, judged: Advised.JudgedIn));
        var anew = Advised.After([new Felt(Feeling.Worse), new Triaged(Said)], Now);
        Assert.Empty(Correct(anew, judged: Advised.JudgedIn));
        Assert.Null(after.After(new Triaged(Said), Now).Correction);
    }

    [Fact]
    public void Whoever_waits_keeps_place_and_arrival_and_moves_forward_only()
    {
        var waiting = Advised.After(new Queued(Now, Urgency.Soon, "general", null), Now);
        var forward = waiting.After(Correct(waiting), Now);
        Assert.Equal((Bucket.Waiting, Urgency.Urgent, waiting.ArrivedAt), (forward.Bucket, forward.Urgency, forward.ArrivedAt));
        Assert.Equal(Urgency.Soon, waiting.After(Correct(waiting, says: Said), Now).Urgency);
    }

    [Theory]
    [InlineData(Disposition.D0, Bucket.ToldToGo)]
    [InlineData(Disposition.D3, Bucket.SelfCare)]
    [InlineData(Disposition.D5, Bucket.SelfCare)]
    [InlineData(Disposition.D6, Bucket.SelfCare)]
    public void Whoever_was_only_advised_stands_where_the_new_advice_puts_them_and_is_never_put_in_a_queue(Disposition disposition, Bucket expected)
    {
        Assert.Equal(Bucket.SelfCare, Advised.Bucket);
        Assert.Equal(expected, Advised.After(Correct(Advised, says: Says with { Disposition = disposition }), Now).Bucket);
    }

    [Fact]
    public void Consultation_that_is_over_is_corrected_and_stays_where_it_is_and_an_erased_one_is_not()
    {
        var over = Advised.After([new Queued(Now, Urgency.Soon, "general", null), new Left("withdrew", Now.AddDays(1))], Now);
        var after = over.After(Correct(over), Now);
        Assert.Equal((Bucket.Left, over.Due), (after.Bucket, after.Due));
        Assert.True(Advised.After(Advised.Erase().Value, Now).Correct(Advised.JudgedIn, Old, New, Says).IsRefused(out var why));
        Assert.Equal(Refusal.ConsultationErased, why);
    }

    [Fact]
    public void Reading_is_said_once_and_only_of_what_was_corrected()
    {
        Assert.True(Advised.SeeCorrection(1).IsRefused(out _));
        var after = Advised.After(Correct(Advised), Now);
        Assert.True(after.SeeCorrection(0).IsRefused(out _));
        Assert.True(after.SeeCorrection(2).IsRefused(out _));
        var seen = after.After(after.SeeCorrection(1).Value, Now);
        Assert.Equal(1, seen.CorrectionsSeen);
        Assert.Empty(seen.SeeCorrection(1).Value);
    }

    [Fact]
    public void Header_of_a_correction_says_what_the_progress_needs_and_no_more()
    {
        var fact = Correct(Advised)[0];
        var header = Header.Of(fact, Advised.After(fact, Now), "system");
        Assert.Equal("D4/D1/RESP-CN/national-v1/national-v2/1", header.Reason);
        Assert.Equal(new CorrectionCode("D4", "D1", Old, "national-v2", 1), CorrectionCode.Read(header.Reason));
        Assert.Throws<FormatException>(() => CorrectionCode.Read("D4/D1"));
    }

    private static ImmutableArray<Fact> Correct(Consultation c, long? judged = null, Outcome? says = null) => c.Correct(judged ?? c.JudgedIn, Old, New, says ?? Says).Value;
}
