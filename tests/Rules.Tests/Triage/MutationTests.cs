using System.Text.Json.Nodes;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>A protocol that is changed by a slip of the hand must fail one of the cases worked by hand.</summary>
public sealed class MutationTests
{
    public static IEnumerable<object[]> Names => Packs.Names.Select(n => new object[] { n });

    private static readonly (Worked Worked, (Disposition, string, Urgency) Judged)[] AsShipped =
        [.. Packs.Names.SelectMany(Packs.Cases).Select(c => (c, Judged(c, Packs.Shelf)))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Row_taken_out_and_threshold_or_urgency_changed_fail_a_worked_case(string name)
    {
        var survivors = Mutants(name).Where(mutant => Passes(name, mutant.Changed)).Select(mutant => mutant.What).ToList();

        Assert.True(survivors.Count == 0, string.Join('\n', survivors));
    }

    /// <summary>Each with exactly one slip.</summary>
    private static IEnumerable<(string What, string Changed)> Mutants(string name)
    {
        var whole = Shipped.Read($"{name}.json");
        var paths = Paths(JsonNode.Parse(whole)!, []).Where(p => p is ["rows" or "terms" or "covers", ..]).ToList();
        foreach (var path in paths)
        {
            foreach (var (how, change) in Slips(path, At(JsonNode.Parse(whole)!, path)!))
            {
                var changed = JsonNode.Parse(whole)!;
                change(At(changed, path[..^1])!, path[^1]);
                yield return ($"{string.Join('/', path)}: {how}", changed.ToJsonString());
            }
        }
    }

    private static IEnumerable<(string How, Action<JsonNode, object> Change)> Slips(object[] path, JsonNode node)
    {
        // The items of a sum are whole numbers.
        var step = node.Parent is JsonObject test && test.ContainsKey("sum") ? 1 : 0.1m;
        (string, Action<JsonNode, object>) more = ("a little more", (above, at) => above[(string)at] = node.GetValue<decimal>() + step);
        (string, Action<JsonNode, object>) less = ("a little less", (above, at) => above[(string)at] = node.GetValue<decimal>() - step);
        return path switch
        {
            ["rows", int] => [("row taken out", (above, at) => above.AsArray().RemoveAt((int)at))],
            // A row that keeps people home and is drawn wider is outranked by the row that begins there: nobody would feel it.
            ["rows", int at, .., "at_most" or "below"] when KeepsHome(node, at) => [less],
            ["rows", int at, .., "at_least" or "above"] when path.Contains("none") && KeepsHome(node, at) => [less],
            [.., "at_least" or "at_most" or "below" or "above"] => [more, less],
            [.., "urgency"] => [("another urgency", (above, at) => above[(string)at] = node.GetValue<string>() == "routine" ? "question" : "routine")],
            _ => [],
        };
    }

    private static bool KeepsHome(JsonNode node, int row) => At(node.Root, ["rows", row, "disposition"])?.GetValue<string>() is "d4" or "d5";

    private static bool Passes(string name, string changed)
    {
        Protocol protocol;
        try
        {
            protocol = Protocol.Parse(changed);
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }

        var shelf = new ProtocolShelf(Packs.Names.Select(n => n == name ? protocol : Packs.ByFile[n]));
        return AsShipped.All(c => Judged(c.Worked, shelf) == c.Judged);
    }

    private static (Disposition, string, Urgency) Judged(Worked worked, ProtocolShelf shelf)
    {
        var outcome = worked.Judged(shelf);
        return (outcome.Disposition, outcome.Row, outcome.Urgency);
    }

    private static JsonNode? At(JsonNode node, IEnumerable<object> path) =>
        path.Aggregate((JsonNode?)node, (so, step) => step is int at ? so?[at] : so?[(string)step]);

    private static IEnumerable<object[]> Paths(JsonNode node, object[] here) => node switch
    {
        JsonObject members => members.Where(m => m.Value is not null).SelectMany(m => Paths(m.Value!, [.. here, m.Key]).Prepend([.. here, m.Key])),
        JsonArray items => items.SelectMany((item, at) => item is null ? [] : Paths(item, [.. here, at]).Prepend([.. here, at])),
        _ => [],
    };
}
