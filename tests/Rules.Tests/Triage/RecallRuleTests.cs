using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>Which version judges after a recall, and whom a recall covers (ADR 7).</summary>
public sealed class RecallRuleTests
{
    private static readonly DateTimeOffset Day = new(2020, 2, 6, 8, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ours = Guid.NewGuid();
    private static readonly ProtocolPin First = new("RESP-CN", "national-v1");
    private static readonly ProtocolPin Second = new("RESP-CN", "national-v2");
    private static readonly ImmutableDictionary<string, string> Fever = Packs.Person(("temperature_c", "38.4"));

    [Fact]
    public void Recalled_version_judges_nobody_whom_the_recall_covers()
    {
        Assert.Contains(First, Of([]).Judge(Asked(Ours)).JudgedBy);
        var judged = Of([Recalled(First, Second, null)]).Judge(Asked(Ours));
        Assert.Contains(Second, judged.JudgedBy);
        Assert.Equal(Disposition.D1, judged.Disposition);
        Assert.Contains(First, Of([Recalled(First, Second, Guid.NewGuid())]).Judge(Asked(Ours)).JudgedBy);
        Assert.Contains(Second, Of([Recalled(First, Second, Ours)]).Judge(Asked(Ours)).JudgedBy);
    }

    [Fact]
    public void Recall_is_taken_back_by_another_and_said_twice_it_is_said_once()
    {
        ImmutableArray<Recall> once = [Recalled(First, Second, Ours)];
        Assert.False(once.SaysSomethingNew(Recalled(First, Second, Ours)));
        Assert.True(once.SaysSomethingNew(Recalled(First, Second, null)));
        var back = once.Add(Recalled(Second, First, Ours));
        Assert.Equal(First, back.InPlaceOf(First, Ours));
        Assert.Contains(First, Of(back).Judge(Asked(Ours)).JudgedBy);
        Assert.True(back.SaysSomethingNew(Recalled(First, Second, Ours)));
        Assert.Contains(Second, Of(back.Add(Recalled(First, Second, Ours))).Judge(Asked(Ours)).JudgedBy);
    }

    [Fact]
    public void Version_that_is_not_kept_cannot_stand_in_and_a_pack_that_was_not_recalled_stays() =>
        Assert.Equal(
            Of([]).Judge(Asked(Ours)).JudgedBy,
            Of([Recalled(First, new("RESP-CN", "national-v9"), null), Recalled(new("RESP-CN", "national-v3"), Second, null), Recalled(new("RESP-CN-WUHAN", "2020-01-23"), Second, null)]).Judge(Asked(Ours)).JudgedBy);

    [Fact]
    public void Correction_and_recall_of_the_same_version_do_not_add_up()
    {
        var corrected = Asked(Ours) with { Replaced = [(First, Second)] };
        Assert.Equal(Of([]).Judge(corrected).JudgedBy.ToArray(), Of([Recalled(First, Second, null)]).Judge(corrected).JudgedBy.ToArray());
    }

    [Fact]
    public void What_only_one_of_the_versions_asks_may_be_answered_from_a_page_opened_before_the_recall()
    {
        var (before, after) = (Of([]), Of([Recalled(First, new("RESP-CN", "national-v3"), null)]));
        var nobody = Asked(Ours) with { Answers = ImmutableDictionary<string, string>.Empty };
        foreach (var question in before.Asked(nobody))
        {
            Assert.Contains(after.Asked(nobody), q => q.Code == question.Code);
        }

        Assert.Equal(after.Of(nobody).Questions(nobody.Answers).Select(q => q.Code), after.StillToAsk(nobody).Select(q => q.Code));
        Assert.True(after.ReadAnswers(nobody, before.StillToAsk(nobody).ToDictionary(q => q.Code, _ => Question.Unknown)).Is(out _, out _));
    }

    private static RulesInForce Of(ImmutableArray<Recall> recalls) => new(Packs.Shelf, recalls);

    private static Recall Recalled(ProtocolPin version, ProtocolPin by, Guid? organisation) => new(version, by, Day, organisation, "operator:1");

    private static Consultation Asked(Guid organisation) => Consultation.Before(new ConsultationId(Guid.NewGuid())) with
    {
        Opening = new Opened("wuhan", "web", organisation, "zh", ServiceMode.LightConsultation, Guid.NewGuid(), Relation.Self, new("1", true, true, true, false, false, false), Packs.Day, "chat"),
        Place = new PlaceStated(Packs.Hangzhou, null),
        Answers = Fever,
    };
}
