using Yizhen.Rules;

namespace Yizhen.Web.Page;

/// <param name="Why">Null for a fault of ours.</param>
/// <param name="Incident">Number to quote; holds nothing about anybody.</param>
/// <param name="SavedAt">Until when everything is stored, where that is known.</param>
public sealed record RefusedModel(Refusal? Why, string? Incident, DateTimeOffset? SavedAt);
