using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Triage;

/// <summary>
/// What a row asks of the answers. Three values: yes, no, not known. Only a yes decides, and "not known" never becomes a no,
/// not even under <see cref="None"/>. Exactly one member is set, beside <see cref="Input"/> with its test.
/// </summary>
/// <param name="Term">Name of a condition that the protocol has defined once and uses in several rows; it stays as a name beside what it stands for.</param>
/// <param name="IncludesAny">One of several codes is among those that were given.</param>
public sealed record Condition(
    ImmutableArray<Condition>? All = null,
    ImmutableArray<Condition>? Any = null,
    ImmutableArray<Condition>? None = null,
    string? Input = null,
    string? Is = null,
    ImmutableArray<string>? In = null,
    string? Includes = null,
    ImmutableArray<string>? IncludesAny = null,
    decimal? AtLeast = null,
    decimal? AtMost = null,
    decimal? Below = null,
    bool? Stated = null,
    string? Term = null)
{
    public const char Separator = '|';

    /// <summary>True, false, or null where the answers do not say.</summary>
    public bool? Holds(IReadOnlyDictionary<string, string> answers) => Holds(answers, Nothing);

    /// <param name="silent">Whether an input says nothing where it is not known: a device that is not at home, a question that does not apply.</param>
    internal bool? Holds(IReadOnlyDictionary<string, string> answers, Func<string, bool> silent)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (All is { } all)
        {
            return And(all, answers, silent);
        }

        if (Any is { } any)
        {
            return Or(any, answers, silent);
        }

        if (None is { } none)
        {
            return !Or(none, answers, silent);
        }

        return Tests(answers.GetValueOrDefault(Input ?? "")) ?? (silent(Input ?? "") ? false : null);
    }

    /// <summary>With each term replaced by what it stands for.</summary>
    /// <exception cref="FormatException">A term is not defined, or stands for itself.</exception>
    internal Condition With(IReadOnlyDictionary<string, Condition> terms, ImmutableStack<string> within) =>
        Term is { } term
            ? !terms.TryGetValue(term, out var stands) || within.Contains(term) ? throw new FormatException($"the term {term} is not defined, or stands for itself") : stands.With(terms, within.Push(term)) with { Term = term }
            : this with { All = Each(All, terms, within), Any = Each(Any, terms, within), None = Each(None, terms, within) };

    /// <summary>Every input that this condition looks at.</summary>
    public IEnumerable<string> Inputs() =>
        (All ?? []).Concat(Any ?? []).Concat(None ?? []).SelectMany(c => c.Inputs()).Concat(Input is null ? [] : [Input]);

    /// <summary>Null when it is one question and a whole one.</summary>
    internal string? Fault()
    {
        var parts = new[] { All, Any, None }.OfType<ImmutableArray<Condition>>().ToList();
        var tests = new[] { Is is not null, In is not null, Includes is not null, IncludesAny is not null, AtLeast is not null || AtMost is not null || Below is not null, Stated is not null }.Count(set => set);
        return parts.Count == 1 && Input is null && tests == 0 ? parts[0].IsDefaultOrEmpty ? "an all, any or none without parts" : parts[0].Select(p => p.Fault()).FirstOrDefault(f => f is not null)
            : parts.Count == 0 && Input is not null && tests == 1 ? IncludesAny?.IsDefaultOrEmpty == true ? "an includes_any without codes" : null
            : "a condition that is not exactly one of all, any, none, or an input with one test";
    }

    private bool? Tests(string? answer)
    {
        if (Stated is { } stated)
        {
            return stated == (answer is not null);
        }

        if (answer is null)
        {
            return null;
        }

        if (answer == Question.Unknown)
        {
            return Is == answer || Includes == answer || In?.Contains(answer) == true || IncludesAny?.Contains(answer) == true ? true : null;
        }

        if (Is is not null)
        {
            return answer == Is;
        }

        if (In is { } any)
        {
            return any.Contains(answer);
        }

        if (Includes is not null || IncludesAny is not null)
        {
            return Stands(answer) ? true : Names(answer, Question.Unknown) ? null : false;
        }

        return !decimal.TryParse(answer, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? null
            : (AtLeast is null || number >= AtLeast) && (AtMost is null || number <= AtMost) && (Below is null || number < Below);
    }

    private bool Stands(string answer)
    {
        if (Includes is not null)
        {
            return Names(answer, Includes);
        }

        foreach (var code in IncludesAny ?? [])
        {
            if (Names(answer, code))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The code stands among the codes of an answer.</summary>
    private static bool Names(string answer, string code)
    {
        for (var at = answer.IndexOf(code, StringComparison.Ordinal); at >= 0; at = answer.IndexOf(code, at + 1, StringComparison.Ordinal))
        {
            var end = at + code.Length;
            if ((at == 0 || answer[at - 1] == Separator) && (end == answer.Length || answer[end] == Separator))
            {
                return true;
            }
        }

        return false;
    }

    private static bool? And(ImmutableArray<Condition> parts, IReadOnlyDictionary<string, string> answers, Func<string, bool> silent)
    {
        bool? whole = true;
        foreach (var part in parts)
        {
            switch (part.Holds(answers, silent))
            {
                case false:
                    return false;
                case null:
                    whole = null;
                    break;
            }
        }

        return whole;
    }

    private static bool? Or(ImmutableArray<Condition> parts, IReadOnlyDictionary<string, string> answers, Func<string, bool> silent)
    {
        bool? whole = false;
        foreach (var part in parts)
        {
            switch (part.Holds(answers, silent))
            {
                case true:
                    return true;
                case null:
                    whole = null;
                    break;
            }
        }

        return whole;
    }

    private static bool Nothing(string input) => false;

    private static ImmutableArray<Condition>? Each(ImmutableArray<Condition>? parts, IReadOnlyDictionary<string, Condition> terms, ImmutableStack<string> within) =>
        parts is { IsDefault: false } known ? [.. known.Select(c => c.With(terms, within))] : parts;
}
