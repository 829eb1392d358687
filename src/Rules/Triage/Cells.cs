using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Triage;

/// <summary>
/// The answers that some conditions can tell apart, by input: one number from each stretch between thresholds, each choice, one code of those
/// that are always named together. Whoever tries all of them has tried everything that the conditions can see.
/// </summary>
internal sealed class Cells
{
    private readonly IReadOnlyDictionary<string, Question> questions;
    private readonly ILookup<string, Condition> tests;
    private readonly Dictionary<string, ImmutableArray<string>> known = new(StringComparer.Ordinal);

    public Cells(IEnumerable<Question> questions, IEnumerable<Condition> conditions)
    {
        this.questions = questions.DistinctBy(q => q.Code).ToDictionary(q => q.Code, StringComparer.Ordinal);
        tests = conditions.SelectMany(Tests).SelectMany(t => t.Inputs().Select(input => (input, t))).ToLookup(t => t.input, t => t.t, StringComparer.Ordinal);
    }

    public IEnumerable<string> Inputs => tests.Select(t => t.Key);

    public Question? Question(string input) => questions.GetValueOrDefault(input);

    /// <summary>Answers that differ for the conditions; "not known" last. That nothing was answered is for the caller to try.</summary>
    public ImmutableArray<string> Of(string input) =>
        known.TryGetValue(input, out var cells) ? cells : known[input] = [.. Single(input).Append(Triage.Question.Unknown).Distinct()];

    /// <summary>Codes that may be said together; none for a question that has one answer.</summary>
    public ImmutableArray<string> Together(string input) =>
        IsCodes(input) ? [.. Of(input).Where(c => c is not (Triage.Question.Unknown or Triage.Question.None))] : [];

    public bool IsCodes(string input) => Question(input) is { } question ? question.Kind == QuestionKind.Codes : tests[input].Any(t => t.Includes is not null || t.IncludesAny is not null);

    /// <summary>Single tests that stand in a condition.</summary>
    public static IEnumerable<Condition> Tests(Condition condition) =>
        (condition.All ?? condition.Any ?? condition.None) is { } parts ? parts.SelectMany(Tests) : [condition];

    private IEnumerable<string> Single(string input)
    {
        var named = tests[input].SelectMany(Named).ToHashSet(StringComparer.Ordinal);
        return Question(input) switch
        {
            { Kind: QuestionKind.Number } question => Numbers(input, question.Min, question.Max),
            { Kind: QuestionKind.Choice } question => question.Choices.Select(c => c.Value),
            { Kind: QuestionKind.Codes } question => Classes(input, question.Choices.Select(c => c.Value).Concat(named)).Append(Triage.Question.None),
            null when IsCodes(input) => Classes(input, named),
            null => Numbers(input, null, null).Concat(named),
        };
    }

    /// <summary>Each threshold, a number between each two, and one beyond the outermost.</summary>
    private IEnumerable<string> Numbers(string input, decimal? min, decimal? max)
    {
        var lines = tests[input].SelectMany(t => new[] { t.AtLeast, t.AtMost, t.Below, t.Above }).OfType<decimal>().Concat(new[] { min, max }.OfType<decimal>()).Distinct().Order().ToList();
        var between = lines.Zip(lines.Skip(1), (low, high) => low + (high - low) / (1 + 1));
        var beyond = lines.Count == 0 ? [] : new[] { lines[0] - 1, lines[^1] + 1 };
        return lines.Concat(between).Concat(beyond).Where(n => !(n < min || n > max)).Order().Select(n => n.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>One code of each group that the same tests name.</summary>
    private IEnumerable<string> Classes(string input, IEnumerable<string> codes) =>
        codes.Distinct().Where(c => c != Triage.Question.None)
            .GroupBy(code => string.Concat(tests[input].Select(t => Named(t).Contains(code) ? '1' : '0')))
            .Select(same => same.First());

    private static IEnumerable<string> Named(Condition test) =>
        new[] { test.Is, test.Includes }.OfType<string>().Concat(test.In ?? []).Concat(test.IncludesAny ?? []);
}
