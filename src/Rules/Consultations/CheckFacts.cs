namespace Yizhen.Rules.Consultations;

/// <param name="What">recheck while waiting, follow_up a day after the advice.</param>
/// <param name="Count">1, 2 and so on, for each of the two.</param>
public sealed record CheckAsked(string What, int Count, DateTimeOffset AnswerBy) : Fact;

/// <summary>Nobody answered by the time that was given.</summary>
public sealed record CheckMissed(string What, int Count) : Fact;

/// <summary>The person went where they had been sent and was not taken in there.</summary>
public sealed record SentAway : Fact;
