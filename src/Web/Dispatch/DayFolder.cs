using System.Collections.Immutable;
using System.Text.Json;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>A day in a folder: arrivals.csv, doctors.csv, and, where they stand there, absences.csv, meta.json, and aid.csv, by which organisations lend each other clinicians.</summary>
internal static class DayFolder
{
    private const int Thousand = 1000;
    private const int MostShown = 5;

    /// <param name="roster">Another list of doctors than the folder's.</param>
    /// <exception cref="StorageException">A file is missing, or lines of it cannot be taken; the message names them.</exception>
    public static PlannedDay Read(string folder, string? roster, PlanRules rules)
    {
        var doctors = roster ?? Path.Combine(folder, "doctors.csv");
        var text = new DayText();
        var lent = Path.Combine(folder, "aid.csv");
        var aid = System.IO.File.Exists(lent) ? text.Aid(File(lent)) : DayAid.None;
        Whole(text, lent);
        var shifts = text.Shifts(File(doctors));
        Whole(text, doctors);
        var people = text.People(File(Path.Combine(folder, "arrivals.csv")));
        Whole(text, Path.Combine(folder, "arrivals.csv"));
        // Who was away stands in the folder by the doctors of the folder; another roster has its own people.
        var absences = Path.Combine(folder, "absences.csv");
        var away = roster is null && System.IO.File.Exists(absences) ? text.Away(File(absences)) : [];
        Whole(text, absences);
        return new PlannedDay(0, Rules(Path.Combine(folder, "meta.json"), rules.Day), people, shifts, away, []) { Aid = aid };
    }

    public static string Words(Lang t, LineMistake wrong)
    {
        var (field, value) = (wrong.Field, wrong.Value.Length > 40 ? wrong.Value[..40] + "…" : wrong.Value);
        return t[$"第 {wrong.Line} 行：", $"Line {wrong.Line}: "] + wrong.What switch
        {
            "missing_column" => t[$"缺少“{field}”这一列", $"the column {field} is missing"],
            "empty" => t[$"“{field}”是空的", $"{field} is empty"],
            "not_a_number" => t[$"“{field}”要写数字，这里是“{value}”", $"{field} takes a number, and this is “{value}”"],
            "not_a_time" => t[$"“{field}”要写时间，如 08:30，或从零点起的秒数，这里是“{value}”", $"{field} takes a time like 08:30, or seconds from midnight, and this is “{value}”"],
            "ends_before_it_begins" => t[$"“{field}”不晚于开始；过夜的班写 24:00 以后，如 32:00", $"{field} is not after the beginning; a shift over midnight ends above 24:00, like 32:00"],
            "out_of_range" => t[$"“{field}”超出范围：{value}", $"{field} is out of range: {value}"],
            "not_known" => t[$"“{field}”不认识：{value}", $"{field} is not known: {value}"],
            "not_a_day" => t[$"“{field}”要写日期，如 2020-01-26，这里是“{value}”", $"{field} takes a day like 2020-01-26, and this is “{value}”"],
            "one_of_both" => t["“clinician”（医生）和“organisation”（机构）只写一个", "write clinician or organisation, not both"],
            "over" => t[$"这个班已经结束：{value}", $"this shift is over: {value}"],
            "overlaps" => t[$"{value} 在这段时间已有一个班", $"{value} has another shift in this time"],
            "already_there" => t[$"{value} 的这一行已经在排班里", $"this line of {value} is on the roster already"],
            "not_in_order" => t[$"“{field}”比上一行早，要按时间排好", $"{field} is before the line above; they stand in the order of time"],
            _ => t["行数太多", "there are too many lines"],
        };
    }

    private static void Whole(DayText text, string file)
    {
        if (text.Mistakes.Count > 0)
        {
            var more = text.Mistakes.Count > MostShown ? $" And {text.Mistakes.Count - MostShown} more." : "";
            throw new StorageException($"{file} cannot be taken. {string.Join("; ", text.Mistakes.Take(MostShown).Select(m => Words(Lang.En, m)))}.{more}");
        }
    }

    private static string File(string path) => System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path) : throw new StorageException($"There is no file {path}.");

    private static DayRules Rules(string meta, DayRules other)
    {
        if (!System.IO.File.Exists(meta))
        {
            return other;
        }

        try
        {
            using var read = JsonDocument.Parse(System.IO.File.ReadAllText(meta));
            var of = read.RootElement;
            return new DayRules(
                of.GetProperty("silent_detect_s").GetInt32(), of.GetProperty("overrun_grace_s").GetInt32(), of.GetProperty("handover_overhead_s").GetInt32(),
                (int)Math.Round(of.GetProperty("continuity_factor").GetDecimal() * Thousand), Numbers(of, "weights"), Numbers(of, "targets_s"),
                of.GetProperty("abandon_penalty_s").GetInt32(), of.GetProperty("deflect_penalty_s").GetInt32(),
                of.TryGetProperty("answer_s", out var answer) ? answer.GetInt32() : null);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new StorageException($"{meta} is not the description of a day: {wrong.Message}", wrong);
        }
    }

    private static ImmutableArray<int> Numbers(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];
}
