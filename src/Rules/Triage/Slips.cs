using System.Text.Json;
using System.Text.Json.Nodes;

namespace Yizhen.Rules.Triage;

/// <summary>A protocol file with one slip of the hand in it.</summary>
/// <param name="Row">Id of the row, or the name of the term, or "covers".</param>
/// <param name="Says">What was changed, as one phrase.</param>
/// <param name="Changed">The file with the slip.</param>
public sealed record Slip(string Row, string Says, string Changed);

/// <summary>
/// Every row taken out, every threshold moved a little both ways, every urgency changed, one at a time. Worked cases that do not notice one
/// of them do not hold the protocol.
/// </summary>
public static class Slips
{
    /// <summary>One tenth: temperatures and ages are stated to one decimal.</summary>
    private static readonly decimal Little = new(1, 0, 0, false, 1);

    /// <param name="file">The text of a protocol file.</param>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static IEnumerable<Slip> Of(string file)
    {
        var whole = Parsed(file);
        foreach (var path in Paths(whole, []).Where(p => p is ["rows" or "terms" or "covers", ..]).ToList())
        {
            foreach (var (says, change) in At(path, At(whole, path)))
            {
                var changed = Parsed(file);
                change(At(changed, path[..^1]), path[^1]);
                yield return new Slip(Place(whole, path), says, changed.ToJsonString());
            }
        }
    }

    /// <summary>Slips that no worked case notices: with them every case comes out as without.</summary>
    /// <param name="shelf">All protocols of the folder, this one among them.</param>
    /// <param name="tried">Told after each slip, for whoever waits.</param>
    public static IEnumerable<Slip> Survivors(IReadOnlyList<Slip> slips, Protocol protocol, IReadOnlyCollection<Protocol> shelf, IReadOnlyCollection<WorkedCase> cases, Action tried)
    {
        ArgumentNullException.ThrowIfNull(slips);
        ArgumentNullException.ThrowIfNull(tried);
        var asWritten = new ProtocolShelf(shelf);
        var judged = cases.Select(c => (Case: c, Outcome: Core(c.Judged(asWritten)))).ToList();
        foreach (var slip in slips)
        {
            var survives = Whole(slip.Changed) is { } changed
                && new ProtocolShelf(shelf.Select(p => ReferenceEquals(p, protocol) ? changed : p)) is var slipped
                && judged.TrueForAll(j => Core(j.Case.Judged(slipped)) == j.Outcome);
            tried();
            if (survives)
            {
                yield return slip;
            }
        }
    }

    private static IEnumerable<(string Says, Action<JsonNode, object> Change)> At(object[] path, JsonNode node)
    {
        // The items of a sum are whole numbers.
        var step = node.Parent is JsonObject test && test.ContainsKey("sum") ? 1 : Little;
        (string, Action<JsonNode, object>) Moved(decimal by) =>
            ($"{path[^1]} {node.GetValue<decimal>()} became {node.GetValue<decimal>() + by}", (above, at) => above[(string)at] = node.GetValue<decimal>() + by);
        return path switch
        {
            ["rows", int] => [("the row was taken out", (above, at) => above.AsArray().RemoveAt((int)at))],
            // A row that keeps people home and is drawn wider is outranked by the row that begins there: nobody would feel it.
            ["rows", int at, .., "at_most" or "below"] when KeepsHome(node, at) => [Moved(-step)],
            ["rows", int at, .., "at_least" or "above"] when path.Contains("none") && KeepsHome(node, at) => [Moved(-step)],
            [.., "at_least" or "at_most" or "below" or "above"] => [Moved(step), Moved(-step)],
            [.., "urgency"] => [("another urgency", (above, at) => above[(string)at] = node.GetValue<string>() == "routine" ? "question" : "routine")],
            _ => [],
        };
    }

    private static bool KeepsHome(JsonNode node, int row) => At(node.Root, ["rows", row, "disposition"]).GetValue<string>() is "d4" or "d5";

    private static string Place(JsonNode whole, object[] path) => path switch
    {
        ["rows", int at, ..] => $"row {At(whole, ["rows", at, "id"])}",
        ["terms", string term, ..] => $"the term {term}",
        _ => "covers",
    };

    private static Protocol? Whole(string changed)
    {
        try
        {
            return Protocol.Parse(changed);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (Disposition, string, Urgency) Core(Outcome outcome) => (outcome.Disposition, outcome.Row, outcome.Urgency);

    private static JsonNode Parsed(string file) => JsonNode.Parse(file) ?? throw new JsonException("The protocol is empty.");

    private static JsonNode At(JsonNode node, IEnumerable<object> path) =>
        path.Aggregate(node, (so, step) => (step is int at ? so[at] : so[(string)step]) ?? throw new JsonException($"{step} is not there."));

    private static IEnumerable<object[]> Paths(JsonNode node, object[] here) => node switch
    {
        JsonObject members => members.Where(m => m.Value is not null).SelectMany(m => Deeper(m.Value, [.. here, m.Key])),
        JsonArray items => items.SelectMany((item, at) => Deeper(item, [.. here, at])),
        _ => [],
    };

    private static IEnumerable<object[]> Deeper(JsonNode? node, object[] here) => node is null ? [] : Paths(node, here).Prepend(here);
}
