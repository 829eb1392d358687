using System.Collections.Immutable;
using Yizhen.Rules.Consultations;

namespace Yizhen.Benchmarks;

/// <summary>What reading a consultation costs once its facts are in memory: the longest of an ordinary day.</summary>
internal static class FoldBench
{
    private const int Facts = 60;

    private static readonly DateTimeOffset Start = new(2020, 1, 26, 1, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<Figure> Run()
    {
        var id = new ConsultationId(Guid.CreateVersion7(Start));
        var facts = Talk(Guid.CreateVersion7(Start)).Take(Facts).ToImmutableArray();
        return [Figure.Of("fold 60 facts", 10, () => Fold(id, facts))];
    }

    private static Consultation Fold(ConsultationId id, ImmutableArray<Fact> facts)
    {
        var state = Consultation.Before(id);
        foreach (var fact in facts)
        {
            state = state.After(fact, Start.AddSeconds(state.Version));
        }

        return state.Version == Facts ? state : throw new InvalidOperationException("A fact was lost in the fold.");
    }

    private static IEnumerable<Fact> Talk(Guid clinician)
    {
        var consent = new Consent("1", true, true, true, true, false, false);
        yield return new Opened("bench", "web", Guid.Empty, "zh-CN", ServiceMode.LightConsultation, Guid.Empty, Relation.Self, consent, new(2020, 1, 26), "text");
        yield return new PlaceStated("420100", null);
        yield return new StoryTold("昨天开始咳嗽，有点低烧，一个人在家，心里很慌。", 7);
        yield return new Answered(ImmutableDictionary<string, string>.Empty.Add("age", "34").Add("fever", "yes").Add("breathless", "no"));
        yield return new Queued(Start, Rules.Triage.Urgency.Soon, "general", null);
        yield return new Assigned(clinician, "林医生", 1, "urgency_then_wait");
        for (var turn = 0L; ; turn++)
        {
            var at = Start.AddSeconds(turn);
            yield return new MessageReceived(Guid.CreateVersion7(at), "今天早上量了体温，三十七度八，还是咳，晚上睡不好。");
            yield return new ReplySent(Guid.CreateVersion7(at), clinician, "先在家休息，多喝水，每天早晚各量一次体温，记下来告诉我。");
            yield return new Seen(false, (turn * 3) + 8);
        }
    }
}
