using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Triage;

/// <summary>Reads an answer as people type it: full-width digits, a comma for the point, the unit behind the number.</summary>
public static class AnswerText
{
    private const char Point = '.';
    private const char Minus = '-';

    public static Decision<string> Read(Question question, string? typed)
    {
        ArgumentNullException.ThrowIfNull(question);
        var text = (typed ?? "").Trim();
        return text == Question.Unknown ? text : question.Kind switch
        {
            QuestionKind.Choice => question.Choices.Any(c => c.Value == text) ? text : Refusal.Malformed,
            QuestionKind.Codes => Codes(question, text),
            QuestionKind.Number => Measured(question, text) is not { } number ? Refusal.Malformed
                : number < question.Min || number > question.Max ? Refusal.AnswerImplausible
                : number.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Reads a form's answers by these questions. Nothing is kept of a form that holds one that cannot be read.</summary>
    public static Decision<ImmutableDictionary<string, string>> ReadAll(IEnumerable<Question> questions, IReadOnlyDictionary<string, string> stated)
    {
        ArgumentNullException.ThrowIfNull(stated);
        var known = questions.ToDictionary(q => q.Code, StringComparer.Ordinal);
        var read = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var (code, text) in stated)
        {
            if (!known.TryGetValue(code, out var question))
            {
                return Refusal.Malformed;
            }

            if (!Read(question, text).Is(out var value, out var why))
            {
                return why;
            }

            read[code] = value;
        }

        return read.ToImmutable();
    }

    /// <summary>The number in a text, or null where there is none, more than one, or one below zero.</summary>
    public static decimal? Number(string? typed)
    {
        var plain = new string([.. (typed ?? "").Select(Plain)]);
        var runs = plain.Split([.. plain.Where(c => !char.IsAsciiDigit(c) && c != Point).Distinct()], StringSplitOptions.RemoveEmptyEntries)
            .Select(run => run.Trim(Point)).Where(run => run.Length > 0).ToList();
        return runs.Count == 1 && !plain.Contains($"{Minus}{runs[0]}", StringComparison.Ordinal)
            && decimal.TryParse(runs[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static decimal? Measured(Question question, string text)
    {
        if (Number(text) is not { } number)
        {
            return null;
        }

        var unit = new string([.. text.ToLowerInvariant().Where(c => !char.IsDigit(c) && Plain(c) != Point && !char.IsWhiteSpace(c))]);
        return question.OtherUnits?.FirstOrDefault(o => o.Words.Contains(unit)) is { } other
            ? decimal.Round((number - other.Less) * other.Times, other.Decimals)
            : number;
    }

    private static Decision<string> Codes(Question question, string text)
    {
        var codes = text.Split(Condition.Separator, StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal).ToList();
        return codes.Count > 0 && codes.All(code => code is Question.Unknown or Question.None || question.Choices.Any(c => c.Value == code))
            ? string.Join(Condition.Separator, codes)
            : Refusal.Malformed;
    }

    /// <summary>As in 37度6, the degree may stand where the point does.</summary>
    private static char Plain(char c) => c switch
    {
        ',' or '，' or '．' or '。' or '点' or '度' => Point,
        '－' or '−' or '–' => Minus,
        _ when char.IsDigit(c) => "0123456789"[(int)char.GetNumericValue(c)],
        _ => c,
    };
}
