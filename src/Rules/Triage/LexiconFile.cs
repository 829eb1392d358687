using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Yizhen.Rules.Triage;

/// <summary>The words, as data: <c>protocols/lexicon.json</c>. Zh and En lists are looked for in any text, for people mix languages.</summary>
/// <param name="Fillers">May stand between a denial and a word of crisis: "not [thinking of] ...". Anything else there ends the denial.</param>
/// <param name="NotNegations">Phrases that hold a word of denial and deny nothing: "not feeling well".</param>
/// <param name="Breaks">What ends a clause.</param>
/// <param name="NotDanger">Phrases that only sound dangerous.</param>
/// <param name="Digits">Number words, longest first.</param>
public sealed record LexiconFile(
    string Version,
    ImmutableArray<Negation> Negations,
    ImmutableArray<string> Fillers,
    ImmutableArray<string> NotNegations,
    ImmutableArray<string> Breaks,
    ImmutableArray<string> NotDanger,
    ImmutableArray<DangerWords> Dangers,
    ImmutableArray<ReadingWords> Readings,
    ImmutableArray<MeasureWords> Measures,
    ImmutableDictionary<string, decimal> Digits)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="JsonException">A member is unknown, a list is missing, or a pattern is not one.</exception>
    public static LexiconFile Parse(string json)
    {
        var file = JsonSerializer.Deserialize<LexiconFile>(json, Strict) ?? throw new JsonException("The lexicon is empty.");
        return file.Fault() is { } fault ? throw new JsonException($"The lexicon {fault}") : file;
    }

    private string? Fault() =>
        Dangers.IsDefaultOrEmpty || Negations.IsDefaultOrEmpty || Breaks.IsDefaultOrEmpty || Fillers.IsDefault || NotNegations.IsDefault
            || NotDanger.IsDefault || Readings.IsDefault || Measures.IsDefault || Digits is null ? "lacks a list."
        : Dangers.Any(d => d.Zh.IsDefaultOrEmpty || d.En.IsDefaultOrEmpty) ? "has a danger without words in both languages."
        : Measures.FirstOrDefault(m => !m.IsPattern()) is { } wrong ? $"has a pattern for {wrong.Code} that is not one with a group 'whole'."
        : null;
}

/// <param name="Reach">In characters.</param>
/// <param name="Supposes">It only supposes ("what if", "on the news"): what follows is neither said nor denied.</param>
public sealed record Negation(int Reach, ImmutableArray<string> Words, bool Supposes = false);

public sealed record DangerWords(string Code, bool Crisis, ImmutableArray<string> Zh, ImmutableArray<string> En);

/// <param name="Negated">The value when the words stand under a negation; null: then nothing is read.</param>
public sealed record ReadingWords(string Code, string Value, string? Negated, ImmutableArray<string> Zh, ImmutableArray<string> En);

/// <summary>A number in a story. The value is (number - <paramref name="Less"/>) * <paramref name="Times"/>, and is read only where plausible.</summary>
/// <param name="Pattern">A regular expression with the group "whole" and perhaps "part", the decimal behind a unit as in 37度6.</param>
/// <param name="Decimals">To how many the value is rounded.</param>
/// <param name="Lowest">Of several the lowest is asked back (oxygen), else the highest (temperature).</param>
public sealed record MeasureWords(string Code, string Pattern, decimal Less, decimal Times, decimal Min, decimal Max, int Decimals, bool Lowest)
{
    /// <summary>Without backtracking, so that no story can make it slow.</summary>
    internal Regex Compiled() => new(Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    internal bool IsPattern()
    {
        try
        {
            return Compiled().GetGroupNames().Contains("whole");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
