using System.Globalization;
using System.Text;

namespace Yizhen.Rules.Campaigns;

/// <summary>How well a place meets what was typed, the best first.</summary>
internal enum PlaceMatch
{
    WholePath,
    WholeName,
    ShortName,
    Initials,
    Beginning,
    BeginningOfPinyin,
    Inside,
}

/// <summary>What was typed: letters for pinyin, or Chinese; spaces, commas and tone-free spelling evened out.</summary>
internal readonly record struct PlaceWords(string Text, bool Latin)
{
    /// <summary>Longer input is no name of a place; the longest full name has some thirty characters.</summary>
    private const int Longest = 60;

    public bool IsEmpty => Text.Length == 0;

    public static PlaceWords Read(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        if (typed.Length > Longest)
        {
            return new("", false);
        }

        var text = new StringBuilder(typed.Length);
        var latin = true;
        foreach (var letter in typed)
        {
            if (char.IsSurrogate(letter))
            {
                return new("", false);
            }

            if (char.IsLetter(letter))
            {
                var lower = char.ToLower(letter, CultureInfo.InvariantCulture);
                text.Append(lower == 'ü' ? 'v' : lower);
                latin &= lower is 'ü' or (>= 'a' and <= 'z');
            }
        }

        return new(text.ToString(), latin);
    }
}

/// <summary>A place with what a search looks at. The number of its syllables tells where the short name ends: wu han, 武汉.</summary>
internal sealed record PlaceEntry(Place Place, PlaceEntry? Above, string Short, string Joined, string Initials, bool Searched)
{
    private static readonly string[] Endings = ["zizhizhou", "zizhixian", "zizhiqu", "diqu", "sheng", "xian", "shi", "qu"];

    public static PlaceEntry Of(string code, PlaceLevel level, string name, string pinyin, PlaceEntry? above)
    {
        var syllables = pinyin.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // Rows that only fill a level of the table (市辖区 of a municipality) name nothing a person would say.
        var filler = level == PlaceLevel.City && (name is "市辖区" or "县" || name.EndsWith("直辖县级行政区划", StringComparison.Ordinal));
        var path = above is null ? name : filler ? above.Place.Path : $"{above.Place.Path} {name}";
        // A few rows spell the ending out (ji lin shi, beside the province of the same name); people leave it out.
        if (syllables.Length >= 3 && syllables.Length == name.Length && Endings.AsSpan().Contains(syllables[^1]))
        {
            syllables = syllables[..^1];
        }

        var shortName = syllables.Length >= 2 && syllables.Length < name.Length ? name[..syllables.Length] : name;
        var initials = syllables.Length >= 2 ? string.Concat(syllables.Select(s => s[0])) : "";
        return new(new(code, level, name, path, pinyin), above, shortName, string.Concat(syllables), initials, !filler);
    }

    public PlaceMatch? Meets(PlaceWords words) => words.Latin ? MeetsPinyin(words.Text) : MeetsName(words.Text);

    private PlaceMatch? MeetsName(string typed)
    {
        if (typed == Place.Name)
        {
            return Above is null ? PlaceMatch.WholePath : PlaceMatch.WholeName;
        }

        if (typed == Short || (typed.Length == Short.Length + 1 && typed[^1] == '州' && typed.StartsWith(Short, StringComparison.Ordinal) && Place.Name.EndsWith("自治州", StringComparison.Ordinal)))
        {
            return PlaceMatch.ShortName;
        }

        if (Place.Name.StartsWith(typed, StringComparison.Ordinal))
        {
            return PlaceMatch.Beginning;
        }

        for (var above = Above; above is not null; above = above.Above)
        {
            if (above.After(typed) is not { Length: > 0 } rest)
            {
                continue;
            }

            // The names between may be said or left out: 湖北武汉江岸, 湖北江岸.
            if (Above != above && Above?.After(rest) is { Length: > 0 } nearer)
            {
                rest = nearer;
            }

            if (rest == Place.Name || rest == Short)
            {
                return PlaceMatch.WholePath;
            }

            if (Place.Name.StartsWith(rest, StringComparison.Ordinal))
            {
                return PlaceMatch.Beginning;
            }
        }

        return typed.Length >= 2 && Place.Name.Contains(typed, StringComparison.Ordinal) ? PlaceMatch.Inside : null;
    }

    private PlaceMatch? MeetsPinyin(string typed)
    {
        if (Joined.Length == 0)
        {
            return null;
        }

        if (typed == Joined)
        {
            return PlaceMatch.ShortName;
        }

        if (typed.Length >= 2 && typed == Initials)
        {
            return PlaceMatch.Initials;
        }

        if (Joined.StartsWith(typed, StringComparison.Ordinal))
        {
            return PlaceMatch.BeginningOfPinyin;
        }

        if (typed.StartsWith(Joined, StringComparison.Ordinal) && Endings.AsSpan().Contains(typed[Joined.Length..]))
        {
            return PlaceMatch.ShortName;
        }

        for (var above = Above; above is not null; above = above.Above)
        {
            if (above.Joined.Length > 0 && typed.Length > above.Joined.Length && typed.StartsWith(above.Joined, StringComparison.Ordinal))
            {
                var rest = typed[above.Joined.Length..];
                if (rest == Joined)
                {
                    return PlaceMatch.WholePath;
                }

                if (Joined.StartsWith(rest, StringComparison.Ordinal))
                {
                    return PlaceMatch.BeginningOfPinyin;
                }
            }
        }

        return null;
    }

    /// <summary>What is left when the typed words begin with this place; null when they do not.</summary>
    private string? After(string typed) =>
        typed.StartsWith(Place.Name, StringComparison.Ordinal) ? typed[Place.Name.Length..]
        : typed.StartsWith(Short, StringComparison.Ordinal) ? typed[Short.Length..]
        : null;
}
