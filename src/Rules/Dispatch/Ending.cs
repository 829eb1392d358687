using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>
/// Shifts that end: class by class, as soon as somebody of that class could not be finished any more, nobody of it is given, the longest first. The end
/// comes in with the clinician, so that a pool that is filled anew decides the same.
/// </summary>
internal sealed class Ending
{
    private readonly PriorityQueue<Guid, long> next = new();

    /// <summary>When there is something to change about this clinician next.</summary>
    public void Await(OnDuty who, DispatchRules rules)
    {
        if (who.EndsAt != long.MaxValue && who.LeastUrgent >= Urgency.Emergency)
        {
            next.Enqueue(who.Clinician, who.EndsAt - rules.Finish(who.LeastUrgent));
        }
    }

    public bool Due(long now, out Guid clinician)
    {
        clinician = Guid.Empty;
        if (!next.TryPeek(out var first, out var at) || at >= now)
        {
            return false;
        }

        clinician = first;
        next.Dequeue();
        return true;
    }
}

public static class ShiftEnd
{
    /// <summary>As they are to be seen now: near the end of the shift only for classes that can still be finished, after it for nobody.</summary>
    public static OnDuty NearEnd(this OnDuty who, DispatchRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(rules);
        var least = who.LeastUrgent;
        while (least >= Urgency.Emergency && who.EndsAt - rules.Finish(least) < now)
        {
            least--;
        }

        return least == who.LeastUrgent ? who : who with { LeastUrgent = least, Because = Spared.ShiftEnds };
    }
}

/// <content>Shifts that end.</content>
public sealed partial class Pool
{
    private void Wind(long now)
    {
        while (ending.Due(now, out var id))
        {
            // Whoever has gone, or has come back with another end, is looked at under that one.
            if (clinicians.TryGetValue(id, out var clinician) && clinician.Who.NearEnd(rules, now) is var who && who != clinician.Who)
            {
                On(who with { Taken = clinician.Open, InCall = clinician.InCall, Lent = clinician.Lent, LastAssignedAt = clinician.LastAssignedAt });
            }
        }
    }
}
