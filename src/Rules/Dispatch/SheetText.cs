using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Yizhen.Rules.Dispatch;

/// <summary>A line of a sheet that cannot be taken.</summary>
/// <param name="Line">From 1, the heading counted.</param>
/// <param name="Field">Heading of the column; of the heading itself, the column that is missing.</param>
/// <param name="What">missing_column, empty, not_a_number, not_a_time, not_a_day, ends_before_it_begins, out_of_range, not_known, not_in_order, too_many; of a roster also one_of_both, over, overlaps and already_there.</param>
public sealed record LineMistake(int Line, string Field, string What, string Value);

/// <summary>Comma-separated text with headings, read line by line. What cannot be taken is remembered and the reading goes on, so that everything wrong is told at once.</summary>
/// <param name="names">Other headings by which a column may go.</param>
internal sealed class SheetText(IReadOnlyDictionary<string, string>? names = null)
{
    private const int Minute = 60;
    private const int Hour = 3600;
    private const int TwoDays = 48 * Hour;
    private const int MostLines = 1_000_000;

    private static readonly char[] Between = ['|', '、', '；', ';'];

    public List<LineMistake> Mistakes { get; } = [];

    public IEnumerable<SheetRow> Rows(string text, string[] needed)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n');
        var head = Cells(lines[0]).Select(h => names is not null && names.TryGetValue(h, out var known) ? known : h).ToArray();
        var missing = needed.Where(n => !head.Contains(n, StringComparer.Ordinal)).ToList();
        missing.ForEach(column => Mistakes.Add(new LineMistake(1, column, "missing_column", "")));
        if (lines.Length > MostLines)
        {
            Mistakes.Add(new LineMistake(MostLines + 1, "", "too_many", ""));
            yield break;
        }

        for (var n = 1; n < lines.Length && missing.Count == 0; n++)
        {
            if (!string.IsNullOrWhiteSpace(lines[n]))
            {
                yield return new SheetRow(n + 1, head, Cells(lines[n]));
            }
        }
    }

    public string Text(SheetRow row, string field, string? other) =>
        row[field] is { Length: > 0 } text ? text : other ?? Wrong(row, field, "empty");

    public ImmutableArray<string> List(SheetRow row, string field, string? other) => [.. Text(row, field, other).Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    public int Number(SheetRow row, string field, int? other, int least, int most)
    {
        if (row[field] is not { Length: > 0 } text)
        {
            return other ?? (Wrong(row, field, "empty").Length + least);
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Wrong(row, field, "not_a_number").Length + least;
        }

        return number >= least && number <= most ? number : Wrong(row, field, "out_of_range").Length + least;
    }

    /// <returns>Seconds from midnight; up to 48:00.</returns>
    public int Time(SheetRow row, string field)
    {
        var text = row[field];
        var parts = text.Split(':');
        if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minute) && hour <= 48 && minute < Minute)
        {
            return (hour * Hour) + (minute * Minute);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= TwoDays ? seconds : Wrong(row, field, "not_a_time").Length;
    }

    /// <summary>2020-01-26, or 2020/1/26 as spreadsheets write it.</summary>
    public DateOnly Day(SheetRow row, string field)
    {
        string[] forms = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d"];
        if (DateOnly.TryParseExact(row[field], forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        Wrong(row, field, "not_a_day");
        return default;
    }

    /// <returns>An empty text, to stand where the value would.</returns>
    public string Wrong(SheetRow row, string field, string what)
    {
        row.Wrong = true;
        Mistakes.Add(new LineMistake(row.Line, field, what, row[field]));
        return "";
    }

    /// <summary>A cell in quotes may hold commas; two quotes in it stand for one. A Chinese comma between cells counts too.</summary>
    private static string[] Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        var trimmed = line.Trim();
        for (var n = 0; n < trimmed.Length; n++)
        {
            var letter = trimmed[n];
            if (letter == '"' && quoted && n + 1 < trimmed.Length && trimmed[n + 1] == '"')
            {
                cell.Append(trimmed[n++]);
            }
            else if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (letter is ',' or '，' && !quoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(letter);
            }
        }

        cells.Add(cell.ToString().Trim());
        return [.. cells];
    }
}

internal sealed class SheetRow(int line, string[] head, string[] cells)
{
    public int Line => line;

    public bool Wrong { get; set; }

    public string this[string field] => Array.IndexOf(head, field) is >= 0 and var at && at < cells.Length ? cells[at] : "";
}
