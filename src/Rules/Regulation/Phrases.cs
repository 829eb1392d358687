using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Regulation;

/// <summary>Sentences that a clinician sends often, from <c>policies/phrases.json</c>. They advise; none of them diagnoses.</summary>
public sealed record Phrases(string Version, [property: JsonPropertyName("phrases")] ImmutableArray<Phrase> All)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <exception cref="JsonException">A member is unknown, or there is no phrase.</exception>
    public static Phrases Parse(string json) =>
        JsonSerializer.Deserialize<Phrases>(json, Strict) is { All.IsDefaultOrEmpty: false } phrases ? phrases : throw new JsonException("There is no phrase.");
}

public sealed record Phrase(string Key, string Zh, string En)
{
    public string In(string lang) => lang == "en" ? En : Zh;
}
