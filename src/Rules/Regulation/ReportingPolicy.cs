using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Regulation;

/// <summary>What triage adds to its answer for the authorities. Alone it reports nothing: a physician confirms it or refuses it.</summary>
public enum Flag
{
    /// <summary>+C: somebody who was near a case; the disease-control body or the community is told.</summary>
    Contact,

    /// <summary>+R: a suspected notifiable disease (CN-INF-01).</summary>
    Report,
}

/// <summary>What stands on a report's sheet, by the names of the policy.</summary>
public enum SheetKey
{
    Number,
    What,
    Name,
    Identity,
    Sex,
    Age,
    Phone,
    Place,
    Street,
    Work,
    Told,
    AskedOn,
    Judged,
    Doctor,
    Unit,
    ConfirmedAt,
    DueAt,
    Basis,
    Recipient,
    FiledAt,
    FiledBy,
    Receipt,
}

/// <summary>One duty of the law from its day on, until the next of the same flag.</summary>
/// <param name="WithinMinutes">From the confirmation to the report; 1 or more.</param>
/// <param name="RemindAfterMinutes">When somebody is told for the first time that time is running out; before it is up.</param>
/// <param name="Grade">How sure the basis is; <paramref name="TimeGrade"/> how sure the time.</param>
public sealed record ReportDuty(
    string Id,
    Flag Flag,
    DateOnly From,
    int WithinMinutes,
    int RemindAfterMinutes,
    int TellAgainMinutes,
    PolicyText Basis,
    ImmutableArray<string> Articles,
    Grade Grade,
    Grade TimeGrade)
{
    [JsonIgnore]
    public TimeSpan Within => TimeSpan.FromMinutes(WithinMinutes);
}

/// <param name="WithinMinutes">From when nobody has the person to the physician's word; no law sets it.</param>
/// <param name="RemindAfterMinutes">When somebody is told for the first time; before it is up.</param>
public sealed record UndecidedFlag(int WithinMinutes, int RemindAfterMinutes, int TellAgainMinutes);

/// <param name="Within">Beginning of the codes of the places it answers for: two digits a province, four a city, six a district.</param>
/// <param name="Phone">As published; null where none is known.</param>
public sealed record ReportRecipient(string Within, PolicyText Name, string? Address, string? Phone, string Source, Grade Grade);

public sealed record SheetField(SheetKey Key, PolicyText Label, Grade Grade);

/// <summary>Time, legal basis, recipients and sheet of what is reported to an authority: <c>policies/reporting.json</c>.</summary>
/// <param name="Undecided">Within which a physician decides a flag of somebody whom no doctor has: told to go or to stay at home, or ended.</param>
/// <param name="Tellings">So often somebody is told at most, reminders before the time and after it together.</param>
/// <param name="Find">How to find who receives it, where nobody is known.</param>
/// <param name="Check">What to do before a listed recipient is relied on.</param>
/// <param name="Nowhere">What to do where no district was given.</param>
/// <param name="ToAsk">Said for a field that is not collected here.</param>
public sealed record ReportingPolicy(
    string Id,
    string Version,
    DateOnly Date,
    string Jurisdiction,
    string About,
    UndecidedFlag Undecided,
    int Tellings,
    ImmutableArray<ReportDuty> Duties,
    ImmutableArray<ReportRecipient> Recipients,
    PolicyText Find,
    PolicyText Check,
    PolicyText Nowhere,
    ImmutableArray<SheetField> Sheet,
    PolicyText ToAsk)
{
    [JsonIgnore]
    public string Stamp => $"{Id}@{Version}";

    /// <exception cref="FormatException">Not such a policy: the sentence says what is wrong.</exception>
    public static ReportingPolicy Read(string json) => PolicyFile.Read<ReportingPolicy>(json, p =>
        p.Duties.IsDefaultOrEmpty || Enum.GetValues<Flag>().Any(flag => p.Duties.All(d => d.Flag != flag)) ? "each flag has a duty."
        : !PolicyFile.EachOnce(p.Duties.Select(d => d.Id), p.Duties.Select(d => d.Id).Distinct()) ? "each duty stands in it once."
        : p.Duties.Select(d => (d.Flag, d.From)).Distinct().Count() != p.Duties.Length ? "two duties of a flag cannot begin on one day."
        : p.Duties.FirstOrDefault(d => d.WithinMinutes < 1 || d.TellAgainMinutes < 1 || d.RemindAfterMinutes < 1 || d.RemindAfterMinutes > d.WithinMinutes) is { } time ? $"'{time.Id}' gives no time, or reminds after it is up."
        : p.Duties.FirstOrDefault(d => d.Basis.IsEmpty || d.Articles.IsDefaultOrEmpty) is { } loose ? $"'{loose.Id}' names its basis in both languages and an article."
        : p.Undecided.TellAgainMinutes < 1 || p.Undecided.RemindAfterMinutes < 1 || p.Undecided.RemindAfterMinutes > p.Undecided.WithinMinutes || p.Tellings < 1 ? "an undecided flag has a time too, and somebody is told once or more, not after it is up."
        : p.Recipients.IsDefault || !PolicyFile.EachOnce(p.Recipients.Select(r => r.Within), p.Recipients.Select(r => r.Within).Distinct()) ? "each place has one recipient."
        : p.Recipients.FirstOrDefault(r => r.Name.IsEmpty || r.Source.Length == 0 || r.Within.Length == 0 || !r.Within.All(char.IsAsciiDigit)) is { } who ? $"the recipient for '{who.Within}' has a place in digits, a name in both languages and a source."
        : p.Sheet.IsDefaultOrEmpty || !PolicyFile.EachOnce(p.Sheet.Select(f => f.Key), p.Sheet.Select(f => f.Key).Distinct()) || p.Sheet.Any(f => f.Label.IsEmpty) ? "each field of the sheet stands in it once, with its words."
        : p.Find.IsEmpty || p.Check.IsEmpty || p.Nowhere.IsEmpty || p.ToAsk.IsEmpty ? "what is not known is said in both languages."
        : null);

    /// <summary>The duty of that day; of a day before the first, the first.</summary>
    public ReportDuty On(Flag flag, DateOnly day)
    {
        var line = Duties.Where(d => d.Flag == flag).OrderBy(d => d.From).ToImmutableArray();
        return line.LastOrDefault(d => d.From <= day) ?? line.First();
    }

    /// <summary>Null where this version does not know it any more.</summary>
    public ReportDuty? Named(string? duty) => Duties.FirstOrDefault(d => d.Id == duty);

    /// <summary>The nearest that is known: the district's, else the city's, else the province's; null where none is.</summary>
    /// <param name="region">Six-digit code; null abroad or where none was given.</param>
    public ReportRecipient? RecipientOf(string? region) =>
        region is null ? null : Recipients.Where(r => region.StartsWith(r.Within, StringComparison.Ordinal)).OrderByDescending(r => r.Within.Length).FirstOrDefault();
}
