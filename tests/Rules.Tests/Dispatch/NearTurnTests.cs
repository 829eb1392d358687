using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>Who is told that the turn is near: about one consultation's time before it, whoever else stands in the line and however many doctors there are.</summary>
public sealed class NearTurnTests
{
    private const long Now = 1_580_000_000_000;

    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));

    [Fact]
    public void With_one_doctor_the_first_three_are_near_and_with_many_as_many_as_they_can_have_at_once()
    {
        Assert.Equal([0, 1, 2], Near(Enumerable.Range(0, 9).Select(n => Who(n)), [Doctor(1, seats: 1)]));
        Assert.Equal(Enumerable.Range(0, 8), Near(Enumerable.Range(0, 20).Select(n => Who(n)), [Doctor(1, seats: 3), Doctor(2, seats: 5)]));
    }

    [Fact]
    public void Whom_nobody_may_take_is_not_near_and_keeps_nobody_else_from_it()
    {
        var people = Enumerable.Range(0, 5).Select(n => Who(n, Urgency.Urgent, lang: "en")).Concat(Enumerable.Range(5, 5).Select(n => Who(n)));
        Assert.Equal([5, 6, 7], Near(people, [Doctor(1, seats: 1)]));
        Assert.Empty(Near(people, []));
        Assert.Empty(Near(people, [Doctor(1, seats: 1) with { Paused = true }]));
    }

    [Fact]
    public void Who_waits_for_other_doctors_stands_before_nobody_and_the_more_urgent_stand_before_those_who_came_first()
    {
        var people = Enumerable.Range(0, 10).Select(n => Who(n, need: "psych")).Append(Who(10)).Concat(Enumerable.Range(11, 3).Select(n => Who(n, Urgency.Urgent)));
        Assert.Equal([11, 12, 13], Near(people, [Doctor(1, seats: 1)]));
        Assert.Equal([11, 12, 13, 0, 1, 2], Near(people, [Doctor(1, seats: 1), Doctor(2, seats: 1, skill: "psych")]));
    }

    [Fact]
    public void A_call_takes_a_doctor_whole() =>
        Assert.Equal([0, 1, 2], Near(Enumerable.Range(0, 9).Select(n => Who(n) with { Channel = "phone" }), [Doctor(1, seats: 5)]));

    private static IEnumerable<int> Near(IEnumerable<Waiting> waiting, ImmutableArray<OnDuty> staff) => NearTurn.Of(waiting, staff, Rules, Now).Select(id => BitConverter.ToInt32(id.ToByteArray()));

    private static Waiting Who(int number, Urgency urgency = Urgency.Routine, string need = "general", string lang = "zh") =>
        new(new Guid(number, 0, 0, new byte[8]), urgency, Now - 200_000 + number, number, need, lang, "42", "chat", null);

    private static OnDuty Doctor(int number, int seats, string skill = "general") =>
        new(new Guid(number, 1, 0, new byte[8]), "", number, [skill], ["zh"], ["*"], ["chat", "phone"], seats, seats, InCall: false, Paused: false, 0, Rules.Slowdown);
}
