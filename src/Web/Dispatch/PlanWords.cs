using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

internal static class PlanWords
{
    private const int Hour = 3600;
    private const int Day = 24;
    private const int MostDoctors = 10_000;

    public static readonly ImmutableArray<string> Skills = ["general", "fever", "chronic", "pediatrics", "obstetrics", "psych", "tcm"];

    public static string Skill(Lang t, string code) => code switch
    {
        "general" => t["一般", "general complaints"],
        "fever" => t["发热", "fever"],
        "chronic" => t["慢性病", "chronic illness"],
        "pediatrics" => t["儿科", "children"],
        "obstetrics" => t["产科", "pregnancy"],
        "psych" => t["心理", "psychological support"],
        "tcm" => t["中医", "Chinese medicine"],
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

    /// <summary>The text of a call for volunteers. It asks for what is most useful and for nobody else.</summary>
    /// <param name="firstHour">Clock hour at which the day begins.</param>
    public static string Call(Lang t, ImmutableArray<WorthSpan> calls, int firstHour)
    {
        if (calls.IsEmpty)
        {
            return t["现在排的人手够用，暂时不用再请志愿医生。", "Those on the roster are enough for now: no further volunteers are needed."];
        }

        string Ask(WorthSpan span) => t[$"会看{Skill(t, span.Skill)}的医生，{Hours(span, firstHour)}", $"doctors for {Skill(t, span.Skill)}, {Hours(span, firstHour)}"];
        var first = t[$"最需要：{Ask(calls[0])}。", $"Most needed: {Ask(calls[0])}."];
        return calls.Length == 1 ? first : first + t[$"其次：{string.Join("；", calls.Skip(1).Select(Ask))}。", $" Then: {string.Join("; ", calls.Skip(1).Select(Ask))}."];
    }

    public static string Hours(WorthSpan span, int firstHour) => $"{Clock(firstHour + span.From)}–{Clock(firstHour + span.To)}";

    /// <summary>SKILL:FROM-TO:N, times as 06:00 or 6.</summary>
    /// <exception cref="StorageException">It is not.</exception>
    public static MoreDoctors Add(string text)
    {
        var parts = text.Split(':');
        var count = 0;
        if (parts.Length < 3 || Hours(string.Join(':', parts[1..^1])) is not var (from, to) || !int.TryParse(parts[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count) || Math.Abs(count) > MostDoctors)
        {
            throw new StorageException($"--add: {text} cannot be taken. Write it like fever:06:00-10:00:5.");
        }

        return new MoreDoctors(parts[0], from, to, count);
    }

    /// <exception cref="StorageException">Not SKILL:N.</exception>
    public static Training Train(string text) =>
        text.Split(':') is [{ Length: > 0 } skill, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostDoctors
            ? new Training(skill, count)
            : throw new StorageException($"--train: {text} cannot be taken. Write it like fever:10.");

    /// <returns>Seconds; null where it cannot be read.</returns>
    public static (int From, int To)? Hours(string text) =>
        text.Split('-') is [var from, var to] && Seconds(from) is { } begins && Seconds(to) is { } ends && ends > begins ? (begins, ends) : null;

    private static string Clock(int hour) => hour % Day == 0 && hour > 0 ? "24:00" : $"{hour % Day:00}:00";

    private static int? Seconds(string text)
    {
        var parts = text.Split(':');
        return parts.Length <= 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && hour <= 2 * Day
            && (parts.Length == 1 ? 0 : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minute) && minute < 60 ? minute : -1) is >= 0 and var minutes
            ? (hour * Hour) + (minutes * 60)
            : null;
    }
}
