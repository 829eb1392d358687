using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Triage;

/// <summary>
/// What a row asks of the answers. Three values: yes, no, not known. Only a yes decides, and "not known" never becomes a no,
/// not even under <see cref="None"/>. Exactly one member is set, beside <see cref="Input"/> with its test.
/// </summary>
public sealed record Condition(
    ImmutableArray<Condition>? All = null,
    ImmutableArray<Condition>? Any = null,
    ImmutableArray<Condition>? None = null,
    string? Input = null,
    string? Is = null,
    ImmutableArray<string>? In = null,
    string? Includes = null,
    decimal? AtLeast = null,
    decimal? AtMost = null,
    decimal? Below = null,
    bool? Stated = null)
{
    public const char Separator = '|';

    /// <summary>True, false, or null where the answers do not say.</summary>
    public bool? Holds(IReadOnlyDictionary<string, string> answers) => Holds(answers, []);

    /// <param name="silent">Inputs that say nothing where they are not known: a device that is not at home, a question that does not apply.</param>
    internal bool? Holds(IReadOnlyDictionary<string, string> answers, IReadOnlyCollection<string> silent)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (All is { } all)
        {
            return And(all.Select(c => c.Holds(answers, silent)));
        }

        if (Any is { } any)
        {
            return Or(any.Select(c => c.Holds(answers, silent)));
        }

        if (None is { } none)
        {
            return !Or(none.Select(c => c.Holds(answers, silent)));
        }

        return Tests(answers.GetValueOrDefault(Input ?? "")) ?? (silent.Contains(Input) ? false : null);
    }

    /// <summary>Every input that this condition looks at.</summary>
    public IEnumerable<string> Inputs() =>
        (All ?? []).Concat(Any ?? []).Concat(None ?? []).SelectMany(c => c.Inputs()).Concat(Input is null ? [] : [Input]);

    /// <summary>Null when it is one question and a whole one.</summary>
    internal string? Fault()
    {
        var parts = new[] { All, Any, None }.OfType<ImmutableArray<Condition>>().ToList();
        var tests = new[] { Is is not null, In is not null, Includes is not null, AtLeast is not null || AtMost is not null || Below is not null, Stated is not null }.Count(set => set);
        return parts.Count == 1 && Input is null && tests == 0 ? parts[0].IsDefaultOrEmpty ? "an all, any or none without parts" : parts[0].Select(p => p.Fault()).FirstOrDefault(f => f is not null)
            : parts.Count == 0 && Input is not null && tests == 1 ? null
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
            return Is == answer || Includes == answer || In?.Contains(answer) == true ? true : null;
        }

        if (Is is not null)
        {
            return answer == Is;
        }

        if (In is { } any)
        {
            return any.Contains(answer);
        }

        if (Includes is not null)
        {
            var stands = answer.Split(Separator);
            return stands.Contains(Includes) ? true : stands.Contains(Question.Unknown) ? null : false;
        }

        return !decimal.TryParse(answer, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? null
            : (AtLeast is null || number >= AtLeast) && (AtMost is null || number <= AtMost) && (Below is null || number < Below);
    }

    private static bool? And(IEnumerable<bool?> parts)
    {
        bool? whole = true;
        foreach (var part in parts)
        {
            if (part == false)
            {
                return false;
            }

            whole = part is null ? null : whole;
        }

        return whole;
    }

    private static bool? Or(IEnumerable<bool?> parts)
    {
        bool? whole = false;
        foreach (var part in parts)
        {
            if (part == true)
            {
                return true;
            }

            whole = part is null ? null : whole;
        }

        return whole;
    }
}
