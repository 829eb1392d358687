namespace Yizhen.Rules.Dispatch;

/// <summary>What the queue looks like now.</summary>
/// <param name="Waiting">People in the line.</param>
/// <param name="Taken">Who got a clinician within the window of the rules.</param>
/// <param name="Seats">Of clinicians on duty and in sight.</param>
public sealed record SurgeLoad(int Waiting, int Taken, int Seats);

/// <summary>What the system would set, were it asked. It never sets it.</summary>
/// <param name="ClearMs">How long the queue would take; null where nobody is on duty.</param>
/// <param name="Because">calm, load, or nobody_on_duty.</param>
public sealed record SurgeProposal(int Level, long? ClearMs, string Because);

/// <summary>
/// The surge ladder: 0 normal; 1 information desk first; 2 urgency 4 and 5 are offered a dated answer; 3 health advisers take what the policy allows;
/// 4 briefings. Each holds what those below it hold, and none keeps urgency 1 to 3 from a clinician.
/// </summary>
public static class Surge
{
    public const int Highest = 4;

    /// <summary>Longest reason, in characters.</summary>
    public const int ReasonLength = 400;

    /// <summary>Set by a person, with a reason, on what they saw.</summary>
    /// <param name="now">The level that counts.</param>
    /// <param name="seen">The one that the page was showing: somebody else may have set another since.</param>
    public static Decision<int> Set(int now, int seen, int to, string? reason) =>
        to is < 0 or > Highest ? Refusal.Malformed
        : string.IsNullOrWhiteSpace(reason) ? Refusal.ReasonNeeded
        : reason.Trim().Length > ReasonLength ? Refusal.TextTooLong
        : seen != now ? Refusal.Conflict
        : to;

    /// <summary>By the time in which those who wait would be taken at the rate of the last minutes, or, where few were taken, by the seats.</summary>
    public static SurgeProposal Propose(SurgeLoad load, int level, SurgeRules rules, DispatchRules dispatch)
    {
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(dispatch);
        if (load.Waiting == 0)
        {
            return new SurgeProposal(0, 0, "calm");
        }

        if (load.Seats == 0)
        {
            return new SurgeProposal(Math.Max(level, rules.Propose.WithoutAnybody), null, "nobody_on_duty");
        }

        var clear = load.Taken >= rules.Propose.TooFew ? load.Waiting * rules.Propose.WindowMs / load.Taken : load.Waiting * dispatch.TypicalMs / load.Seats;
        var up = rules.Propose.ClearMs.Count(from => clear >= from);
        var stays = rules.Propose.ClearMs.Count(from => clear * 1000 >= from * rules.Propose.Down);
        var proposed = up >= level ? up : Math.Min(level, stays);
        return new SurgeProposal(proposed, clear, proposed == 0 ? "calm" : "load");
    }
}
