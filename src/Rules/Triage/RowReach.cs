using System.Collections.Immutable;
using Answers = System.Collections.Immutable.ImmutableDictionary<string, string>;

namespace Yizhen.Rules.Triage;

/// <summary>
/// Whether every row can decide somebody's case. A row that decides a worked case, or answers that were found, is reached. For the rest all
/// combinations of what their conditions can tell apart are tried; where that is too much, the finding says that it was a search.
/// </summary>
internal sealed class RowReach(IReadOnlyCollection<Protocol> folder, SearchEffort effort)
{
    private readonly ProtocolShelf shelf = new(folder);

    /// <param name="known">Rows about which enough was said.</param>
    public IEnumerable<Finding> Of(Protocol protocol, IReadOnlyCollection<WorkedCase> cases, IReadOnlyCollection<string> known)
    {
        var place = Place(protocol);
        var decided = cases.Select(c => c.Judged(shelf)).Where(o => IsOf(o, protocol)).Select(o => o.Row).ToHashSet(StringComparer.Ordinal);
        return protocol.Rows.Where(r => r.When is not null && r.Id != protocol.Fallback && r.Id != protocol.Unsure && !decided.Contains(r.Id) && !known.Contains(r.Id))
            .Select(r => Search(protocol, r, r.When ?? throw new InvalidOperationException(), place, cases)).OfType<Finding>();
    }

    private Finding? Search(Protocol protocol, Row row, Condition when, (DateOnly Day, string? Region) place, IReadOnlyCollection<WorkedCase> cases)
    {
        var packs = shelf.InForce(place.Day, place.Region);
        var questions = packs.SelectMany(p => p.Questions).ToList();
        var wide = new AnswerSearch(new Cells(questions, packs.SelectMany(p => p.Rows).Select(r => r.When).OfType<Condition>()), effort.Draw);
        var begins = cases.Select(c => c.Said).Append(Calm(questions)).Append(Answers.Empty).ToList();
        var instead = new List<string>();
        foreach (var at in Enumerable.Range(0, effort.Tries))
        {
            var tried = wide.Toward(when, true, begins[effort.Draw(begins.Count)]);
            if (when.Holds(tried) == true)
            {
                var outcome = shelf.Judge(packs, tried, askable: true);
                if (outcome.Row == row.Id && IsOf(outcome, protocol))
                {
                    return null;
                }

                instead.Add(outcome.Row);
            }
        }

        return instead.Count == 0 && Never(questions, row, when) is { } never ? never
            : PreEmpted(packs, questions, row, when) ?? new Finding(row.Id, $"Row {row.Id} decided none of {effort.Tries} answers that were tried (a search, not a proof); {First(instead)} decided instead.");
    }

    private Finding? Never(List<Question> questions, Row row, Condition when) =>
        Every(questions, [when]) is not { } all ? new Finding(row.Id, $"For row {row.Id} no answers were found that fulfil its condition, among {effort.Tries} tries (a search, not a proof).")
        : all.Any(a => when.Holds(a) == true) ? null
        : new Finding(row.Id, $"Row {row.Id} can never apply: no combination of answers fulfils its condition (all were tried).");

    private Finding? PreEmpted(IReadOnlyList<Protocol> packs, List<Question> questions, Row row, Condition when)
    {
        var earlier = ProtocolShelf.InOrder(packs.SelectMany(p => p.Rows.Select(r => (Pack: p, Row: r)))).TakeWhile(x => !ReferenceEquals(x.Row, row))
            // Whom another pack does not cover it does not keep at home.
            .Where(x => !ProtocolShelf.KeepsHome(x.Row.Disposition) || x.Pack.Rows.Contains(row)).Select(x => x.Row);
        foreach (var first in earlier)
        {
            if (first.When is { } other && other.Inputs().Intersect(when.Inputs()).Any() && Every(questions, [when, other]) is { } all)
            {
                var tried = all.Select(a => (Row: when.Holds(a) == true, First: other.Holds(a) == true)).Distinct().ToList();
                if (tried.All(t => t.First || !t.Row))
                {
                    return tried.All(t => t.First == t.Row) && ProtocolReview.Outcome(first) != ProtocolReview.Outcome(row)
                        ? new Finding(row.Id, $"Rows {first.Id} and {row.Id} apply to the same answers and say different things: {ProtocolReview.Outcome(first)}, and {ProtocolReview.Outcome(row)} (all combinations were tried).")
                        : new Finding(row.Id, $"Row {row.Id} never decides: whenever it applies, row {first.Id} applies too and comes first (all combinations were tried).");
                }
            }
        }

        return null;
    }

    private IEnumerable<Answers>? Every(List<Question> questions, IReadOnlyList<Condition> conditions) =>
        new AnswerSearch(new Cells(questions, conditions), effort.Draw).Every([.. conditions.SelectMany(c => c.Inputs()).Distinct()], effort.Most);

    /// <summary>Nothing to complain of: the first begin of a search.</summary>
    private static Answers Calm(IEnumerable<Question> questions) =>
        questions.DistinctBy(q => q.Code).Where(q => q.Kind != QuestionKind.Number && q.Choices.Any(c => c.Value != Question.Unknown))
            .ToImmutableDictionary(q => q.Code, q => (q.Choices.FirstOrDefault(c => c.Value is Question.None or "no") ?? q.Choices.First(c => c.Value != Question.Unknown)).Value);

    /// <summary>The day and the region on which most packs stand beside it.</summary>
    private (DateOnly Day, string? Region) Place(Protocol protocol) =>
        folder.Select(p => p.From).Append(protocol.From).Where(protocol.IsInForce).Distinct().Order()
            .Select(day => (day, protocol.Overlay)).MaxBy(x => shelf.InForce(x.day, x.Overlay).Count);

    private static bool IsOf(Outcome outcome, Protocol protocol) =>
        outcome.DecidedBy.Id == (protocol.Replaces ?? protocol.Id) && outcome.DecidedBy.Version.Contains(protocol.Version, StringComparison.Ordinal);

    private static string First(List<string> instead) =>
        instead.Count == 0 ? "none" : $"row {instead.GroupBy(r => r).MaxBy(same => same.Count())?.Key}";
}
