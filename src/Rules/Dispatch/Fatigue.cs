namespace Yizhen.Rules.Dispatch;

public enum Tiredness
{
    Fresh,

    /// <summary>Near a cap: fewer at once.</summary>
    Tiring,

    /// <summary>At a cap: only the most urgent, and a break is offered. Whoever they have they keep.</summary>
    Tired,
}

/// <summary>How much somebody has worked. Milliseconds; counts.</summary>
/// <param name="ContinuousMs">Of work since the last break that counts as one.</param>
/// <param name="Taken">Consultations given since the shift began.</param>
/// <param name="DayMs">Of work within the last 24 hours.</param>
/// <param name="Cap">continuous, consultations or day: the one that is nearest; null while fresh.</param>
public sealed record Strain(long ContinuousMs, int Taken, long DayMs, Tiredness Level, string? Cap)
{
    public static Strain None { get; } = new(0, 0, 0, Tiredness.Fresh, null);
}

/// <summary>Recounts fatigue from the journal: caps make capacity softer, then offer a break, and never take anybody out of a conversation.</summary>
public static class Fatigue
{
    private const long Minute = 60_000;
    private const long Day = 24 * 60 * Minute;
    private const int Whole = 100;

    /// <param name="changes">Of one clinician within a day, in the order of the journal.</param>
    /// <param name="taken">Consultations given to them, by the time at which each span of counting begins.</param>
    public static Strain Of(IEnumerable<DutyChange> changes, IEnumerable<(long From, int Count)> taken, FatigueRule rule, long now)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(taken);
        ArgumentNullException.ThrowIfNull(rule);
        var (continuous, day, shiftBegan, restsSince, worksSince) = (0L, 0L, 0L, long.MinValue, (long?)null);
        foreach (var change in changes)
        {
            var works = change.State is "on" or "pausing";
            if (works && worksSince is null)
            {
                worksSince = change.At;
                continuous = change.At - Math.Max(restsSince, change.At - Day) >= rule.BreakMinutes * Minute ? 0 : continuous;
                shiftBegan = change.At - Math.Max(restsSince, change.At - Day) >= rule.ShiftGapMinutes * Minute ? change.At : shiftBegan;
            }
            else if (!works && worksSince is { } since)
            {
                (continuous, day) = (continuous + change.At - since, day + Within(since, change.At, now));
                (worksSince, restsSince) = (null, change.At);
            }
        }

        if (worksSince is { } open)
        {
            (continuous, day) = (continuous + now - open, day + Within(open, now, now));
        }
        else if (now - Math.Max(restsSince, now - Day) >= rule.BreakMinutes * Minute)
        {
            continuous = 0;
        }

        // Spans are whole hours, and a shift begins after hours without anybody: what was counted in the span of its beginning is of this shift.
        var given = taken.Where(t => t.From + (60 * Minute) > shiftBegan).Sum(t => t.Count);
        (string Cap, long Share)[] shares =
        [
            (DutyPolicy.Continuous, continuous * Whole / (rule.ContinuousMinutes * Minute)),
            (DutyPolicy.Consultations, (long)given * Whole / rule.Consultations),
            (DutyPolicy.Day, day * Whole / (rule.DayMinutes * Minute)),
        ];
        var (cap, most) = shares.MaxBy(s => s.Share);
        var level = most >= Whole ? Tiredness.Tired : most >= rule.SoftPercent ? Tiredness.Tiring : Tiredness.Fresh;
        return new Strain(continuous, given, day, level, level == Tiredness.Fresh ? null : cap);
    }

    /// <summary>As dispatch is to see somebody who is tired.</summary>
    public static OnDuty Spare(this OnDuty who, Tiredness level, FatigueRule rule)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(rule);
        return level switch
        {
            Tiredness.Fresh => who,
            Tiredness.Tiring => who with { Seats = Softer(who.Seats, rule), Because = Spared.Tired },
            Tiredness.Tired => who with { Seats = Softer(who.Seats, rule), LeastUrgent = Triage.Urgency.Emergency, Because = Spared.Tired },
        };
    }

    public static int Softer(int seats, FatigueRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Math.Max(1, ((seats * rule.SoftSeatsPercent) + Whole - 1) / Whole);
    }

    private static long Within(long from, long to, long now) => Math.Max(0, to - Math.Max(from, now - Day));
}
