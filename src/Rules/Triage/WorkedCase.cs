using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Triage;

/// <summary>A case that was worked by hand, beside the protocol: answers in, disposition and deciding row out.</summary>
/// <param name="Answers">What was said on pages; with <paramref name="Facts"/>, what the text of a case added.</param>
/// <param name="Facts">Of a case that cannot be asked back.</param>
/// <param name="Flags">Null where the case does not look at them.</param>
public sealed record WorkedCase(string Id, DateOnly Day, string? Region, ImmutableDictionary<string, string>? Answers, CaseFacts? Facts, Disposition Disposition, string Row, ImmutableArray<string>? Flags)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <exception cref="JsonException">Not a list of worked cases: a member is unknown or of the wrong kind.</exception>
    public static ImmutableArray<WorkedCase> Parse(string json) => JsonSerializer.Deserialize<ImmutableArray<WorkedCase>?>(json, Strict) ?? [];

    /// <summary>Everything that is known of the case, as answers.</summary>
    [JsonIgnore]
    public ImmutableDictionary<string, string> Said => (Facts ?? CaseFacts.None).Answers().SetItems(Answers ?? ImmutableDictionary<string, string>.Empty);

    public Outcome Judged(ProtocolShelf shelf)
    {
        ArgumentNullException.ThrowIfNull(shelf);
        return shelf.Judge(shelf.InForce(Day, Region), Said, askable: Facts is null);
    }

    /// <summary>Null when the shelf says what was worked by hand; else what it says instead.</summary>
    public string? Fault(ProtocolShelf shelf)
    {
        var outcome = Judged(shelf);
        return outcome.Disposition != Disposition || outcome.Row != Row ? $"expected {Disposition} by {Row}, found {outcome.Disposition} by {outcome.Row}"
            : Flags is { } flags && !flags.SequenceEqual(outcome.Flags) ? $"expected the flags [{string.Join(", ", flags)}], found [{string.Join(", ", outcome.Flags)}]"
            : null;
    }
}
