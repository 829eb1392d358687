using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Campaigns;

public enum PlaceLevel
{
    Province,
    City,
    District,
}

/// <summary>A province, city or district of China, Hong Kong, Macao and Taiwan included.</summary>
/// <param name="Code">Six digits (GB/T 2260 style); the first two are the province, the first four the city.</param>
/// <param name="Path">Full name for people, from the province down: 湖北省 武汉市 江岸区.</param>
/// <param name="Pinyin">Syllables without tones, "wu han"; empty where unknown.</param>
public sealed record Place(string Code, PlaceLevel Level, string Name, string Path, string Pinyin)
{
    /// <summary>Two digits.</summary>
    public string Province => Code[..2];

    /// <summary>The full name; who reads English also gets the pinyin, where it is known.</summary>
    /// <param name="lang">Two-letter language.</param>
    public string In(string lang) => lang == "en" && Pinyin.Length > 0 ? $"{Path} ({Pinyin})" : Path;
}

/// <summary>One place, or the places that the words may mean (none when they mean none).</summary>
public sealed record PlaceMeant(Place? Place, ImmutableArray<Place> Candidates);

/// <summary>
/// All places, found by name, by the beginning of a name, with or without the names above it (武汉江岸), or by pinyin with or
/// without spaces and by initials. A search goes once through the list, well below a millisecond.
/// </summary>
public sealed class Places
{
    private readonly ImmutableArray<PlaceEntry> entries;
    private readonly Dictionary<string, Place> byCode;
    private readonly Dictionary<string, Centre> centres;

    private Places(ImmutableArray<PlaceEntry> entries, Dictionary<string, Centre> centres)
    {
        this.entries = [.. entries.Where(e => e.Searched)];
        byCode = entries.ToDictionary(e => e.Place.Code, e => e.Place, StringComparer.Ordinal);
        this.centres = centres;
    }

    public IEnumerable<Place> Provinces => entries.Where(e => e.Place.Level == PlaceLevel.Province).Select(e => e.Place);

    /// <summary>Reads the table of places: code, level, name, parent_code, pinyin, and where they are known latitude and longitude of the centre; further columns are passed over.</summary>
    /// <exception cref="FormatException">The table is not of this shape; it ships with the product, so this is a bug.</exception>
    public static Places Parse(string csv)
    {
        ArgumentNullException.ThrowIfNull(csv);
        var read = new Dictionary<string, PlaceEntry>(StringComparer.Ordinal);
        var centres = new Dictionary<string, Centre>(StringComparer.Ordinal);
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length == 0 || !lines[0].TrimStart('\uFEFF').StartsWith("code,level,name,parent_code,pinyin", StringComparison.Ordinal))
        {
            throw new FormatException("The table of places begins with code,level,name,parent_code,pinyin.");
        }

        foreach (var line in lines.Skip(1))
        {
            var cells = line.Split(',');
            if (cells.Length < 5 || cells[0].Length != 6 || !cells[0].All(char.IsAsciiDigit) || cells[2].Length == 0)
            {
                throw new FormatException($"Not a place: '{line}'.");
            }

            // Hong Kong and Macao stand once more as their own city and district.
            if (cells[0] == cells[3])
            {
                continue;
            }

            var level = cells[1] switch
            {
                "province" => PlaceLevel.Province,
                "city" => PlaceLevel.City,
                "district" => PlaceLevel.District,
                _ => throw new FormatException($"No level of place is called '{cells[1]}'."),
            };
            var above = level == PlaceLevel.Province ? null
                : read.TryGetValue(cells[3], out var parent) ? parent
                : throw new FormatException($"Place {cells[0]} stands before the one above it, {cells[3]}.");
            if (!read.TryAdd(cells[0], PlaceEntry.Of(cells[0], level, cells[2], cells[4], above)))
            {
                throw new FormatException($"Place {cells[0]} stands twice.");
            }

            if (cells is [_, _, _, _, _, { Length: > 0 } latitude, { Length: > 0 } longitude, ..])
            {
                centres[cells[0]] = new(double.Parse(latitude, CultureInfo.InvariantCulture), double.Parse(longitude, CultureInfo.InvariantCulture));
            }
        }

        return new([.. read.Values], centres);
    }

    /// <summary>The centre of a place; of its city or province where its own is not known. Null where none is.</summary>
    public Centre? CentreOf(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        foreach (var near in (ReadOnlySpan<string>)[code, $"{code[..4]}00", $"{code[..2]}0000"])
        {
            if (centres.TryGetValue(near, out var centre))
            {
                return centre;
            }
        }

        return null;
    }

    /// <summary>Whether both lie in one city. A municipality is one city; counties directly under a province are none.</summary>
    public bool SameCity(string one, string other) => CityOf(one) is { } city && city == CityOf(other);

    /// <summary>The place itself, or one above it.</summary>
    /// <param name="above">A code that may be a province, a city or a district.</param>
    public static bool Holds(string above, string code)
    {
        ArgumentNullException.ThrowIfNull(above);
        ArgumentNullException.ThrowIfNull(code);
        return code.StartsWith(above.EndsWith("0000", StringComparison.Ordinal) ? above[..2] : above.EndsWith("00", StringComparison.Ordinal) ? above[..4] : above, StringComparison.Ordinal);
    }

    /// <summary>Null for a whole province.</summary>
    private string? CityOf(string code) => code.EndsWith("0000", StringComparison.Ordinal) ? null
        : Find($"{code[..4]}00") is not { } city || city.Name.EndsWith("直辖县级行政区划", StringComparison.Ordinal) ? code
        : city.Name is "市辖区" or "县" ? code[..2]
        : code[..4];

    public Place? Find(string? code) => code is not null && byCode.TryGetValue(code, out var place) ? place : null;

    /// <summary>The best matches first: whole names before beginnings, provinces before cities before districts.</summary>
    /// <param name="most">How many at most, 1 or more.</param>
    public ImmutableArray<Place> Search(string typed, int most) =>
        [.. Matches(typed).OrderBy(m => m.Match).ThenBy(m => m.Place.Level).ThenBy(m => m.Place.Code, StringComparer.Ordinal).Take(most).Select(m => m.Place)];

    /// <summary>
    /// What somebody meant who typed a name and pressed Continue, without script. One whole name is that place; several of the same
    /// name, or only a beginning, are candidates to choose from.
    /// </summary>
    /// <param name="most">How many candidates at most, 1 or more.</param>
    public PlaceMeant Resolve(string typed, int most)
    {
        if (Find(typed?.Trim()) is { } coded)
        {
            return new(coded, []);
        }

        var matches = Matches(typed ?? "").OrderBy(m => m.Match).ThenBy(m => m.Place.Level).ToList();
        foreach (var match in (ReadOnlySpan<PlaceMatch>)[PlaceMatch.WholePath, PlaceMatch.WholeName, PlaceMatch.ShortName])
        {
            var same = matches.Where(m => m.Match == match).ToList();
            if (same.Count == 1 && (match != PlaceMatch.ShortName || matches.Count(m => m.Match <= PlaceMatch.ShortName) == 1))
            {
                return new(same[0].Place, []);
            }

            if (same.Count > 0)
            {
                break;
            }
        }

        return new(null, [.. matches.Take(most).Select(m => m.Place)]);
    }

    private List<(Place Place, PlaceMatch Match)> Matches(string typed)
    {
        var found = new List<(Place, PlaceMatch)>();
        var words = PlaceWords.Read(typed);
        if (words.IsEmpty)
        {
            return found;
        }

        foreach (var entry in entries)
        {
            if (entry.Meets(words) is { } match)
            {
                found.Add((entry.Place, match));
            }
        }

        return found;
    }
}
