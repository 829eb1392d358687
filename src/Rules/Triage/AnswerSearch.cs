using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>Looks for answers that make conditions true. Chance comes as an argument, so that a search can be repeated.</summary>
/// <param name="draw">A whole number from 0 to below its argument.</param>
internal sealed class AnswerSearch(Cells cells, Func<int, int> draw)
{
    /// <summary>Changes answers so that a condition probably comes out as wanted; the caller asks the condition whether it did.</summary>
    public ImmutableDictionary<string, string> Toward(Condition condition, bool wanted, ImmutableDictionary<string, string> answers)
    {
        if (condition.None is { } none)
        {
            return Parts(none, every: wanted, !wanted, answers);
        }

        return condition.All is { } all ? Parts(all, every: wanted, wanted, answers)
            : condition.Any is { } any ? Parts(any, every: !wanted, wanted, answers)
            : condition.Sum is { } items ? items.Aggregate(answers, (so, item) => so.SetItem(item, Some(cells.Of(item))))
            : Single(condition, wanted, answers);
    }

    /// <summary>Every combination of the cells of some inputs, "not answered" among them; null where there are more than <paramref name="most"/>.</summary>
    public IEnumerable<ImmutableDictionary<string, string>>? Every(IReadOnlyCollection<string> inputs, int most)
    {
        var whole = inputs.Select(input => (input, answers: Whole(input, most))).ToList();
        decimal count = 1;
        foreach (var (_, answers) in whole)
        {
            count = answers is null ? most + 1 : Math.Min(count * answers.Value.Length, (decimal)most + 1);
            if (count > most)
            {
                return null;
            }
        }

        return whole.Aggregate<(string Input, ImmutableArray<string?>? Answers), IEnumerable<ImmutableDictionary<string, string>>>(
            [ImmutableDictionary<string, string>.Empty],
            (so, next) => so.SelectMany(a => (next.Answers ?? []).Select(answer => answer is null ? a : a.SetItem(next.Input, answer))));
    }

    private ImmutableArray<string?>? Whole(string input, int most)
    {
        var single = cells.Of(input).Cast<string?>().Prepend(null);
        var together = cells.Together(input);
        if (together.Length <= 1)
        {
            return [.. single];
        }

        // Subsets of the codes that can be said together, with "not sure" beside them or without.
        IEnumerable<ImmutableArray<string>> sets = [[]];
        decimal count = 1;
        foreach (var code in together.Append(Question.Unknown))
        {
            count += count;
            if (count > most)
            {
                return null;
            }

            var so = sets;
            sets = so.Concat(so.Select(set => set.Add(code)));
        }

        return [.. sets.Where(s => s.Length > 0).Select(s => (string?)string.Join(Condition.Separator, s.Order(StringComparer.Ordinal))).Concat(single).Distinct()];
    }

    private ImmutableDictionary<string, string> Parts(ImmutableArray<Condition> parts, bool every, bool wanted, ImmutableDictionary<string, string> answers) =>
        every ? parts.Aggregate(answers, (so, part) => part.Holds(so) == wanted ? so : Toward(part, wanted, so))
        : parts.Any(part => part.Holds(answers) == wanted) ? answers
        : Toward(parts[draw(parts.Length)], wanted, answers);

    private ImmutableDictionary<string, string> Single(Condition test, bool wanted, ImmutableDictionary<string, string> answers)
    {
        if (test.Input is not { } input || test.Holds(answers) == wanted)
        {
            return answers;
        }

        if (test.Stated is { } stated && stated != wanted)
        {
            return answers.Remove(input);
        }

        var fitting = cells.Of(input).Where(a => test.Holds(answers.SetItem(input, a)) == wanted).ToList();
        if (fitting.Count == 0)
        {
            return answers;
        }

        var answer = Some(fitting);
        var beside = wanted && answers.TryGetValue(input, out var said) && cells.Together(input).Contains(answer) ? said.Split(Condition.Separator).Where(c => c != Question.None) : [];
        return answers.SetItem(input, string.Join(Condition.Separator, beside.Append(answer).Distinct().Order(StringComparer.Ordinal)));
    }

    private string Some(IReadOnlyList<string> from) => from[draw(from.Count)];
}
