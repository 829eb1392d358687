using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Yizhen.Rules.Triage;

/// <summary>Words close to a number or a day.</summary>
/// <param name="Reach">How far away, in characters. No comma or other sign stands between, save behind a word that takes a number away.</param>
public sealed record CloseBy(int Reach, ImmutableArray<string>? Before = null, ImmutableArray<string>? After = null);

public sealed record ImpliedSign(string Code, decimal AtLeast);

/// <summary>A number in a story. The value is (number - <paramref name="Less"/>) * <paramref name="Times"/>, and is read only where plausible.</summary>
/// <param name="Pattern">A regular expression with the group "whole" and perhaps "part", the decimal behind a unit as in 37度6.</param>
/// <param name="Decimals">To how many the value is rounded.</param>
/// <param name="Lowest">Of several the lowest is asked back (oxygen), else the highest (temperature).</param>
/// <param name="Needs">Any of these stands in every story in which there is something to find; null: always looked for.</param>
/// <param name="Value">Read instead of the number, where the number is plausible.</param>
/// <param name="Not">Words beside which it is another number: "隔离了14天", "38.2 g/L".</param>
/// <param name="NotAfter">Characters right behind which it is another number.</param>
/// <param name="NotBefore">Characters right before which it is another number.</param>
/// <param name="Implies">A code that is read along with a number that is high enough.</param>
public sealed record MeasureWords(
    string Code,
    string Pattern,
    decimal Less,
    decimal Times,
    decimal Min,
    decimal Max,
    int Decimals,
    bool Lowest,
    ImmutableArray<string>? Needs = null,
    string? Value = null,
    ImpliedSign? Implies = null,
    CloseBy? Not = null,
    string NotAfter = "",
    string NotBefore = "")
{
    private static readonly string[] Looks = ["(?=", "(?!", "(?<=", "(?<!", "(?>", "\\k<"];

    /// <summary>Without backtracking, so that no story can make it slow.</summary>
    internal static Regex Compiled(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    internal static bool IsPattern(string pattern)
    {
        try
        {
            // Compiling for matching without backtracking costs a hundred times as much, so that is left to the first story that needs it.
            return !Looks.Any(look => pattern.Contains(look, StringComparison.Ordinal)) && new Regex(pattern, RegexOptions.CultureInvariant).GetGroupNames().Contains("whole");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
