namespace Yizhen.Rules.Consultations;

/// <summary>Instead of waiting: a dated answer. Both times are promises as soon as one of them is taken.</summary>
/// <param name="CallBackBy">Null where nobody can be told that a clinician is there.</param>
/// <param name="Until">Later than this it cannot be taken any more: the times would be too near.</param>
/// <param name="Because">expected_wait or waited: what dispatch said.</param>
public sealed record Offered(DateTimeOffset WrittenBy, DateTimeOffset? CallBackBy, DateTimeOffset Until, string Because) : Fact;

/// <summary>The person would rather wait, in the place they have.</summary>
public sealed record OfferDeclined : Fact;

/// <param name="What">written_answer or call_back.</param>
public sealed record Promised(string What, DateTimeOffset By) : Fact;
