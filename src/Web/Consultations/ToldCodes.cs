using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Yizhen.Rules;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>
/// The signs and the conditions of <c>policies/symptom-codes.json</c> with their words. A person may tell one that no question offers; once they have
/// confirmed it, it is an answer like any other.
/// </summary>
/// <param name="Input">The input under which it is stored; rules read it beside the question's own answer.</param>
/// <param name="Reading">How a reading names one.</param>
internal sealed record ToldCodes(string Input, string Reading, FrozenDictionary<string, Wording> Known)
{
    private static readonly ToldCodes Signs = Load("signs", "symptoms:", "symptoms");

    public static readonly ImmutableArray<ToldCodes> All = [Signs, Load("conditions", "comorbidities:", "conditions")];

    /// <summary>A sign as a patient would say it; null for what is no sign.</summary>
    public static Wording? Sign(string code) => Signs.Known.GetValueOrDefault(code);

    /// <summary>The code of a reading, with its words; null for what is not in this list.</summary>
    public (string Code, Wording Says)? Of(string reading) =>
        reading.StartsWith(Reading, StringComparison.Ordinal) && Known.TryGetValue(reading[Reading.Length..], out var says) ? (reading[Reading.Length..], says) : null;

    /// <summary>Codes joined as answers are. One that is not in the list is refused, and nothing of the form is stored.</summary>
    public Decision<string> Read(string stated)
    {
        var codes = stated.Split(Condition.Separator, StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal).ToList();
        return codes.Count > 0 && codes.TrueForAll(Known.ContainsKey) ? string.Join(Condition.Separator, codes) : Refusal.Malformed;
    }

    private static ToldCodes Load(string input, string reading, string list)
    {
        using var codes = JsonDocument.Parse(Policies.Text("symptom-codes.json"));
        return new(input, reading, codes.RootElement.GetProperty(list).EnumerateObject().ToFrozenDictionary(c => c.Name, c => Plain(c.Value), StringComparer.Ordinal));
    }

    /// <summary>The clinician's name, unless there is a plainer one for patients.</summary>
    private static Wording Plain(JsonElement code)
    {
        var words = code.TryGetProperty("patient", out var patient) ? patient : code;
        return new Wording(words.GetProperty("zh").GetString() ?? "", words.GetProperty("en").GetString() ?? "");
    }
}
