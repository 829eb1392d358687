using System.Collections.Immutable;
using Yizhen.Web.Page;

namespace Yizhen.Web.Campaigns;

/// <summary>What a campaign's page shows, already in the reader's language; every word of it is the campaign's own.</summary>
/// <param name="StartHref">Where Start is posted.</param>
/// <param name="WaitFrom">Minutes, measured over the last hour; null where fewer than eleven waits were measured.</param>
/// <param name="Danger">Signs for which nobody should wait.</param>
public sealed record CampaignModel(
    string Heading,
    string Lead,
    string StartHref,
    bool IsOpen,
    string? ClosedText,
    int? WaitFrom,
    int? WaitTo,
    int Waiting,
    int OnDuty,
    DateTimeOffset MeasuredAt,
    ImmutableArray<string> Danger,
    string RunBy,
    string ForWhom,
    string Hours)
{
    /// <summary>Emergency numbers and hotlines of this place, each with its name.</summary>
    public ImmutableArray<string> Numbers { get; init; } = [];

    /// <summary>Ended for good, and not only closed at this hour.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Nobody new for a while.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Empty where nobody helps the owner.</summary>
    public string Partners { get; init; } = "";

    public string Filing { get; init; } = "";

    /// <summary>The organisation has given its people a word.</summary>
    public bool AsksCode { get; init; }

    /// <summary>What was typed and is not the word: shown again, so that the slip is seen.</summary>
    public string? Word { get; init; }

    /// <summary>The entrance was full: they are let in from then on.</summary>
    public DateTimeOffset? ComesAt { get; init; }

    /// <summary>The entrance was full, and no hour was left to promise.</summary>
    public bool IsFull { get; init; }

    public ImmutableArray<Mistake> Mistakes { get; init; } = [];

    /// <summary>Start was pressed a moment ago, and nobody was taken.</summary>
    public bool TurnedBack { get; init; }

    /// <summary>So many come that the briefing stands before everything else.</summary>
    public bool BriefingFirst { get; init; }

    /// <summary>Where somebody is taken now; named only where this one takes nobody.</summary>
    public ImmutableArray<HomeEntry> Others { get; init; } = [];
}
