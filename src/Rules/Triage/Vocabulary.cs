using System.Buffers;
using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>Words of one danger or one reading: one literal, or several that stand in this order in one clause.</summary>
/// <param name="Entry">Place in the file: the dangers, then the readings.</param>
/// <param name="Apart">How far apart the parts may stand.</param>
internal sealed record Phrase(int Entry, ImmutableArray<int> Parts, int Apart);

/// <summary>The words of a <see cref="LexiconFile"/> with what each of them is for, ready for looking into many texts.</summary>
internal sealed class Vocabulary
{
    internal const char Far = '~';
    internal const char Open = '(';
    internal const char Or = '|';
    internal const char Close = ')';

    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly List<string> words = [];
    private readonly ILookup<int, Phrase> byLast;
    private readonly ILookup<int, Negation> negations;
    private readonly HashSet<int> breaks;
    private readonly HashSet<int> notNegations;
    private readonly HashSet<int> notDanger;
    private readonly HashSet<int> notSaid;
    private readonly ImmutableArray<ImmutableArray<int>> unless;

    public Vocabulary(LexiconFile file)
    {
        File = file;
        var entries = file.Dangers.Select(d => (d.Zh, d.En)).Concat(file.Readings.Select(r => (r.Zh, r.En)));
        byLast = entries.SelectMany((lists, entry) => Phrases(entry, lists.Zh, file.Apart.Zh).Concat(Phrases(entry, lists.En, file.Apart.En))).ToList().ToLookup(p => p.Parts[^1]);
        negations = file.Negations.SelectMany(n => n.Words.Select(w => (Word: Id(w), n))).ToList().ToLookup(n => n.Word, n => n.n);
        (breaks, notNegations) = (Ids(file.Breaks), Ids(file.NotNegations));
        (notDanger, notSaid) = (Ids(file.NotDanger), Ids(file.NotSaid));
        unless = [.. file.Readings.Select(r => (r.Unless ?? []).Select(Id).ToImmutableArray())];
        Numbers = new StoryNumbers(file, Numbered);
        Stops = SearchValues.Create([.. file.Breaks.Where(b => b.Length == 1).Select(b => b[0])]);
        Finder = new WordFinder(words);
        Longest = words.Max(w => w.Length);
    }

    public LexiconFile File { get; }

    public WordFinder Finder { get; }

    public StoryNumbers Numbers { get; }

    /// <summary>Signs that end a clause, as a comma does.</summary>
    public SearchValues<char> Stops { get; }

    public IEnumerable<Phrase> EndingIn(int word) => byLast[word];

    public IEnumerable<Negation> Negations(int word) => negations[word];

    public bool IsBreak(int word) => breaks.Contains(word);

    public bool IsNotNegation(int word) => notNegations.Contains(word);

    public bool IsNotDanger(int word) => notDanger.Contains(word);

    public bool IsNotSaid(int word) => notSaid.Contains(word);

    public ImmutableArray<int> Unless(int reading) => unless[reading];

    /// <summary>Length of the longest word.</summary>
    public int Longest { get; }

    public int Length(int word) => words[word].Length;

    private IEnumerable<Phrase> Phrases(int entry, IEnumerable<string> list, int apart) =>
        list.SelectMany(Either).Distinct().Select(one => new Phrase(entry, [.. one.Split(Far).Select(Id)], apart));

    private HashSet<int> Ids(IEnumerable<string> list) => [.. Numbered(list)];

    private ImmutableArray<int> Numbered(IEnumerable<string> list) => [.. list.SelectMany(Either).Select(Id).Distinct()];

    private int Id(string word)
    {
        if (!ids.TryGetValue(word, out var id))
        {
            id = words.Count;
            ids.Add(word, id);
            words.Add(word);
        }

        return id;
    }

    /// <summary>"(a|b)c" is "ac" and "bc", from the innermost brackets outwards.</summary>
    private static IEnumerable<string> Either(string text)
    {
        var close = text.IndexOf(Close, StringComparison.Ordinal);
        var open = close < 0 ? close : text.LastIndexOf(Open, close);
        return open < 0
            ? [text]
            : text[(open + 1)..close].Split(Or).SelectMany(one => Either(text[..open] + one + text[(close + 1)..]));
    }
}
