namespace Yizhen.Rules.Triage;

/// <summary>A text made ready for looking into. Every character keeps its place, so that what is found can be quoted in the person's own words.</summary>
internal sealed class Story
{
    private const char Blank = ' ';

    private readonly string text;
    private readonly LexiconFile file;

    /// <summary><see cref="Plain"/> without the phrases that hold a word of denial and deny nothing.</summary>
    private readonly string denials;

    public Story(string? text, LexiconFile file)
    {
        this.text = text ?? "";
        this.file = file;
        Plain = Without(new string([.. this.text.Select(Small)]), file.NotDanger);
        denials = Without(Plain, file.NotNegations);
    }

    /// <summary>Small letters, plain digits, and phrases that only sound dangerous blanked out.</summary>
    public string Plain { get; }

    public string Quote((int Start, int Length) place) => text.Substring(place.Start, place.Length);

    /// <param name="denied">True looks for the words under a denial, false for the words without one.</param>
    /// <param name="crisis">A denial must stand right before: of a wish to die one too many is better missed than one too few.</param>
    public (int Start, int Length)? Find(string words, bool denied, bool crisis)
    {
        for (var at = Plain.IndexOf(words, StringComparison.Ordinal); at >= 0; at = Plain.IndexOf(words, at + 1, StringComparison.Ordinal))
        {
            if (IsWord(Plain, at, words) && (crisis ? IsDeniedRightBefore(at) == denied : IsUnder(at, denied)))
            {
                return (at, words.Length);
            }
        }

        return null;
    }

    /// <summary>Under a denial, or under nothing at all: what is only supposed is neither.</summary>
    private bool IsUnder(int at, bool denied)
    {
        var clause = Clause(at);
        var over = file.Negations.Where(list => list.Words.Any(word => Stands(clause, word, Math.Max(0, clause.Length - list.Reach)))).ToList();
        return denied ? over.Any(list => !list.Supposes) : over.Count == 0;
    }

    private bool IsDeniedRightBefore(int at)
    {
        var clause = Clause(at).TrimEnd();
        for (var filler = Ending(clause); filler is not null; filler = Ending(clause))
        {
            clause = clause[..^filler.Length].TrimEnd();
        }

        return file.Negations.SelectMany(list => list.Words).Any(word => Stands(clause, word, Math.Max(0, clause.Length - word.Length)));
    }

    private string? Ending(string clause) =>
        file.Fillers.FirstOrDefault(f => clause.EndsWith(f, StringComparison.Ordinal) && IsWord(clause, clause.Length - f.Length, f));

    private static bool Stands(string clause, string word, int from)
    {
        for (var at = clause.IndexOf(word, from, StringComparison.Ordinal); at >= 0; at = clause.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if (IsWord(clause, at, word))
            {
                return true;
            }
        }

        return false;
    }

    private string Clause(int at)
    {
        var before = denials[..at];
        var start = file.Breaks.Max(mark => before.LastIndexOf(mark, StringComparison.Ordinal) is >= 0 and var place ? place + mark.Length : 0);
        return before[start..];
    }

    /// <summary>English words are matched whole: "fit" is not in "fitness". "n't" hangs on the word before.</summary>
    private static bool IsWord(string plain, int at, string words) =>
        !char.IsAsciiLetter(words[0])
        || ((at == 0 || !char.IsAsciiLetter(plain[at - 1]) || words.Contains('\'', StringComparison.Ordinal))
            && (at + words.Length == plain.Length || !char.IsAsciiLetter(plain[at + words.Length])));

    private static string Without(string plain, IEnumerable<string> phrases) =>
        phrases.Aggregate(plain, (so, phrase) => so.Replace(phrase, new string(Blank, phrase.Length), StringComparison.Ordinal));

    private static char Small(char c) => c switch
    {
        '’' => '\'',
        '．' => '.',
        _ when char.IsDigit(c) => "0123456789"[(int)char.GetNumericValue(c)],
        _ => char.ToLowerInvariant(c),
    };
}
