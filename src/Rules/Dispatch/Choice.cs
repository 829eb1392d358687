namespace Yizhen.Rules.Dispatch;

/// <summary>Which of the clinicians who may take somebody does so at the least cost to whoever comes next.</summary>
/// <param name="Busy">Below this load, in thousandths of the seats, the least loaded is taken, and of what follows only <paramref name="IdleForCall"/> counts.</param>
/// <param name="Load">Cost of each chat that is already open.</param>
/// <param name="Scarce">Cost of each skill and language that somebody else may need more; for a call <paramref name="CallScarce"/>.</param>
/// <param name="IdleForCall">Cost of giving a chat to somebody who is free for a call.</param>
/// <param name="Gain">Taken off for whoever gets more done with several chats, in thousandths of that gain.</param>
public sealed record ChoiceRules(int Busy, int Load, int Scarce, int CallScarce, int IdleForCall, int Gain);

internal static class Choice
{
    private const int Thousand = 1000;

    /// <summary>Null where nobody can. A clinician who is being emptied for a call gets no chat; whoever gets slower by another chat gets none, but for the most urgent two.</summary>
    /// <param name="open">Profiles of which somebody could take one more.</param>
    public static Clinician? Best(Ask ask, Profiles profiles, ProfileSet open, Reserves reserves, ChoiceRules rules) =>
        Best(ask, profiles, open, reserves, rules, again: false) ?? (ask.Line.IsApart ? Best(ask, profiles, open, reserves, rules, again: true) : null);

    private static Clinician? Best(Ask ask, Profiles profiles, ProfileSet open, Reserves reserves, ChoiceRules rules, bool again)
    {
        var (line, _, busy, _) = ask;
        Clinician? best = null;
        var least = long.MaxValue;
        for (var number = line.Fitting.Next(open, 0); number >= 0; number = line.Fitting.Next(open, number + 1))
        {
            var profile = profiles[number];
            var levels = reserves.Let(profile.Like, line.Like) ? profile.Levels(ask) : 0;
            for (var taken = 0; taken < levels; taken++)
            {
                var cost = Cost(line, profile, taken, rules, busy);
                if (cost <= least && profile.Longest(taken, ask, again) is { } clinician && (cost < least || best is null || Profile.LongestIdle.Compare(clinician, best) < 0))
                {
                    (best, least) = (clinician, cost);
                }
            }
        }

        return best;
    }

    /// <summary>What choosing this clinician cost, for the record of the decision; to be asked before they are given the person.</summary>
    public static ChoiceIndex Index(Ask ask, Clinician chosen, ChoiceRules rules)
    {
        var parts = Parts(ask.Line, chosen.Profile, chosen.Open, rules, ask.Busy);
        return new ChoiceIndex(ask.Busy, chosen.Open, parts.Load, parts.Skills, parts.ForCall, parts.Gain, chosen.LastAssignedAt == 0 ? null : ask.Now - chosen.LastAssignedAt);
    }

    private static long Cost(Line line, Profile profile, int open, ChoiceRules rules, bool busy)
    {
        var (load, skills, forCall, gain) = Parts(line, profile, open, rules, busy);
        return load + skills + forCall + gain;
    }

    private static (long Load, long Skills, long ForCall, long Gain) Parts(Line line, Profile profile, int open, ChoiceRules rules, bool busy) =>
        !busy ? (open * Thousand, profile.Scarce, ForCall(line, profile, open, rules), 0)
        : line.IsCall ? (0, rules.CallScarce * profile.Scarce, 0, profile.Gain)
        : (open * rules.Load, rules.Scarce * profile.Scarce, ForCall(line, profile, open, rules), -((long)rules.Gain * profile.Gain / Thousand));

    private static int ForCall(Line line, Profile profile, int open, ChoiceRules rules) => !line.IsCall && open == 0 && profile.TakesCalls ? rules.IdleForCall : 0;
}
