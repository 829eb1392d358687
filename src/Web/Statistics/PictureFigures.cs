using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Statistics;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Statistics;

/// <summary>A breakdown as it is published; shown and withheld are the total.</summary>
/// <param name="Within">The place above, for cities and districts.</param>
public sealed record PictureTable(string By, string? Within, IReadOnlyDictionary<string, long> Shown, long Withheld, long Total);

/// <summary>A day that is above what the days before it let expect.</summary>
public sealed record PictureRise(string Province, DateOnly Day, long People, double Expected, double Above);

/// <summary>Sums of what people said before and after, 0 to 10 each; no people while they are too few.</summary>
public sealed record PictureWorry(long People, double? Before, double? After);

/// <summary>Clinicians of the whole deployment.</summary>
/// <param name="OnDuty">Now, those who finish included.</param>
/// <param name="Clinicians">Who worked on the days asked for.</param>
/// <param name="Minutes">On duty on those days, breaks left out.</param>
public sealed record PictureDoctors(int OnDuty, int Clinicians, long Minutes);

/// <summary>What triage told people, as far as it is published: at least so many.</summary>
/// <param name="Sent">Emergency, fever clinic or in person.</param>
/// <param name="Spared">Helped from home, without a way to a hospital.</param>
public sealed record PictureWays(long Sent, long Spared);

/// <summary>When the ledger was last counted from the facts of the log, each of them read, and whether it was the same to the last unit.</summary>
public sealed record PictureRecount(DateTimeOffset At, bool Same);

/// <summary>Whose figures of who lives where.</summary>
public sealed record PicturePopulation(int Year, string Source);

/// <summary>What page, API, file and command say alike.</summary>
/// <param name="Opened">Consultations of the campaigns and days asked for.</param>
/// <param name="Ledger">Of the whole deployment, at the same moment.</param>
/// <param name="Per100000">By province and city, where people are shown and it is known how many live there.</param>
/// <param name="Population">Year and source of the former.</param>
public sealed record PictureFigures(
    DateTimeOffset At, string? Campaign, DateOnly? From, DateOnly? To, long Opened, Ledger Ledger, PictureRecount Recount, ImmutableArray<PictureTable> Tables, IReadOnlyDictionary<string, long> ByDay, IReadOnlyDictionary<string, long> ByCampaign,
    PictureWorry Worry, ImmutableArray<PictureRise> Rises, PictureDoctors Doctors, PictureWays Ways, IReadOnlyDictionary<string, double> Per100000, PicturePopulation Population)
{
    private static readonly string[] InPerson = ["d0", "d1", "d2"];
    private static readonly string[] FromHome = ["d3", "d4", "d5", "d7"];

    /// <param name="zone">In which days begin.</param>
    internal static PictureFigures Of(PictureAt picture, Asked asked, PictureRules rules, Population population, TimeZoneInfo zone)
    {
        var cubes = picture.Cubes.Where(asked.Takes).ToList();
        var tables = new Dictionary<TableOf, Breakdown>();
        foreach (var (of, table) in cubes.SelectMany(c => c.Tables))
        {
            tables[of] = tables.GetValueOrDefault(of, Breakdown.Nobody).With(table);
        }

        var worry = cubes.Aggregate(Rules.Statistics.Worry.Unknown, (sum, c) => sum.With(c.Worry));
        return new PictureFigures(
            picture.At,
            asked.Campaign,
            asked.From,
            asked.To,
            cubes.Sum(c => c.Opened),
            picture.Ledger,
            picture.Recount,
            [.. tables.OrderBy(t => t.Key.Dimension).ThenBy(t => t.Key.Within, StringComparer.Ordinal).Select(t => new PictureTable(
                System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(t.Key.Dimension.ToString()), t.Key.Within.Length > 0 ? t.Key.Within : null, t.Value.Shown, t.Value.Withheld, t.Value.Total))],
            cubes.GroupBy(c => c.Day).OrderBy(g => g.Key).ToDictionary(g => g.Key.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), g => g.Sum(c => c.Opened)),
            cubes.GroupBy(c => c.Campaign).OrderByDescending(g => g.Sum(c => c.Opened)).ToDictionary(g => g.Key, g => g.Sum(c => c.Opened)),
            worry.People == 0 ? new(0, null, null) : new(worry.People, Math.Round((double)worry.Before / worry.People, 1), Math.Round((double)worry.After / worry.People, 1)),
            [.. Unusual(picture, asked, rules)],
            Worked(picture, asked, zone),
            new(Told(tables, InPerson), Told(tables, FromHome)),
            tables.Where(t => t.Key.Dimension is Dimension.Province or Dimension.City).SelectMany(t => t.Value.Shown)
                .Select(cell => (cell.Key, Rate: population.Per100000(cell.Key, cell.Value))).Where(cell => cell.Rate is not null).OrderBy(cell => cell.Key, StringComparer.Ordinal).ToDictionary(cell => cell.Key, cell => cell.Rate ?? 0),
            new(population.Year, population.Source));
    }

    private static long Told(Dictionary<TableOf, Breakdown> tables, string[] dispositions) =>
        tables.TryGetValue(new(Dimension.Disposition, ""), out var told) ? dispositions.Sum(code => told.Shown.GetValueOrDefault(code)) : 0;

    private static PictureDoctors Worked(PictureAt picture, Asked asked, TimeZoneInfo zone)
    {
        var now = picture.At.Ms();
        long Begins(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), zone.GetUtcOffset(day.ToDateTime(TimeOnly.MinValue))).Ms();
        var worked = DutyTime.Of(picture.Duties, asked.From is { } from ? Begins(from) : 0, asked.To is { } to ? Math.Min(now, Begins(to.AddDays(1))) : now);
        return new(picture.Duties.GroupBy(d => d.Clinician).Count(d => d.Last().State is "on" or "pausing"), worked.Clinicians, worked.Minutes);
    }

    public PictureTable Table(Dimension dimension, string? within = null) =>
        Tables.FirstOrDefault(t => t.By == System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(dimension.ToString()) && t.Within == within) ?? new(dimension.ToString(), within, ImmutableDictionary<string, long>.Empty, 0, 0);

    /// <summary>Of what is published: the last day that is over, by province. The running day is not yet a day.</summary>
    private static IEnumerable<PictureRise> Unusual(PictureAt picture, Asked asked, PictureRules rules)
    {
        var last = asked.To is { } to && to < picture.Today ? to : picture.Today.AddDays(-1);
        var span = rules.Rise.BaselineDays + rules.Rise.GuardDays;
        var first = last.AddDays(-span);
        if (!picture.Cubes.Any(c => c.Day <= first))
        {
            yield break;
        }

        var published = picture.Cubes.Where(c => (asked.Campaign is null || c.Campaign == asked.Campaign) && c.Day >= first && c.Day <= last).ToLookup(c => c.Day, c => c.Tables[new(Dimension.Province, "")]);
        foreach (var province in published[last].SelectMany(t => t.Shown.Keys).Distinct(StringComparer.Ordinal).Where(p => char.IsAsciiDigit(p[0])).Order(StringComparer.Ordinal))
        {
            // A province that is not shown had nobody or many: before the day in question it counts as all that is withheld, so that being shown is not taken for a rise.
            var series = Enumerable.Range(0, span + 1).Select(first.AddDays).Select(day => published[day].Sum(t => t.Shown.TryGetValue(province, out var people) ? people : day < last ? t.Withheld : 0)).ToList();
            if (Rise.Of(series, span, rules.Rise) is { IsRise: true } rise)
            {
                yield return new(province, last, series[span], Math.Round(rise.Expected, 1), Math.Round(rise.Above, 1));
            }
        }
    }
}
