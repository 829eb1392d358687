using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>
/// By what a consultation is judged now: the packs of its day, with what its own corrections and the recalls of the deployment have put in the place of
/// recalled versions (ADR 5, ADR 7).
/// </summary>
/// <param name="Recalls">In their order.</param>
public sealed record RulesInForce(ProtocolShelf Shelf, ImmutableArray<Recall> Recalls)
{
    public DayPacks Of(Consultation c)
    {
        ArgumentNullException.ThrowIfNull(c);
        return Shelf.Packs(c.RulesDay, c.Place?.Region, [.. c.Replaced, .. Recalls.For(c.Opening?.Organisation)]);
    }

    public Outcome Judge(Consultation c) => Of(c).Judge(c.Answers, askable: true);

    /// <summary>What is still to ask, red flags first; also what only the version in the place of a recalled one asks.</summary>
    public IReadOnlyList<Question> StillToAsk(Consultation c) => Of(c).Questions(c.Answers);

    /// <summary>Reads a form's answers; it may have been opened before a recall.</summary>
    public Decision<ImmutableDictionary<string, string>> ReadAnswers(Consultation c, IReadOnlyDictionary<string, string> stated) => AnswerText.ReadAll(Asked(c), stated);

    /// <summary>What may have been asked: now, or before a recall.</summary>
    public ImmutableArray<Question> Asked(Consultation c) => AskedBy(c, _ => true);

    public ImmutableArray<Question> AskedBy(Consultation c, Func<Protocol, bool> pack)
    {
        ArgumentNullException.ThrowIfNull(c);
        return [.. Of(c).All.Concat(Shelf.InForce(c.RulesDay, c.Place?.Region)).Where(pack).SelectMany(p => p.Questions).DistinctBy(q => q.Code)];
    }
}
