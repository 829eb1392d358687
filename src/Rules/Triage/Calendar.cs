using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Yizhen.Rules.Triage;

/// <summary>What a time in a story says by the words beside it: the begin of the illness, or of what a contact was.</summary>
/// <param name="Of">Which kinds of <see cref="DayPattern"/> can say it.</param>
/// <param name="Near">One of these words stands there; null: the time says it alone.</param>
/// <param name="Min">Fewest days since then for it to be read.</param>
/// <param name="Max">Most days since then.</param>
/// <param name="Value">Read instead of the number of days.</param>
/// <param name="Unless">Words that, anywhere in the story, stop it.</param>
/// <param name="Not">Words beside which it is another time: "隔离了14天", "三天后".</param>
public sealed record DateWords(string Code, ImmutableArray<string> Of, CloseBy? Near, int Min, int Max, string? Value = null, ImmutableArray<string>? Unless = null, CloseBy? Not = null);

/// <summary>How a day, or a length of time up to now, is written.</summary>
/// <param name="Kind">For <see cref="DateWords.Of"/>.</param>
/// <param name="Pattern">
/// A regular expression with the group "whole" and in it either "ago" (a word of <see cref="Calendar.Ago"/>), or "count" and "unit", with "half"
/// and "nth" (the third day began two days ago), or some of "year", "month", "day", "weekday", "before" (of last week) and "feast". What it
/// matches outside "whole" (hours, "suddenly") belongs to the place, not to the words that are quoted.
/// </param>
/// <param name="Needs">Any of these stands in every story in which there is something to find.</param>
/// <param name="NotAfter">Characters right behind which it is another number.</param>
/// <param name="NotBefore">Characters right before which it is another number.</param>
/// <remarks>It may repeat nothing without an end: then going back costs little, and making it ready for matching without going back costs seconds.</remarks>
public sealed record DayPattern(string Kind, string Pattern, ImmutableArray<string> Needs, string NotAfter = "", string NotBefore = "");

/// <summary>The words for days, as data: "周三", "20 January" and "大年三十" are counted back from the day on which a story was written.</summary>
/// <param name="WeekBegins">"上周三" lies in the week before the one that began on this day.</param>
/// <param name="Months">Number of a month, 1 to 12, by its name.</param>
/// <param name="Weekdays">Day of the week by its name.</param>
/// <param name="Feasts">By name, days after the first day of the lunar year; below 0 before it.</param>
/// <param name="NewYears">First days of lunar years.</param>
/// <param name="Ago">Days back by a word that needs no date: "昨天".</param>
/// <param name="Units">Days in one of it: "周".</param>
/// <param name="Halves">Days in half of it.</param>
public sealed record Calendar(
    ImmutableArray<DayPattern> Patterns,
    DayOfWeek WeekBegins,
    ImmutableDictionary<string, int> Months,
    ImmutableDictionary<string, DayOfWeek> Weekdays,
    ImmutableDictionary<string, int> Feasts,
    ImmutableArray<DateOnly> NewYears,
    ImmutableDictionary<string, decimal> Ago,
    ImmutableDictionary<string, decimal> Units,
    ImmutableDictionary<string, decimal> Halves)
{
    internal bool IsWhole => Ago is not null && Units is not null && Halves is not null && Months is not null && Weekdays is not null && Feasts is not null && !NewYears.IsDefault && !Patterns.IsDefault && Patterns.All(p => MeasureWords.IsPattern(p.Pattern) && p.Pattern.AsSpan().IndexOfAny('*', '+') < 0);

    /// <summary>Days from the last such day to the one on which the story was written; null where there is none, or none within reach.</summary>
    /// <param name="written">Null: days that have a date are not read.</param>
    /// <param name="most">How many days are looked back.</param>
    /// <param name="number">Reads figures and number words.</param>
    internal decimal? Since(Match match, DateOnly? written, int most, Func<string, decimal?> number) =>
        match.Groups["ago"] is { Success: true } ago ? Ago.TryGetValue(ago.Value, out var named) ? named : null
        : match.Groups["count"] is { Success: true } count ? Length(match, number(count.Value))
        : written is { } day ? Dated(match, day, most, number) : null;

    private decimal? Length(Match match, decimal? count)
    {
        var unit = match.Groups["unit"].Value;
        return count is { } so && Units.TryGetValue(unit, out var days)
            ? decimal.Truncate(so * days) + (match.Groups["half"].Success ? Halves.GetValueOrDefault(unit) : 0) - (match.Groups["nth"].Success ? 1 : 0)
            : null;
    }

    private int? Dated(Match match, DateOnly written, int most, Func<string, decimal?> number)
    {
        T? Named<T>(string part, Func<string, T?> read) where T : struct => match.Groups[part] is { Success: true } group ? read(group.Value) : null;
        var year = Named("year", number);
        var month = Named("month", text => Months.TryGetValue(text, out var named) ? named : number(text));
        var day = Named("day", number);
        var weekday = Named("weekday", text => Weekdays.TryGetValue(text, out var named) ? named : (DayOfWeek?)null);
        var feast = Named("feast", text => Feasts.TryGetValue(text, out var named) ? named : (int?)null);
        if (day is null && weekday is null && feast is null)
        {
            return null;
        }

        for (var back = match.Groups["before"].Success ? LastWeek(written) : 0; back <= most && back <= written.DayNumber; back++)
        {
            var that = written.AddDays(-back);
            if ((year ?? that.Year) == that.Year && (month ?? that.Month) == that.Month && (day ?? that.Day) == that.Day
                && (weekday ?? that.DayOfWeek) == that.DayOfWeek && (feast is not { } after || NewYears.Contains(that.AddDays(-after))))
            {
                return back;
            }
        }

        return null;
    }

    private int LastWeek(DateOnly written)
    {
        var back = 1;
        while (back <= written.DayNumber && written.AddDays(1 - back).DayOfWeek != WeekBegins)
        {
            back++;
        }

        return back;
    }
}
