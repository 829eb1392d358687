using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Campaigns;

/// <param name="Code">ISO 3166-1 alpha-2.</param>
/// <param name="Ambulance">Numbers for an ambulance, the first one first; empty where we are not sure.</param>
/// <param name="Source">Id of a source, or null (grade M: general knowledge).</param>
/// <param name="Grade">T, S or M as in the clinical notes; null without a number.</param>
public sealed record Country(string Code, string Zh, string En, string Pinyin, ImmutableArray<string> Ambulance, string? Source, string? Grade)
{
    /// <param name="lang">Anything but "en" reads Chinese.</param>
    public string In(string lang) => lang == "en" ? En : Zh;
}

public sealed record NumberSource(string Id, string Title, string? Url, DateOnly? Date);

/// <summary>
/// What to dial, in this order. Not <see cref="Sure"/>: the number was not looked up, or none is known. Then 112, which most mobile
/// networks put through to help, comes last, and the page tells the person to ask somebody there.
/// </summary>
public sealed record EmergencyCall(ImmutableArray<string> Numbers, bool Sure);

/// <summary>Countries outside China and the ambulance numbers there, from a file with its sources.</summary>
public sealed class Countries
{
    private const string NotLookedUp = "M";

    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly Sheet sheet;
    private readonly FrozenDictionary<string, Country> byCode;

    private Countries(Sheet sheet)
    {
        this.sheet = sheet;
        byCode = sheet.Countries.ToFrozenDictionary(c => c.Code);
    }

    /// <summary>In the order of their Chinese names' pinyin.</summary>
    public ImmutableArray<Country> All => sheet.Countries;

    public ImmutableArray<NumberSource> Sources => sheet.Sources;

    public DateOnly AsOf => sheet.AsOf;

    /// <exception cref="JsonException">The file is not of this shape; it ships with the product, so this is a bug.</exception>
    public static Countries Parse(string json) =>
        new(JsonSerializer.Deserialize<Sheet>(json, Strict) ?? throw new JsonException("The file of countries is empty."));

    public Country? Find(string? code) => code is not null && byCode.TryGetValue(code, out var country) ? country : null;

    /// <summary>By the beginning of the Chinese or English name, of its pinyin (with or without spaces), by initials or the code.</summary>
    /// <param name="most">How many at most, 1 or more.</param>
    public ImmutableArray<Country> Search(string typed, int most)
    {
        ArgumentNullException.ThrowIfNull(typed);
        var words = typed.Trim();
        var letters = words.Replace(" ", "", StringComparison.Ordinal);
        return letters.Length is 0 or > 60 ? [] :
        [
            .. All.Select(c => (Country: c, Rank: Rank(c, words, letters))).Where(m => m.Rank is not null)
                .OrderBy(m => m.Rank).Take(most).Select(m => m.Country),
        ];
    }

    /// <param name="region">Six-digit code inside China, Hong Kong, Macao and Taiwan included; null abroad.</param>
    /// <param name="country">ISO code abroad; null inside.</param>
    public EmergencyCall Emergency(string? region, string? country)
    {
        if (region is not null)
        {
            return new(sheet.Regions.FirstOrDefault(r => region.StartsWith(r.Prefix, StringComparison.Ordinal))?.Ambulance ?? sheet.Mainland, true);
        }

        return Find(country) is not { Ambulance.Length: > 0 } known ? new(sheet.Otherwise, false)
            : known.Grade == NotLookedUp ? new([.. known.Ambulance.Union(sheet.Otherwise)], false)
            : new(known.Ambulance, true);
    }

    /// <summary>The ambulance to name where there is room for one number: 120 in mainland China and where nobody said where they are, else the country's own.</summary>
    public string Ambulance(string? region, string? country) =>
        region is null && country is null ? sheet.Mainland[0] : Emergency(region, country).Numbers is [var first, ..] ? first : sheet.Mainland[0];

    private static int? Rank(Country country, string words, string letters) =>
        country.Zh == words || country.En.Equals(words, StringComparison.OrdinalIgnoreCase) ? 0
        : country.Code.Equals(letters, StringComparison.OrdinalIgnoreCase) ? 1
        : country.Zh.StartsWith(words, StringComparison.Ordinal) ? 2
        : country.En.StartsWith(words, StringComparison.OrdinalIgnoreCase) ? 3
        : country.Pinyin.Replace(" ", "", StringComparison.Ordinal).StartsWith(letters, StringComparison.OrdinalIgnoreCase) ? 4
        : letters.Length >= 2 && string.Concat(country.Pinyin.Split(' ').Select(s => s[0])).StartsWith(letters, StringComparison.OrdinalIgnoreCase) ? 5
        : letters.Length >= 2 && country.Zh.Contains(words, StringComparison.Ordinal) ? 6
        : null;

    private sealed record Sheet(
        DateOnly AsOf,
        string About,
        ImmutableArray<string> Otherwise,
        ImmutableArray<string> Mainland,
        ImmutableArray<SpecialRegion> Regions,
        ImmutableArray<NumberSource> Sources,
        ImmutableArray<Country> Countries);

    private sealed record SpecialRegion(string Prefix, ImmutableArray<string> Ambulance, string Grade, string Source);
}
