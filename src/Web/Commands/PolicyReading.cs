using System.Text.Json;
using System.Text.Json.Nodes;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary>What <c>./yizhen protocol</c> does with a policy instead of a protocol: reads it as strictly as the product does, and prints it in words.</summary>
internal static class PolicyReading
{
    private const string Step = "  ";

    private static readonly Dictionary<string, Func<string, object>> Readers = new(StringComparer.Ordinal)
    {
        [SignedPolicies.Light] = LightConsultation.Read,
        [SignedPolicies.Timeline] = Timeline.Read,
        [SignedPolicies.Consent] = ConsentText.Read,
        [SignedPolicies.Retention] = RetentionPolicy.Read,
        [SignedPolicies.Guard] = ReplyGuard.Read,
        [SignedPolicies.Recheck] = RecheckPolicy.Read,
        [SignedPolicies.Reporting] = ReportingPolicy.Read,
        [SignedPolicies.Duty] = DutyPolicy.Read,
    };

    public static bool IsPolicy(string file) => Readers.ContainsKey(Path.GetFileName(file));

    /// <summary>The signed policies in a folder, in the order in which setup names them.</summary>
    public static IEnumerable<string> In(string folder) => SignedPolicies.Names.Select(name => Path.Combine(folder, name)).Where(File.Exists);

    /// <returns>What is wrong with it, in one sentence; null where it can be used.</returns>
    public static string? Fault(string file)
    {
        try
        {
            _ = Readers[Path.GetFileName(file)](File.ReadAllText(file));
            return null;
        }
        catch (FormatException wrong)
        {
            return $"{Path.GetFileName(file)}: {wrong.Message}";
        }
    }

    /// <summary>By its file's name or its id, for example timeline or TIMELINE-CN; null where it is none.</summary>
    public static string? Find(string folder, string name) =>
        In(folder).FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == name || Path.GetFileName(file) == name || Text(Json(file), "id") == name);

    public static void Print(string file, Lang t, bool json)
    {
        var (policy, signed) = (Json(file), Signatures.Hold(file, File.ReadAllBytes(file), [File.ReadAllText(Signatures.DemoAuthority)]));
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { file = Path.GetFileName(file), signed_for_demo = signed, policy }, Faces.Json));
            return;
        }

        Console.WriteLine($"{Text(policy, "id")} {Text(policy, "version")}. {(signed ? t["演示机构签名，只在演示和演练里有效。", "Signed by the demo authority: good in demo and drill alone."] : t["没有演示机构的签名；真实使用看 setup 的清单。", "Not signed by the demo authority; for real use see the list of setup."])}");
        foreach (var line in policy.Where(m => m.Key is not ("id" or "version")).SelectMany(m => Lines(t, "", m.Key, m.Value)))
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>One line a value; of a text in two languages the one that is asked for, of a short list one line.</summary>
    private static IEnumerable<string> Lines(Lang t, string indent, string name, JsonNode? value) => value switch
    {
        JsonObject text when Text(text, "zh") is { } zh && Text(text, "en") is { } en && text.Count == 2 => [$"{indent}{name}: {t[zh, en]}"],
        JsonObject many => many.SelectMany(m => Lines(t, indent + Step, m.Key, m.Value)).Prepend($"{indent}{name}:"),
        JsonArray list when list.All(item => item is JsonValue) => [$"{indent}{name}: {string.Join(", ", list.Select(item => item?.ToString()))}"],
        JsonArray list => list.SelectMany(item => Lines(t, indent + Step, "-", item)).Prepend($"{indent}{name}:"),
        _ => [$"{indent}{name}: {value?.ToString() ?? t["不限", "open"]}"],
    };

    private static JsonObject Json(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? throw new JsonException("it is no object.");
        }
        catch (JsonException wrong)
        {
            throw new StorageException($"{Path.GetFileName(file)} is not a policy: {wrong.Message}", wrong);
        }
    }

    private static string? Text(JsonObject policy, string name) => policy[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
