using System.Collections.Immutable;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Yizhen.Rules.Regulation;

/// <summary>Words that look like an act which the mode does not allow everybody (notes, part B6).</summary>
/// <param name="Instead">What may be said in its place.</param>
/// <param name="Zh">Regular expressions over the reply, small letters; matched without backtracking. &lt;name&gt; stands for any of the words of that name.</param>
/// <param name="Unless">A match that begins within one of these in its sentence, or directly behind one, does not count: a question, "not ruled out".</param>
public sealed record GuardRule(string Id, Act Act, PolicyText Instead, ImmutableArray<string> Zh, ImmutableArray<string> En, ImmutableArray<string> Unless);

/// <param name="At">Where the quote begins in the reply.</param>
/// <param name="Quote">The words of the reply that matched, as they were written.</param>
/// <param name="Articles">Of the policy's act, for example CN-FV-06.</param>
public sealed record GuardFinding(string Rule, Act Act, int At, string Quote, PolicyText What, PolicyText Instead, ImmutableArray<string> Articles);

/// <summary>
/// Reads a reply before it is sent. Whoever is not a physician cannot send what is found; a physician is warned, sees the article and may go on,
/// which is a fact. It reads patterns and understands nothing: silence is no permission.
/// </summary>
/// <param name="Words">Lists that several patterns share, for example illnesses; a list may name another.</param>
public sealed partial record ReplyGuard(string Id, string Version, string About, ImmutableDictionary<string, ImmutableArray<string>> Words, ImmutableArray<GuardRule> Rules)
{
    private ImmutableArray<Reader> readers = [];

    [JsonIgnore]
    public string Stamp => $"{Id}@{Version}";

    /// <exception cref="FormatException">Not a reply guard: the sentence says what is wrong.</exception>
    public static ReplyGuard Read(string json)
    {
        var guard = PolicyFile.Read<ReplyGuard>(json, g =>
            g.Id.Length == 0 || g.Version.Length == 0 ? "a reply guard has an id and a version."
            : g.Rules.IsDefaultOrEmpty || !PolicyFile.EachOnce(g.Rules.Select(r => r.Id), g.Rules.Select(r => r.Id).Distinct()) ? "each rule stands in it once."
            : g.Rules.FirstOrDefault(r => r.Instead.IsEmpty || r.Zh.IsDefaultOrEmpty || r.En.IsDefaultOrEmpty || r.Unless.IsDefault) is { } rule ? $"'{rule.Id}' needs patterns and words in both languages."
            : g.Words.Values.Any(w => w.IsDefaultOrEmpty) ? "a list of words is empty."
            : null);
        try
        {
            return guard with { readers = [.. guard.Rules.Select(r => new Reader(r, guard.Words))] };
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"A policy cannot be used: {guard.Stamp} has a pattern that is not one. {wrong.Message}", wrong);
        }
    }

    /// <summary>What in the reply this person may not say by the policy in force; empty where nothing was found.</summary>
    public ImmutableArray<GuardFinding> Look(string text, LightConsultation policy, bool physician)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(policy);
        var small = text.ToLowerInvariant();
        var forbidden = readers.Where(r => !policy.Allows(r.Rule.Act, physician)).ToList();
        var found = new List<(Reader Reader, int At, int Length)>();
        foreach (var (from, to) in Sentences(small))
        {
            var sentence = small.AsSpan(from, to - from);
            var (zh, en) = (sentence.ContainsAnyExceptInRange('\0', '\x7f'), sentence.ContainsAnyInRange('a', 'z'));
            foreach (var reader in forbidden)
            {
                if (!found.Exists(f => f.Reader == reader) && reader.Find(sentence, zh, en) is var (at, length))
                {
                    found.Add((reader, from + at, length));
                }
            }
        }

        return [.. from f in found
            let act = policy.Acts.First(a => a.Act == f.Reader.Rule.Act)
            select new GuardFinding(f.Reader.Rule.Id, act.Act, f.At, text.Substring(f.At, f.Length), act.Text, f.Reader.Rule.Instead, act.Articles)];
    }

    /// <summary>Each with its end mark. A point between digits ends nothing.</summary>
    private static IEnumerable<(int From, int To)> Sentences(string small)
    {
        var from = 0;
        for (var at = 0; at < small.Length; at++)
        {
            if (small[at] is '。' or '！' or '!' or '？' or '?' or '\n' || at == small.Length - 1 || (small[at] == '.' && char.IsWhiteSpace(small[at + 1])))
            {
                yield return (from, at + 1);
                from = at + 1;
            }
        }
    }

    private static Regex Compiled(IEnumerable<string> patterns, ImmutableDictionary<string, ImmutableArray<string>> words) =>
        new(string.Join('|', patterns.Select(p => Filled(p, words, []))), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <exception cref="ArgumentException">A list of words is missing, or names itself.</exception>
    private static string Filled(string pattern, ImmutableDictionary<string, ImmutableArray<string>> words, ImmutableHashSet<string> within) =>
        Placeholder().Replace(pattern, place =>
        {
            var name = place.Groups["name"].Value;
            return words.TryGetValue(name, out var list) && !within.Contains(name)
                ? $"(?:{string.Join('|', list.Select(word => Filled(word, words, within.Add(name))))})"
                : throw new ArgumentException($"The words <{name}> are missing, or name themselves.", nameof(pattern));
        });

    /// <summary>All patterns of a rule and language are one expression, so that a sentence is read a few times and not a hundred.</summary>
    private sealed class Reader(GuardRule rule, ImmutableDictionary<string, ImmutableArray<string>> words)
    {
        private readonly Regex zhSaid = Compiled(rule.Zh, words);
        private readonly Regex enSaid = Compiled(rule.En, words);
        private readonly Regex? unless = rule.Unless.IsEmpty ? null : Compiled(rule.Unless, words);

        public GuardRule Rule => rule;

        public (int At, int Length)? Find(ReadOnlySpan<char> sentence, bool zh, bool en) =>
            (zh ? First(zhSaid, sentence) : null) ?? (en ? First(enSaid, sentence) : null);

        private (int At, int Length)? First(Regex said, ReadOnlySpan<char> sentence)
        {
            foreach (var match in said.EnumerateMatches(sentence))
            {
                if (!Spared(sentence, match.Index))
                {
                    return (match.Index, match.Length);
                }
            }

            return null;
        }

        private bool Spared(ReadOnlySpan<char> sentence, int at)
        {
            foreach (var match in unless is null ? default : unless.EnumerateMatches(sentence))
            {
                if (match.Index > at)
                {
                    return false;
                }

                if (match.Index + match.Length >= at)
                {
                    return true;
                }
            }

            return false;
        }
    }

    [GeneratedRegex("<(?<name>[a-z_]+)>")]
    private static partial Regex Placeholder();
}
