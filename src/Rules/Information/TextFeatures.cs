using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Information;

/// <summary>What a piece of text is about, each with how much it weighs: concepts, pairs of Chinese characters, English words.</summary>
internal sealed class TextFeatures
{
    private const int ShortestSound = 6;
    private const int ShortestNearSound = 8;
    private const int ShortestWord = 5;
    private const int LongestSpoken = 4;

    private readonly SearchWords words;
    private readonly Pinyin pinyin;
    private readonly ILookup<string, Concept> spoken;
    private readonly ImmutableArray<string> names;
    private readonly WordFinder finder;
    private readonly WordFinder negations;
    private readonly ILookup<string, string> bySound;
    private readonly OneLetterOff sounds;
    private readonly OneLetterOff spelling;
    private readonly HashSet<string> stop;

    /// <param name="vocabulary">English words of the library: a typed one is compared with them and with those of the concepts.</param>
    public TextFeatures(SearchWords words, Pinyin pinyin, IEnumerable<string> vocabulary)
    {
        (this.words, this.pinyin) = (words, pinyin);
        spoken = words.Concepts.SelectMany(c => c.Zh.Concat(c.En).Distinct().Select(w => (Word: w, Concept: c))).ToLookup(s => s.Word, s => s.Concept, StringComparer.Ordinal);
        names = [.. spoken.Select(s => s.Key)];
        finder = new WordFinder(names);
        negations = new WordFinder([.. words.Negations.Both.Distinct()]);
        bySound = words.Concepts.SelectMany(c => c.Zh.Where(w => w.Length > 1).Select(w => (Sound: pinyin.Of(w), c.Id))).Where(s => s.Sound?.Length >= ShortestSound).ToLookup(s => s.Sound ?? "", s => s.Id);
        sounds = new OneLetterOff(bySound.Select(s => s.Key), ShortestNearSound);
        stop = words.Stop.Both.ToHashSet(StringComparer.Ordinal);
        spelling = new OneLetterOff(vocabulary.Concat(names.SelectMany(Latin)).Concat(words.Outside.En.Concat(words.Beside.En).SelectMany(Latin)).Concat(words.Negations.En), ShortestWord);
    }

    public Dictionary<string, double> Of(Clause clause)
    {
        var found = new Dictionary<string, double>(StringComparer.Ordinal);
        var text = Spelled(clause.Text, found);
        var taken = new bool[text.Length];
        foreach (var (start, length, concept) in Named(text, taken))
        {
            Put(found, $"{(IsDenied(text, start) ? "no:" : "")}{concept.Id}", words.Weights.Concept * concept.Weight);
        }

        foreach (var degrees in clause.Degrees)
        {
            foreach (var band in words.Temperatures.Where(b => degrees >= b.From && degrees < b.To))
            {
                Put(found, band.Concept, words.Weights.Concept);
            }
        }

        Characters(text, taken, found);
        foreach (var word in Latin(text).Where(w => w.Length > 1 && !stop.Contains(w)))
        {
            Put(found, $"w:{Stem(word)}", words.Weights.Word);
        }

        return found;
    }

    internal static IEnumerable<string> Latin(string text)
    {
        var from = -1;
        for (var at = 0; at <= text.Length; at++)
        {
            var letter = at < text.Length && (char.IsAsciiLetter(text[at]) || (text[at] == '\'' && from >= 0));
            if (letter && from < 0)
            {
                from = at;
            }
            else if (!letter && from >= 0)
            {
                yield return text[from..at].TrimEnd('\'');
                from = -1;
            }
        }
    }

    /// <summary>The longest word counts where several begin or overlap.</summary>
    private IEnumerable<(int Start, int Length, Concept Concept)> Named(string text, bool[] taken)
    {
        foreach (var (word, start) in finder.Find(text).OrderByDescending(f => names[f.Word].Length).ThenBy(f => f.Start))
        {
            var length = names[word].Length;
            if (taken.AsSpan(start, length).Contains(true))
            {
                continue;
            }

            taken.AsSpan(start, length).Fill(true);
            foreach (var concept in spoken[names[word]])
            {
                yield return (start, length, concept);
            }
        }
    }

    /// <summary>Right before, or with a few characters between. A question ("is it or is it not") denies nothing.</summary>
    private bool IsDenied(string text, int start)
    {
        var reach = start > 0 && char.IsAscii(text[start - 1]) ? words.Reach.En : words.Reach.Zh;
        var before = text[Math.Max(0, start - (2 * reach))..start];
        foreach (var phrase in words.NotNegations.Both)
        {
            before = before.Replace(phrase, "", StringComparison.Ordinal);
        }

        return negations.Find(before[Math.Max(0, before.Length - reach)..]).Count > 0;
    }

    private void Characters(string text, bool[] taken, Dictionary<string, double> found)
    {
        foreach (var phrase in words.Stop.Zh)
        {
            for (var at = text.IndexOf(phrase, StringComparison.Ordinal); at >= 0; at = text.IndexOf(phrase, at + 1, StringComparison.Ordinal))
            {
                taken.AsSpan(at, phrase.Length).Fill(true);
            }
        }

        for (var at = 0; at + 1 < text.Length; at++)
        {
            if (taken[at] || taken[at + 1] || !IsChinese(text[at]) || !IsChinese(text[at + 1]))
            {
                continue;
            }

            Put(found, text.Substring(at, 2), words.Weights.Bigram);
            for (var length = 2; length <= LongestSpoken && at + length <= text.Length && !taken.AsSpan(at, length).Contains(true); length++)
            {
                if (pinyin.Of(text.AsSpan(at, length)) is { Length: >= ShortestSound } sound)
                {
                    Sounding(sound, found);
                }
            }
        }
    }

    private void Sounding(string sound, Dictionary<string, double> found)
    {
        if (sounds.Find(sound) is { } known)
        {
            foreach (var id in bySound[known])
            {
                Put(found, id, words.Weights.Concept * (known == sound ? words.Weights.Sound : words.Weights.Near));
            }
        }
    }

    /// <summary>English words put right where one letter is wrong; pinyin typed in letters is read as what it sounds like.</summary>
    private string Spelled(string text, Dictionary<string, double> found)
    {
        foreach (var word in Latin(text).Distinct().Where(w => w.Length >= ShortestWord && !stop.Contains(w)).ToList())
        {
            var right = spelling.Find(word);
            if (right is null)
            {
                foreach (var sound in bySound.Where(s => word.Contains(s.Key, StringComparison.Ordinal)))
                {
                    Sounding(sound.Key, found);
                }
            }
            else if (right != word)
            {
                text = text.Replace(word, right, StringComparison.Ordinal);
            }
        }

        return text;
    }

    private static bool IsChinese(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.OtherLetter;

    private static string Stem(string word) => word switch
    {
        [.. var root, 'i', 'n', 'g'] when root.Length > 3 => root,
        [.. var root, 'e', 'd'] when root.Length > 3 => root,
        [.. var root, 's'] when root.Length > 3 && !root.EndsWith('s') => root,
        _ => word,
    };

    private static void Put(Dictionary<string, double> found, string feature, double weight)
    {
        if (!found.TryGetValue(feature, out var before) || before < weight)
        {
            found[feature] = weight;
        }
    }
}
