using System.Collections.Immutable;
using Yizhen.Rules;

namespace Yizhen.Web.Page;

/// <param name="Why">Null for a fault of ours.</param>
/// <param name="Incident">Number to quote; holds nothing about anybody.</param>
/// <param name="SavedAt">Until when everything is stored, where that is known.</param>
/// <param name="Sent">The fields of a form that could not be taken, so that pressing once more sends the same words again. Never a password, never a file.</param>
public sealed record RefusedModel(Refusal? Why, string? Incident, DateTimeOffset? SavedAt, ImmutableArray<(string Name, string Value)> Sent = default);
