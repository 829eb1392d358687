namespace Yizhen.Rules.Triage;

/// <summary>Finds any of many words in one pass over a text (Aho and Corasick 1975), so that a longer lexicon does not make reading slower.</summary>
internal sealed class WordFinder
{
    private readonly IReadOnlyList<string> words;
    private readonly List<int> back = [0];

    /// <summary>The words that end at a node, or null.</summary>
    private readonly List<List<int>?> ends = [null];

    /// <summary>Where each node's letters begin in <see cref="letters"/>, in order, and where each of them leads.</summary>
    private readonly int[] first;
    private readonly char[] letters;
    private readonly int[] targets;

    /// <summary>Where each letter leads from the beginning: most letters of a text are asked about there alone.</summary>
    private readonly int[] roots = new int[char.MaxValue + 1];

    /// <param name="words">Each once, and none empty.</param>
    public WordFinder(IReadOnlyList<string> words)
    {
        this.words = words;
        var next = new Dictionary<ulong, int>(words.Sum(w => w.Length));
        var edges = new List<(int Parent, char Letter, int Node)>();
        for (var word = 0; word < words.Count; word++)
        {
            var node = 0;
            foreach (var letter in words[word])
            {
                if (!next.TryGetValue(Edge(node, letter), out var to))
                {
                    to = ends.Count;
                    next.Add(Edge(node, letter), to);
                    ends.Add(null);
                    back.Add(0);
                    edges.Add((node, letter, to));
                }

                node = to;
            }

            (ends[node] ??= []).Add(word);
        }

        edges.Sort();
        (first, letters, targets) = (new int[ends.Count + 1], [.. edges.Select(e => e.Letter)], [.. edges.Select(e => e.Node)]);
        foreach (var (parent, letter, node) in edges)
        {
            first[parent + 1]++;
            roots[letter] = parent == 0 ? node : roots[letter];
        }

        for (var node = 1; node < first.Length; node++)
        {
            first[node] += first[node - 1];
        }

        FallBack();
    }

    /// <summary>Every place of every word, by where it ends. English words are found whole: "fit" is not in "fitness"; "n't" hangs on the word before.</summary>
    public List<(int Word, int Start)> Find(string text)
    {
        var found = new List<(int, int)>();
        var node = 0;
        for (var at = 0; at < text.Length; at++)
        {
            node = Step(node, text[at]);
            if (ends[node] is not { } here)
            {
                continue;
            }

            foreach (var word in here)
            {
                var start = at + 1 - words[word].Length;
                if (IsWhole(text, start, words[word]))
                {
                    found.Add((word, start));
                }
            }
        }

        return found;
    }

    public static bool IsWhole(string text, int at, string word) =>
        !char.IsAsciiLetter(word[0])
        || ((at == 0 || !char.IsAsciiLetter(text[at - 1]) || word.Contains('\'', StringComparison.Ordinal))
            && (at + word.Length == text.Length || !char.IsAsciiLetter(text[at + word.Length])));

    private static ulong Edge(int node, char letter) => ((ulong)node * ((ulong)char.MaxValue + 1)) + letter;

    private int Step(int node, char letter)
    {
        for (; node != 0; node = back[node])
        {
            var at = Array.BinarySearch(letters, first[node], first[node + 1] - first[node], letter);
            if (at >= 0)
            {
                return targets[at];
            }
        }

        return roots[letter];
    }

    /// <summary>From the shortest beginning to the longest: where a word ends inside another, the longer beginning knows both.</summary>
    private void FallBack()
    {
        var open = new Queue<int>([0]);
        while (open.TryDequeue(out var parent))
        {
            for (var edge = first[parent]; edge < first[parent + 1]; edge++)
            {
                var node = targets[edge];
                back[node] = parent == 0 ? 0 : Step(back[parent], letters[edge]);
                if (ends[back[node]] is { } also)
                {
                    (ends[node] ??= []).AddRange(also);
                }

                open.Enqueue(node);
            }
        }
    }
}
