using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>A day as text: comma-separated, with headings, as the scenarios of the dispatch bench have it. Columns may stand in any order; others are passed over.</summary>
public sealed class DayText
{
    private const int Thousand = 1000;
    private const int Minute = 60;
    private const int Hour = 3600;
    private const int Hours = 24;
    private const int TwoDays = 2 * Hours * Hour;
    private const int MostSeats = 20;
    private const string AnyArea = "*";

    private readonly SheetText sheet = new();
    private readonly Dictionary<string, int> shiftOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> houses = new(StringComparer.Ordinal);
    private bool lends;

    public IReadOnlyList<LineMistake> Mistakes => sheet.Mistakes;

    /// <summary>
    /// aid.csv, before all others: organisation and keep (percent of its seats); and, where they stand there, campaign (of another organisation, by its name;
    /// *), needs (all), areas (everywhere), from and to (all day). With it the column hospital of doctors.csv and entry_hospital of arrivals.csv say whose
    /// everybody is; without it all are there for all.
    /// </summary>
    public DayAid Aid(string text)
    {
        lends = true;
        var rules = new List<(Guid House, AidRule Rule)>();
        foreach (var row in sheet.Rows(text, ["organisation", "keep"]))
        {
            var rule = new AidRule(
                sheet.Text(row, "campaign", AidRule.Any), sheet.Number(row, "keep", null, 0, AidTerms.Whole), sheet.List(row, "needs", ""), sheet.List(row, "areas", ""), Clock(row, "from"), Clock(row, "to"));
            var house = House(sheet.Text(row, "organisation", null));
            if (!row.Wrong)
            {
                rules.Add((house, rule));
            }
        }

        return new DayAid(rules.GroupBy(r => r.House).ToImmutableDictionary(g => g.Key, g => g.Select(r => r.Rule).ToImmutableArray()), 0);
    }

    /// <summary>doctors.csv: id, skills, shift_start, shift_end; and, where they stand there, langs (zh), licence (*), max_concurrent (3), channels (chat), max_shift_minutes (480), slowdown (0.35).</summary>
    /// <remarks>Lists use |. A time is seconds from midnight, or 08:30. A shift over midnight ends above 24:00.</remarks>
    public ImmutableArray<Shift> Shifts(string text)
    {
        var shifts = ImmutableArray.CreateBuilder<Shift>();
        foreach (var row in sheet.Rows(text, ["id", "skills", "shift_start", "shift_end"]))
        {
            var (from, to) = (sheet.Time(row, "shift_start"), sheet.Time(row, "shift_end"));
            if (to <= from && !row.Wrong)
            {
                sheet.Wrong(row, "shift_end", "ends_before_it_begins");
            }

            var shift = new Shift(
                sheet.Text(row, "id", null), sheet.List(row, "skills", null), sheet.List(row, "langs", "zh"), sheet.List(row, "licence", AnyArea), sheet.List(row, "channels", Waiting.Chat),
                from, to, sheet.Number(row, "max_concurrent", 3, 1, MostSeats), sheet.Number(row, "max_shift_minutes", 480, 1, 1440) * Minute, Thousandths(row, "slowdown", 350),
                House(row["hospital"]));
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
        foreach (var row in sheet.Rows(text, ["t_seconds", "urgency", "need", "region", "channel", "lang", "service_seconds", "patience_seconds"]))
        {
            var at = sheet.Time(row, "t_seconds");
            if (people.Count > 0 && at < people[^1].At)
            {
                sheet.Wrong(row, "t_seconds", "not_in_order");
            }

            var region = sheet.Text(row, "region", null);
            var own = row["continuity_doctor"] is { Length: > 0 } name && shiftOf.TryGetValue(name, out var shift) ? shift : (int?)null;
            var person = new Coming(
                at, (Urgency)sheet.Number(row, "urgency", null, 1, 5), sheet.Text(row, "need", null), sheet.Text(row, "lang", null), region, region, sheet.Text(row, "channel", null),
                sheet.Number(row, "service_seconds", null, 1, TwoDays), sheet.Number(row, "patience_seconds", null, 0, TwoDays), own,
                Organisation: House(row["entry_hospital"]), Campaign: lends ? row["entry_hospital"] : "");
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
        foreach (var row in sheet.Rows(text, ["doctor", "from_s", "to_s", "kind"]))
        {
            var (doctor, kind) = (sheet.Text(row, "doctor", null), sheet.Text(row, "kind", null));
            if (!shiftOf.ContainsKey(doctor))
            {
                sheet.Wrong(row, "doctor", "not_known");
            }

            if (kind is not ("silent" or "left"))
            {
                sheet.Wrong(row, "kind", "not_known");
            }

            var one = new Away(shiftOf.GetValueOrDefault(doctor), sheet.Time(row, "from_s"), sheet.Time(row, "to_s"), kind == "left");
            if (!row.Wrong)
            {
                away.Add(one);
            }
        }

        return away.ToImmutable();
    }

    private TimeOnly Clock(SheetRow row, string field) =>
        row[field].Length == 0 ? TimeOnly.MinValue : TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(sheet.Time(row, field) % (Hour * Hours)));

    /// <summary>By the order in which it is first named; nobody's, where nobody lends by rules.</summary>
    private Guid House(string name) =>
        !lends || name.Length == 0 ? Guid.Empty : houses.TryGetValue(name, out var known) ? known : houses[name] = new Guid(houses.Count + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private int Thousandths(SheetRow row, string field, int other) =>
        row[field] is not { Length: > 0 } text ? other
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 10 ? (int)Math.Round(number * Thousand)
        : sheet.Wrong(row, field, "not_a_number").Length;
}
