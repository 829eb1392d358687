using System.Globalization;
using System.Text;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Statistics;
using Yizhen.Web.Page;

namespace Yizhen.Web.Statistics;

/// <summary>
/// A day on one sheet of A4: what is published of it, and nothing else.
/// </summary>
internal sealed class DailyReport(Places places, PictureRules rules)
{
    private const int Rows = 12;
    private const double Line = 5.6;
    private const double Left = 15;
    private const double Right = 195;
    private const double Second = 110;
    private const double Bottom = 283;

    private static readonly Dimension[] Said = [Dimension.Province, Dimension.Disposition, Dimension.Wait, Dimension.Symptom, Dimension.AgeBand, Dimension.Hour, Dimension.Language, Dimension.Entrance];

    /// <param name="day">Of the figures.</param>
    /// <param name="made">As the reader's clock says it.</param>
    public string Draw(PictureFigures figures, DateOnly day, bool over, string made, Lang t)
    {
        var svg = Paper.Sheet("font-size=\"3.4\"");
        Write(svg, Left, 20, t[$"义诊日报 {day:yyyy 年 M 月 d 日}", $"Daily report, {day:d MMMM yyyy}"], 8, bold: true);
        Write(svg, Left, 27, $"{(over ? t["这一天已经过完", "The day is over"] : t["这一天还没过完", "The day is not over"])} · {t["制表", "made"]} {made}", 3.4, soft: true);
        Headline(svg, figures, t);
        var (left, right) = (58.0, 58.0);
        foreach (var dimension in Said)
        {
            var table = figures.Table(dimension);
            var tall = (Math.Min(Rows, table.Shown.Count) + 2.4) * Line;
            if (Math.Min(left, right) + tall > Bottom)
            {
                continue;
            }

            if (left <= right)
            {
                left = Table(svg, figures, table, dimension, Left, left, t) + Line;
            }
            else
            {
                right = Table(svg, figures, table, dimension, Second, right, t) + Line;
            }
        }

        Write(svg, Left, 290, t[$"只有汇总。少于 {rules.Fewest} 人的格不显示，显示的加不显示的等于合计。", $"Counts only. Cells of fewer than {rules.Fewest} people are not shown; shown and not shown are the total."], 3, soft: true);
        return svg.Append("</svg>").ToString();
    }

    private static void Headline(StringBuilder svg, PictureFigures figures, Lang t)
    {
        (string Name, string Value)[] big =
        [
            (t["开始问诊", "Consultations"], Whole(figures.Opened)),
            (t["去医院，至少", "To hospital, at least"], Whole(figures.Ways.Sent)),
            (t["不用跑医院，至少", "Spared the way, at least"], Whole(figures.Ways.Spared)),
            (t["医生", "Doctors"], Whole(figures.Doctors.Clinicians)),
            (t["医生分钟", "Their minutes"], Whole(figures.Doctors.Minutes)),
            (t["担心 0–10", "Worry 0–10"], figures.Worry is { Before: { } before, After: { } after } ? string.Create(CultureInfo.InvariantCulture, $"{before:0.0} → {after:0.0}") : "—"),
        ];
        for (var n = 0; n < big.Length; n++)
        {
            Write(svg, Left + (n * 30.6), 37, big[n].Name, 2.9, soft: true);
            Write(svg, Left + (n * 30.6), 45, big[n].Value, 6.4, bold: true);
        }
    }

    /// <returns>Where the next may begin.</returns>
    private double Table(StringBuilder svg, PictureFigures figures, PictureTable table, Dimension dimension, double x, double y, Lang t)
    {
        var edge = x + Second - Left - 10;
        Write(svg, x, y, PictureWords.Title(t, dimension), 4.2, bold: true);
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x}\" x2=\"{Math.Min(edge, Right)}\" y1=\"{y + 1.6:0.##}\" y2=\"{y + 1.6:0.##}\" stroke=\"#0b6e4f\" stroke-width=\"0.4\"/>");
        y += 1;
        foreach (var (code, people) in table.Shown.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(Rows))
        {
            y += Line;
            var rate = dimension == Dimension.Province && figures.Per100000.TryGetValue(code, out var per) ? string.Create(CultureInfo.InvariantCulture, $"  ({per:0.00}/100,000)") : "";
            Write(svg, x, y, PictureWords.Code(t, places, dimension, code) + rate, 3.4);
            Write(svg, edge, y, Whole(people), 3.4, end: true);
        }

        var rest = table.Shown.Values.OrderDescending().Skip(Rows).Sum();
        y += Line;
        Write(svg, x, y, t[$"不显示的 {Whole(table.Withheld)}{(rest > 0 ? $"，其余 {Whole(rest)}" : "")}；合计", $"not shown {Whole(table.Withheld)}{(rest > 0 ? $", others {Whole(rest)}" : "")}; total"], 3.1, soft: true);
        Write(svg, edge, y, Whole(table.Total), 3.4, bold: true, end: true);
        return y + Line;
    }

    private static string Whole(long people) => people.ToString("N0", CultureInfo.InvariantCulture);

    private static void Write(StringBuilder svg, double x, double y, string words, double size, bool bold = false, bool soft = false, bool end = false) =>
        Paper.Write(svg, x, y, words, size, $"{(bold ? " font-weight=\"700\"" : "")}{(soft ? " fill=\"#4d5b55\"" : "")}{(end ? " text-anchor=\"end\"" : "")}");
}
