using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>Where somebody stands towards the queue.</summary>
public enum Stand
{
    Elsewhere,
    Waiting,
    Promised,
    Taken,
    Left,
}

/// <summary>Somebody's step from one stand to another.</summary>
/// <param name="At">UTC milliseconds.</param>
public sealed record Moved(Guid Consultation, long At, Urgency Urgency, Stand From, Stand To);

/// <summary>The two figures of NHS 111 for the last hour. Shares are null where fewer than the least number are in them.</summary>
/// <param name="Urgency">Null: all.</param>
/// <param name="Joined">Joined the queue in the hour that ended a minute ago: of each it is known whether they were answered within the minute.</param>
/// <param name="InTime">Of those, got a clinician within 60 seconds of joining.</param>
/// <param name="Ended">Whose waiting ended in the last hour: taken, or gone.</param>
/// <param name="Left">Of those, left before anybody had taken them. Whoever chose a dated answer instead is not among them.</param>
public sealed record AnsweredLine(Urgency? Urgency, int Joined, int InTime, int Ended, int Left, int? InTimePercent, int? LeftPercent);

/// <summary>Ten minutes of the queue.</summary>
/// <param name="From">UTC milliseconds, a full ten minutes.</param>
/// <param name="To">Ten minutes later, or now.</param>
/// <param name="Waiting">People who waited at the end of it.</param>
/// <param name="Joined">People who joined the queue for the first time within it.</param>
/// <param name="Taken">People who got a clinician for the first time within it.</param>
/// <param name="Left">People who left before anybody had taken them.</param>
public sealed record QueueSpan(long From, long To, int Waiting, int Joined, int Taken, int Left);

/// <summary>Recounts the queue of the last hours from the steps of all who were in it then.</summary>
public sealed class Answering
{
    public const int Spans = 18;
    public const long SpanMs = 600_000;
    private const long InTimeMs = 60_000;
    private const long HourMs = 3_600_000;
    private const int Percent = 100;

    private readonly List<Moved> steps;
    private readonly List<Turn> turns;

    /// <param name="moves">Of everybody who waited at any time since the beginning of the first span, from their first step on, each one's in order.</param>
    public Answering(IEnumerable<Moved> moves)
    {
        ArgumentNullException.ThrowIfNull(moves);
        steps = [.. moves];
        turns = [.. steps.GroupBy(s => s.Consultation).Select(Turn.Of).OfType<Turn>()];
    }

    /// <summary>When the first of the spans begins that end with <paramref name="now"/>.</summary>
    public static long Begin(long now) => (now / SpanMs * SpanMs) - ((Spans - 1) * SpanMs);

    public ImmutableArray<QueueSpan> History(long now)
    {
        var begin = Begin(now);
        return [.. Enumerable.Range(0, Spans).Select(n => (From: begin + (n * SpanMs), To: Math.Min(now, begin + ((n + 1) * SpanMs)))).Select(s =>
        {
            // The last span still runs: it holds this moment too.
            var until = s.To == now ? now + 1 : s.To;
            return new QueueSpan(
                s.From, s.To,
                steps.Where(m => m.At < until).Sum(m => (m.To == Stand.Waiting ? 1 : 0) - (m.From == Stand.Waiting ? 1 : 0)),
                turns.Count(t => Within(t.JoinedAt)), turns.Count(t => Within(t.TakenAt)), turns.Count(t => Within(t.LeftAt)));

            bool Within(long? at) => at >= s.From && at < until;
        })];
    }

    /// <summary>All, then each urgency.</summary>
    /// <param name="fewest">Below so many people no share is told.</param>
    public ImmutableArray<AnsweredLine> LastHour(long now, int fewest) =>
        [Line(null, turns, now, fewest), .. Enum.GetValues<Urgency>().Select(u => Line(u, turns.Where(t => t.Urgency == u), now, fewest))];

    private static AnsweredLine Line(Urgency? urgency, IEnumerable<Turn> turns, long now, int fewest)
    {
        var (joined, inTime, ended, left) = (0, 0, 0, 0);
        foreach (var turn in turns)
        {
            var counts = turn.JoinedAt > now - InTimeMs - HourMs && turn.JoinedAt <= now - InTimeMs;
            joined += counts ? 1 : 0;
            inTime += counts && turn.TakenAt - turn.JoinedAt <= InTimeMs ? 1 : 0;
            var gone = turn.LeftAt > now - HourMs;
            ended += gone || turn.TakenAt > now - HourMs ? 1 : 0;
            left += gone ? 1 : 0;
        }

        return new AnsweredLine(urgency, joined, inTime, ended, left, Share(inTime, joined), Share(left, ended));

        int? Share(int part, int of) => of < Math.Max(1, fewest) ? null : part * Percent / of;
    }

    /// <summary>One person's first wait: as urgent as when they joined.</summary>
    private sealed record Turn(Urgency Urgency, long JoinedAt, long? TakenAt, long? LeftAt)
    {
        public static Turn? Of(IEnumerable<Moved> moves)
        {
            Turn? turn = null;
            foreach (var move in moves)
            {
                turn = turn is null
                    ? move.To == Stand.Waiting ? new Turn(move.Urgency, move.At, null, null) : null
                    : turn.TakenAt is not null || turn.LeftAt is not null ? turn
                    : move.To == Stand.Taken ? turn with { TakenAt = move.At }
                    : move.To == Stand.Left && move.From != Stand.Promised ? turn with { LeftAt = move.At }
                    : turn;
            }

            return turn;
        }
    }
}
