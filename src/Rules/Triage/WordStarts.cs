using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Yizhen.Rules.Triage;

/// <summary>Where each word of the vocabulary stands in one text.</summary>
internal sealed class WordStarts
{
    private readonly List<(int Word, int Start)> byWord;
    private readonly List<(int Start, int Word)> inOrder;

    /// <param name="found">As <see cref="WordFinder.Find"/> finds them.</param>
    public WordStarts(List<(int Word, int Start)> found)
    {
        byWord = [.. found];
        byWord.Sort();
        inOrder = new(found.Count);
        foreach (var (word, start) in found)
        {
            inOrder.Add((start, word));
        }

        inOrder.Sort();
    }

    /// <summary>Every word that begins between two places, both included.</summary>
    public ReadOnlySpan<(int Start, int Word)> Between(int from, int to)
    {
        var all = CollectionsMarshal.AsSpan(inOrder);
        return all[First(all, (from, -1))..First(all, (to + 1, -1))];
    }

    public bool Any(ImmutableArray<int> words)
    {
        foreach (var word in words)
        {
            if (Last(word, 0, int.MaxValue) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The last place of a word between two, both included; below 0 where there is none.</summary>
    public int Last(int word, int from, int to)
    {
        var at = First(CollectionsMarshal.AsSpan(byWord), to == int.MaxValue ? (word + 1, -1) : (word, to + 1)) - 1;
        return at >= 0 && byWord[at] is var (same, start) && same == word && start >= from ? start : -1;
    }

    /// <summary>Where the first of those stands that are not before a pair.</summary>
    private static int First(ReadOnlySpan<(int One, int Two)> all, (int One, int Two) pair)
    {
        var (low, high) = (0, all.Length);
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            (low, high) = all[middle].CompareTo(pair) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Every place where a phrase stands whole, in the order of the text.</summary>
    /// <param name="clause">Where the clause begins in which a place stands.</param>
    public List<Place> Places(Vocabulary words, List<(int Word, int Start)> found, Func<int, int> clause)
    {
        var not = found.Where(f => words.IsNotSaid(f.Word)).Select(f => (f.Start, End: f.Start + words.Length(f.Word))).ToList();
        var all = new List<Place>();
        foreach (var (word, last) in found)
        {
            foreach (var phrase in words.EndingIn(word))
            {
                var place = Whole(words, phrase, last, clause);
                if (place is { } whole && (whole.Entry < words.File.Dangers.Length || !not.Any(n => Hides(n, whole.Start, whole.First) || Hides(n, whole.Last, whole.End))))
                {
                    all.Add(whole);
                }
            }
        }

        return [.. all.OrderBy(p => p.Start).ThenByDescending(p => p.End)];
    }

    /// <summary>A part of the words is itself only a part of a phrase that means another thing.</summary>
    private static bool Hides((int Start, int End) phrase, int start, int end) => phrase.Start <= start && end <= phrase.End && phrase.End - phrase.Start > end - start;

    private Place? Whole(Vocabulary words, Phrase phrase, int last, Func<int, int> clause)
    {
        var (start, first) = (last, last + words.Length(phrase.Parts[^1]));
        var end = first;
        for (var at = phrase.Parts.Length - 1; at > 0; at--)
        {
            var part = phrase.Parts[at - 1];
            var length = words.Length(part);
            var nearest = start - length;
            start = Last(part, Math.Max(clause(start), nearest - phrase.Apart), nearest);
            if (start < 0)
            {
                return null;
            }

            first = start + length;
        }

        return new Place(phrase.Entry, start, first, last, end);
    }
}
