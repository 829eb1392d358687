using System.Text.Json;
using System.Text.Json.Nodes;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>A protocol is read strictly: what is not whole does not serve.</summary>
public sealed class ProtocolTests
{
    private static readonly Dictionary<string, Action<JsonObject>> Ways = new()
    {
        ["a member nobody knows"] = o => o["surprise"] = 1,
        ["no rows"] = o => o["rows"] = new JsonArray(),
        ["a row without a source"] = o => o["rows"]![0]!["sources"] = new JsonArray(),
        ["a source that is not listed"] = o => o["rows"]![0]!["sources"] = new JsonArray("hearsay"),
        ["a text that is missing"] = o => o["rows"]![0]!["advice"] = new JsonArray("nowhere"),
        ["a reason in one language"] = o => o["rows"]![0]!["reason"]!["en"] = "",
        ["a question in one language"] = o => o["questions"]![0]!["ask"]!["zh"] = " ",
        ["a fallback that is not there"] = o => o["fallback"] = "A99",
        ["a disposition that is none"] = o => o["rows"]![0]!["disposition"] = "d9",
        ["no texts"] = o => o.Remove("texts"),
        ["no id"] = o => o.Remove("id"),
        ["a condition that asks nothing"] = o => o["rows"]![0]!["when"] = new JsonObject(),
        ["two rows of one id"] = o => o["rows"]![1]!["id"] = "A1",
        ["a row without condition that nobody names"] = o => o["rows"]![0]!.AsObject().Remove("when"),
        ["a condition that asks two things at once"] = o => o["rows"]![0]!["when"] = JsonNode.Parse("""{"input":"red_flags","includes":"A1","is":"none"}"""),
        ["a sum of nothing"] = o => o["rows"]![0]!["when"] = JsonNode.Parse("""{"sum":[],"at_least":3}"""),
        ["a sum without a test of its number"] = o => o["rows"]![0]!["when"] = JsonNode.Parse("""{"sum":["phq1","phq2"],"stated":true}"""),
        ["a sum beside an input"] = o => o["rows"]![0]!["when"] = JsonNode.Parse("""{"sum":["phq1"],"input":"phq1","at_least":3}"""),
        ["an empty any"] = o => o["rows"]![0]!["when"] = JsonNode.Parse("""{"any":[]}"""),
        ["an end before its beginning"] = o => o["to"] = "2019-12-31",
    };

    public static IEnumerable<object[]> Spoilt => Ways.Keys.Select(k => new object[] { k });

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void Protocol_that_is_not_whole_is_refused(string way)
    {
        var protocol = JsonNode.Parse(Shipped.Read("RF-ADULT.json"))!.AsObject();
        Ways[way](protocol);

        Assert.Throws<JsonException>(() => Protocol.Parse(protocol.ToJsonString()));
    }

    [Fact]
    public void Shipped_protocol_says_that_no_clinician_has_reviewed_it_and_grades_its_sources() =>
        Assert.All(Packs.All, protocol =>
        {
            Assert.Equal("not yet reviewed by a clinician", protocol.Status);
            Assert.Empty(protocol.Reviewers);
            Assert.All(protocol.Sources, source => Assert.Contains(source.Grade, new[] { "P", "T", "S", "M", "D" }));
            Assert.Empty(protocol.Sources.Select(s => s.Id).Except(protocol.Rows.SelectMany(r => r.Sources)));
        });
}
