using System.Collections.Immutable;
using Yizhen.Rules.Campaigns;

namespace Yizhen.Web.Page;

/// <summary>The codes that dispatch goes by, in words for staff. A code that has none stays as it is.</summary>
internal static class PoolWords
{
    public static readonly ImmutableArray<string> Skills = ["general", "fever", "chronic", "pediatrics", "obstetrics", "psych", "tcm"];
    public static readonly ImmutableArray<string> Languages = ["zh", "wuhan", "yue", "wu", "en"];
    public static readonly ImmutableArray<string> Channels = ["chat", "phone", "video"];

    public static string Skill(Lang t, string code) => code switch
    {
        "general" => t["一般", "general complaints"],
        "fever" => t["发热", "fever"],
        "chronic" => t["慢性病", "chronic illness"],
        "pediatrics" => t["儿科", "children"],
        "obstetrics" => t["产科", "pregnancy"],
        "psych" => t["心理", "psychological support"],
        "tcm" => t["中医", "Chinese medicine"],
        "physician" => t["医师（护士等叫的）", "a physician, called by other staff"],
        _ => code,
    };

    /// <summary>A province by the two digits that a licence names; a code that is none stays as it is.</summary>
    public static string Province(Lang t, string code) => code switch
    {
        "11" => t["北京", "Beijing"], "12" => t["天津", "Tianjin"], "13" => t["河北", "Hebei"], "14" => t["山西", "Shanxi"], "15" => t["内蒙古", "Inner Mongolia"],
        "21" => t["辽宁", "Liaoning"], "22" => t["吉林", "Jilin"], "23" => t["黑龙江", "Heilongjiang"], "31" => t["上海", "Shanghai"], "32" => t["江苏", "Jiangsu"],
        "33" => t["浙江", "Zhejiang"], "34" => t["安徽", "Anhui"], "35" => t["福建", "Fujian"], "36" => t["江西", "Jiangxi"], "37" => t["山东", "Shandong"],
        "41" => t["河南", "Henan"], "42" => t["湖北", "Hubei"], "43" => t["湖南", "Hunan"], "44" => t["广东", "Guangdong"], "45" => t["广西", "Guangxi"],
        "46" => t["海南", "Hainan"], "50" => t["重庆", "Chongqing"], "51" => t["四川", "Sichuan"], "52" => t["贵州", "Guizhou"], "53" => t["云南", "Yunnan"],
        "54" => t["西藏", "Tibet"], "61" => t["陕西", "Shaanxi"], "62" => t["甘肃", "Gansu"], "63" => t["青海", "Qinghai"], "64" => t["宁夏", "Ningxia"],
        "65" => t["新疆", "Xinjiang"], "71" => t["台湾", "Taiwan"], "81" => t["香港", "Hong Kong"], "82" => t["澳门", "Macao"],
        _ => code,
    };

    /// <summary>The two digits of a province, by them or by its name in either language, 湖北 or 湖北省; null where it is none.</summary>
    public static string? ProvinceCode(Places places, string words)
    {
        var known = places.Provinces.Where(p => p.Province == words || p.Name == words || Province(Lang.Zh, p.Province) == words || string.Equals(Province(Lang.En, p.Province), words, StringComparison.OrdinalIgnoreCase));
        return known.FirstOrDefault()?.Province;
    }

    public static string Language(Lang t, string code) => code switch
    {
        "zh" => t["普通话", "Mandarin"],
        "wuhan" => t["武汉话", "Wuhan dialect"],
        "yue" => t["粤语", "Cantonese"],
        "wu" => t["吴语", "Wu"],
        "en" => t["英语", "English"],
        _ => code,
    };

    public static string Channel(Lang t, string code) => code switch
    {
        "chat" => t["文字", "chat"],
        "phone" => t["电话", "telephone"],
        "video" => t["视频", "video"],
        _ => code,
    };
}
