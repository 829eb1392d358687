using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Page;

namespace Yizhen.Web.Campaigns;

/// <summary>How a campaign speaks of itself on every page that belongs to it.</summary>
internal static partial class CampaignWords
{
    private const int MostSigns = 6;

    private static readonly ImmutableArray<string> SignsZh = Signs("danger.zh.html");
    private static readonly ImmutableArray<string> SignsEn = Signs("danger.en.html");

    /// <summary>The first signs of the danger page, which is the one place where they are written.</summary>
    public static ImmutableArray<string> Danger(Lang t) => t.IsEnglish ? SignsEn : SignsZh;

    public static Brand Brand(Campaign campaign, Lang t) => new(
        Say(campaign.Name, t),
        $"/c/{campaign.Slug}",
        campaign.Hotline.Length == 0 ? null : campaign.Hotline,
        Notice: campaign.RulesDate is { } day
            ? t[$"演练：按 {day.ToString("yyyy 年 M 月 d 日", CultureInfo.InvariantCulture)} 的规则看轻重", $"Rehearsal: judged by the rules of {day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}"]
            : null);

    public static string Hours(Hours hours, Lang t) => hours.From == hours.To
        ? t["每天，全天", "Every day, all day"]
        : t[$"每天 {hours.From:HH\\:mm} 到 {Next(hours, t)}{hours.To:HH\\:mm}", $"Daily, {hours.From:HH\\:mm} to {hours.To:HH\\:mm}{Next(hours, t)}"];

    /// <summary>Where to go instead; nobody is left with a bare no.</summary>
    public static string Instead(Campaign campaign, Lang t)
    {
        var own = campaign.State switch
        {
            CampaignState.Paused => campaign.Terms.PausedText,
            CampaignState.Closed => campaign.Terms.ClosedText,
            CampaignState.Draft or CampaignState.Open => null,
        };
        if (own is not null && Say(own, t) is { Length: > 0 } said)
        {
            return said + t[" 急的打 120。", " If it is urgent, call 120."];
        }

        var line = campaign.Hotline.Length == 0 ? "" : t[$"现在想问人，打专线 {campaign.Hotline}。", $"To ask somebody now, call {campaign.Hotline}. "];
        return t["已经在里面的人照样看完。", "Whoever is inside is still seen. "] + line + t["急的打 120。", "If it is urgent, call 120."];
    }

    /// <summary>In the reader's language; while one of the two is still missing, the other.</summary>
    public static string Say(BothWays words, Lang t) => words.In(t.Code) is { Length: > 0 } said ? said : words.In(t.Other.Code);

    private static string Next(Hours hours, Lang t) => hours.From > hours.To ? t["第二天 ", " the next day"] : "";

    private static ImmutableArray<string> Signs(string page)
    {
        var list = Asset.Text(page).Split("<ul>")[1].Split("</ul>")[0];
        return [.. Item().Matches(list).Take(MostSigns).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))];
    }

    [GeneratedRegex("<li>([^<]+)</li>")]
    private static partial Regex Item();
}
