using System.Globalization;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Page;

namespace Yizhen.Web.Campaigns;

internal static class AidWords
{
    /// <summary>One rule in a sentence.</summary>
    /// <param name="campaign">Its name; null: each campaign of others.</param>
    public static string Of(Lang t, AidRule rule, string? campaign)
    {
        var needs = string.Join(t["、", ", "], rule.Needs.Select(n => PoolWords.Skill(t, n)));
        var areas = string.Join(t["、", ", "], rule.Areas.Select(a => PoolWords.Province(t, a)));
        var hours = rule.From == rule.To ? t["全天", "all day"] : string.Create(CultureInfo.InvariantCulture, $"{rule.From:HH\\:mm}–{rule.To:HH\\:mm}");
        return rule.Keep == AidTerms.Whole
            ? t[$"全部留给本单位，不借（{hours}）", $"Keeps everybody for its own people, lends nobody ({hours})"]
            : t[$"借给{campaign ?? "别家的每个活动"}：{(needs.Length == 0 ? "各专长" : needs)}，{(areas.Length == 0 ? "不限省份" : $"在{areas}的人")}，{hours}；每个专长留 {rule.Keep}% 的座位给本单位",
                $"Lends to {campaign ?? "every campaign of others"}: {(needs.Length == 0 ? "every skill" : needs)}, {(areas.Length == 0 ? "people from everywhere" : $"people in {areas}")}, {hours}; keeps {rule.Keep} % of the seats of each skill for its own people"];
    }

    public static string Keeps(Lang t, int? percent) => percent switch
    {
        null => t["没有设规则，和大家一起接", "No rule: its clinicians are there for everybody"],
        AidTerms.Whole => t["现在不借", "Lends nobody now"],
        { } keeps => t[$"现在每个专长留 {keeps}%", $"Keeps {keeps} % of each skill now"],
    };

    /// <summary>What to do about a field that cannot be taken.</summary>
    public static string Mistake(Lang t, string field) => field switch
    {
        "campaign" => t["选一个别家的活动，或全部", "Choose a campaign of another organisation, or all"],
        "keep" => t["留多少，写 0 到 100 的整数", "Write a whole number from 0 to 100"],
        "need" => t["专长只能从这里选", "Choose from these skills"],
        "areas" => t["有的省看不懂。写省名，例如 湖北、河南", "Not every province can be read. Write their names, for example Hubei, Henan"],
        "from" or "to" => t["时间写成 08:00 的样子", "Write the time like 08:00"],
        _ => t["太长了，写短一些", "Too long: shorten it"],
    };

    public static string Minutes(decimal minutes) => minutes.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>With a sign; received more than given is above zero.</summary>
    public static string Balance(decimal balance) => balance.ToString("+0.0;−0.0;0", CultureInfo.InvariantCulture);

    public static string Balance(int balance) => balance.ToString("+0;−0;0", CultureInfo.InvariantCulture);
}
