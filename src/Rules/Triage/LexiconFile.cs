using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Triage;

/// <summary>
/// The words, as data: <c>protocols/lexicon.json</c>. Zh and En lists are looked for in any text, for people mix languages.
/// "(a|b)" stands for either, and "a~b" for both in this order within one clause, no further apart than <see cref="Apart"/>.
/// </summary>
/// <param name="Negations">What stands around words and takes away that they are said of this person now.</param>
/// <param name="Fillers">May stand between a denial and a word of crisis: "not [thinking of] ...". Anything else there ends the denial.</param>
/// <param name="NotNegations">Phrases that hold a word of denial and deny nothing: "not feeling well".</param>
/// <param name="Breaks">What ends a clause.</param>
/// <param name="Lists">How signs are strung together, so that one denial counts for all of them.</param>
/// <param name="NotDanger">Phrases that only sound dangerous.</param>
/// <param name="NotSaid">Phrases that hold a word of a sign and mean another thing: "runny nose" is not "runny stool".</param>
/// <param name="Digits">Number words, longest first.</param>
/// <param name="Calendar">Words for days.</param>
/// <param name="Dates">What such a day says.</param>
public sealed record LexiconFile(
    string Version,
    Distances Apart,
    ImmutableArray<Negation> Negations,
    ImmutableArray<string> Fillers,
    ImmutableArray<string> NotNegations,
    ImmutableArray<string> Breaks,
    ListWords Lists,
    ImmutableArray<string> NotDanger,
    ImmutableArray<string> NotSaid,
    ImmutableArray<DangerWords> Dangers,
    ImmutableArray<ReadingWords> Readings,
    ImmutableArray<MeasureWords> Measures,
    ImmutableDictionary<string, decimal> Digits,
    Calendar Calendar,
    ImmutableArray<DateWords> Dates)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <exception cref="JsonException">A member is unknown, a list is missing, or a pattern is not one.</exception>
    public static LexiconFile Parse(string json)
    {
        var file = JsonSerializer.Deserialize<LexiconFile>(json, Strict) ?? throw new JsonException("The lexicon is empty.");
        return file.Fault() is { } fault ? throw new JsonException($"The lexicon {fault}") : file;
    }

    private string? Fault() =>
        Dangers.IsDefaultOrEmpty || Negations.IsDefaultOrEmpty || Breaks.IsDefaultOrEmpty || Fillers.IsDefault || NotNegations.IsDefault
            || NotDanger.IsDefault || NotSaid.IsDefault || Readings.IsDefault || Measures.IsDefault || Digits is null || Apart is null || Lists?.IsWhole != true || Dates.IsDefault || Calendar?.IsWhole != true ? "lacks a list."
        : Dangers.Any(d => d.Zh.IsDefaultOrEmpty || d.En.IsDefaultOrEmpty) ? "has a danger without words in both languages."
        : Readings.FirstOrDefault(r => r.Zh.IsDefault || r.En.IsDefault) is { } bare ? $"has no lists of words for {bare.Code}."
        : Dangers.SelectMany(d => d.Zh.Concat(d.En)).Concat(Readings.SelectMany(r => r.Zh.Concat(r.En))).FirstOrDefault(w => !PhraseShape.Of(w).IsWhole) is { } broken ? $"has words that are none: '{broken}'."
        : Measures.FirstOrDefault(m => !MeasureWords.IsPattern(m.Pattern)) is { } wrong ? $"has a pattern for {wrong.Code} that is not one with a group 'whole'."
        : null;
}

/// <summary>How far apart, in characters, the two halves of "a~b" may stand.</summary>
public sealed record Distances(int Zh, int En);

/// <summary>What the words around a sign make of it.</summary>
public enum Sense
{
    /// <summary>Said of this person, now.</summary>
    Said,

    Denied,

    /// <summary>Only supposed or feared ("what if", "on the news"): neither said nor denied.</summary>
    Supposed,

    /// <summary>Of somebody else.</summary>
    Other,

    /// <summary>Of an earlier time.</summary>
    Past,

    /// <summary>Of this illness, some days ago: a sign counts, a number only where there is no later one.</summary>
    Earlier,

    /// <summary>A number that is only a limit: "not yet 37.3".</summary>
    Limit,
}

/// <param name="Reach">In characters.</param>
/// <param name="After">The words stand behind the sign ("cough: none"), not before.</param>
/// <param name="Signs">Only signs are changed by them: words of danger raise all the same.</param>
public sealed record Negation(int Reach, ImmutableArray<string> Words, Sense Means = Sense.Denied, bool After = false, bool Signs = false);

/// <param name="Joins">Between two signs, both share what was said before the first: "no cough or chills".</param>
/// <param name="And">The same, but a denial is not shared: "no fever and a cough".</param>
/// <param name="Loose">The same, but only where the list is closed by an "or" or by <paramref name="Closers"/>.</param>
public sealed record ListWords(ImmutableArray<string> Joins, ImmutableArray<string> And, ImmutableArray<string> Loose, ImmutableArray<string> Or, ImmutableArray<string> Closers)
{
    internal bool IsWhole => !Joins.IsDefault && !And.IsDefault && !Loose.IsDefault && !Or.IsDefault && !Closers.IsDefault;
}

public sealed record DangerWords(string Code, bool Crisis, ImmutableArray<string> Zh, ImmutableArray<string> En);

/// <param name="Value">The value when the words are said; null: then nothing is read.</param>
/// <param name="Negated">The value when the words stand under a negation; null: then nothing is read.</param>
/// <param name="Past">The code that is read instead when the words are only said of an earlier time.</param>
/// <param name="Implies">More general codes that are read along with a yes.</param>
/// <param name="Replaces">Codes that a yes to this one takes back.</param>
/// <param name="Unless">Words that, anywhere in the story, stop this reading.</param>
/// <param name="Counts">What else counts as said: an illness once had, contact with somebody else.</param>
public sealed record ReadingWords(
    string Code,
    ImmutableArray<string> Zh,
    ImmutableArray<string> En,
    string? Value = "yes",
    string? Negated = "no",
    string? Past = null,
    ImmutableArray<string>? Implies = null,
    ImmutableArray<string>? Replaces = null,
    ImmutableArray<string>? Unless = null,
    ImmutableArray<Sense>? Counts = null);
