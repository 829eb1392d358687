using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <param name="Ticked">Keys that were ticked when the form came back; nothing is ticked for anybody.</param>
/// <param name="Full">The full text with the responsible party filled in.</param>
public sealed record ConsentModel(ConsultationId Id, ConsentText Text, ImmutableArray<ConsentSection> Full, ImmutableHashSet<string> Ticked, ImmutableArray<Mistake> Mistakes);

/// <param name="Text">The version that stood above the ticks, carried on like them.</param>
/// <param name="Agreed">The ticks of the page before, carried in hidden fields until the consultation opens.</param>
public sealed record WhoModel(ConsultationId Id, string Text, ConsentItem Guardian, ImmutableArray<string> Agreed, Relation? Chosen, string Label, bool GuardianTicked, ImmutableArray<Mistake> Mistakes);

/// <param name="Code">Six digits of regions.csv.</param>
/// <param name="Name">From the province down, in the reader's language.</param>
public sealed record PlaceFound(string Code, string Name);

/// <param name="Code">ISO 3166-1 alpha-2.</param>
public sealed record CountryOffered(string Code, string Name);

/// <param name="Query">What was typed; null before the first search.</param>
public sealed record WhereModel(ConsultationId Id, string? Query, ImmutableArray<PlaceFound> Found, ImmutableArray<CountryOffered> Countries, string? Country, ImmutableArray<Mistake> Mistakes);

/// <param name="Longest">In characters.</param>
/// <param name="SavedAt">When the draft on our disk was written.</param>
public sealed record StoryModel(ConsultationId Id, string Text, int? Worry, int Longest, DateTimeOffset? SavedAt, ImmutableArray<Mistake> Mistakes);

/// <param name="NotMentioned">What will be asked, in words.</param>
public sealed record ReadBackModel(ConsultationId Id, ImmutableArray<ReadBackLine> Lines, ImmutableArray<(string Code, string Value)> Stated, string NotMentioned, bool CanTellMore, ImmutableArray<DangerSpotted> Dangers, ImmutableArray<Mistake> Mistakes);

public enum AskKind
{
    /// <summary>One of a few; yes, no and not sure are three of them.</summary>
    One,
    /// <summary>Any of a list; none of them is an answer of its own.</summary>
    Many,
    /// <summary>A number with its unit and the place of measuring, or one of the options instead of a number.</summary>
    Number,
}

/// <param name="Note">A line in small letters, for example that "not sure" is not read as "no".</param>
public sealed record Choice(string Code, string Label, string? Note = null);

/// <summary>One question of a protocol, in the reader's language, with what was answered so far.</summary>
/// <param name="Options">For a number: what may be said instead of one.</param>
/// <param name="Sites">Where it may be measured; empty where that does not matter.</param>
/// <param name="Given">Codes chosen so far, or for a number the text as typed.</param>
public sealed record Ask(
    string Code,
    AskKind Kind,
    string Title,
    string? Lead,
    string? Why,
    string? Unit,
    ImmutableArray<Choice> Options,
    ImmutableArray<Choice> Sites,
    ImmutableArray<string> Given,
    string? Number,
    string? Site);

/// <param name="At">Of the first question on the page, from 1.</param>
/// <param name="Most">Upper bound; 0 where it is not known.</param>
public sealed record QuestionsModel(ConsultationId Id, ImmutableArray<Ask> Asks, int At, int Most, string? Back, ImmutableArray<DangerSpotted> Dangers, ImmutableArray<Mistake> Mistakes)
{
    /// <summary>The guardian's tick and its version, where the age that was typed is a child's; null otherwise.</summary>
    public (ConsentItem Tick, string Version)? Guardian { get; init; }
}

/// <summary>Nothing is left to ask; the outcome comes with the next press.</summary>
public sealed record AnsweredModel(ConsultationId Id, ImmutableArray<DangerSpotted> Dangers);

/// <param name="CanSend">False where codes cannot be sent now; the recovery code is the way then.</param>
/// <param name="Placed">The person stands in the queue already; the number comes later or is changed.</param>
public sealed record ContactModel(ConsultationId Id, string Phone, bool CanSend, bool Placed, ImmutableArray<Mistake> Mistakes)
{
    /// <summary>The number is for being asked a day later; no place is taken with it.</summary>
    public bool OnlyFollowUp { get; init; }
}

/// <param name="Phone">As the person wrote it, grouped for reading.</param>
public sealed record CodeModel(ConsultationId Id, string Phone, int Minutes, int Tries, ImmutableArray<Mistake> Mistakes)
{
    /// <summary>There is a place in the queue; otherwise the number is for the question a day later alone.</summary>
    public required bool Placed { get; init; }
}

/// <param name="Code">Grouped for copying by hand.</param>
/// <param name="Placed">There is a place in the queue that it brings back.</param>
public sealed record RecoveryModel(ConsultationId Id, string Code, string Why, bool Placed);
