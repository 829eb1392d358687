using System.Globalization;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Page;

namespace Yizhen.Web.Campaigns;

/// <summary>A campaign as it was typed, from the form and from the JSON face.</summary>
internal static class CampaignForm
{
    public static CampaignDraft Read(SentForm form, string slug) => new(
        slug, form["name_zh"], form["name_en"], form["owner_zh"], form["owner_en"], form["purpose_zh"], form["purpose_en"], form["covers_zh"], form["covers_en"],
        form["regions"], form["from"], form["to"], form["hotline"], form["numbers"], form["rules_date"])
    {
        More = new(
            form["partners_zh"], form["partners_en"], form["filing"], Or(form["basis"], nameof(CoverBasis.Present)), Or(form["proof"], nameof(CoverProof.OwnWord)), form["code"],
            string.Join(' ', form.All("languages")), form["starts"], form["ends"], form["paused_zh"], form["paused_en"], form["closed_zh"], form["closed_en"], form["region_numbers"], form["per_hour"])
        {
            OwnWordToo = form["own_word_too"] == "yes", SurgeFrom = Or(form["surge_from"], "0"), SurgeTo = Or(form["surge_to"], $"{CampaignLadder.Highest}"), SurgeWhy = form["surge_why"],
        },
    };

    private static string Or(string typed, string otherwise) => typed.Length == 0 ? otherwise : typed;
}

/// <param name="Hours">08:00-22:00; the same time twice for the whole day.</param>
/// <param name="Terms">Left out: as in a new campaign.</param>
internal sealed record CampaignBody(
    string? Slug, BothWays? Name, BothWays? Owner, BothWays? Purpose, BothWays? Covers, string[]? Regions, string? Hours, string? Hotline, string[]? Numbers, DateOnly? RulesDate, TermsBody? Terms = null)
{
    public CampaignDraft Read(string slug)
    {
        var hours = (Hours ?? "00:00-00:00").Split('-');
        return new CampaignDraft(
            slug, Name?.Zh ?? "", Name?.En ?? "", Owner?.Zh ?? "", Owner?.En ?? "", Purpose?.Zh ?? "", Purpose?.En ?? "", Covers?.Zh ?? "", Covers?.En ?? "",
            string.Join(' ', Regions ?? []), hours[0].Trim(), hours[^1].Trim(), Hotline ?? "", string.Join('\n', Numbers ?? []),
            RulesDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "")
        {
            More = (Terms ?? new()).Read(),
        };
    }
}

/// <param name="Basis">present, residence or employer.</param>
/// <param name="Proof">own_word, phone_region or code.</param>
/// <param name="OwnWordToo">Beside a phone's region; left out: yes.</param>
/// <param name="Starts">2020-01-26T15:00 in the deployment's zone.</param>
/// <param name="PerHour">1 to 1,000,000; left out: as many as come.</param>
/// <param name="Ladder">Left out: the whole surge ladder.</param>
internal sealed record TermsBody(
    BothWays? Partners = null, string? Filing = null, CoverBasis? Basis = null, CoverProof? Proof = null, string? Code = null, string[]? Languages = null, string? Starts = null, string? Ends = null,
    BothWays? PausedText = null, BothWays? ClosedText = null, RegionNumber[]? RegionNumbers = null, int? PerHour = null, CampaignLadder? Ladder = null, bool? OwnWordToo = null)
{
    public TermsDraft Read() => new(
        Partners?.Zh ?? "", Partners?.En ?? "", Filing ?? "", (Basis ?? CoverBasis.Present).ToString(), (Proof ?? CoverProof.OwnWord).ToString(), Code ?? "", string.Join(' ', Languages ?? []), Starts ?? "", Ends ?? "",
        PausedText?.Zh ?? "", PausedText?.En ?? "", ClosedText?.Zh ?? "", ClosedText?.En ?? "", string.Join('\n', (RegionNumbers ?? []).OfType<RegionNumber>().Select(n => $"{n.Region} {n.Line}")),
        PerHour?.ToString(CultureInfo.InvariantCulture) ?? "")
    {
        OwnWordToo = OwnWordToo ?? true, SurgeFrom = (Ladder ?? CampaignLadder.Whole).From.ToString(CultureInfo.InvariantCulture), SurgeTo = (Ladder ?? CampaignLadder.Whole).To.ToString(CultureInfo.InvariantCulture), SurgeWhy = Ladder?.Because ?? "",
    };
}

/// <param name="Confirms">The time of the request that is confirmed, as the campaign's <c>terms.asked.at</c> has it; left out: this is the request.</param>
/// <param name="Reason">Where the organisation has one operator.</param>
/// <param name="TakeBack">The request is taken back instead.</param>
internal sealed record OpenBody(DateTimeOffset? Confirms = null, string? Reason = null, bool? TakeBack = null);

/// <param name="AnswerBy">Whoever waits now is promised an answer by then.</param>
internal sealed record PauseBody(DateTimeOffset AnswerBy);

/// <param name="Slug">Address of the copy.</param>
internal sealed record CopyBody(string? Slug);
