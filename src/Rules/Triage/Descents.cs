using System.Collections.Immutable;
using System.Globalization;
using Answers = System.Collections.Immutable.ImmutableDictionary<string, string>;

namespace Yizhen.Rules.Triage;

/// <summary>A breach of law L2: with one answer that is worse, and nothing else changed, a person is put further back.</summary>
/// <param name="Said">As few answers as show it, the worse one not among them.</param>
/// <param name="Input">Whose answer became worse.</param>
/// <param name="Better">What was said before.</param>
/// <param name="Worse">What is said now.</param>
public sealed record Descent(DateOnly Day, string? Region, Answers Said, string Input, string Better, string Worse, Outcome Before, Outcome After);

/// <param name="Tried">How often an answer was made worse.</param>
/// <param name="Unordered">Questions that rows use and of which the protocol does not say which answers are worse: nothing was tried there.</param>
public sealed record DescentSearch(int Tried, ImmutableArray<Descent> Descents, ImmutableArray<string> Unordered);

/// <summary>
/// Searches for answers by which law L2 is broken: a worse sign never gives a lower urgency, nor a less acute disposition. Signs are those that
/// the questions offer: among the codes of cases there is good news too, such as a test that excludes an illness, and what leads there leads no more once
/// another sign stands beside it. Of a case that cannot be asked back only numbers and choices get worse.
/// </summary>
public sealed class Descents(ProtocolShelf shelf, SearchEffort effort)
{
    /// <summary>
    /// From each worked case every single step for the worse, of a page or of a case that cannot be asked back; then, of those on pages, steps with some
    /// answers drawn anew.
    /// </summary>
    /// <param name="tried">Told after each step, for whoever waits.</param>
    public DescentSearch From(IReadOnlyCollection<WorkedCase> cases, Action tried)
    {
        ArgumentNullException.ThrowIfNull(tried);
        var all = cases.Select(c => Begin(c, shelf.InForce(c.Day, c.Region))).ToList();
        var begins = all.Where(b => b.Askable).ToList();
        var steps = all.SelectMany(b => b.Cells.Inputs.SelectMany(input => Steps(b, b.Said, input)).Select(step => (b, b.Said, step)));
        if (begins.Count > 0)
        {
            steps = steps.Concat(Enumerable.Range(0, effort.Tries).Select(_ => begins[effort.Draw(begins.Count)]).SelectMany(Anew));
        }

        var found = new Dictionary<(string, string, string), Descent>();
        var count = 0;
        foreach (var (begin, said, step) in steps)
        {
            count++;
            tried();
            if (Broken(begin, said, step) is { } descent && found.TryAdd((step.Input, descent.Before.Row, descent.After.Row), descent))
            {
                found[(step.Input, descent.Before.Row, descent.After.Row)] = Smallest(begin, said, step, descent);
            }
        }

        var unordered = all.SelectMany(b => b.Cells.Inputs.Select(b.Cells.Question)).OfType<Question>().Where(q => q.Kind != QuestionKind.Codes && q.Worse is null).Select(q => q.Code);
        return new DescentSearch(count, [.. found.Values], [.. unordered.Distinct()]);
    }

    private static Start Begin(WorkedCase worked, IReadOnlyList<Protocol> packs) => new(
        worked.Day, worked.Region, packs, worked.Said, worked.Facts is null,
        new Cells(packs.SelectMany(p => p.Questions), packs.SelectMany(p => p.Rows.Select(r => r.When).Append(p.Covers).Concat(p.Questions.Select(q => q.AskedWhen))).OfType<Condition>()));

    /// <summary>One step from a case of which one, two or three answers were drawn anew.</summary>
    private IEnumerable<(Start, Answers, Step)> Anew(Start begin)
    {
        var asked = begin.Cells.Inputs.Where(i => begin.Cells.Question(i) is not null).ToList();
        var said = begin.Said;
        foreach (var _ in Enumerable.Range(0, 1 + effort.Draw(1 + 1 + 1)))
        {
            var input = asked[effort.Draw(asked.Count)];
            var cells = begin.Cells.Of(input);
            said = said.SetItem(input, cells[effort.Draw(cells.Length)]);
        }

        var worse = asked.Where(i => said.ContainsKey(i) && begin.Cells.Question(i) is { } q && (q.Kind == QuestionKind.Codes || q.Worse is not null)).ToList();
        var steps = worse.Count == 0 ? [] : Steps(begin, said, worse[effort.Draw(worse.Count)]).ToList();
        return steps.Count == 0 ? [] : [(begin, said, steps[effort.Draw(steps.Count)])];
    }

    private static IEnumerable<Step> Steps(Start begin, Answers said, string input)
    {
        if (begin.Cells.Question(input) is not { } question || !said.TryGetValue(input, out var now))
        {
            return [];
        }

        // "None of these" together with one of these is a contradiction, and clearing it up may calm.
        var codes = now.Split(Condition.Separator).Where(c => c != Question.None).ToList();
        return question.Kind == QuestionKind.Codes
            ? !begin.Askable ? [] : codes.Count > 0 && now.Split(Condition.Separator).Contains(Question.None) ? []
                : begin.Cells.Together(input).Intersect(question.Choices.Select(c => c.Value)).Except(codes).Select(c => new Step(input, now, string.Join(Condition.Separator, codes.Append(c).Order(StringComparer.Ordinal))))
            : WorseThan(question, now, begin.Cells.Of(input)).Select(worse => new Step(input, now, worse));
    }

    private static IEnumerable<string> WorseThan(Question question, string now, ImmutableArray<string> cells)
    {
        var choices = question.Choices.Select(c => c.Value).Where(v => v != Question.Unknown).ToList();
        return question.Worse switch
        {
            Worse.Higher => cells.Where(c => Number(now) is { } from && Number(c) > from),
            Worse.Lower => cells.Where(c => Number(now) is { } from && Number(c) < from),
            Worse.Later => choices.Contains(now) ? choices.Skip(choices.IndexOf(now) + 1) : [],
            Worse.Earlier => choices.Contains(now) ? choices.Take(choices.IndexOf(now)) : [],
            null => [],
        };
    }

    private Descent? Broken(Start begin, Answers said, Step step)
    {
        var before = shelf.Judge(begin.Packs, said, begin.Askable);
        var after = shelf.Judge(begin.Packs, said.SetItem(step.Input, step.Worse), begin.Askable);
        return ProtocolShelf.Acuity(after.Disposition) > ProtocolShelf.Acuity(before.Disposition) || after.Urgency > before.Urgency
            ? new Descent(begin.Day, begin.Region, said.Remove(step.Input), step.Input, step.Better, step.Worse, before, after)
            : null;
    }

    /// <summary>Answers are taken away one at a time while the law stays broken by the same rows.</summary>
    private Descent Smallest(Start begin, Answers said, Step step, Descent descent)
    {
        foreach (var code in said.Keys.Where(k => k != step.Input).Order(StringComparer.Ordinal))
        {
            if (Broken(begin, said.Remove(code), step) is { } smaller && (smaller.Before.Row, smaller.After.Row) == (descent.Before.Row, descent.After.Row))
            {
                (said, descent) = (said.Remove(code), smaller);
            }
        }

        return descent;
    }

    private static decimal? Number(string text) => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed record Start(DateOnly Day, string? Region, IReadOnlyList<Protocol> Packs, Answers Said, bool Askable, Cells Cells);

    private sealed record Step(string Input, string Better, string Worse);
}
