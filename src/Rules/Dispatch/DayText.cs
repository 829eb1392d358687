using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>A line of a roster or of a list of arrivals that cannot be taken.</summary>
/// <param name="Line">From 1, the heading counted.</param>
/// <param name="Field">Heading of the column; of the heading itself, the column that is missing.</param>
/// <param name="What">missing_column, empty, not_a_number, not_a_time, ends_before_it_begins, out_of_range, not_known, not_in_order or too_many.</param>
public sealed record LineMistake(int Line, string Field, string What, string Value);

/// <summary>A day as text: comma-separated, with headings, as the scenarios of the dispatch bench have it. Columns may stand in any order; others are passed over.</summary>
public sealed class DayText
{
    private const int Thousand = 1000;
    private const int Minute = 60;
    private const int Hour = 3600;
    private const int TwoDays = 48 * Hour;
    private const int MostSeats = 20;
    private const int MostLines = 1_000_000;
    private const string AnyArea = "*";

    private readonly List<LineMistake> mistakes = [];
    private readonly Dictionary<string, int> shiftOf = new(StringComparer.Ordinal);

    public IReadOnlyList<LineMistake> Mistakes => mistakes;

    /// <summary>doctors.csv: id, skills, shift_start, shift_end; and, where they stand there, langs (zh), licence (*), max_concurrent (3), channels (chat), max_shift_minutes (480), slowdown (0.35).</summary>
    /// <remarks>Lists use |. A time is seconds from midnight, or 08:30. A shift over midnight ends above 24:00.</remarks>
    public ImmutableArray<Shift> Shifts(string text)
    {
        var shifts = ImmutableArray.CreateBuilder<Shift>();
        foreach (var row in Rows(text, ["id", "skills", "shift_start", "shift_end"]))
        {
            var (from, to) = (Time(row, "shift_start"), Time(row, "shift_end"));
            if (to <= from && !row.Wrong)
            {
                Wrong(row, "shift_end", "ends_before_it_begins");
            }

            var shift = new Shift(
                Text(row, "id", null), List(row, "skills", null), List(row, "langs", "zh"), List(row, "licence", AnyArea), List(row, "channels", Waiting.Chat),
                from, to, Number(row, "max_concurrent", 3, 1, MostSeats), Number(row, "max_shift_minutes", 480, 1, 1440) * Minute, Thousandths(row, "slowdown", 350));
            if (!row.Wrong)
            {
                shiftOf.TryAdd(shift.Name, shifts.Count);
                shifts.Add(shift);
            }
        }

        return shifts.ToImmutable();
    }

    /// <summary>arrivals.csv, after <see cref="Shifts"/>: t_seconds (in order), urgency, need, region, channel, lang, service_seconds, patience_seconds and, where it stands there, continuity_doctor.</summary>
    public ImmutableArray<Coming> People(string text)
    {
        var people = ImmutableArray.CreateBuilder<Coming>();
        foreach (var row in Rows(text, ["t_seconds", "urgency", "need", "region", "channel", "lang", "service_seconds", "patience_seconds"]))
        {
            var at = Time(row, "t_seconds");
            if (people.Count > 0 && at < people[^1].At)
            {
                Wrong(row, "t_seconds", "not_in_order");
            }

            var region = Text(row, "region", null);
            var own = row["continuity_doctor"] is { Length: > 0 } name && shiftOf.TryGetValue(name, out var shift) ? shift : (int?)null;
            var person = new Coming(
                at, (Urgency)Number(row, "urgency", null, 1, 5), Text(row, "need", null), Text(row, "lang", null), region, region, Text(row, "channel", null),
                Number(row, "service_seconds", null, 1, TwoDays), Number(row, "patience_seconds", null, 0, TwoDays), own);
            if (!row.Wrong)
            {
                people.Add(person);
            }
        }

        return people.ToImmutable();
    }

    /// <summary>absences.csv, after <see cref="Shifts"/>: doctor, from_s, to_s, kind (silent or left).</summary>
    public ImmutableArray<Away> Away(string text)
    {
        var away = ImmutableArray.CreateBuilder<Away>();
        foreach (var row in Rows(text, ["doctor", "from_s", "to_s", "kind"]))
        {
            var (doctor, kind) = (Text(row, "doctor", null), Text(row, "kind", null));
            if (!shiftOf.ContainsKey(doctor))
            {
                Wrong(row, "doctor", "not_known");
            }

            if (kind is not ("silent" or "left"))
            {
                Wrong(row, "kind", "not_known");
            }

            var one = new Away(shiftOf.GetValueOrDefault(doctor), Time(row, "from_s"), Time(row, "to_s"), kind == "left");
            if (!row.Wrong)
            {
                away.Add(one);
            }
        }

        return away.ToImmutable();
    }

    private IEnumerable<Row> Rows(string text, string[] needed)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n');
        var head = lines[0].Trim().Split(',', StringSplitOptions.TrimEntries);
        var missing = needed.Where(n => !head.Contains(n, StringComparer.Ordinal)).ToList();
        missing.ForEach(column => mistakes.Add(new LineMistake(1, column, "missing_column", "")));
        if (lines.Length > MostLines)
        {
            mistakes.Add(new LineMistake(MostLines + 1, "", "too_many", ""));
            yield break;
        }

        for (var n = 1; n < lines.Length && missing.Count == 0; n++)
        {
            if (!string.IsNullOrWhiteSpace(lines[n]))
            {
                yield return new Row(n + 1, head, lines[n].Trim().Split(',', StringSplitOptions.TrimEntries));
            }
        }
    }

    private string Text(Row row, string field, string? other) =>
        row[field] is { Length: > 0 } text ? text : other ?? Wrong(row, field, "empty");

    private ImmutableArray<string> List(Row row, string field, string? other) => [.. Text(row, field, other).Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private int Number(Row row, string field, int? other, int least, int most)
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

    private int Thousandths(Row row, string field, int other) =>
        row[field] is not { Length: > 0 } text ? other
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 10 ? (int)Math.Round(number * Thousand)
        : Wrong(row, field, "not_a_number").Length;

    private int Time(Row row, string field)
    {
        var text = row[field];
        var parts = text.Split(':');
        if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minute) && hour <= 48 && minute < Minute)
        {
            return (hour * Hour) + (minute * Minute);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= TwoDays ? seconds : Wrong(row, field, "not_a_time").Length;
    }

    /// <returns>An empty text, to stand where the value would.</returns>
    private string Wrong(Row row, string field, string what)
    {
        row.Wrong = true;
        mistakes.Add(new LineMistake(row.Line, field, what, row[field]));
        return "";
    }

    private sealed class Row(int line, string[] head, string[] cells)
    {
        public int Line => line;

        public bool Wrong { get; set; }

        public string this[string field] => Array.IndexOf(head, field) is >= 0 and var at && at < cells.Length ? cells[at] : "";
    }
}
