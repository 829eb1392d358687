using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>Where the words of one danger or reading stand.</summary>
/// <param name="First">Where the first part of the words ends.</param>
/// <param name="Last">Where their last part begins: a denial may stand between the two.</param>
internal readonly record struct Place(int Entry, int Start, int First, int Last, int End)
{
    public int Length => End - Start;
}

/// <summary>A text made ready for looking into. Every character keeps its place, so that what is found can be quoted in the person's own words.</summary>
internal sealed class Story
{
    private const char Blank = ' ';

    private readonly string text;
    private readonly Vocabulary words;
    private readonly List<(int Start, int End, Negation Negation)> negations = [];
    private readonly List<int> breaks = [0];
    private readonly WordStarts starts;
    private readonly ILookup<int, Place> places;
    private readonly ListedSigns listed;

    public Story(string? text, Vocabulary words)
    {
        this.text = text ?? "";
        this.words = words;
        var plain = PlainText.Of(this.text);
        var found = words.Finder.Find(plain);
        Plain = Without(plain, found.Where(f => words.IsNotDanger(f.Word)));
        found = ReferenceEquals(Plain, plain) ? found : words.Finder.Find(Plain);
        Sort(found);
        starts = new WordStarts(found);
        var all = starts.Places(words, found, Clause);
        places = all.ToLookup(p => p.Entry);
        listed = new ListedSigns(Plain, words.File.Lists, all);
    }

    /// <summary>Small letters, plain digits, and phrases that only sound dangerous blanked out.</summary>
    public string Plain { get; }

    public string Quote(int start, int length) => text.Substring(start, length);

    public bool Says(ImmutableArray<int> any) => starts.Any(any);

    /// <summary>Whether a number is not part of a longer one.</summary>
    public bool IsFree(Place place, string notAfter, string notBefore) =>
        (place.Start == 0 || !notAfter.Contains(Plain[place.Start - 1], StringComparison.Ordinal))
        && (place.End == Plain.Length || !notBefore.Contains(Plain[place.End], StringComparison.Ordinal));

    /// <summary>Whether one of some words stands close enough to this place.</summary>
    public bool Stands(WordsCloseBy close, Place place)
    {
        foreach (var (start, word) in starts.Between(place.Start - close.Reach - words.Longest, place.End + close.Reach))
        {
            var end = start + words.Length(word);
            if ((end <= place.Start && end >= place.Start - close.Reach && close.Before.Contains(word) && (close.Across || IsOneClause(end, place.Start)))
                || (start >= place.End && close.After.Contains(word) && IsOneClause(place.End, start)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsOneClause(int start, int end) => !Plain.AsSpan(start, end - start).ContainsAny(words.Stops);

    /// <summary>Whether its words stand anywhere, whatever stands around them.</summary>
    public bool Has(int entry) => places.Contains(entry);

    /// <summary>Every place of a danger's words (its place in the file), or of a reading's (behind the dangers), in the order of the story.</summary>
    public IEnumerable<Place> Of(int entry) => places[entry];

    /// <summary>What the words around make of the words here.</summary>
    /// <param name="signs">False for words of danger: not every doubt silences those.</param>
    /// <param name="counts">What is heard as if it were said.</param>
    public Sense SenseOf(Place place, bool signs, ImmutableArray<Sense>? counts = null)
    {
        var own = Around(place, signs, counts ?? []);
        return own == Sense.Said && listed.Before(place) is { } before && SenseOf(before.Place, signs, counts) is var shared && (before.Denials || shared != Sense.Denied) ? shared : own;
    }

    /// <summary>A denial must stand right before: of a wish to die one too many is better heard than one too few.</summary>
    public bool IsDeniedRightBefore(Place place)
    {
        var start = Clause(place.Start);
        var clause = Plain[start..place.Start].TrimEnd();
        for (var filler = Ending(clause); filler is not null; filler = Ending(clause))
        {
            clause = clause[..^filler.Length].TrimEnd();
        }

        return negations.Any(n => n.End == start + clause.Length && n.Start >= start && n.Negation is { Signs: false, After: false });
    }

    private Sense Around(Place place, bool signs, ImmutableArray<Sense> counts)
    {
        var clause = Clause(place.Start);
        var over = Sense.Said;
        foreach (var (start, end, negation) in negations)
        {
            var reaches = negation.After
                ? start >= place.End && start - place.End <= negation.Reach && Clause(start) <= place.End
                : start >= clause && (end <= place.Start
                    ? place.Start - start <= negation.Reach
                    : negation.Means == Sense.Denied && start >= place.First && end <= place.Last && place.Last - start <= negation.Reach);
            if (reaches && (signs || !negation.Signs) && !counts.Contains(negation.Means) && Weight(negation.Means) > Weight(over))
            {
                over = negation.Means;
            }
        }

        return over;
    }

    /// <summary>"My colleague has no fever" says nothing of this person; "if I had no fever" neither.</summary>
    private static int Weight(Sense sense) => -Array.IndexOf([Sense.Other, Sense.Limit, Sense.Supposed, Sense.Past, Sense.Denied, Sense.Earlier, Sense.Said], sense);

    private string? Ending(string clause) =>
        words.File.Fillers.FirstOrDefault(f => clause.EndsWith(f, StringComparison.Ordinal) && WordFinder.IsWhole(clause, clause.Length - f.Length, f));

    /// <summary>Where the clause begins in which this place stands.</summary>
    private int Clause(int at)
    {
        var here = breaks.BinarySearch(at);
        return breaks[here < 0 ? ~here - 1 : here];
    }

    private void Sort(List<(int Word, int Start)> found)
    {
        var harmless = found.Where(f => words.IsNotNegation(f.Word)).Select(f => (f.Start, End: f.Start + words.Length(f.Word))).ToList();
        foreach (var (word, start) in found)
        {
            var end = start + words.Length(word);
            if (words.IsBreak(word))
            {
                breaks.Add(end);
            }

            foreach (var negation in words.Negations(word))
            {
                if (!harmless.Any(h => h.Start < end && start < h.End && h.End - h.Start > end - start))
                {
                    negations.Add((start, end, negation));
                }
            }
        }

        breaks.Sort();
    }

    private string Without(string plain, IEnumerable<(int Word, int Start)> phrases)
    {
        char[]? without = null;
        foreach (var (word, start) in phrases)
        {
            without ??= plain.ToCharArray();
            Array.Fill(without, Blank, start, words.Length(word));
        }

        return without is null ? plain : new string(without);
    }
}
