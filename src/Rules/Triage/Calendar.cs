using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Yizhen.Rules.Triage;

/// <summary>What a day in a story says by the words beside it: the begin of the illness, or of what a contact was.</summary>
/// <param name="Near">One of these words stands there.</param>
/// <param name="Min">Fewest days since then for it to be read.</param>
/// <param name="Max">Most days since then.</param>
/// <param name="Value">Read instead of the number of days.</param>
/// <param name="Unless">Words that, anywhere in the story, stop it.</param>
public sealed record DateWords(string Code, CloseBy Near, int Min, int Max, string? Value = null, ImmutableArray<string>? Unless = null);

/// <summary>How a day is written.</summary>
/// <param name="Pattern">A regular expression with the group "whole" and in it some of "year", "month", "day", "weekday", "before" (of last week) and "feast".</param>
/// <param name="Needs">Any of these stands in every story in which there is something to find.</param>
/// <remarks>It may repeat nothing without an end: then going back costs little, and making it ready for matching without going back costs seconds.</remarks>
public sealed record DayPattern(string Pattern, ImmutableArray<string> Needs);

/// <summary>The words for days, as data: "周三", "20 January" and "大年三十" are counted back from the day on which a story was written.</summary>
/// <param name="WeekBegins">"上周三" lies in the week before the one that began on this day.</param>
/// <param name="Months">Number of a month, 1 to 12, by its name.</param>
/// <param name="Weekdays">Day of the week by its name.</param>
/// <param name="Feasts">By name, days after the first day of the lunar year; below 0 before it.</param>
/// <param name="NewYears">First days of lunar years.</param>
public sealed record Calendar(
    ImmutableArray<DayPattern> Patterns,
    DayOfWeek WeekBegins,
    ImmutableDictionary<string, int> Months,
    ImmutableDictionary<string, DayOfWeek> Weekdays,
    ImmutableDictionary<string, int> Feasts,
    ImmutableArray<DateOnly> NewYears)
{
    internal bool IsWhole => Months is not null && Weekdays is not null && Feasts is not null && !NewYears.IsDefault && !Patterns.IsDefault && Patterns.All(p => MeasureWords.IsPattern(p.Pattern) && p.Pattern.AsSpan().IndexOfAny('*', '+') < 0);

    /// <summary>Days from the last such day to the one on which the story was written; null where there is none, or none within reach.</summary>
    /// <param name="most">How many days are looked back.</param>
    /// <param name="number">Reads figures and number words.</param>
    internal int? Since(Match match, DateOnly written, int most, Func<string, decimal?> number)
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
