using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Directories;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;

namespace Yizhen.Web.Directories;

/// <summary>A campaign of this deployment that takes people now.</summary>
public sealed record OpenCampaign(string Href, string Name, string Covers);

/// <summary>Another free service, as its list gives it.</summary>
/// <param name="Published">Who published it and when, in words.</param>
public sealed record ServiceElsewhere(string Name, string Kind, ImmutableArray<string> Phones, string Address, string Note, string Published);

/// <summary>Where somebody can turn to whom this campaign does not take. Never empty: the health line and 120 always stand in it.</summary>
/// <param name="Hotline">The campaign's; null where it has none.</param>
/// <param name="Clinics">The page of hospitals near the person.</param>
public sealed record ElsewhereModel(ImmutableArray<OpenCampaign> Campaigns, ImmutableArray<ServiceElsewhere> Services, string? Hotline, string HealthLine, string Clinics);

internal sealed class Elsewhere(Shelf shelf, CampaignShelf campaigns, Places places, DirectoryRules rules, TimeProvider clock)
{
    /// <param name="region">Where the person is, as a code; null where it is not known, or abroad.</param>
    public async Task<ElsewhereModel> Of(Campaign campaign, string? region, Lang t, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var day = campaigns.RulesDate(campaign, now);
        var open = (await campaigns.TakingNow(now, ct)).Where(c => c.Slug != campaign.Slug && (region is null || c.Includes(region)));
        var services = (await shelf.ServicesAsync(ct)).Where(s => s.Region is null || region is null || Places.Holds(s.Region, region))
            .OrderByDescending(s => s.Region is not null && region is not null).ThenBy(s => AdviceElsewhere.Kinds.IndexOf(s.Kind)).ThenByDescending(s => s.Published).Take(rules.Listed);
        return new(
            [.. open.Select(c => new OpenCampaign($"/c/{c.Slug}", CampaignWords.Say(c.Name, t), CampaignWords.Say(c.Covers, t)))],
            [.. services.Select(s => new ServiceElsewhere(
                s.Name, HospitalWords.Of(t, s), [.. s.Phone.Split([';', '；', '、', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)], Words(s.Address), s.Note, Published(t, s, day)))],
            campaign.Hotline.Length == 0 ? null : campaign.Hotline, rules.HealthLine, $"/c/{campaign.Slug}/clinics{(places.Find(region) is { } place ? $"?at={place.Code}" : "")}");
    }

    /// <summary>As people read it out: no browser makes a link of it.</summary>
    private static string Words(string address) => address.Replace("https://", "", StringComparison.OrdinalIgnoreCase).Replace("http://", "", StringComparison.OrdinalIgnoreCase);

    private string Published(Lang t, AdviceElsewhere service, DateOnly day)
    {
        if (service.Published is not { } published)
        {
            return t[$"{service.Publisher}，没有写日期", $"{service.Publisher}, without a date"];
        }

        var said = $"{service.Publisher}, {published.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        return published.AddDays(rules.ListOldDays) < day ? t[$"{said}，消息旧了，可能已经停了", $"{said}: old, it may have ended"] : said;
    }
}
