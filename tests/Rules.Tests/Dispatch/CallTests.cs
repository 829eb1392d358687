using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>A call needs somebody who does nothing else, and it is not left to chance that there is one.</summary>
public sealed class CallTests
{
    private const long Now = 1_580_000_000_000;
    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));

    [Fact]
    public void A_call_that_nobody_of_the_call_first_set_may_take_empties_whoever_may()
    {
        // One call makes a set of one: the clinician who loses least by not having chats, who cannot take this one.
        var flow = new Flow(Rules);
        var pool = new Pool(Rules, flow);
        pool.On(Doctor(1, ["general"], seats: 1, taken: 1, "phone"));
        pool.On(Doctor(2, ["obstetrics"], seats: 3, taken: 1, "phone"));
        var call = Person(1, "obstetrics", "phone");
        flow.Came(call, Now);
        pool.Arrive(call);
        pool.Arrive(Person(2, "obstetrics", Waiting.Chat));
        Assert.Empty(pool.Decide(Now, Rules.Offers.Level).Assignments);

        pool.Ended(Id(2));
        var taken = pool.Decide(Now + 1000, Rules.Offers.Level).Assignments;
        Assert.Equal([Id(101)], taken.Select(a => a.Consultation));
    }

    [Fact]
    public void Where_nobody_is_offered_a_date_no_seat_stands_empty_for_a_call_that_is_not_urgent()
    {
        var pool = new Pool(Rules, new Flow(Rules));
        pool.On(Doctor(2, ["obstetrics"], seats: 3, taken: 1, "phone"));
        pool.Arrive(Person(1, "obstetrics", "phone"));
        pool.Arrive(Person(2, "obstetrics", Waiting.Chat));

        Assert.Equal([Id(102)], pool.Decide(Now, 0).Assignments.Select(a => a.Consultation));
    }

    [Fact]
    public void A_dated_answer_by_call_keeps_nobody_from_whoever_is_more_urgent()
    {
        var pool = new Pool(Rules, new Flow(Rules));
        pool.On(Doctor(2, ["obstetrics"], seats: 3, taken: 1, "phone"));
        pool.Arrive(Promises.InPool(Person(1, "obstetrics", "phone"), Now + 600_000, Rules));
        pool.Arrive(Person(2, "obstetrics", Waiting.Chat));
        pool.Arrive(Person(3, "obstetrics", Waiting.Chat) with { Urgency = Urgency.Soon });

        Assert.Equal([Id(103)], pool.Decide(Now, Rules.Offers.Level).Assignments.Select(a => a.Consultation));
    }

    [Fact]
    public void Among_clinicians_with_nobody_a_chat_goes_to_one_who_takes_no_calls()
    {
        var pool = new Pool(Rules, new Flow(Rules));
        pool.On(Doctor(1, ["general"], seats: 3, taken: 0, "phone"));
        pool.On(Doctor(2, ["general"], seats: 3, taken: 0));
        pool.Arrive(Person(1, "general", Waiting.Chat));
        Assert.Equal(Id(2), Assert.Single(pool.Decide(Now, 0).Assignments).Clinician);

        // The second has one by now; whoever has nobody is less loaded, with calls or without.
        pool.Arrive(Person(2, "general", Waiting.Chat));
        Assert.Equal(Id(1), Assert.Single(pool.Decide(Now + 1000, 0).Assignments).Clinician);
    }

    private static Guid Id(int n) => new(n, 0, 0, new byte[8]);

    private static Waiting Person(int n, string need, string channel) => new(Id(100 + n), Urgency.Routine, Now, n, need, "zh", null, channel, null);

    private static OnDuty Doctor(int n, ImmutableArray<string> skills, int seats, int taken, params string[] calls) =>
        new(Id(n), "", n, skills, ["zh"], ["*"], [Waiting.Chat, .. calls], seats, taken, InCall: false, Paused: false, Now - 1_000_000, 350);
}
