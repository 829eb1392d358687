using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Information;

/// <summary>Words in both languages; people mix them, so both are looked for in any text.</summary>
public sealed record WordLists(ImmutableArray<string> Zh, ImmutableArray<string> En)
{
    [JsonIgnore]
    public IEnumerable<string> Both => Zh.Concat(En);
}

/// <summary>Words that mean the same: a question says one of them, an entry another.</summary>
/// <param name="Weight">Above 0; 1 counts as any other.</param>
public sealed record Concept(string Id, ImmutableArray<string> Zh, ImmutableArray<string> En, double Weight = 1);

/// <param name="From">Degrees Celsius, included.</param>
/// <param name="To">Degrees Celsius, not included.</param>
public sealed record TemperatureBand(string Concept, decimal From, decimal To);

/// <summary>How the two lengths divide a match: each between 0 and 1, together below 1, so that whoever matches in more words ranks higher.</summary>
public sealed record Powers(double Entry, double Text);

/// <summary>How many characters before a word a denial may stand.</summary>
public sealed record Reaches(int Zh, int En);

/// <param name="Sound">Of a word that is only spelled alike in pinyin.</param>
/// <param name="Near">Of a word with one letter wrong.</param>
public sealed record FeatureWeights(double Concept, double Bigram, double Word, double Sound, double Near);

/// <summary>What the search knows of language, and where it falls silent, from <c>policies/library-words.json</c>. Nothing clinical is decided by it.</summary>
/// <param name="Threshold">Below it nothing is answered.</param>
/// <param name="Most">Answers shown at most.</param>
/// <param name="QuestionBoost">Of a part that asks; 1 or more.</param>
/// <param name="OutsideFactor">Of a text that names what the library does not cover; 0 to 1.</param>
/// <param name="BesideFactor">Of a text for each different word of another illness or part of the body that it names; 0 to 1.</param>
/// <param name="CoveredFactor">Of a text that names what the library is about; 1 or more.</param>
/// <param name="Window">So many clauses are read together at most.</param>
/// <param name="WindowLength">In characters.</param>
/// <param name="Degrees">What may stand after the whole degrees.</param>
/// <param name="NotNegations">Phrases that hold a word of denial and deny nothing.</param>
/// <param name="Dialects">Spelling, to what the library calls it.</param>
/// <param name="Outside">Words of what the library does not cover.</param>
/// <param name="Beside">Words of other illnesses and of parts of the body that a story may name beside what it asks: one says little, several say that it is about something else.</param>
/// <param name="Covered">The concept that the library is about.</param>
public sealed record SearchWords(
    string Version, double Threshold, int Most, double QuestionBoost, double OutsideFactor, double BesideFactor, double CoveredFactor, int Window, int WindowLength, Powers Power, FeatureWeights Weights,
    ImmutableArray<TemperatureBand> Temperatures, ImmutableDictionary<string, int> Digits, ImmutableArray<string> Degrees, ImmutableArray<Concept> Concepts,
    WordLists Negations, WordLists NotNegations, Reaches Reach, WordLists Questions, ImmutableArray<string> Breaks, WordLists Stop, ImmutableDictionary<string, string> Dialects, WordLists Outside, WordLists Beside, string Covered)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="JsonException">A member is unknown, a list is missing, or a number is out of its range.</exception>
    public static SearchWords Parse(string json)
    {
        var words = JsonSerializer.Deserialize<SearchWords>(json, Strict) ?? throw new JsonException("The words of the library are empty.");
        return words is { Threshold: > 0, Most: >= 1, QuestionBoost: >= 1, OutsideFactor: >= 0 and <= 1, BesideFactor: >= 0 and <= 1, CoveredFactor: >= 1, Window: >= 1, WindowLength: >= 1, Power: { Entry: >= 0, Text: >= 0 } power, Weights: not null }
            && power.Entry + power.Text < 1 && !words.Concepts.IsDefaultOrEmpty && !words.Breaks.IsDefaultOrEmpty && !words.Temperatures.IsDefault && !words.Degrees.IsDefault
            && words.Concepts.All(c => c is { Weight: > 0, Zh.IsDefault: false, En.IsDefault: false }) && words.Concepts.Any(c => c.Id == words.Covered)
            ? words
            : throw new JsonException("The words of the library lack a list, or a number is out of its range.");
    }
}

/// <summary>How characters sound, without tones, from <c>policies/pinyin.json</c>: each syllable with its characters.</summary>
public sealed record Pinyin(string Version, ImmutableDictionary<string, string> Syllables)
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true };

    private readonly Lazy<Dictionary<char, string>> sounds = new(() => Syllables.SelectMany(s => s.Value.Select(c => (c, s.Key))).DistinctBy(p => p.c).ToDictionary(p => p.c, p => p.Key));

    /// <exception cref="JsonException">It is no such table.</exception>
    public static Pinyin Parse(string json) => JsonSerializer.Deserialize<Pinyin>(json, Snake) is { Syllables: not null } read ? read : throw new JsonException("The table of pinyin is empty.");

    /// <summary>Null where a character has no known sound.</summary>
    public string? Of(ReadOnlySpan<char> characters)
    {
        var sound = "";
        foreach (var c in characters)
        {
            if (!sounds.Value.TryGetValue(c, out var one))
            {
                return null;
            }

            sound += one;
        }

        return sound;
    }
}
