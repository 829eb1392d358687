using System.Text.Json.Nodes;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>L2 by search: where a worse sign gives a lower urgency, it is found, with as few answers as show it.</summary>
public sealed class DescentTests
{
    public static IEnumerable<object[]> Names => Packs.Names.Select(n => new object[] { n });

    [Theory]
    [MemberData(nameof(Names))]
    public void Shipped_protocol_puts_nobody_back_for_a_worse_sign(string name)
    {
        var found = new Descents(Packs.Shelf, Small.Effort(1_000, 0)).From([.. Packs.Cases(name)], () => { });

        Assert.Empty(found.Descents.Select(d => $"{d.Input} {d.Better} -> {d.Worse}: {d.Before.Row} -> {d.After.Row} {string.Join(';', d.Said)}"));
        Assert.InRange(found.Tried, 500, int.MaxValue);
    }

    [Fact]
    public void Fever_that_is_high_enough_to_be_forgotten_is_found_with_the_smallest_example()
    {
        // Somebody wrote "up to 40" and forgot what lies above.
        var descent = Assert.Single(Found(o => o["rows"]![1]!["when"] = JsonNode.Parse("""{"input":"heat","at_least":38,"at_most":40}""")).Descents, d => d.Before.Row == "H" && d.After.Row == "F");

        Assert.Equal(("heat", Disposition.D2, Disposition.D3), (descent.Input, descent.Before.Disposition, descent.After.Disposition));
        Assert.Empty(descent.Said);
        Assert.True(decimal.Parse(descent.Worse, System.Globalization.CultureInfo.InvariantCulture) > 40);
    }

    [Fact]
    public void Sign_that_calms_and_a_choice_that_calms_are_found()
    {
        var sign = Found(o => o["rows"]![1]!["when"] = JsonNode.Parse("""{"all":[{"input":"heat","at_least":38},{"none":[{"input":"breath","is":"short"}]}]}"""));

        var descent = Assert.Single(sign.Descents, d => d.Input == "breath");
        Assert.Equal(("free", "short", "H", "B"), (descent.Better, descent.Worse, descent.Before.Row, descent.After.Row));
        Assert.Equal("heat", Assert.Single(descent.Said).Key);
    }

    [Fact]
    public void Lower_urgency_within_a_more_acute_disposition_is_found() =>
        Assert.Contains(Found(o => o["rows"]![1]!["urgency"] = "question").Descents, d => d.Before.Row == "B" && d.After.Row == "H");

    [Fact]
    public void Question_without_an_order_is_named_as_not_searched() =>
        Assert.Equal("breath", Assert.Single(Found(o => o["questions"]![2]!.AsObject().Remove("worse")).Unordered));

    [Fact]
    public void Search_can_be_repeated() =>
        Assert.Equal(Found(Worse).Descents.Select(d => (d.Input, d.Better, d.Worse)), Found(Worse).Descents.Select(d => (d.Input, d.Better, d.Worse)));

    [Fact]
    public void Cases_of_the_small_protocol_hold_it_and_one_less_does_not()
    {
        var slips = Slips.Of(Small.With(_ => { })).ToList();
        var protocol = Protocol.Parse(Small.With(_ => { }));

        Assert.All(Small.Cases, c => Assert.Null(c.Fault(new ProtocolShelf([protocol]))));
        Assert.Empty(Slips.Survivors(slips, protocol, [protocol], Small.Cases, () => { }));
        Assert.Contains(
            Slips.Survivors(slips, protocol, [protocol], [.. Small.Cases.Where(c => c.Id != "breathless")], () => { }),
            s => (s.Row, s.Says) == ("row B", "the row was taken out"));
        Assert.Contains(
            Slips.Survivors(slips, protocol, [protocol], [.. Small.Cases.Where(c => c.Id != "38")], () => { }),
            s => (s.Row, s.Says) == ("row H", "at_least 38 became 38.1"));
    }

    private static void Worse(JsonObject pack) => pack["rows"]![1]!["when"] = JsonNode.Parse("""{"input":"heat","at_least":38,"at_most":40}""");

    private static DescentSearch Found(Action<JsonObject> change) =>
        new Descents(new ProtocolShelf([Protocol.Parse(Small.With(change))]), Small.Effort(500, 0)).From(Small.Cases, () => { });
}
