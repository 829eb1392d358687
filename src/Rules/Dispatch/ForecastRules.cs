using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Dispatch;

/// <summary>
/// What the forecast of the wait knows before it has seen anything, from <c>policies/forecast.json</c>: by how much its guesses were off on generated days that
/// began with nobody waiting (docs/measured.md says on which; other days were the test).
/// </summary>
/// <param name="QueueShare">0 to 1: how much the queue and its speed count in a guess; the rest is how long the first in line has waited.</param>
/// <param name="Ahead">Guesses are compared with others that had as many people before them: fewer than the first of these, than the next, or more. Ascending.</param>
/// <param name="GuessMs">And that were as large: milliseconds, likewise.</param>
/// <param name="Weight">What is known beforehand counts as much as so many waits that were seen; 1 or more.</param>
/// <param name="FirstMisses">By people ahead, then by size of the guess: ten misses, of which each stands for a tenth, as logarithms of wait over guess. Ascending.</param>
public sealed record ForecastRules(string Version, double QueueShare, ImmutableArray<int> Ahead, ImmutableArray<long> GuessMs, int Weight, ImmutableArray<ImmutableArray<ImmutableArray<double>>> FirstMisses)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Guesses like this one: of as many people ahead and of a like size.</summary>
    public (int Ahead, int Size) Like(int ahead, double guessMs) => (Ahead.Count(from => ahead >= from), GuessMs.Count(from => guessMs >= from));

    /// <exception cref="JsonException">A member is unknown or missing, or the lists do not fit each other.</exception>
    public static ForecastRules Parse(string json)
    {
        var rules = JsonSerializer.Deserialize<ForecastRules>(json, Strict) ?? throw new JsonException("The rules of the forecast are empty.");
        var fits = rules is { QueueShare: >= 0 and <= 1, Weight: >= 1 } && rules.FirstMisses.Length == rules.Ahead.Length + 1
            && rules.FirstMisses.All(ahead => ahead.Length == rules.GuessMs.Length + 1 && ahead.All(misses => !misses.IsEmpty && misses.SequenceEqual(misses.Order())));
        return fits ? rules : throw new JsonException("The rules of the forecast do not fit each other.");
    }
}
