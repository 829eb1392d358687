using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Statistics;

/// <summary>When a day counts as unusual, by EARS C2.</summary>
/// <param name="BaselineDays">Days whose mean and deviation are the measure; 2 or more.</param>
/// <param name="GuardDays">Days between the baseline and the day in question; 0 or more.</param>
/// <param name="Deviations">So many standard deviations above the mean are a rise; above 0.</param>
/// <param name="LeastDeviation">In people; above 0.</param>
public sealed record RiseRules(int BaselineDays, int GuardDays, double Deviations, double LeastDeviation);

/// <summary>The numbers of the picture, from <c>policies/picture.json</c>.</summary>
/// <param name="Fewest">A cell with fewer people is withheld; 2 or more.</param>
public sealed record PictureRules(string Version, string About, int Fewest, RiseRules Rise)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="JsonException">A member is unknown, missing or out of its range.</exception>
    public static PictureRules Parse(string json)
    {
        var rules = JsonSerializer.Deserialize<PictureRules>(json, Strict) ?? throw new JsonException("The rules of the picture are empty.");
        return rules is { Fewest: >= 2, Rise: { BaselineDays: >= 2, GuardDays: >= 0, Deviations: > 0, LeastDeviation: > 0 } } ? rules : throw new JsonException("The rules of the picture are out of range.");
    }
}
