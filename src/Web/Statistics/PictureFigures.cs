using System.Collections.Immutable;
using Yizhen.Rules.Statistics;
using Yizhen.Web.Log;

namespace Yizhen.Web.Statistics;

/// <summary>A breakdown as it is published; shown and withheld are the total.</summary>
/// <param name="Within">The place above, for cities and districts.</param>
public sealed record PictureTable(string By, string? Within, IReadOnlyDictionary<string, long> Shown, long Withheld, long Total);

/// <summary>A day that is above what the days before it let expect.</summary>
public sealed record PictureRise(string Province, DateOnly Day, long People, double Expected, double Above);

/// <summary>Sums of what people said before and after, 0 to 10 each; no people while they are too few.</summary>
public sealed record PictureWorry(long People, double? Before, double? After);

/// <summary>What page, API, file and command say alike.</summary>
/// <param name="Opened">Consultations of the campaigns and days asked for.</param>
/// <param name="Ledger">Of the whole deployment, at the same moment.</param>
public sealed record PictureFigures(
    DateTimeOffset At, string? Campaign, DateOnly? From, DateOnly? To, long Opened, Ledger Ledger, ImmutableArray<PictureTable> Tables, IReadOnlyDictionary<string, long> ByDay, IReadOnlyDictionary<string, long> ByCampaign,
    PictureWorry Worry, ImmutableArray<PictureRise> Rises)
{
    internal static PictureFigures Of(PictureAt picture, Asked asked, PictureRules rules)
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
            [.. tables.OrderBy(t => t.Key.Dimension).ThenBy(t => t.Key.Within, StringComparer.Ordinal).Select(t => new PictureTable(
                System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(t.Key.Dimension.ToString()), t.Key.Within.Length > 0 ? t.Key.Within : null, t.Value.Shown, t.Value.Withheld, t.Value.Total))],
            cubes.GroupBy(c => c.Day).OrderBy(g => g.Key).ToDictionary(g => g.Key.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), g => g.Sum(c => c.Opened)),
            cubes.GroupBy(c => c.Campaign).OrderByDescending(g => g.Sum(c => c.Opened)).ToDictionary(g => g.Key, g => g.Sum(c => c.Opened)),
            worry.People == 0 ? new(0, null, null) : new(worry.People, Math.Round((double)worry.Before / worry.People, 1), Math.Round((double)worry.After / worry.People, 1)),
            [.. Unusual(picture, asked, rules)]);
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

        var published = picture.Cubes.Where(c => (asked.Campaign is null || c.Campaign == asked.Campaign) && c.Day >= first && c.Day <= last)
            .SelectMany(c => c.Tables[new(Dimension.Province, "")].Shown.Select(cell => (c.Day, Province: cell.Key, People: cell.Value))).ToList();
        foreach (var province in published.Select(p => p.Province).Distinct(StringComparer.Ordinal).Where(p => char.IsAsciiDigit(p[0])).Order(StringComparer.Ordinal))
        {
            var series = Enumerable.Range(0, span + 1).Select(n => published.Where(p => p.Province == province && p.Day == first.AddDays(n)).Sum(p => p.People)).ToList();
            if (Rise.Of(series, span, rules.Rise) is { IsRise: true } rise)
            {
                yield return new(province, last, series[span], Math.Round(rise.Expected, 1), Math.Round(rise.Above, 1));
            }
        }
    }
}
