using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Triage;

/// <summary>A line of a batch as it was read.</summary>
/// <param name="Reported">Members and codes that are not known here, and values of the wrong kind: told, never an error.</param>
internal sealed record CaseLine(string CaseId, string? Text, CaseFacts Facts, ImmutableArray<string> Reported);

/// <summary>Reads cases from elsewhere: what is known is taken, what is not is reported, and nothing stops the batch.</summary>
internal sealed class CaseReader
{
    private static readonly string[] Members = ["case_id", "lang", "text", "facts"];

    private static readonly string[] FactMembers =
    [
        "age", "sex", "pregnant", "temperature_c", "days_since_onset", "symptoms", "absent", "spo2", "comorbidities", "exposure", "region", "anxiety_dominant", "vitals", "infection",
    ];

    private static readonly string[] VitalMembers = ["temperature_c", "spo2", "respiratory_rate", "heart_rate", "systolic", "consciousness"];

    private readonly FrozenSet<string> signs;
    private readonly FrozenSet<string> conditions;
    private readonly FrozenSet<string> exposures;

    public CaseReader()
    {
        using var codes = JsonDocument.Parse(Policies.Text("symptom-codes.json"));
        FrozenSet<string> Of(string kind) => codes.RootElement.GetProperty(kind).EnumerateObject().Select(c => c.Name).ToFrozenSet(StringComparer.Ordinal);
        (signs, conditions, exposures) = (Of("symptoms"), Of("conditions"), Of("exposures"));
    }

    /// <exception cref="JsonException">The line is no JSON object.</exception>
    public CaseLine Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("A case is a JSON object.");
        }

        var reported = new List<string>();
        var root = Member(document.RootElement, Members, "", reported);
        var facts = Is(root, "facts", JsonValueKind.Object, reported) is { } stated ? Facts(stated, reported) : CaseFacts.None;
        var id = root.GetValueOrDefault("case_id") is { ValueKind: JsonValueKind.String or JsonValueKind.Number } known ? known.ToString() : "";
        return new CaseLine(id, Is(root, "text", JsonValueKind.String, reported)?.GetString(), facts, [.. reported]);
    }

    private CaseFacts Facts(JsonElement element, List<string> reported)
    {
        var facts = Member(element, FactMembers, "facts.", reported);
        var vitals = Is(facts, "vitals", JsonValueKind.Object, reported) is { } measured ? Member(measured, VitalMembers, "facts.vitals.", reported) : null;
        return new CaseFacts(
            Number(facts, "age", reported),
            Is(facts, "sex", JsonValueKind.String, reported)?.GetString(),
            YesNo(facts, "pregnant", reported),
            Number(facts, "temperature_c", reported),
            Number(facts, "days_since_onset", reported),
            Codes(facts, "symptoms", reported, signs, conditions),
            Codes(facts, "absent", reported, signs, conditions),
            Number(facts, "spo2", reported),
            Codes(facts, "comorbidities", reported, conditions, signs),
            Exposure(facts, reported),
            facts.GetValueOrDefault("region") is { ValueKind: JsonValueKind.String or JsonValueKind.Number } region ? region.ToString() : null,
            YesNo(facts, "anxiety_dominant", reported),
            vitals is null ? null : new CaseVitals(
                Number(vitals, "temperature_c", reported), Number(vitals, "spo2", reported), Number(vitals, "respiratory_rate", reported),
                Number(vitals, "heart_rate", reported), Number(vitals, "systolic", reported), Is(vitals, "consciousness", JsonValueKind.String, reported)?.GetString()),
            Is(facts, "infection", JsonValueKind.String, reported)?.GetString());
    }

    private ImmutableSortedDictionary<string, bool?>? Exposure(Dictionary<string, JsonElement> facts, List<string> reported)
    {
        var given = facts.GetValueOrDefault("exposure");
        var flags = given.ValueKind switch
        {
            JsonValueKind.Object => given.EnumerateObject().Select(f => (f.Name, Value: (bool?)(f.Value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }))),
            JsonValueKind.Array => given.EnumerateArray().Where(f => f.ValueKind == JsonValueKind.String).Select(f => (f.ToString(), (bool?)true)),
            JsonValueKind.String => [(given.ToString(), (bool?)true)],
            _ => [],
        };
        var known = ImmutableSortedDictionary.CreateBuilder<string, bool?>(StringComparer.Ordinal);
        foreach (var (name, value) in flags)
        {
            if (exposures.Contains(name))
            {
                known[name] = value;
            }
            else
            {
                reported.Add($"exposure {name}");
            }
        }

        return known.Count == 0 ? null : known.ToImmutable();
    }

    private static ImmutableArray<string>? Codes(Dictionary<string, JsonElement> facts, string name, List<string> reported, params ReadOnlySpan<FrozenSet<string>> known)
    {
        if (Is(facts, name, JsonValueKind.Array, reported) is not { } list)
        {
            return null;
        }

        var codes = ImmutableArray.CreateBuilder<string>();
        foreach (var item in list.EnumerateArray())
        {
            var code = item.ToString();
            var found = code == Question.Unknown;
            foreach (var set in known)
            {
                found |= set.Contains(code);
            }

            if (found)
            {
                codes.Add(code);
            }
            else
            {
                reported.Add($"{name} {code}");
            }
        }

        return codes.ToImmutable();
    }

    private static Dictionary<string, JsonElement> Member(JsonElement element, string[] known, string under, List<string> reported)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (known.Contains(member.Name))
            {
                members[member.Name] = member.Value;
            }
            else
            {
                reported.Add(under + member.Name);
            }
        }

        return members;
    }

    private static JsonElement? Is(Dictionary<string, JsonElement> members, string name, JsonValueKind kind, List<string> reported)
    {
        var value = members.GetValueOrDefault(name);
        if (value.ValueKind == kind)
        {
            return value;
        }

        if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            reported.Add($"{name} is not a {kind.ToString().ToLowerInvariant()}");
        }

        return null;
    }

    private static decimal? Number(Dictionary<string, JsonElement> members, string name, List<string> reported) =>
        Is(members, name, JsonValueKind.Number, reported) is { } number && number.TryGetDecimal(out var value) ? value : null;

    private static bool? YesNo(Dictionary<string, JsonElement> members, string name, List<string> reported)
    {
        var value = members.GetValueOrDefault(name).ValueKind;
        return value switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => Is(members, name, JsonValueKind.Null, reported) is null ? null : null,
        };
    }
}
