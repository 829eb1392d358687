namespace Yizhen.Rules.Triage;

/// <summary>Signs that are strung together in a story: "no cough, chills or headache", 无咳嗽、胸闷等.</summary>
/// <param name="places">By where they begin.</param>
internal sealed class ListedSigns(string plain, ListWords words, List<Place> places)
{
    /// <summary>The sign before it in the same list, which shares what was said before the list, and whether also a denial; null where this one stands alone.</summary>
    public (Place Place, bool Denials)? Before(Place place)
    {
        // From the last: a longer phrase that ends at the same place speaks of more than the sign.
        for (var at = places.Count - 1; at >= 0; at--)
        {
            var before = places[at];
            if (before.End <= place.Start && Between(before.End, place.Start) is { } between)
            {
                var listed = words.Joins.Contains(between) || (words.Loose.Contains(between) && IsClosed(place));
                if (listed || words.And.Contains(between))
                {
                    return (before, listed);
                }
            }
        }

        return null;
    }

    private bool IsClosed(Place place) =>
        words.Closers.Any(c => plain.AsSpan(place.End).TrimStart().StartsWith(c, StringComparison.Ordinal))
        || places.Any(next => next.Start >= place.End && Between(place.End, next.Start) is { } between
            && (words.Or.Contains(between) || ((words.Joins.Contains(between) || words.And.Contains(between) || words.Loose.Contains(between)) && IsClosed(next))));

    /// <summary>What stands between, without blanks around; null where it is too long to be a join.</summary>
    private string? Between(int end, int start) => start - end > Longest ? null : plain[end..start].Trim();

    private int Longest { get; } = words.Joins.Concat(words.And).Concat(words.Loose).Concat(words.Or).Max(j => j.Length) + 1 + 1;
}
