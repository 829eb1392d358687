using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Page;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Consultations;

/// <param name="Duty">Null while no physician has decided.</param>
/// <param name="Place">Where the person stays; empty where that is not known.</param>
/// <param name="Recipient">Null where nobody is known for this place.</param>
/// <param name="NearOnly">The recipient is the city's or the province's: the district's own is not known.</param>
/// <param name="Sheet">Only for whoever has taken it; empty otherwise.</param>
/// <param name="Waiting">Flags that a physician still decides.</param>
/// <param name="FiledAt">Local time, as a form's field holds it.</param>
public sealed record ReportModel(
    string Me,
    ImmutableArray<(string Href, string Words)> Places,
    EntryLine Line,
    ReportDuty? Duty,
    string Place,
    ReportRecipient? Recipient,
    bool NearOnly,
    PolicyText HowToFind,
    bool Physician,
    ImmutableArray<SheetLine> Sheet,
    string ToAsk,
    ImmutableArray<FlagAsked> Waiting,
    ReportAcknowledged? Receipt,
    string FiledAt,
    IReadOnlyDictionary<string, string> Typed,
    ImmutableArray<Mistake> Mistakes);

/// <summary>The sheet alone, to be printed.</summary>
public sealed record ReportPrintModel(string Me, ImmutableArray<(string Href, string Words)> Places, string Title, string Id, ImmutableArray<SheetLine> Sheet, string ToAsk);

public enum ExportAs
{
    Print,
    Csv,
    Json,
}

/// <summary>A report as <c>/api/v1</c> shows it: the task, nothing of the person.</summary>
/// <param name="RecipientKnown">False: <paramref name="HowToFind"/> says what to do.</param>
internal sealed record ReportView(
    string Id, string Kind, string Consultation, string State, bool Mine, DateTimeOffset Due, bool Overdue, int Escalated,
    string? Duty, string? Basis, IReadOnlyList<string> Articles, string? Region, bool RecipientKnown, string? Recipient, string? Address, string? Phone, string HowToFind);

/// <param name="Number">As the recipient gave it; without one, who took it.</param>
/// <param name="FiledAt">Between the doctor's confirmation and now.</param>
internal sealed record ReceiptBody(string? Recipient, string? TakenBy, string? Number, [property: JsonRequired] DateTimeOffset FiledAt);

internal sealed record ExportBody([property: JsonRequired] ExportAs As);

/// <param name="Fields">By the keys of the policy; null where it is not collected here.</param>
internal sealed record SheetView(string Id, string Policy, string? Duty, IReadOnlyDictionary<string, string?> Fields);
