using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Campaigns;

/// <summary>What an operator typed about a campaign's terms; empty stands for not set.</summary>
/// <param name="Basis">Name of a <see cref="CoverBasis"/>, in any case.</param>
/// <param name="Proof">Name of a <see cref="CoverProof"/>, in any case.</param>
/// <param name="Languages">Codes with spaces between.</param>
/// <param name="Starts">yyyy-MM-ddTHH:mm in the deployment's zone.</param>
/// <param name="RegionNumbers">On each line a region's six digits, then the number with its name.</param>
/// <param name="PerHour">1 to 1,000,000.</param>
public sealed record TermsDraft(
    string PartnersZh, string PartnersEn, string Filing, string Basis, string Proof, string Code, string Languages, string Starts, string Ends,
    string PausedZh, string PausedEn, string ClosedZh, string ClosedEn, string RegionNumbers, string PerHour)
{
    /// <summary>Languages that clinicians state here.</summary>
    public static readonly ImmutableArray<string> Known = ["zh", "en", "wuhan", "wu", "yue"];

    public const int LongestCode = 40;
    public const int MostPerHour = 1_000_000;
    private const int LongestLine = 80;
    private const int MostNumbers = 60;
    private const int RegionDigits = 6;
    private const string Minute = "yyyy-MM-dd'T'HH:mm";

    /// <summary>Beside a phone's region the person's own word counts.</summary>
    public bool OwnWordToo { get; init; } = true;

    /// <summary>Level of the surge ladder at which the campaign begins, and the highest it may be put on: 0 to <see cref="CampaignLadder.Highest"/>.</summary>
    public string SurgeFrom { get; init; } = "0";

    public string SurgeTo { get; init; } = $"{CampaignLadder.Highest}";

    /// <summary>Asked for where it is not the whole ladder.</summary>
    public string SurgeWhy { get; init; } = "";

    public static TermsDraft Empty { get; } = new("", "", "", nameof(CoverBasis.Present), nameof(CoverProof.OwnWord), "", "", "", "", "", "", "", "", "", "");

    public static TermsDraft Of(CampaignTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new(
            terms.Partners.Zh, terms.Partners.En, terms.Filing, terms.Basis.ToString(), terms.Proof.ToString(), terms.Code, string.Join(' ', terms.Languages), Written(terms.Starts), Written(terms.Ends),
            terms.PausedText.Zh, terms.PausedText.En, terms.ClosedText.Zh, terms.ClosedText.En, string.Join('\n', terms.RegionNumbers.Select(n => $"{n.Region} {n.Line}")),
            terms.PerHour?.ToString(CultureInfo.InvariantCulture) ?? "")
        {
            OwnWordToo = terms.OwnWordToo, SurgeFrom = terms.Ladder.From.ToString(CultureInfo.InvariantCulture), SurgeTo = terms.Ladder.To.ToString(CultureInfo.InvariantCulture), SurgeWhy = terms.Ladder.Because,
        };
    }

    /// <summary>Names of the fields that cannot be stored, in the order of the form.</summary>
    public IEnumerable<string> Wrong(Func<string, bool> knows) => new (string Field, bool IsWrong)[]
    {
        ("partners_zh", !CampaignDraft.Holds(PartnersZh, CampaignDraft.LongestText)),
        ("partners_en", !CampaignDraft.Holds(PartnersEn, CampaignDraft.LongestText)),
        ("filing", !CampaignDraft.Holds(Filing, LongestLine)),
        ("basis", !Enum.TryParse<CoverBasis>(Basis, ignoreCase: true, out var basis) || !Enum.IsDefined(basis)),
        ("proof", !Enum.TryParse<CoverProof>(Proof, ignoreCase: true, out var proof) || !Enum.IsDefined(proof) || (proof == CoverProof.PhoneRegion && basis != CoverBasis.Residence)),
        ("code", !CampaignDraft.Holds(Code, LongestCode)),
        ("languages", !Spoken.All(Known.Contains)),
        ("starts", !IsTime(Starts)),
        ("ends", !IsTime(Ends)),
        ("per_hour", PerHour.Length > 0 && Number is null),
        ("surge_from", Level(SurgeFrom) is null),
        ("surge_to", Level(SurgeTo) is not { } to || to < Level(SurgeFrom)),
        ("surge_why", !CampaignDraft.Holds(SurgeWhy, CampaignDraft.LongestText) || (Ladder is { IsWhole: false } && string.IsNullOrWhiteSpace(SurgeWhy))),
        ("paused_zh", !CampaignDraft.Holds(PausedZh, CampaignDraft.LongestText)),
        ("paused_en", !CampaignDraft.Holds(PausedEn, CampaignDraft.LongestText)),
        ("closed_zh", !CampaignDraft.Holds(ClosedZh, CampaignDraft.LongestText)),
        ("closed_en", !CampaignDraft.Holds(ClosedEn, CampaignDraft.LongestText)),
        ("region_numbers", Numbers.Count > MostNumbers || Numbers.Any(n => !knows(n.Region) || !CampaignDraft.Holds(n.Line, LongestLine) || !n.Line.Any(char.IsAsciiDigit))),
    }.Where(f => f.IsWrong).Select(f => f.Field);

    /// <summary>Onto what stood before: a pause and the versions of the opening are not typed, and a request to open what stood before is taken back. Only what <see cref="Wrong"/> finds nothing in.</summary>
    public CampaignTerms Onto(CampaignTerms before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return before with
        {
            Partners = new(PartnersZh, PartnersEn),
            Filing = Filing,
            Basis = Enum.Parse<CoverBasis>(Basis, ignoreCase: true),
            Proof = Enum.Parse<CoverProof>(Proof, ignoreCase: true),
            Code = Code.Trim(),
            Languages = [.. Spoken.Distinct()],
            Starts = Time(Starts),
            Ends = Time(Ends),
            PausedText = new(PausedZh, PausedEn),
            ClosedText = new(ClosedZh, ClosedEn),
            RegionNumbers = [.. Numbers],
            PerHour = Number,
            OwnWordToo = OwnWordToo,
            Ladder = Ladder ?? before.Ladder,
            Asked = null,
        };
    }

    public bool IsByPhone => string.Equals(Proof, nameof(CoverProof.PhoneRegion), StringComparison.OrdinalIgnoreCase);

    public IEnumerable<string> Spoken => Languages.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private CampaignLadder? Ladder => Level(SurgeFrom) is { } from && Level(SurgeTo) is { } to && from <= to ? new(from, to, from == 0 && to == CampaignLadder.Highest ? "" : SurgeWhy.Trim()) : null;

    private static int? Level(string typed) => int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level <= CampaignLadder.Highest ? level : null;

    private int? Number => int.TryParse(PerHour, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostPerHour ? number : null;

    private List<RegionNumber> Numbers =>
        [.. RegionNumbers.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => new RegionNumber(line[..Math.Min(RegionDigits, line.Length)], line.Length > RegionDigits ? line[RegionDigits..].Trim() : ""))];

    private static string Written(DateTime? time) => time?.ToString(Minute, CultureInfo.InvariantCulture) ?? "";

    private static bool IsTime(string text) => text.Length == 0 || Time(text) is not null;

    private static DateTime? Time(string text) => DateTime.TryParseExact(text, Minute, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
