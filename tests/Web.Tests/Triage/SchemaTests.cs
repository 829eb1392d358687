using System.Text.Json.Nodes;
using Yizhen.Rules.Triage;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Tests.Triage;

/// <summary>The schema by which an editor helps to write a protocol is the one that the records give, and what ships fulfils it.</summary>
public sealed class SchemaTests
{
    private static readonly JsonNode Schema = Protocol.Schema();

    public static IEnumerable<object[]> Files => ProtocolFiles.Names(Checkout.At("protocols")).Select(f => new object[] { Path.GetFileName(f) });

    [Fact]
    public async Task Committed_schema_is_the_one_that_the_command_prints()
    {
        var (code, said, _) = await Product.EndAsync("protocol", "schema");

        Assert.Equal((0, await File.ReadAllTextAsync(Checkout.At("docs", "protocol.schema.json"))), (code, said));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Shipped_protocol_fulfils_the_schema(string file) => Assert.Empty(Faults(Schema, Read(file), "$"));

    [Theory]
    [InlineData("surprise", "1", "$.surprise is not known")]
    [InlineData("rows", "{}", "$.rows is not array")]
    [InlineData("from", "20200101", "$.from is not string")]
    [InlineData("id", null, "$.id is missing")]
    public void What_the_reader_would_refuse_the_schema_refuses_too(string member, string? value, string says)
    {
        var pack = Read("RF-PREG.json").AsObject();
        pack.Remove(member);
        if (value is not null)
        {
            pack[member] = JsonNode.Parse(value);
        }

        Assert.Equal(says, Assert.Single(Faults(Schema, pack, "$")));
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Checkout.At("protocols", file))) ?? new JsonObject();

    /// <summary>As much of JSON Schema as the records give rise to; another keyword fails the test, so that none is passed over.</summary>
    private static IEnumerable<string> Faults(JsonNode? schema, JsonNode? value, string at)
    {
        var rules = schema is JsonObject all ? all : [];
        foreach (var (keyword, rule) in rules)
        {
            var faults = keyword switch
            {
                "$schema" or "default" or "format" => [],
                "$ref" => Faults(Pointed($"{rule}"), value, at),
                "type" => (rule is JsonArray some ? some.Select(t => $"{t}") : [$"{rule}"]).Contains(Kind(value)) || $"{rule}" == "number" && Kind(value) == "integer"
                    || rule is JsonArray numbers && numbers.Any(t => $"{t}" == "number") && Kind(value) == "integer" ? [] : [$"{at} is not {rule}"],
                "enum" => rule is JsonArray one && one.Any(e => JsonNode.DeepEquals(e, value)) ? [] : [$"{at} is none of {rule}"],
                "required" => value is JsonObject o && rule is JsonArray names ? names.Select(n => $"{n}").Where(n => !o.ContainsKey(n)).Select(n => $"{at}.{n} is missing") : [],
                "properties" => value is JsonObject o && rule is JsonObject members ? o.Where(m => members.ContainsKey(m.Key)).SelectMany(m => Faults(members[m.Key], m.Value, $"{at}.{m.Key}")) : [],
                "additionalProperties" => value is JsonObject o ? Others(o, rules, rule, at) : [],
                "items" => value is JsonArray items ? items.SelectMany((item, n) => Faults(rule, item, $"{at}[{n}]")) : [],
                _ => [$"{at}: this test does not know the keyword {keyword}"],
            };
            foreach (var fault in faults)
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> Others(JsonObject value, JsonObject rules, JsonNode? rule, string at) =>
        value.Where(m => rules["properties"] is not JsonObject known || !known.ContainsKey(m.Key))
            .SelectMany(m => rule is JsonObject ? Faults(rule, m.Value, $"{at}.{m.Key}") : [$"{at}.{m.Key} is not known"]);

    private static JsonNode? Pointed(string pointer) =>
        pointer.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate<string, JsonNode?>(Schema, (so, step) => so is JsonArray array ? array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : so?[step]);

    private static string Kind(JsonNode? value) => value is null ? "null" : value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.Object => "object",
        System.Text.Json.JsonValueKind.Array => "array",
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
        System.Text.Json.JsonValueKind.Number => $"{value}".Contains('.', StringComparison.Ordinal) ? "number" : "integer",
        _ => "null",
    };
}
