using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;

namespace Yizhen.Web.Campaigns;

/// <summary>The tables of the board as files that a spreadsheet opens: counts and codes, no line of one person or one clinician.</summary>
internal sealed class BoardTables(Places places, PageSettings settings)
{
    /// <param name="table">As in the address: ledger, urgencies, seats, regions, answered, holes, doctors, told, promises, hours, coming or coming-holes.</param>
    /// <returns>Null where the board has no such table.</returns>
    public FileContentHttpResult? File(string table, Lang t, BoardPicture picture) => Lines(table, t, picture) is { } lines
        ? TypedResults.File(Encoding.UTF8.GetBytes(Csv.Of(lines.Select(l => (IEnumerable<string>)l))), Csv.Type, $"{table}-{TimeZoneInfo.ConvertTime(picture.At, settings.Zone):yyyyMMdd-HHmm}.csv")
        : null;

    private ImmutableArray<ImmutableArray<string>>? Lines(string table, Lang t, BoardPicture p) => table switch
    {
        "ledger" => [[t["部分", "part"], t["格", "cell"], t["人", "people"]], .. Ledger(t, t["门口", "door"], p.Door), .. Ledger(t, t["问诊", "consultations"], p.Opened)],
        "urgencies" => [[t["级", "urgency"], t["候诊", "waiting"], t["最久（秒）", "longest (s)"], t["目标（秒）", "target (s)"]],
            .. p.Urgencies.Select(u => Line(Urgency(t, u.Urgency), Count(u.Waiting), Seconds(u.Longest), Seconds(u.Target)))],
        "seats" => [[t["专长", "skill"], t["候诊", "waiting"], t["最久（秒）", "longest (s)"], t["在岗", "on duty"], t["空座位", "free seats"], t["休息的空座位", "free seats on a break"], t["为什么空着", "why they are free"]],
            .. (p.Recount?.Seats ?? []).Select(s => Line(PoolWords.Skill(t, s.Need), Count(s.Waiting), Seconds(s.Longest), Count(s.OnDuty), Count(s.Free), Count(s.OnBreak), SeatWords.Why(t, settings.Zone, s)))],
        "regions" => [[t["地区", "region"], t["代码", "code"], t["合计", "all"], .. Enum.GetValues<Urgency>().Select(u => Urgency(t, u)), t["最久（秒）", "longest (s)"]],
            .. p.Regions.SelectMany(r => r.Cities.Where(c => BoardWords.HasName(places, c.Code) && c.Waiting >= (p.Recount?.Fewest ?? int.MaxValue)).Prepend(r)).Select(r => Region(t, r))],
        "answered" => [[t["级", "urgency"], t["开始候诊", "joined"], t["60 秒内有医生接", "answered within 60 s"], t["结束候诊", "wait ended"], t["没等到就离开", "left while waiting"]],
            .. (p.Recount?.Answered ?? []).Select(a => Line(a.Urgency is { } u ? Urgency(t, u) : t["全部", "all"], Count(a.Joined), Count(a.InTime), Count(a.Ended), Count(a.Left)))],
        "holes" => [[.. Needed(t), t["候诊", "waiting"], t["最久（秒）", "longest (s)"], t["从", "since"], t["缺什么", "lacking"], t["休息的能接", "on a break would fit"]],
            .. (p.Recount?.Holes ?? []).Select(h => Line([.. Needs(t, h.Need, h.Lang, h.Province, h.Channel, h.MostUrgent), Count(h.Waiting), Seconds(h.Longest), Time(h.Since), BoardWords.Closest(t, h.Lacks), Count(h.OnBreak)]))],
        "doctors" => [[t["状态", "state"], t["人", "people"], t["接着", "taken"], t["座位", "seats"]],
            .. BoardWords.States(t, p.Duty).Select(s => Line(s.Words, Count(s.Those.Length), Count(s.Those.Sum(d => d.Taken)), Count(s.Those.Sum(d => d.Seats))))],
        "told" => [[t["告诉的", "told"], t["人", "people"], t["守住", "held"], t["更快", "sooner"], t["更慢", "later"]],
            Line(t["时间范围", "a range"], Count(p.Told.Ranges), Count(p.Told.Inside), Count(p.Told.Sooner), Count(p.Told.Later)),
            Line(t["一分钟内", "within a minute"], Count(p.Told.AtOnce), Count(p.Told.Kept), "", Count(p.Told.AtOnce - p.Told.Kept))],
        "promises" => [[t["可选", "offered"], t["选了", "taken"], t["按时", "in time"], t["晚了", "late"], t["还没到时间", "not yet due"], t["过了时间没答复", "overdue"], t["不等了", "given up"]],
            .. p.Promises is { } k ? [Line(Count(k.Offered), Count(k.Promised), Count(k.InTime), Count(k.Late), Count(k.Open), Count(k.Missed), Count(k.GaveUp))] : ImmutableArray<ImmutableArray<string>>.Empty],
        "hours" => [[t["从", "from"], t["到", "to"], t["候诊（末）", "waiting at the end"], t["新来", "joined"], t["接上", "taken"], t["离开", "left"]],
            .. (p.Recount?.Hours ?? []).Select(h => Line(Time(h.From), Time(h.To), Count(h.Waiting), Count(h.Joined), Count(h.Taken), Count(h.Left)))],
        "coming" => [[t["从", "from"], t["到", "to"], t["预计来", "expected"], t["排班看得过来", "can be seen"], t["医生", "clinicians"], t["座位", "seats"]],
            .. (p.Coming?.Hours ?? []).Select(h => Line(Time(h.From), Time(h.To), Count(h.Expected), Count(h.CanTake), Count(h.Clinicians), Count(h.Seats)))],
        "coming-holes" => [[.. Needed(t), t["从", "from"], t["到", "to"], t["现在候诊", "waiting now"], t["预计来", "expected"], t["缺什么", "lacking"]],
            .. (p.Coming?.Holes ?? []).Select(h => Line([.. Needs(t, h.Need, h.Lang, h.Province, h.Channel, h.MostUrgent), Time(h.From), Time(h.To), Count(h.Waiting), Count(h.Expected), BoardWords.Lacking(t, h.Lacks)]))],
        _ => null,
    };

    private static IEnumerable<ImmutableArray<string>> Ledger(Lang t, string part, ImmutableArray<LedgerCell> cells) =>
        cells.Select(c => Line(part, BoardWords.Cell(t, c.Code), Count(c.People)));

    private ImmutableArray<string> Region(Lang t, RegionLine line) =>
        [BoardWords.Region(t, places, line.Code), line.Code ?? "", Count(line.Waiting), .. line.ByUrgency.Select(n => Count(n)), Seconds(line.Longest)];

    private static ImmutableArray<string> Needed(Lang t) => [t["专长", "skill"], t["语言", "language"], t["省份", "province"], t["方式", "channel"], t["最急的", "most urgent"]];

    private static ImmutableArray<string> Needs(Lang t, string need, string lang, string? province, string channel, Urgency urgency) =>
        [PoolWords.Skill(t, need), PoolWords.Language(t, lang), province is null ? t["不限", "any"] : PoolWords.Province(t, province), PoolWords.Channel(t, channel), Urgency(t, urgency)];

    private static string Urgency(Lang t, Urgency urgency) => $"{(int)urgency} {UrgencyTag.Word(t, urgency)}";

    private string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, settings.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan? time) => time is { } span ? Count((long)span.TotalSeconds) : "";

    private static string Count(long people) => people.ToString(CultureInfo.InvariantCulture);

    private static string Count(double people) => people.ToString("0.#", CultureInfo.InvariantCulture);

    private static ImmutableArray<string> Line(params ImmutableArray<string> cells) => cells;
}
