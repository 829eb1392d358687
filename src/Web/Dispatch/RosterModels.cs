using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Page;

namespace Yizhen.Web.Dispatch;

/// <param name="Id">Of the shift, for the address; empty in a preview.</param>
/// <param name="Who">A clinician's name; null: so many of <paramref name="Organisation"/>.</param>
/// <param name="State">to_come, here, late, cannot_come.</param>
public sealed record RosterShift(
    string Id, string? Who, string Organisation, int People, ImmutableArray<string> Skills, ImmutableArray<string> Langs, ImmutableArray<string> Licence, ImmutableArray<string> Channels, int Seats, DateTimeOffset From, DateTimeOffset To, string State);

/// <summary>What is read from a sheet and waits for a yes.</summary>
/// <param name="Text">As it was sent: it is read anew when it is added.</param>
public sealed record RosterPreview(string Text, ImmutableArray<RosterShift> Shifts);

/// <param name="Typed">What stands in the fields when they could not be taken.</param>
/// <param name="Clinicians">Sign-in name and name.</param>
public sealed record RosterModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, ImmutableArray<RosterShift> Shifts, ImmutableArray<(string Login, string Words)> Clinicians, ImmutableArray<string> Organisations,
    IReadOnlyDictionary<string, string> Typed, string Sheet, ImmutableArray<Mistake> Mistakes, RosterPreview? Preview, int Added, int CountsHere)
{
    public string Of(string field) => Typed.GetValueOrDefault(field, "");
}

/// <param name="Csv">A sheet with headings; several lines are added all together or not at all.</param>
/// <param name="DryRun">Only read: nothing is added.</param>
internal sealed record RosterBody(string? Csv, bool DryRun = false);

/// <param name="Added">0 in a dry run.</param>
internal sealed record RosterAnswer(int Added, ImmutableArray<RosterShift> Shifts);

/// <summary>A line that could not be taken, as the JSON door names it.</summary>
internal sealed record RosterFault(int Line, string Field, string What, string Words)
{
    public static RosterFault Of(Lang t, LineMistake wrong) => new(wrong.Line, wrong.Field, wrong.What, DayFolder.Words(t, wrong));
}

/// <param name="State">to_come, now, cannot_come, or over, for an hour.</param>
public sealed record OwnShift(string Id, DateTimeOffset From, DateTimeOffset To, string State);

public sealed record OwnShiftsModel(string Me, ImmutableArray<(string Href, string Words)> Places, ImmutableArray<OwnShift> Shifts, int StayMinutes);

/// <param name="Says">cannot_come, coming, or stay.</param>
internal sealed record OwnShiftBody(string? Says);
