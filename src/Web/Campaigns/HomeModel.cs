using System.Collections.Immutable;

namespace Yizhen.Web.Campaigns;

/// <param name="Hours">Said where it takes nobody at this hour; null where it does.</param>
public sealed record HomeEntry(string Href, string Name, string Purpose, string Covers, string? Hours);

public sealed record HomeModel(ImmutableArray<HomeEntry> Open);
