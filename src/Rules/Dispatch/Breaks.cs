namespace Yizhen.Rules.Dispatch;

/// <summary>A change of duty, as the journal has kept it.</summary>
/// <param name="At">UTC milliseconds.</param>
/// <param name="State">on, pausing (finishes what is open, takes nobody new), paused, off.</param>
public sealed record DutyChange(Guid Clinician, long At, string State);

/// <param name="WorksSince">Since when they work without a break, UTC milliseconds; null while they are on a break or off.</param>
/// <param name="TakesNobodySince">Since when they take nobody; null while they take people.</param>
public sealed record DutySpell(long? WorksSince, long? TakesNobodySince)
{
    /// <param name="changes">Of one clinician, in the order of the journal; may begin in the middle.</param>
    public static DutySpell Of(IEnumerable<DutyChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        long? works = null, idle = null;
        foreach (var change in changes)
        {
            works = change.State is "on" or "pausing" ? works ?? change.At : null;
            idle = change.State == "on" ? null : idle ?? change.At;
        }

        return new DutySpell(works, idle);
    }
}
