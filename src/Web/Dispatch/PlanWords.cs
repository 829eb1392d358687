using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

internal static class PlanWords
{
    private const int Hour = 3600;
    private const int HoursInDay = 24;
    private const int MostDoctors = 10_000;

    /// <summary>The text of a call for volunteers. It asks for what is most useful and for nobody else.</summary>
    /// <param name="firstHour">Clock hour at which the day begins.</param>
    public static string Call(Lang t, ImmutableArray<WorthSpan> calls, int firstHour)
    {
        if (calls.IsEmpty)
        {
            return t["现在排的人手够用，暂时不用再请志愿医生。", "Those on the roster are enough for now: no further volunteers are needed."];
        }

        string Ask(WorthSpan span) => t[$"会看{PoolWords.Skill(t, span.Skill)}的医生，{Day(span)}{Hours(span, firstHour)}", $"doctors for {PoolWords.Skill(t, span.Skill)}, {Day(span)}{Hours(span, firstHour)}"];
        string Day(WorthSpan span) => firstHour + span.From >= HoursInDay ? t["次日 ", "the next day "] : "";
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

    private static string Clock(int hour) => hour % HoursInDay == 0 && hour > 0 ? "24:00" : $"{hour % HoursInDay:00}:00";

    private static int? Seconds(string text)
    {
        var parts = text.Split(':');
        return parts.Length <= 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && hour <= 2 * HoursInDay
            && (parts.Length == 1 ? 0 : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minute) && minute < 60 ? minute : -1) is >= 0 and var minutes
            ? (hour * Hour) + (minutes * 60)
            : null;
    }
}
