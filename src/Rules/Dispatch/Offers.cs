using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>When a dated answer is offered instead of waiting. One value per urgency, 1 to 5, in milliseconds; 0: never, and never above urgency 4.</summary>
/// <param name="Level">From this surge level on.</param>
/// <param name="WindowMs">Over which those who were taken are counted.</param>
/// <param name="TooFew">Taken within it, below which the wait of the first in line says more.</param>
/// <param name="ExpectedMs">Wait that is expected.</param>
/// <param name="WaitedMs">Wait that has passed.</param>
/// <param name="Few">Whom few can take, and who would pay for it with more dated answers than others.</param>
public sealed record OfferRules(
    int Level, long WindowMs, int TooFew, ImmutableArray<long> ExpectedMs, ImmutableArray<long> CallExpectedMs, ImmutableArray<long> WaitedMs, ImmutableArray<long> CallWaitedMs, FewRules Few)
{
    public long Expected(Urgency urgency, bool call) => (call ? CallExpectedMs : ExpectedMs)[(int)urgency - 1];

    public long Waited(Urgency urgency, bool call) => (call ? CallWaitedMs : WaitedMs)[(int)urgency - 1];
}

/// <summary>
/// Clinicians with a language, and for a call with its channel, may hold a small share of all seats on duty: one of them gets free seldom, and whoever
/// needs them waits longer in the same order. They are asked so many times later, and not because they are last in line. Only while special rules are on.
/// </summary>
/// <param name="Share">Of all seats on duty, in thousandths: below it few can take them.</param>
/// <param name="Times">At most so many times later; less where the share is not so small.</param>
public sealed record FewRules(int Share, int Times, int CallShare, int CallTimes);

internal static class Offers
{
    /// <summary>To whoever has waited long, and to the last in line while the wait that is expected there is long. Those who declined are not asked again.</summary>
    /// <param name="groups">In the order in which they are asked.</param>
    /// <param name="busy">Special rules are on.</param>
    public static ImmutableArray<Offer> Of(IEnumerable<Group> groups, OfferRules rules, Flow flow, bool busy, long now)
    {
        var offers = ImmutableArray.CreateBuilder<Offer>();
        foreach (var group in groups)
        {
            var (_, urgency, call) = group.Key;
            if (group.Open.Min is { } oldest && rules.Waited(urgency, call) is > 0 and var longest)
            {
                Of(group, oldest, longest, rules.Expected(urgency, call), rules, flow, busy, now, offers);
            }
        }

        return offers.ToImmutable();
    }

    private static void Of(Group group, Person oldest, long waited, long expected, OfferRules rules, Flow flow, bool busy, long now, ImmutableArray<Offer>.Builder offers)
    {
        var (left, begun) = (group.Waiting, flow.Begun(group.Key, now));
        if (now - oldest.Who.ArrivedAt < waited && Expected(left, oldest, rules, begun, now) <= expected)
        {
            return;
        }

        Person? first = null;
        foreach (var person in group.Open)
        {
            var has = now - person.Who.ArrivedAt;
            if (has < waited)
            {
                first = person;
                break;
            }

            if (!busy || has >= waited * person.Line.Times(rules.Few))
            {
                left--;
                offers.Add(new Offer(person.Who.Consultation, "waited"));
            }
        }

        if (first is null)
        {
            return;
        }

        foreach (var person in group.Open.Reverse())
        {
            if (Person.InOrder.Compare(person, first) < 0 || Expected(left, first, rules, begun, now) <= expected)
            {
                return;
            }

            if (!busy || person.Line.Times(rules.Few) == 1)
            {
                left--;
                offers.Add(new Offer(person.Who.Consultation, "expected_wait"));
            }
        }
    }

    /// <summary>By Little's law: those who wait, over how many of them are taken in a time; where few were, the wait of the first in line.</summary>
    private static long Expected(int waiting, Person first, OfferRules rules, int begun, long now)
    {
        var waited = now - first.Who.ArrivedAt;
        return waiting <= 1 ? 0 : begun < rules.TooFew ? waited * 3 / 2 : Math.Max(waiting * rules.WindowMs / begun, waited);
    }
}
