using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>A protocol of six rows, small enough to see what is wrong with it once a test has changed it.</summary>
internal static class Small
{
    /// <summary>Bleeding is an emergency, 38.0 goes to hospital, breathless to a doctor, the rest stay at home.</summary>
    public static string With(Action<JsonObject> change)
    {
        var pack = JsonNode.Parse("""
            {
              "id": "SMALL", "version": "1", "jurisdiction": "CN", "from": "2020-01-01", "red_flags": true, "status": "draft",
              "title": { "zh": "小", "en": "Small" }, "fallback": "F", "unsure": "U",
              "questions": [
                { "code": "danger_sign", "kind": "codes", "page": "1", "red_flag": true, "ask": { "zh": "危险", "en": "Danger" }, "choices": [
                  { "value": "bleeding", "says": { "zh": "出血", "en": "Bleeding" } }, { "value": "none", "says": { "zh": "没有", "en": "None" } } ] },
                { "code": "heat", "kind": "number", "page": "2", "ask": { "zh": "体温", "en": "Temperature" }, "min": 34, "max": 43, "choices": [], "worse": "higher" },
                { "code": "breath", "kind": "choice", "page": "2", "ask": { "zh": "喘", "en": "Breath" }, "worse": "later", "choices": [
                  { "value": "free", "says": { "zh": "不喘", "en": "Free" } }, { "value": "short", "says": { "zh": "喘", "en": "Short" } } ] }
              ],
              "rows": [
                { "id": "E", "when": { "input": "danger_sign", "includes": "bleeding" }, "disposition": "d0", "urgency": "emergency" },
                { "id": "H", "when": { "input": "heat", "at_least": 38 }, "disposition": "d2", "urgency": "soon" },
                { "id": "B", "when": { "input": "breath", "is": "short" }, "disposition": "d3", "urgency": "soon" },
                { "id": "M", "when": { "all": [ { "input": "heat", "below": 38 }, { "input": "breath", "is": "free" } ] }, "disposition": "d5", "urgency": "question" },
                { "id": "F", "disposition": "d3", "urgency": "routine" },
                { "id": "U", "disposition": "d3", "urgency": "soon" }
              ],
              "texts": { "say": { "zh": "歇着", "en": "Rest" } },
              "sources": [ { "id": "s", "title": { "zh": "书", "en": "Book" }, "grade": "D" } ],
              "reviewers": []
            }
            """)!.AsObject();
        foreach (var row in pack["rows"]!.AsArray())
        {
            Whole(row!.AsObject());
        }

        change(pack);
        return pack.ToJsonString();
    }

    /// <summary>A row with the words that every row needs.</summary>
    public static JsonObject Row(string id, string when, string disposition, string urgency)
    {
        var row = new JsonObject { ["id"] = id, ["when"] = JsonNode.Parse(when), ["disposition"] = disposition, ["urgency"] = urgency };
        Whole(row);
        return row;
    }

    public static WorkedCase Case(string id, string row, Disposition disposition, string danger, string heat, string breath) => new(
        id, new(2020, 1, 26), null, new Dictionary<string, string> { ["danger_sign"] = danger, ["heat"] = heat, ["breath"] = breath }.ToImmutableDictionary(), null, disposition, row, null);

    /// <summary>Cases that hold the small protocol: no slip passes them.</summary>
    public static WorkedCase[] Cases { get; } =
    [
        Case("bleeds", "E", Disposition.D0, "bleeding", "36.5", "free"),
        Case("38", "H", Disposition.D2, "none", "38", "free"),
        Case("37.95", "M", Disposition.D5, "none", "37.95", "free"),
        Case("breathless", "B", Disposition.D3, "none", "36.5", "short"),
        Case("nothing-known", "F", Disposition.D3, "none", "unknown", "unknown"),
        Case("not-sure", "U", Disposition.D3, "unknown", "36.5", "free"),
    ];

    /// <summary>The same draws each time.</summary>
    public static SearchEffort Effort(int tries, int most)
    {
        var random = new Random(1);
        return new SearchEffort(random.Next, tries, most);
    }

    private static void Whole(JsonObject row)
    {
        row["need"] = "general";
        row["flags"] = new JsonArray();
        row["headline"] = new JsonObject { ["zh"] = "好", ["en"] = "Good" };
        row["reason"] = new JsonObject { ["zh"] = "因为", ["en"] = "Because" };
        row["advice"] = new JsonArray("say");
        row["watch"] = new JsonArray();
        row["call_now"] = new JsonArray();
        row["sources"] = new JsonArray("s");
    }
}
