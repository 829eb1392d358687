using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;

namespace Yizhen.Web.Worklist;

/// <param name="Number">The end of the consultation's id: enough to speak about it.</param>
/// <param name="Since">When the person left, or was last tried.</param>
public sealed record DepartedLine(ConsultationId Id, string Number, Urgency Urgency, DateTimeOffset Since, DateTimeOffset Due);

public sealed record DepartedListModel(string Me, ImmutableArray<(string Href, string Words)> Places, ImmutableArray<DepartedLine> Lines);

/// <param name="Phone">E.164; null where it is no longer there.</param>
/// <param name="Verified">The code that went there came back right.</param>
/// <param name="Attempt">The one that is due: 1, 2 and so on.</param>
public sealed record DepartedModel(string Me, ImmutableArray<(string Href, string Words)> Places, DepartedLine Line, string? Phone, bool Verified, bool English, int Attempt);
