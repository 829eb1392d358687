using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Triage;

/// <summary>Words of danger found in free text. They raise at once; they never decide alone.</summary>
/// <param name="Crisis">A wish to die or to harm: a human at once.</param>
/// <param name="Words">The person's own words.</param>
public sealed record Danger(string Code, bool Crisis, string Words);

/// <summary>A fact that a story seems to hold, with the person's own words, to be confirmed by them.</summary>
public sealed record Reading(string Code, string Value, string Quote);

/// <summary>The words, as data: <c>protocols/lexicon.json</c>. Zh and En lists are looked for in any text, for people mix languages.</summary>
public sealed record LexiconFile(
    string Version,
    int NegationReach,
    ImmutableArray<string> Negations,
    ImmutableArray<string> NotDanger,
    ImmutableArray<DangerWords> Dangers,
    ImmutableArray<ReadingWords> Readings);

public sealed record DangerWords(string Code, bool Crisis, ImmutableArray<string> Zh, ImmutableArray<string> En);

/// <param name="Negated">The value when the words stand under a negation; null: then nothing is read.</param>
public sealed record ReadingWords(string Code, string Value, string? Negated, ImmutableArray<string> Zh, ImmutableArray<string> En);

public sealed class Lexicon
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private readonly LexiconFile file;

    private Lexicon(LexiconFile file) => this.file = file;

    public string Version => file.Version;

    /// <exception cref="JsonException">A member is unknown, or a list is missing.</exception>
    public static Lexicon Parse(string json)
    {
        var file = JsonSerializer.Deserialize<LexiconFile>(json, Strict) ?? throw new JsonException("The lexicon is empty.");
        return file.Dangers.IsDefaultOrEmpty || file.Negations.IsDefaultOrEmpty || file.NotDanger.IsDefault || file.Readings.IsDefault
            ? throw new JsonException("The lexicon lacks dangers, negations, not_danger or readings.")
            : new Lexicon(file);
    }

    /// <summary>Each danger once, in the order of the file: the gravest stands first there.</summary>
    public IReadOnlyList<Danger> Dangers(string text)
    {
        var plain = Plain(text);
        var found = new List<Danger>();
        foreach (var danger in file.Dangers)
        {
            if (danger.Zh.Concat(danger.En).Select(words => Find(plain, words, negated: false)).FirstOrDefault(at => at is not null) is { } place)
            {
                found.Add(new Danger(danger.Code, danger.Crisis, text.Substring(place.Start, place.Length)));
            }
        }

        return found;
    }

    /// <summary>What the text seems to say, for confirmation. A denial is read as a denial, and what is not said is not read.</summary>
    public IReadOnlyList<Reading> Read(string text)
    {
        var plain = Plain(text);
        var read = new List<Reading>();
        foreach (var words in file.Readings)
        {
            foreach (var word in words.Zh.Concat(words.En))
            {
                if (Find(plain, word, negated: false) is { } said)
                {
                    read.Add(new Reading(words.Code, words.Value, text.Substring(said.Start, said.Length)));
                    break;
                }

                if (words.Negated is { } denied && Find(plain, word, negated: true) is { } place)
                {
                    read.Add(new Reading(words.Code, denied, text.Substring(place.Start, place.Length)));
                    break;
                }
            }
        }

        return read;
    }

    /// <summary>Small letters, and phrases that only sound dangerous blanked out; every character keeps its place.</summary>
    private string Plain(string text)
    {
        var plain = (text ?? "").ToLowerInvariant().Replace('’', '\'');
        foreach (var harmless in file.NotDanger)
        {
            plain = plain.Replace(harmless, new string(' ', harmless.Length), StringComparison.Ordinal);
        }

        return plain;
    }

    private (int Start, int Length)? Find(string plain, string words, bool negated)
    {
        for (var at = plain.IndexOf(words, StringComparison.Ordinal); at >= 0; at = plain.IndexOf(words, at + 1, StringComparison.Ordinal))
        {
            if (IsWord(plain, at, words) && IsNegated(plain, at) == negated)
            {
                return (at, words.Length);
            }
        }

        return null;
    }

    /// <summary>English words are matched whole: "fit" is not in "fitness".</summary>
    private static bool IsWord(string plain, int at, string words) =>
        !char.IsAsciiLetter(words[0])
        || ((at == 0 || !char.IsAsciiLetter(plain[at - 1])) && (at + words.Length == plain.Length || !char.IsAsciiLetter(plain[at + words.Length])));

    /// <summary>A negation shortly before, in the same clause.</summary>
    private bool IsNegated(string plain, int at)
    {
        var from = Math.Max(0, at - file.NegationReach);
        var before = plain[from..at];
        var clause = before.LastIndexOfAny([',', '，', '.', '。', ';', '；', '!', '！', '?', '？', '\n']);
        before = before[(clause + 1)..];
        return file.Negations.Any(n => before.Contains(n, StringComparison.Ordinal));
    }
}
