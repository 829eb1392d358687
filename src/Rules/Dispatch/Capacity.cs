using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>Seats for people alike, over the time to come: clinicians come and go by the roster, and the wait is shorter or longer by that.</summary>
public sealed class Capacity
{
    /// <summary>Nobody is told of a longer wait by this.</summary>
    private const double LongestMs = 12 * 3_600_000d;

    private readonly ImmutableArray<(long At, int Seats)> steps;

    private Capacity(ImmutableArray<(long At, int Seats)> steps) => this.steps = steps;

    /// <param name="fits">Whom these people may get.</param>
    public static Capacity Of(IEnumerable<Presence> there, Func<OnDuty, bool> fits, long now)
    {
        ArgumentNullException.ThrowIfNull(there);
        ArgumentNullException.ThrowIfNull(fits);
        var changes = new SortedDictionary<long, int> { [now] = 0 };
        foreach (var presence in there.Where(p => p.To > now && fits(p.Like)))
        {
            var seats = presence.People * presence.Like.Seats;
            changes[Math.Max(now, presence.From)] = changes.GetValueOrDefault(Math.Max(now, presence.From)) + seats;
            changes[presence.To] = changes.GetValueOrDefault(presence.To) - seats;
        }

        var steps = ImmutableArray.CreateBuilder<(long, int)>();
        var open = 0;
        foreach (var (at, change) in changes)
        {
            steps.Add((at, open += change));
        }

        return new Capacity(steps.ToImmutable());
    }

    /// <summary>How long what would take <paramref name="guessMs"/> with the seats of now takes with those to come.</summary>
    public double Stretch(double guessMs)
    {
        var (now, first) = (steps[0].At, steps[0].Seats);
        if (first == 0)
        {
            // Nobody is there: the guess is of a time in which somebody was, and begins when somebody comes.
            var comes = steps.FirstOrDefault(s => s.Seats > 0);
            return comes.Seats == 0 ? guessMs : Math.Min(LongestMs, comes.At - now + guessMs);
        }

        var left = guessMs * first;
        for (var n = 0; n + 1 < steps.Length; n++)
        {
            var done = (double)steps[n].Seats * (steps[n + 1].At - steps[n].At);
            if (done >= left)
            {
                return steps[n].At - now + (left / steps[n].Seats);
            }

            left -= done;
        }

        return LongestMs;
    }
}
