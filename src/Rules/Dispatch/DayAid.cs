using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>What the organisations lend each other, hour by hour, on a day that is played or awaited. Whoever has set no rule is there for everybody.</summary>
/// <param name="Rules">Of each organisation that has set any.</param>
/// <param name="Clock">Seconds from midnight of the deployment's zone at which the day begins.</param>
public sealed record DayAid(ImmutableDictionary<Guid, ImmutableArray<AidRule>> Rules, int Clock)
{
    private const int Day = 24 * 3600;

    public static DayAid None { get; } = new(ImmutableDictionary<Guid, ImmutableArray<AidRule>>.Empty, 0);

    /// <param name="second">From the beginning of the day.</param>
    public AidTerms? Of(Guid organisation, int second) =>
        Rules.TryGetValue(organisation, out var standing) ? AidTerms.At(standing, TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(OfDay(second)))) : null;

    /// <summary>What an organisation lends is another from this second on; the next after the one that is told, null where its rules hold all day.</summary>
    public int? Changes(Guid organisation, int after)
    {
        int? next = null;
        foreach (var rule in Rules.TryGetValue(organisation, out var standing) ? standing.Where(r => r.From != r.To) : [])
        {
            foreach (var at in new[] { rule.From, rule.To })
            {
                var second = after + Until(at, after);
                next = next is { } sooner && sooner <= second ? next : second;
            }
        }

        return next;
    }

    /// <summary>The same people, as each of their organisations lends them, each time by itself. For what is told of the hours to come.</summary>
    /// <param name="begins">UTC milliseconds at which the day begins.</param>
    public IEnumerable<Presence> Over(Presence there, long begins)
    {
        ArgumentNullException.ThrowIfNull(there);
        const int Second = 1000;
        var from = there.From;
        while (from < there.To)
        {
            var at = (int)((from - begins) / Second);
            var to = Changes(there.Like.Organisation, at) is { } next ? Math.Min(there.To, begins + (next * (long)Second)) : there.To;
            yield return there with { Like = there.Like with { Aid = Of(there.Like.Organisation, at) }, From = from, To = to };
            from = to;
        }
    }

    /// <summary>More than 0.</summary>
    private int Until(TimeOnly clock, int after)
    {
        var left = (int)clock.ToTimeSpan().TotalSeconds - OfDay(after);
        return left > 0 ? left : left + Day;
    }

    private int OfDay(int second) => (((Clock + second) % Day) + Day) % Day;
}
