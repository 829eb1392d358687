using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Overload;
using Yizhen.Web.Page;

namespace Yizhen.Web.Campaigns;

internal static class BoardWords
{
    private static readonly ImmutableArray<string> Nameless = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];

    public static string Cell(Lang t, string code) => code switch
    {
        "arrived" => t["来诊", "Arrived"],
        "at_door" => t["在门口", "At the door"],
        "opened" => t["已开始", "Opened"],
        "answered_at_desk" => t["信息台答复", "Answered at the desk"],
        "turned_back" => t["劝回，有理由", "Turned back, with a reason"],
        "went_away" => t["没开始就走了", "Went away"],
        "being_asked" => t["正在问", "Being asked"],
        "self_care" => t["自我照护", "Self-care"],
        "told_to_go" => t["请去医院", "Told to go"],
        "waiting" => t["候诊", "Waiting"],
        "on_hold" => t["保留", "On hold"],
        "promised" => t["约好时间", "Promised"],
        "in_consultation" => t["接诊中", "In consultation"],
        "served" => t["接完", "Served"],
        "referred" => t["转诊", "Referred"],
        "left" => t["离开", "Left"],
        "refused" => t["谢绝，有理由", "Refused, with a reason"],
        _ => code,
    };

    /// <summary>What a stage leaves out.</summary>
    public static string Leaves(Lang t, Stage stage) => stage switch
    {
        Stage.Normal => t["刚缓过来，门外的人正在进来", "easing, people are coming in"],
        Stage.Sparing => t["实时更新先停，页面照常", "live updates pause, pages work"],
        Stage.Line => t["新来的在门外等", "newcomers wait before the door"],
        _ => t["开始了还没排队的，也有人要再试", "some who have begun are asked to try again"],
    };

    /// <summary>m:ss, or h:mm:ss from an hour on.</summary>
    public static string Lasting(TimeSpan time) => time < TimeSpan.Zero ? "0:00" : time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time:mm\\:ss}"
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    public static string Target(Lang t, TimeSpan target) => target.TotalMinutes < 1 || target.TotalSeconds <= 60
        ? t[$"{(int)target.TotalSeconds} 秒", $"{(int)target.TotalSeconds} s"]
        : t[$"{(int)target.TotalMinutes} 分", $"{(int)target.TotalMinutes} min"];

    public static string Duty(Lang t, DutyLine line) => line.IsLost ? t["▲ 没有动静", "▲ no sign"] : line.State switch
    {
        "on" => t["✓ 在岗", "✓ On duty"],
        "pausing" => t["… 接完就休息", "… Finishing, then a break"],
        "paused" => t["… 休息", "… Break"],
        _ => line.State,
    };

    public static string DutyLook(DutyLine line) => line.IsLost ? "st care" : line.State == "on" ? "st good" : "st";

    /// <summary>Hours, minutes and seconds of the deployment's zone.</summary>
    public static string Clock(Frame frame, DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, frame.Settings.Zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string HoursMinutes(Lang t, TimeSpan time) => time.TotalHours < 1 ? t[$"{time.Minutes} 分", $"{time.Minutes} min"] : t[$"{(int)time.TotalHours} 小时 {time.Minutes} 分", $"{(int)time.TotalHours} h {time.Minutes} min"];

    /// <summary>What somebody would have to be able to do.</summary>
    public static string Hole(Lang t, HoleLine hole) => Hole(t, hole.Need, hole.Lang, hole.Province, hole.Channel);

    public static string Hole(Lang t, ComingHole hole) => Hole(t, hole.Need, hole.Lang, hole.Province, hole.Channel);

    private static string Hole(Lang t, string need, string lang, string? area, string channel) => string.Join(" · ", new[]
    {
        PoolWords.Skill(t, need), PoolWords.Language(t, lang), area is { } province ? PoolWords.Province(t, province) : t["不限地区", "any region"], PoolWords.Channel(t, channel),
    });

    /// <summary>Of the time to come, what those who come closest lack.</summary>
    public static string Lacking(Lang t, string lacks) => lacks switch
    {
        "skill" => t["那时排班的没有这个专长。", "Nobody rostered then has this skill."],
        "language" => t["那时有这个专长的，但不会这种语言。", "The skill is rostered then, not the language."],
        "channel" => t["那时专长和语言都有，但没有人接这种方式。", "Skill and language are rostered then, not the channel."],
        "licence" => t["那时专长、语言、方式都有，但没有人的执业范围包括这个省。", "Skill, language and channel are rostered then; nobody's licence covers the province."],
        _ => t["那时一个人也没有排。", "Nobody is rostered then."],
    };

    public static string Tired(Lang t, DutyLine line) => (line.Tiredness, line.Cap) switch
    {
        (Rules.Dispatch.Tiredness.Fresh, _) => t["✓ 还好", "✓ fresh"],
        (Rules.Dispatch.Tiredness.Tiring, _) => t[$"… 快到上限：{Cap(t, line.Cap)}", $"… near the cap: {Cap(t, line.Cap)}"],
        (Rules.Dispatch.Tiredness.Tired, _) => t[$"▲ 到上限：{Cap(t, line.Cap)}", $"▲ at the cap: {Cap(t, line.Cap)}"],
        _ => "",
    };

    private static string Cap(Lang t, string? cap) => cap switch
    {
        Rules.Dispatch.DutyPolicy.Consultations => t["人数", "people"],
        Rules.Dispatch.DutyPolicy.Day => t["一天工时", "hours in a day"],
        _ => t["连续工作", "without a break"],
    };

    public static string Lacks(Lang t, HoleLine hole) => $"{Closest(t, hole.Lacks)}{(hole.OnBreak > 0 ? t[$"休息的 {hole.OnBreak} 人能接。", $" {hole.OnBreak} on a break would fit."] : "")}";

    /// <summary>Clinicians by what they are doing: in words, how that looks, and who.</summary>
    public static ImmutableArray<(string Words, string Look, ImmutableArray<DutyLine> Those)> States(Lang t, ImmutableArray<DutyLine> duty) => [
        (t["✓ 在岗", "✓ On duty"], "st good", [.. duty.Where(d => d is { IsLost: false, State: "on" })]),
        (t["… 接完就休息", "… Finishing, then a break"], "st", [.. duty.Where(d => d is { IsLost: false, State: "pausing" })]),
        (t["… 休息", "… Break"], "st", [.. duty.Where(d => d is { IsLost: false, State: "paused" })]),
        (t["▲ 没有动静", "▲ No sign"], duty.Any(d => d.IsLost) ? "st care" : "st", [.. duty.Where(d => d.IsLost)])];

    /// <summary>A province or a city; null: abroad, or not said.</summary>
    public static string Region(Lang t, Places known, string? code) =>
        code is null ? t["境外或没有说", "Abroad, or not said"]
        : code.Length == 2 ? PoolWords.Province(t, code)
        : known.Find($"{code}00") is not { } city ? code
        : t[city.Name, city.Pinyin.Length > 0 ? char.ToUpperInvariant(city.Pinyin[0]) + city.Pinyin[1..].Replace(" ", "", StringComparison.Ordinal) : city.Name];

    /// <summary>Beijing and its like have no city but themselves.</summary>
    public static bool HasName(Places known, string? city) => known.Find($"{city}00") is { } place && !Nameless.Contains(place.Name);

    public static string Closest(Lang t, string lacks) => lacks switch
    {
        "skill" => t["在岗的没有这个专长，或不接这一级。", "Nobody on duty has this skill, or takes this class."],
        "language" => t["有这个专长的在岗，但不会这种语言。", "The skill is on duty, not the language."],
        "channel" => t["专长和语言都有，但没有人接这种方式。", "Skill and language are on duty, not the channel."],
        "licence" => t["专长、语言、方式都有，但没有人的执业范围包括这个省。", "Skill, language and channel are on duty; nobody's licence covers the province."],
        "lending" => t["能接的都是别家单位的人，按支援规则现在不借给这个活动。", "Those who fit belong to other organisations, and no rule lends them to this campaign now."],
        _ => t["现在没有人在岗接诊。", "Nobody is on duty."],
    };
}
