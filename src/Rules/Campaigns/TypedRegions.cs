namespace Yizhen.Rules.Campaigns;

/// <summary>Regions by name, for whoever knows no codes by heart. What does not mean exactly one place stays as it was typed, so that the form can say so.</summary>
public static class TypedRegions
{
    private const int Digits = 6;
    private static readonly char[] Between = [',', '，', '、', '；', ';', '\n', '\r'];

    public static CampaignDraft Coded(this CampaignDraft typed, Places places)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(places);
        return typed with
        {
            Regions = string.Join(' ', typed.Regions.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part => Codes(part, places))),
            More = typed.More with { RegionNumbers = string.Join('\n', typed.More.RegionNumbers.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => Line(line, places))) },
        };
    }

    /// <summary>湖北 武汉 is one place with a space in it; 武汉 黄冈 are two.</summary>
    private static string Codes(string part, Places places) =>
        One(part, places) ?? string.Join(' ', part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => One(word, places) ?? word));

    /// <summary>The region is what stands before the first space.</summary>
    private static string Line(string line, Places places)
    {
        var region = string.Concat(line.TakeWhile(c => !char.IsWhiteSpace(c)));
        return One(region, places) is { } code ? $"{code}{line[region.Length..]}" : line;
    }

    /// <summary>A code stays what it is, known or not.</summary>
    private static string? One(string words, Places places) => words.Length == Digits && words.All(char.IsAsciiDigit) ? words : places.Resolve(words, 1).Place?.Code;
}
