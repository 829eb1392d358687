using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>What a roster may name, and what it is held against.</summary>
/// <param name="Clinicians">By sign-in name and by name; a name that two share is not in it.</param>
/// <param name="Words">Skills, languages and channels by code and by their words in either language.</param>
/// <param name="Moment">A day of the deployment's zone and seconds from its midnight, as UTC milliseconds.</param>
/// <param name="Stored">What is on the roster already and not over.</param>
public sealed record RosterKnown(
    IReadOnlyDictionary<string, (Guid Id, Guid Organisation)> Clinicians, IReadOnlyDictionary<string, Guid> Organisations, IReadOnlyDictionary<string, string> Words,
    Func<DateOnly, int, long> Moment, IReadOnlyCollection<Rostered> Stored, long Now);

/// <summary>A line of a roster that could be taken.</summary>
/// <param name="Name">As it was written: of the clinician, or of the organisation.</param>
public sealed record RosterLine(int Line, string Name, Rostered Shift);

/// <summary>
/// A roster as a sheet: date, from, to, and either clinician, or organisation with people, skills, langs. Where they stand there: licence (everywhere),
/// channels (chat), seats (3). An end that is not after the beginning is on the next day, and 32:00 is eight in the morning of it.
/// </summary>
public sealed class RosterText
{
    public const int MostLines = 2000;
    private const int MostSeats = 20;
    private const int MostPeople = 1000;
    private const int UsualSeats = 3;
    private const int Day = 24 * 3600;
    private const int LongestShift = Day;
    private const int FirstYear = 2000;
    private const int LastYear = 2999;
    private const string AnyArea = "*";

    /// <summary>Headings, with the Chinese by which each may go.</summary>
    public static readonly ImmutableArray<(string Name, string Zh)> Columns =
        [("clinician", "医生"), ("organisation", "机构"), ("people", "人数"), ("date", "日期"), ("from", "开始"), ("to", "结束"), ("skills", "专长"), ("langs", "语言"), ("licence", "执业地区"), ("channels", "方式"), ("seats", "同时接")];

    private readonly SheetText sheet = new(Columns.ToDictionary(c => c.Zh, c => c.Name, StringComparer.Ordinal));

    public IReadOnlyList<LineMistake> Mistakes => sheet.Mistakes;

    public ImmutableArray<RosterLine> Read(string text, RosterKnown known)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(known);
        var lines = ImmutableArray.CreateBuilder<RosterLine>();
        foreach (var row in sheet.Rows(text, ["date", "from", "to"]))
        {
            if (row.Line > MostLines + 1)
            {
                sheet.Mistakes.Add(new LineMistake(row.Line, "", "too_many", ""));
                break;
            }

            var (from, to) = Hours(row, known);
            var shift = row["clinician"].Length > 0 ? Named(row, known, from, to) : Unnamed(row, known, from, to);
            if (!row.Wrong && Clashes(shift, known.Stored.Concat(lines.Select(l => l.Shift))) is { } clash)
            {
                sheet.Wrong(row, shift.Clinician is null ? "organisation" : "clinician", clash);
            }

            if (!row.Wrong)
            {
                lines.Add(new RosterLine(row.Line, shift.Clinician is null ? row["organisation"] : row["clinician"], shift));
            }
        }

        return lines.ToImmutable();
    }

    private (long From, long To) Hours(SheetRow row, RosterKnown known)
    {
        var (day, from, to) = (sheet.Day(row, "date"), sheet.Time(row, "from"), sheet.Time(row, "to"));
        to = to < from ? to + Day : to;
        if (!row.Wrong && day.Year is < FirstYear or > LastYear)
        {
            sheet.Wrong(row, "date", "out_of_range");
        }

        if (row.Wrong)
        {
            return default;
        }

        var (begins, ends) = (known.Moment(day, from), known.Moment(day, to));
        if (to == from)
        {
            sheet.Wrong(row, "to", "ends_before_it_begins");
        }
        else if (to - from > LongestShift)
        {
            sheet.Wrong(row, "to", "out_of_range");
        }
        else if (ends <= known.Now)
        {
            sheet.Wrong(row, "date", "over");
        }

        return (begins, ends);
    }

    private Rostered Named(SheetRow row, RosterKnown known, long from, long to)
    {
        if (row["organisation"].Length > 0)
        {
            sheet.Wrong(row, "organisation", "one_of_both");
        }

        if (!known.Clinicians.TryGetValue(row["clinician"], out var who))
        {
            sheet.Wrong(row, "clinician", "not_known");
        }

        // What they can do stands with them; the roster says when.
        return new Rostered(who.Id, who.Organisation, 1, [], [], [], [], sheet.Number(row, "seats", UsualSeats, 1, MostSeats), from, to);
    }

    private Rostered Unnamed(SheetRow row, RosterKnown known, long from, long to)
    {
        var house = Guid.Empty;
        if (row["organisation"].Length == 0 || !known.Organisations.TryGetValue(row["organisation"], out house))
        {
            sheet.Wrong(row, row["organisation"].Length == 0 ? "clinician" : "organisation", row["organisation"].Length == 0 ? "empty" : "not_known");
        }

        return new Rostered(
            null, house, sheet.Number(row, "people", null, 1, MostPeople), Codes(row, "skills", null, known), Codes(row, "langs", "zh", known), sheet.List(row, "licence", AnyArea),
            Codes(row, "channels", Waiting.Chat, known), sheet.Number(row, "seats", UsualSeats, 1, MostSeats), from, to);
    }

    private ImmutableArray<string> Codes(SheetRow row, string field, string? other, RosterKnown known)
    {
        var words = sheet.List(row, field, other);
        if (!row.Wrong && words.Any(w => !known.Words.ContainsKey($"{field}:{w}")))
        {
            sheet.Wrong(row, field, "not_known");
        }

        return [.. words.Select(w => known.Words.GetValueOrDefault($"{field}:{w}", w))];
    }

    /// <summary>Nobody is in two places; and a file that is sent twice adds nobody twice.</summary>
    private static string? Clashes(Rostered shift, IEnumerable<Rostered> others) =>
        shift.Clinician is { } named
            ? others.Any(o => o.Clinician == named && o.From < shift.To && o.To > shift.From) ? "overlaps" : null
            : others.Any(o => o.Clinician is null && o.Organisation == shift.Organisation && o.People == shift.People && o.From == shift.From && o.To == shift.To && o.Skills.SequenceEqual(shift.Skills) && o.Langs.SequenceEqual(shift.Langs))
                ? "already_there" : null;
}
