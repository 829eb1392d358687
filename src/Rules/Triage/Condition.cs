using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>
/// What a row asks of the answers. Three values: yes, no, not known. Only a yes decides, and "not known" never becomes a no,
/// not even under <see cref="None"/>. Exactly one member is set, beside <see cref="Input"/> or <see cref="Sum"/> with its test.
/// </summary>
/// <param name="Term">Name of a condition that the protocol has defined once and uses in several rows; it stays as a name beside what it stands for.</param>
/// <param name="Sum">Inputs whose numbers are added up, as a questionnaire's items are. While one is missing the sum is not known: none is made up.</param>
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
    decimal? Above = null,
    bool? Stated = null,
    string? Term = null,
    ImmutableArray<string>? Sum = null)
{
    public const char Separator = '|';

    private readonly FrozenSet<string>? anyOf = IncludesAny is { IsDefault: false } codes ? codes.ToFrozenSet(StringComparer.Ordinal) : null;

    /// <summary>True, false, or null where the answers do not say.</summary>
    public bool? Holds(IReadOnlyDictionary<string, string> answers) => Holds(new GivenAnswers(answers, judged: true));

    internal bool? Holds(GivenAnswers answers) => Holds(answers, Nothing);

    /// <param name="silent">Whether an input says nothing where it is not known: a device that is not at home, a question that does not apply.</param>
    internal bool? Holds(GivenAnswers answers, Func<string, bool> silent)
    {
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

        if (Sum is { } items)
        {
            return Total(items, answers) is { } total ? Within(total) : items.All(i => answers.Of(i)?.Number is not null || silent(i)) ? false : null;
        }

        return Tests(answers.Of(Input ?? "")) ?? (silent(Input ?? "") ? false : null);
    }

    /// <summary>With each term replaced by what it stands for.</summary>
    /// <exception cref="FormatException">A term is not defined, or stands for itself.</exception>
    internal Condition With(IReadOnlyDictionary<string, Condition> terms, ImmutableStack<string> within) =>
        Term is { } term
            ? !terms.TryGetValue(term, out var stands) || within.Contains(term) ? throw new FormatException($"the term {term} is not defined, or stands for itself") : stands.With(terms, within.Push(term)) with { Term = term }
            : this with { All = Each(All, terms, within), Any = Each(Any, terms, within), None = Each(None, terms, within) };

    /// <summary>Every input that this condition looks at.</summary>
    public IEnumerable<string> Inputs() =>
        (All ?? []).Concat(Any ?? []).Concat(None ?? []).SelectMany(c => c.Inputs()).Concat(Sum ?? []).Concat(Input is null ? [] : [Input]);

    /// <summary>Null when it is one question and a whole one.</summary>
    internal string? Fault()
    {
        var parts = new[] { All, Any, None }.OfType<ImmutableArray<Condition>>().ToList();
        var tests = new[] { Is is not null, In is not null, Includes is not null, IncludesAny is not null, Numeric, Stated is not null }.Count(set => set);
        return parts.Count == 1 && Input is null && tests == 0 ? parts[0].IsDefaultOrEmpty ? "an all, any or none without parts" : parts[0].Select(p => p.Fault()).FirstOrDefault(f => f is not null)
            : Sum is { } items ? parts.Count == 0 && Input is null && tests == 1 && Numeric && !items.IsDefaultOrEmpty ? null : "a sum that is not of inputs with one test of its number"
            : parts.Count == 0 && Input is not null && tests == 1 ? IncludesAny?.IsDefaultOrEmpty == true ? "an includes_any without codes" : null
            : "a condition that is not exactly one of all, any, none, or an input with one test";
    }

    private bool Numeric => AtLeast is not null || AtMost is not null || Below is not null || Above is not null;

    private bool Within(decimal number) =>
        (AtLeast is null || number >= AtLeast) && (AtMost is null || number <= AtMost) && (Below is null || number < Below) && (Above is null || number > Above);

    private static decimal? Total(ImmutableArray<string> items, GivenAnswers answers) => items.Aggregate((decimal?)0, (sum, item) => sum + answers.Of(item)?.Number);

    private bool? Tests(GivenAnswer? answer)
    {
        if (Stated is { } stated)
        {
            return stated == (answer is not null);
        }

        if (answer is null)
        {
            return null;
        }

        if (answer.IsUnknown)
        {
            return Is == answer.Text || Includes == answer.Text || In?.Contains(answer.Text) == true || IncludesAny?.Contains(answer.Text) == true ? true : null;
        }

        if (Is is not null)
        {
            return answer.Text == Is;
        }

        if (In is { } any)
        {
            return any.Contains(answer.Text);
        }

        if (Includes is not null || IncludesAny is not null)
        {
            return Stands(answer.Codes) ? true : answer.Doubts ? null : false;
        }

        return answer.Number is { } number ? Within(number) : null;
    }

    private bool Stands(string[] codes)
    {
        foreach (var code in codes)
        {
            if (anyOf?.Contains(code) ?? code == Includes)
            {
                return true;
            }
        }

        return false;
    }

    private static bool? And(ImmutableArray<Condition> parts, GivenAnswers answers, Func<string, bool> silent)
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

    private static bool? Or(ImmutableArray<Condition> parts, GivenAnswers answers, Func<string, bool> silent)
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
