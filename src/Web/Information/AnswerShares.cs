using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Yizhen.Rules.Information;

namespace Yizhen.Web.Information;

/// <summary>A question whose right entries somebody has named; none: the library does not cover it.</summary>
internal sealed record LabelledAnswer(string Lang, ImmutableArray<string> Right, Found Found)
{
    public bool IsRight(int among) => Found.Answers.Take(among).Any(a => Right.Contains(a.Entry));
}

/// <summary>How often the desk was right where the library covers a question, and silent where it does not: counts of questions.</summary>
/// <param name="Right">A right entry among the first three.</param>
/// <param name="RightFirst">A right entry stood first.</param>
/// <param name="SilentCovered">Silent, though the library covers it.</param>
internal sealed record AnswerShares(string Lang, int Covered, int Right, int RightFirst, int SilentCovered, int Uncovered, int Silent)
{
    public const int First = 3;
    public const string AllOf = "all";

    public override string ToString() =>
        $"{Lang,-5} covered {Covered,3}: right among the first three {Percent(Right, Covered)}, first {Percent(RightFirst, Covered)}, silent {SilentCovered,3}   not covered {Uncovered,3}: silent {Percent(Silent, Uncovered)}";

    /// <summary>Each language, and all of them.</summary>
    public static IReadOnlyList<AnswerShares> Of(IReadOnlyList<LabelledAnswer> seen) =>
        [.. seen.GroupBy(s => s.Lang, StringComparer.Ordinal).OrderByDescending(g => g.Key, StringComparer.Ordinal).Select(g => Of(g.Key, [.. g])), Of(AllOf, seen)];

    /// <summary>One object a line: <c>{"id", "entries": []}</c>.</summary>
    /// <exception cref="JsonException">A line is no such object.</exception>
    public static IReadOnlyDictionary<string, ImmutableArray<string>> ReadLabels(string file)
    {
        var labels = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file).Where(l => l.Length > 0))
        {
            using var read = JsonDocument.Parse(line);
            labels[Member(read, "id").GetString() ?? ""] = [.. Member(read, "entries").EnumerateArray().Select(e => e.GetString() ?? "")];
        }

        return labels;

        static JsonElement Member(JsonDocument of, string name) => of.RootElement.TryGetProperty(name, out var member) ? member : throw new JsonException($"A label lacks {name}.");
    }

    private static AnswerShares Of(string lang, IReadOnlyList<LabelledAnswer> seen)
    {
        var (covered, not) = (seen.Where(s => !s.Right.IsEmpty).ToList(), seen.Where(s => s.Right.IsEmpty).ToList());
        return new AnswerShares(lang, covered.Count, covered.Count(s => s.IsRight(First)), covered.Count(s => s.IsRight(1)), covered.Count(s => s.Found.Silent), not.Count, not.Count(s => s.Found.Silent));
    }

    private static string Percent(int some, int all) => all == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{some}/{all} = {100.0 * some / all:0} %");
}
