namespace Yizhen.Rules.Dispatch;

/// <param name="WindowMs">Over which the calls that come are counted.</param>
/// <param name="First">Of the calls that are expected to run at once, this share, in thousandths, is met by clinicians who take calls before chats.</param>
public sealed record CallRules(long WindowMs, int First);

/// <summary>
/// A call needs a clinician who does nothing else, and under load no clinician is ever empty. So some take calls first: they get no new chat
/// while a call waits that they could take. Who is emptied is worked out anew at each decision, so that nobody stays empty for a call that is gone.
/// </summary>
internal sealed class Calls(CallRules rules)
{
    private const int Thousand = 1000;

    private readonly SortedSet<Clinician> takers = new(Comparer<Clinician>.Create((a, b) => (a.Profile.Gain, a.Who.Order).CompareTo((b.Profile.Gain, b.Who.Order))));
    private readonly List<Clinician> kept = [];

    public IReadOnlyList<Clinician> Kept => kept;

    public void On(Clinician clinician)
    {
        if (clinician.Profile.TakesCalls)
        {
            takers.Add(clinician);
        }
    }

    public void Off(Clinician clinician)
    {
        takers.Remove(clinician);
        kept.Remove(clinician);
        clinician.KeptForCall = false;
    }

    /// <summary>For each call that waits one of the call-first clinicians who could take it, the emptiest; for the most urgent two classes anybody who takes calls.</summary>
    /// <returns>Those who were kept until now, and are not any more.</returns>
    public IReadOnlyList<Clinician> Keep(IEnumerable<Line> waiting, Flow flow, Reserves reserves, long now)
    {
        List<Clinician> before = [.. kept];
        kept.ForEach(c => c.KeptForCall = false);
        kept.Clear();
        var lines = waiting.Where(l => l.IsCall).OrderBy(l => l.Urgency).ThenBy(l => l.Head?.Who.ArrivedAt).ThenBy(l => l.Head?.Who.Order).ToList();
        if (lines.Count == 0)
        {
            return before;
        }

        // As many as the calls that are expected, of those who lose least by not having several chats.
        var first = takers.Take(Wanted(flow.CallsAtOnce(now))).ToList();
        foreach (var line in lines)
        {
            IEnumerable<Clinician> from = line.Urgency <= Triage.Urgency.Urgent ? takers : first;
            for (var call = 0; call < line.People.Count && Emptiest(from, line, reserves) is { } clinician; call++)
            {
                clinician.KeptForCall = true;
                kept.Add(clinician);
            }
        }

        return before.FindAll(c => !c.KeptForCall);
    }

    private int Wanted(long atOnce) =>
        atOnce == 0 ? 0 : (int)(((atOnce * rules.First / Thousand) + ((long)Math.Sqrt(atOnce * Thousand) / 2) + Thousand - 1) / Thousand);

    private static Clinician? Emptiest(IEnumerable<Clinician> from, Line line, Reserves reserves)
    {
        Clinician? best = null;
        foreach (var clinician in from)
        {
            if (!clinician.KeptForCall && clinician is { InCall: false, Open: > 0 } && line.Fits(clinician.Profile) && reserves.Let(clinician.Who, line.Like)
                && (best is null || (clinician.Open, clinician.Who.Order).CompareTo((best.Open, best.Who.Order)) < 0))
            {
                best = clinician;
            }
        }

        return best;
    }
}
