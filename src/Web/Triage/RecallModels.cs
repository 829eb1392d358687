using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;

namespace Yizhen.Web.Triage;

/// <param name="Kept">The recalled version is among the protocols here; otherwise only pins may name it.</param>
/// <param name="Serves">The other version is signed and serves here. One that does not may be looked at and never sent.</param>
internal sealed record RecallQuestion(ProtocolPin Recalled, Protocol By, bool Kept, bool Serves);

/// <summary>Somebody who would be told something else.</summary>
/// <param name="Number">The end of the consultation's id: enough to speak about it.</param>
/// <param name="JudgedIn">The version of the consultation in which this was said.</param>
/// <param name="Differs">Codes of <see cref="OutcomeDifference"/>.</param>
public sealed record RecallLine(ConsultationId Id, string Number, DateTimeOffset JudgedAt, long JudgedIn, Outcome Said, Outcome Says, ImmutableArray<string> Differs);

/// <param name="Count">Which correction of this consultation.</param>
public sealed record RecallSent(ConsultationId Id, int Count, Urgency Urgency, bool Seen);

/// <param name="Missing">The version that is not kept here.</param>
public sealed record RecallUnjudged(string Number, ProtocolPin Missing);

/// <summary>What a recall finds, the most urgent first.</summary>
/// <param name="Looked">Consultations that triage has judged and that could be read.</param>
/// <param name="Concerned">Of them, judged by the recalled version, or corrected from it already.</param>
/// <param name="Sent">Corrected already.</param>
/// <param name="Unjudged">Concerned, and not to be judged again: a version that was pinned beside it is not kept.</param>
/// <param name="Damaged">Could not be opened: they may be concerned.</param>
/// <param name="Gone">Erased, or past the time for which they may be kept: nobody is left to be told.</param>
/// <param name="StillAsked">Live and not judged yet. Once it is recalled, whoever of them the version would judge is judged by the one in its place.</param>
/// <param name="Stands">The recall is on record: the version judges nobody any more.</param>
public sealed record RecallFound(
    ProtocolPin Recalled, ProtocolPin Replacement, int Looked, int Concerned, ImmutableArray<RecallLine> Lines, ImmutableArray<RecallSent> Sent, ImmutableArray<RecallUnjudged> Unjudged, int Damaged, int Gone, int StillAsked, bool Stands)
{
    /// <summary>Nobody is left who ought to be told and has not been.</summary>
    public bool NobodyLeft => Lines.IsEmpty && Unjudged.IsEmpty && Damaged == 0;
}

/// <summary>The corrections of one recall so far.</summary>
/// <param name="Seen">The person says that they have read it.</param>
/// <param name="Reached">Spoken with.</param>
/// <param name="Overdue">Nobody has seen to it in time.</param>
/// <param name="Missing">Without an entry of the worklist: sending again makes it.</param>
public sealed record RecallProgress(ProtocolPin Recalled, string By, DateTimeOffset Last, int Sent, int Seen, int Reached, int Open, int Overdue, int Missing);

/// <param name="Versions">What may be recalled: id and version, newest first.</param>
/// <param name="Chosen">As it stands in the form; empty before anything was chosen.</param>
/// <param name="Found">Null before anything was chosen.</param>
/// <param name="Told">How many were sent just now.</param>
/// <param name="Standing">Every recall that covers this operator's consultations, newest first.</param>
public sealed record RecallModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, ImmutableArray<ProtocolPin> Versions, string Chosen, string With, RecallFound? Found, ImmutableArray<RecallProgress> Progress, int? Told, ImmutableArray<Mistake> Mistakes, ImmutableArray<Recall> Standing);

/// <summary>What was said, and what is said now, as the API and the command tell it: codes and the headline, nothing of what the person told.</summary>
internal sealed record SaidView(string Disposition, string PublicName, int Urgency, ImmutableArray<string> Flags, string Need, string Protocol, string Version, string Row, string HeadlineZh, string HeadlineEn)
{
    public static SaidView Of(Outcome o) =>
        new(o.Disposition.ToString(), o.PublicName, (int)o.Urgency, o.Flags, o.Need, o.DecidedBy.Id, o.DecidedBy.Version, o.Row, o.Headline.Zh, o.Headline.En);
}

internal sealed record RecallLineView(string Consultation, DateTimeOffset JudgedAt, SaidView Said, SaidView Says, ImmutableArray<string> Differs);

internal sealed record RecallView(
    string Protocol, string Version, string With, int Looked, int Concerned, int WouldChange, int Sent, ImmutableArray<RecallUnjudged> Unjudged, int Damaged, int Gone, int StillAsked, bool Stands, ImmutableArray<RecallLineView> Lines)
{
    public static RecallView Of(RecallFound f) => new(
        f.Recalled.Id, f.Recalled.Version, f.Replacement.Version, f.Looked, f.Concerned, f.Lines.Length, f.Sent.Length, f.Unjudged, f.Damaged, f.Gone, f.StillAsked, f.Stands,
        [.. f.Lines.Select(l => new RecallLineView(l.Id.ToString(), l.JudgedAt, SaidView.Of(l.Said), SaidView.Of(l.Says), l.Differs))]);
}

/// <param name="With">Version in the place of the recalled one; null: the one in force today.</param>
internal sealed record RecallBody(string? With);

internal sealed record RecallSentView(int Sent);
