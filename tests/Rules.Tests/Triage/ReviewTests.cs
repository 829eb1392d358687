using System.Text.Json.Nodes;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>What is wrong with a protocol is found and said in one sentence that names the row; what is right is left alone.</summary>
public sealed class ReviewTests
{
    private const int Most = 5_000;

    private static readonly IReadOnlySet<string> Common = new HashSet<string>();

    private static readonly Dictionary<string, (Action<JsonObject> Harm, string Says)> Broken = new()
    {
        ["a row that an earlier one pre-empts"] = (o => Rows(o).Add(Small.Row("H2", """{"input":"heat","at_least":39}""", "d2", "soon")),
            "Row H2 never decides: whenever it applies, row H applies too and comes first (all combinations were tried)."),
        ["a row that a more acute one below it pre-empts"] = (o => Rows(o).Insert(0, Small.Row("L", """{"all":[{"input":"breath","is":"short"},{"input":"danger_sign","includes":"bleeding"}]}""", "d4", "question")),
            "Row L never decides: whenever it applies, row E applies too and comes first (all combinations were tried)."),
        ["a row that asks what cannot be"] = (o => Rows(o).Add(Small.Row("X", """{"all":[{"input":"heat","at_least":40},{"input":"heat","below":39}]}""", "d1", "urgent")),
            "Row X can never apply: no combination of answers fulfils its condition (all were tried)."),
        ["a row beyond what is plausible"] = (o => Rows(o).Add(Small.Row("X", """{"input":"heat","at_least":44}""", "d1", "urgent")),
            "Row X can never apply: no combination of answers fulfils its condition (all were tried)."),
        ["two rows of one condition"] = (o => Rows(o).Add(Small.Row("H3", """{"any":[{"input":"heat","at_least":38}]}""", "d3", "routine")),
            "Rows H and H3 apply to the same answers and say different things: D2 with urgency 3 for general, and D3 with urgency 4 for general (all combinations were tried)."),
        ["two rows of one condition, letter by letter"] = (o => Rows(o).Add(Small.Row("H3", """{"input":"heat","at_least":38}""", "d3", "routine")),
            "Rows H and H3 have the same condition and say different things: D2 with urgency 3 for general, and D3 with urgency 4 for general."),
        ["an input that nobody asks"] = (o => Rows(o).Add(Small.Row("P", """{"any":[{"input":"pulse","at_least":131},{"all":[{"input":"heat","at_least":40},{"input":"breath","is":"short"}]}]}""", "d1", "urgent")),
            "Row P looks at pulse, which no question asks and inputs does not name."),
        ["a choice that nobody can say"] = (o => o["rows"]![2]!["when"] = JsonNode.Parse("""{"input":"breath","in":["short","shrt"]}"""),
            "Row B looks for shrt among the answers to breath, where nobody can say it."),
        ["a question that nobody needs"] = (o => o["questions"]!.AsArray().Add(JsonNode.Parse("""{"code":"hair","kind":"choice","page":"3","ask":{"zh":"头发","en":"Hair"},"choices":[{"value":"red","says":{"zh":"红","en":"Red"}}]}""")),
            "The question hair is asked and no row uses it: leave it out, or mark it for_clinician."),
        ["a text that is missing"] = (o => o["rows"]![1]!["advice"] = new JsonArray("nowhere"), "Row H: the text nowhere is missing."),
        ["a text in one language"] = (o => o["texts"]!["say"]!["zh"] = "", "The text say needs both languages (row E, H, B, M, F, U)."),
        ["a source in one language"] = (o => o["sources"]![0]!["title"]!["en"] = "", "The source s needs both languages (row E, H, B, M, F, U)."),
        ["a row without a source"] = (o => o["rows"]![1]!["sources"] = new JsonArray(), "Row H names no source, or one that is not listed."),
        ["a question in one language"] = (o => o["questions"]![1]!["ask"]!["en"] = "", "Question heat needs both languages (row H, M)."),
    };

    public static IEnumerable<object[]> Harms => Broken.Keys.Select(k => new object[] { k });

    public static IEnumerable<object[]> Names => Packs.Names.Select(n => new object[] { n });

    [Theory]
    [MemberData(nameof(Harms))]
    public void Broken_protocol_shows_one_finding(string harm)
    {
        var (change, says) = Broken[harm];

        Assert.Equal(says, Assert.Single(Found(change, Small.Cases)).Says);
    }

    [Fact]
    public void Sound_protocol_shows_none_with_worked_cases_and_without()
    {
        Assert.Empty(Found(_ => { }, Small.Cases));
        Assert.Empty(Found(_ => { }, []));
    }

    [Fact]
    public void Search_that_proves_nothing_says_so()
    {
        var finding = Assert.Single(Found(o => Rows(o).Add(Small.Row("H2", """{"input":"heat","at_least":39}""", "d2", "soon")), Small.Cases, most: 1));

        Assert.Equal(("H2", "Row H2 decided none of 200 answers that were tried (a search, not a proof); row H decided instead."), (finding.Row, finding.Says));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Shipped_protocol_raises_no_alarm(string name)
    {
        var codes = Shipped();
        var review = new ProtocolReview(Packs.All, codes, Small.Effort(400, Most));

        Assert.Empty(review.Of(Packs.ByFile[name], [.. Packs.Cases(name)]).Select(f => f.Says));
    }

    private static HashSet<string> Shipped() =>
        [.. JsonNode.Parse(Campaigns.Shipped.Read("symptom-codes.json"))!.AsObject().Select(kind => kind.Value).OfType<JsonObject>().SelectMany(kind => kind.Select(code => code.Key))];

    private static IReadOnlyList<Finding> Found(Action<JsonObject> change, IReadOnlyCollection<WorkedCase> cases, int most = Most)
    {
        var protocol = Protocol.Written(Small.With(change));
        IReadOnlyCollection<Protocol> folder = protocol.Faults().Count == 0 ? [protocol] : [];
        return new ProtocolReview(folder, Common, Small.Effort(200, most)).Of(protocol, cases);
    }

    private static JsonArray Rows(JsonObject pack) => pack["rows"]!.AsArray();
}
