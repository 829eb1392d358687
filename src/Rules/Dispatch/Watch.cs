using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>A consultation that somebody has: what the watch needs to know of it. Times in UTC milliseconds.</summary>
/// <param name="LastSignAt">The clinician's last stream, heartbeat, typing or draft.</param>
/// <param name="UnansweredSince">Since when the patient's oldest unanswered line waits; null when it is the patient's turn.</param>
/// <param name="ToldUnreachable">The patient has been told that the clinician is out of sight.</param>
public sealed record Talk(Urgency Urgency, long LastSignAt, long AssignedAt, long? UnansweredSince, long LastLineAt, bool ToldUnreachable);

public enum WatchAct
{
    Nothing,
    TellPatientUnreachable,
    TellPatientBack,
    ReassignLost,
    Nudge,
    OfferHandOver,
    HoldSilentPatient,
    RingOperator,
    RingForSilentPatient,
}

/// <summary>
/// Lost is not slow. A lost clinician (no sign of life) is replaced; a living one who does not answer is nudged, then offered to hand over.
/// A silent patient gives up the seat, not the place; silent at urgency 1 is an alarm, and the clinician keeps looking.
/// </summary>
public static class Watch
{
    public static WatchAct Look(Talk talk, DispatchRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(talk);
        ArgumentNullException.ThrowIfNull(rules);
        var quiet = now - Math.Max(talk.LastSignAt, talk.AssignedAt);
        if (quiet >= rules.ReassignAfterMs)
        {
            return WatchAct.ReassignLost;
        }

        if (quiet >= rules.UnreachableAfterMs)
        {
            return talk.ToldUnreachable ? WatchAct.Nothing : WatchAct.TellPatientUnreachable;
        }

        if (talk.ToldUnreachable)
        {
            return WatchAct.TellPatientBack;
        }

        if (talk.UnansweredSince is { } since)
        {
            return now - since >= rules.OfferHandOver(talk.Urgency) ? WatchAct.OfferHandOver
                : now - since >= rules.NudgeAfterMs ? WatchAct.Nudge
                : WatchAct.Nothing;
        }

        return now - talk.LastLineAt < rules.PatientSilentMs ? WatchAct.Nothing
            : talk.Urgency == Urgency.Emergency ? WatchAct.RingForSilentPatient
            : WatchAct.HoldSilentPatient;
    }

    /// <summary>Urgency 1 has no queue: without a clinician for so long somebody is rung, and again.</summary>
    /// <param name="waitingSince">At urgency 1.</param>
    /// <param name="timesRung">Rings since then.</param>
    public static WatchAct Ring(long waitingSince, int timesRung, DispatchRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return now - waitingSince >= rules.RingAfterMs + (timesRung * rules.RingAgainMs) ? WatchAct.RingOperator : WatchAct.Nothing;
    }
}
