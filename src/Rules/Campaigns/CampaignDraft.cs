using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Campaigns;

/// <summary>What an operator typed about a campaign. Half of it may be empty: a draft is stored as it is, and opening asks for the rest.</summary>
/// <param name="Regions">Codes of six digits, separated by commas, spaces or new lines.</param>
/// <param name="From">First hour, HH:mm; equal to <paramref name="To"/> for the whole day.</param>
/// <param name="Numbers">One emergency number with its name on each line.</param>
/// <param name="RulesDate">yyyy-MM-dd, or empty; in demo and drill only.</param>
public sealed record CampaignDraft(
    string Slug,
    string NameZh,
    string NameEn,
    string OwnerZh,
    string OwnerEn,
    string PurposeZh,
    string PurposeEn,
    string CoversZh,
    string CoversEn,
    string Regions,
    string From,
    string To,
    string Hotline,
    string Numbers,
    string RulesDate)
{
    /// <summary>Partners, days, proof, texts of pause and end.</summary>
    public TermsDraft More { get; init; } = TermsDraft.Empty;

    public const int LongestText = 400;
    public const int LongestLine = 80;

    private static readonly char[] Between = [',', '，', '、', ' ', '\n', '\r', '\t'];

    /// <summary>An empty form: open all day.</summary>
    public static CampaignDraft Empty { get; } = new("", "", "", "", "", "", "", "", "", "", "00:00", "00:00", "", "", "");

    public static CampaignDraft Of(Campaign campaign)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        return new(
            campaign.Slug, campaign.Name.Zh, campaign.Name.En, campaign.Owner.Zh, campaign.Owner.En, campaign.Purpose.Zh, campaign.Purpose.En,
            campaign.Covers.Zh, campaign.Covers.En, string.Join(' ', campaign.Regions), Clock(campaign.Hours.From), Clock(campaign.Hours.To),
            campaign.Hotline, string.Join('\n', campaign.Numbers), campaign.RulesDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "")
        {
            More = TermsDraft.Of(campaign.Terms),
        };
    }

    /// <summary>Names of the fields that cannot be stored as they stand, in the order of the form; empty when all can.</summary>
    /// <param name="knows">Whether a region code exists.</param>
    public ImmutableArray<string> Wrong(Func<string, bool> knows, bool rehearsal)
    {
        ArgumentNullException.ThrowIfNull(knows);
        var wrong = ImmutableArray.CreateBuilder<string>();
        Check("slug", Campaign.ReadSlug(Slug).IsRefused(out _));
        Check("name_zh", !Holds(NameZh, LongestLine));
        Check("name_en", !Holds(NameEn, LongestLine));
        Check("owner_zh", !Holds(OwnerZh, LongestText));
        Check("owner_en", !Holds(OwnerEn, LongestText));
        Check("purpose_zh", !Holds(PurposeZh, LongestText));
        Check("purpose_en", !Holds(PurposeEn, LongestText));
        Check("covers_zh", !Holds(CoversZh, LongestText));
        Check("covers_en", !Holds(CoversEn, LongestText));
        Check("regions", RegionCodes.Any(code => !knows(code)) || Regions.Length > LongestText || (More.IsByPhone && !RegionCodes.Any()));
        Check("from", !Time(From, out _));
        Check("to", !Time(To, out _));
        Check("hotline", !Holds(Hotline, LongestLine) || (Hotline.Length > 0 && !Hotline.Any(char.IsAsciiDigit)));
        Check("numbers", !Holds(Numbers, LongestText) || NumberLines.Any(line => !line.Any(char.IsAsciiDigit)));
        Check("rules_date", RulesDate.Length > 0 && (!rehearsal || !Day(RulesDate, out _)));
        wrong.AddRange(More.Wrong(knows));
        return wrong.ToImmutable();

        void Check(string field, bool isWrong)
        {
            if (isWrong)
            {
                wrong.Add(field);
            }
        }
    }

    /// <summary>The campaign as typed, with owner and state of <paramref name="before"/>. One that is open must stay whole.</summary>
    public Decision<Campaign> Onto(Campaign before, Func<string, bool> knows, bool rehearsal)
    {
        ArgumentNullException.ThrowIfNull(before);
        if (!Wrong(knows, rehearsal).IsEmpty || !Time(From, out var from) || !Time(To, out var to))
        {
            return Refusal.Malformed;
        }

        var after = before with
        {
            Name = new BothWays(NameZh, NameEn),
            Owner = new BothWays(OwnerZh, OwnerEn),
            Purpose = new BothWays(PurposeZh, PurposeEn),
            Covers = new BothWays(CoversZh, CoversEn),
            Regions = [.. RegionCodes],
            Hours = new Hours(from, to),
            Hotline = Hotline,
            Numbers = [.. NumberLines],
            RulesDate = Day(RulesDate, out var day) ? day : null,
            Terms = More.Onto(before.Terms),
        };
        return after.State == CampaignState.Open && !after.Missing(rehearsal).IsEmpty ? Refusal.CampaignTextMissing : after;
    }

    /// <summary>A new campaign of this organisation, as a draft.</summary>
    public Decision<Campaign> New(Guid organisation, Func<string, bool> knows, bool rehearsal)
    {
        var nothing = new BothWays("", "");
        return Campaign.ReadSlug(Slug).Then(slug => Onto(
            new Campaign(slug, organisation, nothing, nothing, nothing, nothing, [], new Hours(TimeOnly.MinValue, TimeOnly.MinValue), "", [], null, CampaignState.Draft), knows, rehearsal));
    }

    /// <summary>Short enough, and of characters that a page and a database can hold.</summary>
    public static bool Holds(string text, int longest) => text?.Length <= longest && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));

    private IEnumerable<string> RegionCodes => Regions.Split(Between, StringSplitOptions.RemoveEmptyEntries).Distinct();

    private IEnumerable<string> NumberLines => Numbers.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Clock(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static bool Time(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static bool Day(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
