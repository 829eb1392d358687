using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>Somebody who got a clinician. UTC milliseconds.</summary>
public sealed record Waited(Urgency Urgency, long ArrivedAt, long TakenAt);

/// <summary>Waits of a class before and since. Null where too few were measured.</summary>
public sealed record EffectLine(Urgency Urgency, int TakenBefore, int TakenSince, long? MedianBeforeMs, long? MedianSinceMs, long? LongBeforeMs, long? LongSinceMs);

/// <summary>What has changed since a level was set: the same span of time before and after. It says what happened, not what the level alone has done.</summary>
/// <param name="SpanMs">Compared on both sides.</param>
public sealed record Effect(long SpanMs, ImmutableArray<EffectLine> Lines)
{
    private const int Half = 50;
    private const int Long = 90;

    public static Effect Of(IEnumerable<Waited> waits, long setAt, long now, EffectRules rules)
    {
        ArgumentNullException.ThrowIfNull(waits);
        ArgumentNullException.ThrowIfNull(rules);
        var span = Math.Clamp(now - setAt, 0, rules.SpanMs);
        var all = waits.ToList();
        return new Effect(span, [.. Enum.GetValues<Urgency>().Select(urgency =>
        {
            var before = Between(setAt - span, setAt);
            var since = Between(now - span, now + 1);
            return new EffectLine(urgency, before.Count, since.Count, At(before, Half), At(since, Half), At(before, Long), At(since, Long));

            List<long> Between(long from, long to) => [.. all.Where(w => w.Urgency == urgency && w.TakenAt >= from && w.TakenAt < to).Select(w => w.TakenAt - w.ArrivedAt).Order()];
        })]);

        long? At(List<long> ordered, int percent) => ordered.Count < rules.Fewest ? null : ordered[Math.Max(0, (((ordered.Count * percent) + 99) / 100) - 1)];
    }
}
