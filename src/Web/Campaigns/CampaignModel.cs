using System.Collections.Immutable;

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
    string Hours);
