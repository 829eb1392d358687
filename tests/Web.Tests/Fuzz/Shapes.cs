using System.Text.Json.Nodes;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>The bodies that the product says it takes.</summary>
internal static class Shapes
{
    /// <summary>From the product's own description: one object a body, with a value of the right kind for each member.</summary>
    public static async Task<IReadOnlyDictionary<string, JsonObject>> Of(TestSite site)
    {
        using var looker = site.NewPerson();
        var api = JsonNode.Parse(await looker.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))) ?? throw new InvalidOperationException();
        var shapes = new Dictionary<string, JsonObject>();
        foreach (var (path, methods) in api["paths"]?.AsObject() ?? [])
        {
            foreach (var (method, call) in methods?.AsObject() ?? [])
            {
                if (call?["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema && Example(api, schema) is JsonObject example)
                {
                    shapes[$"{method.ToUpperInvariant()} {path}"] = example;
                }
            }
        }

        Assert.True(shapes.Count > 15, $"Only {shapes.Count} bodies are described.");
        return shapes;
    }

    private static JsonNode? Example(JsonNode api, JsonNode schema, int depth = 0)
    {
        if ((schema["$ref"] ?? schema["oneOf"]?[1]?["$ref"])?.GetValue<string>() is { } reference)
        {
            return depth > 4 ? null : Example(api, api["components"]?["schemas"]?[reference[(reference.LastIndexOf('/') + 1)..]] ?? new JsonObject(), depth + 1);
        }

        if (schema["properties"] is JsonObject properties)
        {
            return new JsonObject(properties.Select(p => KeyValuePair.Create(p.Key, p.Value is null ? null : Example(api, p.Value, depth + 1))));
        }

        var type = schema["type"] is JsonArray several ? several[^1]?.GetValue<string>() : schema["type"]?.GetValue<string>();
        return schema["enum"]?[0]?.DeepClone() ?? type switch { "integer" or "number" => 1, "boolean" => true, "array" => new JsonArray(), "object" => new JsonObject(), _ => "x" };
    }
}
