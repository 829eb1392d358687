namespace Yizhen.Rules.Information;

/// <summary>Finds the known words from which a typed one differs by one letter: put in, left out, or another (Garbe's deletion neighbourhood).</summary>
internal sealed class OneLetterOff
{
    private readonly HashSet<string> known;
    private readonly int shortest;
    private readonly ILookup<string, string> without;

    /// <param name="shortest">Shorter words are too many to guess between.</param>
    public OneLetterOff(IEnumerable<string> words, int shortest)
    {
        this.shortest = shortest;
        known = words.ToHashSet(StringComparer.Ordinal);
        without = known.Where(w => w.Length >= shortest - 1).SelectMany(w => Deleted(w).Select(d => (d, w))).Distinct().ToLookup(p => p.d, p => p.w, StringComparer.Ordinal);
    }

    /// <summary>The word itself, the first that is one letter off, or null.</summary>
    public string? Find(string typed)
    {
        if (known.Contains(typed))
        {
            return typed;
        }

        return typed.Length < shortest
            ? null
            : Deleted(typed).SelectMany(d => without[d]).Where(w => IsNear(typed, w)).OrderBy(w => Math.Abs(w.Length - typed.Length)).ThenBy(w => w, StringComparer.Ordinal).FirstOrDefault();
    }

    private static IEnumerable<string> Deleted(string word) => Enumerable.Range(0, word.Length).Select(at => word.Remove(at, 1)).Prepend(word);

    private static bool IsNear(string a, string b)
    {
        var (shorter, longer) = a.Length <= b.Length ? (a, b) : (b, a);
        var at = 0;
        while (at < shorter.Length && shorter[at] == longer[at])
        {
            at++;
        }

        var rest = shorter.AsSpan(at);
        return longer.Length == shorter.Length ? rest.Length > 0 && rest[1..].SequenceEqual(longer.AsSpan(at + 1))
            : longer.Length == shorter.Length + 1 && rest.SequenceEqual(longer.AsSpan(at + 1));
    }
}
