using System.Collections.Frozen;
using System.Text.Json;
using Yizhen.Rules;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>
/// The signs of <c>policies/symptom-codes.json</c> with their words. A person may tell one that no question asks for; once they have confirmed
/// it, it is an answer like any other, under <see cref="Input"/>.
/// </summary>
internal static class SignCodes
{
    /// <summary>The input under which rows test signs that no question asks for.</summary>
    public const string Input = "signs";

    /// <summary>How a reading names a sign.</summary>
    public const string Reading = "symptoms:";

    private static readonly FrozenDictionary<string, Wording> Known = Load();

    /// <summary>As a patient would say it; null for what is no sign.</summary>
    public static Wording? Words(string code) => Known.GetValueOrDefault(code);

    /// <summary>Codes joined as answers are. One that is not in the list is refused, and nothing of the form is stored.</summary>
    public static Decision<string> Read(string stated)
    {
        var codes = stated.Split(Condition.Separator, StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal).ToList();
        return codes.Count > 0 && codes.TrueForAll(Known.ContainsKey) ? string.Join(Condition.Separator, codes) : Refusal.Malformed;
    }

    private static FrozenDictionary<string, Wording> Load()
    {
        using var codes = JsonDocument.Parse(Policies.Text("symptom-codes.json"));
        return codes.RootElement.GetProperty("symptoms").EnumerateObject()
            .ToFrozenDictionary(c => c.Name, c => Plain(c.Value), StringComparer.Ordinal);
    }

    /// <summary>The clinician's name of a sign, unless it has a plainer one for patients.</summary>
    private static Wording Plain(JsonElement code)
    {
        var words = code.TryGetProperty("patient", out var patient) ? patient : code;
        return new Wording(words.GetProperty("zh").GetString() ?? "", words.GetProperty("en").GetString() ?? "");
    }
}
