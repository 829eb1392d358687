using System.Text.Json;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>The body that an endpoint of the API asks for, as <c>/openapi/v1.json</c> tells it.</summary>
/// <param name="Inside">Members of a member that is an object itself.</param>
internal sealed record Member(string Name, string Token, IReadOnlyList<Member> Inside);

internal sealed record Shape(string Method, string Path, IReadOnlyList<Member> Members)
{
    public static IReadOnlyList<Shape> In(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where operation.Value.TryGetProperty("requestBody", out _)
           let content = operation.Value.GetProperty("requestBody").GetProperty("content")
           where content.TryGetProperty("application/json", out _)
           select new Shape(operation.Name.ToUpperInvariant(), path.Name, Read(document, content.GetProperty("application/json").GetProperty("schema"), 0)),
    ];

    /// <summary>Every place where a token may stand: members, and members of members.</summary>
    public IEnumerable<string[]> Places => Members.SelectMany(m => m.Inside.Select(i => new[] { m.Name, i.Name }).Prepend([m.Name]));

    public string Body() => Write(Members, [], null);

    /// <param name="token">What stands there instead; null to leave the member out.</param>
    public string With(string[] place, string? token) => Write(Members, place, token);

    private static string Write(IReadOnlyList<Member> members, ReadOnlySpan<string> place, string? token)
    {
        var written = new List<string>();
        foreach (var member in members)
        {
            var here = place.Length > 0 && place[0] == member.Name;
            var value = here && place.Length == 1 ? token
                : member.Inside.Count > 0 ? Write(member.Inside, here ? place[1..] : [], token)
                : member.Token;
            if (value is not null)
            {
                written.Add($"\"{member.Name}\":{value}");
            }
        }

        return $"{{{string.Join(',', written)}}}";
    }

    private static IReadOnlyList<Member> Read(JsonElement document, JsonElement schema, int depth)
    {
        schema = Resolved(document, schema);
        return depth > 1 || !schema.TryGetProperty("properties", out var properties)
            ? []
            : [.. properties.EnumerateObject().Select(p => new Member(p.Name, Samples.Token(p.Name) ?? Token(document, p.Name, p.Value), Read(document, p.Value, depth + 1)))];
    }

    private static JsonElement Resolved(JsonElement document, JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var name))
        {
            return Resolved(document, document.GetProperty("components").GetProperty("schemas").GetProperty(name.GetString()!.Split('/')[^1]));
        }

        foreach (var choice in new[] { "oneOf", "anyOf", "allOf" })
        {
            if (schema.TryGetProperty(choice, out var ways))
            {
                return Resolved(document, ways.EnumerateArray().Last());
            }
        }

        return schema;
    }

    private static string Token(JsonElement document, string name, JsonElement schema)
    {
        var type = Resolved(document, schema).TryGetProperty("type", out var stated) ? stated.ToString() : "string";
        return type.Contains("boolean", StringComparison.Ordinal) ? "true"
            : type.Contains("array", StringComparison.Ordinal) ? "[]"
            : type.Contains("object", StringComparison.Ordinal) ? "{}"
            : type.Contains("integer", StringComparison.Ordinal) ? "1"
            : JsonSerializer.Serialize(Samples.Text(name));
    }
}
