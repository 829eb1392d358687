using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>When a dated answer is offered instead of waiting. One value per urgency, 1 to 5, in milliseconds; 0: never, and never above urgency 4.</summary>
/// <param name="Level">From this surge level on.</param>
/// <param name="WindowMs">Over which those who were taken are counted.</param>
/// <param name="TooFew">Taken within it, below which the wait of the first in line says more.</param>
/// <param name="ExpectedMs">Wait that is expected.</param>
/// <param name="WaitedMs">Wait that has passed.</param>
public sealed record OfferRules(
    int Level, long WindowMs, int TooFew, ImmutableArray<long> ExpectedMs, ImmutableArray<long> CallExpectedMs, ImmutableArray<long> WaitedMs, ImmutableArray<long> CallWaitedMs)
{
    public long Expected(Urgency urgency, bool call) => (call ? CallExpectedMs : ExpectedMs)[(int)urgency - 1];

    public long Waited(Urgency urgency, bool call) => (call ? CallWaitedMs : WaitedMs)[(int)urgency - 1];
}

internal static class Offers
{
    /// <summary>To whoever has waited long, and to the last in line while the wait that is expected there is long. Those who declined are not asked again.</summary>
    public static IEnumerable<Offer> Of(IEnumerable<Line> waiting, OfferRules rules, Flow flow, long now)
    {
        var groups = waiting.Where(l => rules.Waited(l.Urgency, l.IsCall) > 0).Select(l => l.Group).Distinct().ToList();
        foreach (var group in groups.OrderBy(g => g.Key.Urgency).ThenBy(g => g.Key.Need, StringComparer.Ordinal).ThenBy(g => g.Key.IsCall))
        {
            var (_, urgency, call) = group.Key;
            var left = group.Waiting;
            var open = group.Lines.SelectMany(l => l.People).Where(p => !p.Who.WasOffered).OrderBy(p => p.Who.ArrivedAt).ThenBy(p => p.Who.Order).ToList();
            var long_ = open.TakeWhile(p => now - p.Who.ArrivedAt >= rules.Waited(urgency, call)).Count();
            foreach (var person in open.Take(long_))
            {
                left--;
                yield return new Offer(person.Who.Consultation, "waited");
            }

            for (var last = open.Count - 1; last >= long_ && Expected(left, open[long_], rules, flow.Begun(group.Key, now), now) > rules.Expected(urgency, call); last--)
            {
                left--;
                yield return new Offer(open[last].Who.Consultation, "expected_wait");
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
