namespace Yizhen.Rules.Dispatch;

/// <summary>Which of the clinicians who may take somebody does so at the least cost to whoever comes next.</summary>
/// <param name="Busy">Below this load, in thousandths of the seats, none of what follows counts: the least loaded is taken.</param>
/// <param name="Load">Cost of each chat that is already open.</param>
/// <param name="Scarce">Cost of each skill and language that somebody else may need more; for a call <paramref name="CallScarce"/>.</param>
/// <param name="IdleForCall">Cost of giving a chat to somebody who is free for a call.</param>
/// <param name="Gain">Taken off for whoever gets more done with several chats, in thousandths of that gain.</param>
public sealed record ChoiceRules(int Busy, int Load, int Scarce, int CallScarce, int IdleForCall, int Gain);

internal static class Choice
{
    private const int Thousand = 1000;

    /// <summary>Null where nobody can. A clinician who is being emptied for a call gets no chat; whoever gets slower by another chat gets none, but for the most urgent two.</summary>
    public static Clinician? Best(Ask ask, ChoiceRules rules, Reserves reserves)
    {
        var (line, _, busy) = ask;
        Clinician? best = null;
        var least = long.MaxValue;
        foreach (var profile in line.Fitting)
        {
            if (profile.WithSeat == 0 || !reserves.Let(profile.Like, line.Like))
            {
                continue;
            }

            for (var open = 0; open < profile.Levels(ask); open++)
            {
                foreach (var clinician in profile.With(open))
                {
                    if (clinician.KeptForCall && !line.IsCall)
                    {
                        continue;
                    }

                    var cost = Cost(line, profile, open, rules, busy);
                    (best, least) = cost < least || (cost == least && best is not null && Earlier(clinician, best)) ? (clinician, cost) : (best, least);
                    break;
                }

                if (!busy && least < Thousand)
                {
                    break;
                }
            }
        }

        return best;
    }

    private static long Cost(Line line, Profile profile, int open, ChoiceRules rules, bool busy) =>
        !busy ? (open * Thousand) + profile.Scarce
        : line.IsCall ? profile.Gain + (rules.CallScarce * profile.Scarce)
        : (open * rules.Load) + (rules.Scarce * profile.Scarce) + (open == 0 && profile.TakesCalls ? rules.IdleForCall : 0) - ((long)rules.Gain * profile.Gain / Thousand);

    private static bool Earlier(Clinician a, Clinician b) => (a.LastAssignedAt, a.Who.Order).CompareTo((b.LastAssignedAt, b.Who.Order)) < 0;
}
