namespace Yizhen.Rules.Dispatch;

/// <param name="WindowMs">Over which the calls that come are counted.</param>
/// <param name="First">Of the calls that are expected to run at once, this share, in thousandths, is met by clinicians who take calls before chats.</param>
public sealed record CallRules(long WindowMs, int First);

/// <summary>
/// A call needs a clinician who does nothing else, and under load no clinician is ever empty. So some take calls first: they get no new chat
/// while a call waits that they could take; an emergency, and whoever is more urgent than a dated answer, does not wait for that. Who is emptied is worked out anew at each decision, so that nobody stays empty for a call that is gone.
/// </summary>
internal sealed class Calls(CallRules rules)
{
    private const int Thousand = 1000;

    private static readonly IComparer<Clinician> LosesLeast = Comparer<Clinician>.Create((a, b) =>
        a.Profile.Gain != b.Profile.Gain ? a.Profile.Gain.CompareTo(b.Profile.Gain) : a.Who.Order.CompareTo(b.Who.Order));

    /// <summary>With as many open, whoever was given the last of them first is likely to be empty first.</summary>
    private static readonly Comparison<Clinician> Emptier = (a, b) =>
        a.Open != b.Open ? a.Open.CompareTo(b.Open) : Profile.LongestIdle.Compare(a, b);

    private static readonly Comparison<Line> InOrder = (a, b) =>
        a.Urgency != b.Urgency ? a.Urgency.CompareTo(b.Urgency) : a.Head is { } x && b.Head is { } y ? Person.InOrder.Compare(x, y) : 0;

    private readonly List<Clinician> takers = [];
    private readonly List<Clinician> kept = [];
    private readonly List<(Clinician Who, int? For, bool Dated)> before = [];
    private readonly List<Clinician> first = [];
    private readonly List<Line> lines = [];

    public IReadOnlyList<Clinician> Kept => kept;

    public void On(Clinician clinician)
    {
        if (clinician.Profile.TakesCalls)
        {
            var at = takers.BinarySearch(clinician, LosesLeast);
            takers.Insert(at < 0 ? ~at : at, clinician);
        }
    }

    public void Off(Clinician clinician)
    {
        takers.Remove(clinician);
        kept.Remove(clinician);
        clinician.KeptFor = null;
    }

    /// <summary>For each call that waits one of the call-first clinicians who could take it, the emptiest; where none of them could, and for the most urgent two classes, anybody who takes calls.</summary>
    /// <param name="waiting">Lines that are not empty.</param>
    /// <param name="free">To it is added who was kept until now, and is not any more, or for a call that is less urgent.</param>
    /// <param name="dates">Whether people are offered dates. Where nobody is, a seat that stands empty for a call is paid by all who wait for a chat, and only the two most urgent classes keep anybody.</param>
    public void Keep(List<Line> waiting, Flow flow, ProfileSet free, Reserves reserves, bool dates, long now)
    {
        before.Clear();
        kept.ForEach(c => before.Add((c, c.KeptFor, c.KeptForDate)));
        kept.ForEach(c => c.KeptFor = null);
        kept.Clear();
        lines.Clear();
        foreach (var line in waiting)
        {
            if (line.IsCall)
            {
                lines.Add(line);
            }
        }

        if (lines.Count > 0)
        {
            lines.Sort(InOrder);
            // As many as the calls that are expected, of those who lose least by not having several chats.
            first.Clear();
            Busy(Math.Min(Wanted(flow.CallsAtOnce(now)), takers.Count), first);
            foreach (var line in lines)
            {
                Keep(line, reserves, dates, now);
            }
        }

        foreach (var (clinician, was, dated) in before)
        {
            if (clinician.KeptFor is not { } call || call > was || (clinician.KeptForDate && !dated))
            {
                free.Put(clinician.Profile.Number, isIn: true);
            }
        }
    }

    private void Keep(Line line, Reserves reserves, bool dates, long now)
    {
        var calls = line.People.Count;
        if (line.Urgency > Triage.Urgency.Urgent)
        {
            calls = Keep(line, first, calls, reserves, now);
        }

        if (calls > 0 && (dates || line.Urgency <= Triage.Urgency.Urgent))
        {
            // The set is chosen for all calls together. Where nobody of it may take this one, whoever may is kept, or the call would wait for chance.
            var anybody = new List<Clinician>();
            Busy(takers.Count, anybody, line);
            Keep(line, anybody, calls, reserves, now);
        }
    }

    /// <returns>Calls for which nobody could be kept.</returns>
    private int Keep(Line line, List<Clinician> from, int calls, Reserves reserves, long now)
    {
        for (var at = 0; at < from.Count && calls > 0; at++)
        {
            var clinician = from[at];
            if (clinician.KeptFor is null && !line.Bars(clinician, again: true, now) && line.Fits(clinician.Profile) && reserves.Let(clinician.Who, line.Like))
            {
                (clinician.KeptFor, clinician.KeptForDate) = ((int)line.Urgency, line.Like.IsDated);
                kept.Add(clinician);
                calls--;
            }
        }

        return calls;
    }

    /// <summary>Of so many takers those who have chats, the emptiest first.</summary>
    private void Busy(int many, List<Clinician> into, Line? line = null)
    {
        for (var at = 0; at < many; at++)
        {
            var clinician = takers[at];
            if (clinician is { InCall: false, Open: > 0 } && (line is null || line.Fits(clinician.Profile)))
            {
                into.Add(clinician);
            }
        }

        into.Sort(Emptier);
    }

    private int Wanted(long atOnce) =>
        atOnce == 0 ? 0 : (int)(((atOnce * rules.First / Thousand) + ((long)Math.Sqrt(atOnce * Thousand) / 2) + Thousand - 1) / Thousand);
}
