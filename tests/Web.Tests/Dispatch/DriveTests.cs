using System.Text.Json;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>A simulator at the door of the dispatcher: what it is told, and whom it assigns.</summary>
public sealed class DriveTests
{
    private const string Doctor = """{"id":"D1","hospital":"H","region":"wuhan","skills":["fever","general"],"langs":["zh"],"licence":["wuhan"],"channels":["chat","phone"],"max":2,"slowdown":0.35,"shift_end":36000,"max_busy_s":14400,"open":0}""";

    private readonly Drive drive = new(DispatchRules.Parse(Policies.Text("dispatch.json")), level: 2, decline: 0);

    [Fact]
    public void The_more_urgent_is_assigned_first_and_a_full_doctor_gets_nobody()
    {
        Hello();
        var said = Tell($$"""{"t":10,"on":[{{Doctor}}],"arrive":[{{Person("P1", 4)}},{{Person("P2", 2)}},{{Person("P3", 1)}}]}""");
        Assert.Equal([("P3", "D1"), ("P2", "D1")], Assigned(said));
        Assert.Equal(11, said.GetProperty("wake").GetInt32());
        Assert.Empty(Assigned(Tell("""{"t":11}""")));
        Assert.Equal([("P1", "D1")], Assigned(Tell("""{"t":40,"done":[["P3","D1"]]}""")));
    }

    [Fact]
    public void Nobody_is_assigned_across_licence_language_or_need()
    {
        Hello();
        var said = Tell($$"""{"t":10,"on":[{{Doctor}}],"arrive":[{{Person("P1", 1, region: "hubei")}},{{Person("P2", 1, lang: "yue")}},{{Person("P3", 1, need: "psych")}}]}""");
        Assert.Empty(Assigned(said));
    }

    [Fact]
    public void A_call_gets_an_empty_doctor_who_then_gets_nobody_else()
    {
        Hello();
        Assert.Equal([("P1", "D1")], Assigned(Tell($$"""{"t":10,"on":[{{Doctor}}],"arrive":[{{Person("P1", 2, channel: "phone")}},{{Person("P2", 3)}}]}""")));
        Assert.Equal([("P2", "D1")], Assigned(Tell("""{"t":300,"done":[["P1","D1"]]}""")));
    }

    [Fact]
    public void Somebody_handed_over_waits_again_at_the_old_place()
    {
        Hello();
        Tell($$"""{"t":10,"on":[{{Doctor}}],"arrive":[{{Person("P1", 3)}}]}""");
        Tell("""{"t":500,"off":["D1"],"requeue":[["P1","D1","silent"]]}""");
        var second = Doctor.Replace("\"D1\"", "\"D2\"", StringComparison.Ordinal).Replace("\"max\":2", "\"max\":1", StringComparison.Ordinal);
        Assert.Equal([("P1", "D2")], Assigned(Tell($$"""{"t":501,"on":[{{second}}],"arrive":[{{Person("P2", 3)}}]}""")));
    }

    [Fact]
    public void The_least_urgent_who_wait_long_are_offered_a_dated_answer_and_nobody_else_is()
    {
        Hello();
        Tell($$"""{"t":10,"arrive":[{{Person("P1", 5)}},{{Person("P2", 3)}}]}""");
        var said = Tell("""{"t":400}""");
        Assert.Equal(["P1"], said.GetProperty("deflect").EnumerateArray().Select(x => x.GetString()));
    }

    [Fact]
    public void The_end_is_the_end_and_what_is_no_line_is_said()
    {
        Assert.Null(drive.Answer("""{"e":"end"}"""));
        Assert.ThrowsAny<JsonException>(() => drive.Answer("{"));
    }

    private void Hello() => Assert.Equal("""{"ready":true}""", drive.Answer("""{"e":"hello","protocol":1}"""));

    private JsonElement Tell(string line) => JsonDocument.Parse(drive.Answer(line) ?? "{}").RootElement;

    private static IEnumerable<(string?, string?)> Assigned(JsonElement said) => said.GetProperty("assign").EnumerateArray().Select(pair => (pair[0].GetString(), pair[1].GetString()));

    private static string Person(string id, int urgency, string need = "fever", string lang = "zh", string region = "wuhan", string channel = "chat") =>
        $$"""{"id":"{{id}}","region":"{{region}}","urgency":{{urgency}},"need":"{{need}}","channel":"{{channel}}","lang":"{{lang}}","entry":"H"}""";
}
