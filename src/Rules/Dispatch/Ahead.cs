using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>People alike in what dispatch asks for.</summary>
/// <param name="Lately">Came in the hours that the planner looks back.</param>
/// <param name="WaitNow">Wait now.</param>
/// <param name="Organisation">To whose campaign they come: clinicians of another one are lent to them.</param>
public sealed record PeopleAlike(string Need, string Lang, string? Area, string Channel, Urgency Urgency, int Lately, int WaitNow, Guid Organisation = default, string Campaign = "");

/// <summary>One hour to come: who is expected, and who is on the roster. Times in UTC milliseconds.</summary>
/// <param name="Expected">People.</param>
/// <param name="Clinicians">On average over the hour; so the seats.</param>
/// <param name="CanTake">People whom they can see, at the usual length of a consultation.</param>
public sealed record AheadHour(long From, long To, double Expected, double Clinicians, double Seats, double CanTake);

/// <summary>A time to come in which nobody is there for people who wait or are expected.</summary>
/// <param name="Waiting">Who wait now, where it begins now; otherwise 0.</param>
/// <param name="Expected">People expected within it.</param>
/// <param name="Lacks">As in <see cref="CoverageHole"/>, of whoever is there in that time.</param>
public sealed record AheadHole(string Need, string Lang, string? Area, string Channel, Urgency MostUrgent, int Waiting, double Expected, long From, long To, string Lacks);

/// <summary>The hours to come against the roster.</summary>
public static class Ahead
{
    private const long HourMs = 3_600_000;
    private const int Hour = 3600;
    private const int Thousand = 1000;

    /// <summary>Fewer than this expected, and nobody waiting, is no hole.</summary>
    private const double Few = 0.5;

    /// <param name="past">Seconds of this clock hour that are over: spans are hours of the clock.</param>
    public static ImmutableArray<AheadHour> Hours(IEnumerable<PeopleAlike> people, IReadOnlyCollection<Presence> there, PlanRules rules, int hourOfDay, long now, int past, int hours)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(there);
        ArgumentNullException.ThrowIfNull(rules);
        var (lately, begins) = (people.Sum(p => p.Lately), now - (past * (long)Thousand));
        return [.. Enumerable.Range(0, hours).Select(hour =>
        {
            var (from, to) = (Math.Max(now, begins + (hour * HourMs)), begins + ((hour + 1) * HourMs));
            double Of(Func<Presence, double> what) => there.Sum(p => what(p) * p.People * Math.Max(0, Math.Min(p.To, to) - Math.Max(p.From, from)));
            return new AheadHour(
                from, to, lately * Demand.Share(rules, hourOfDay, hour) * (to - from) / HourMs, Of(_ => 1) / (to - from), Of(p => p.Like.Seats) / (to - from),
                Of(p => (double)Profile.Most(p.Like) / Thousand * Hour / rules.WorkSeconds) / HourMs);
        })];
    }

    /// <summary>When the first comes by the roster who may take people like these; null where nobody does. Whoever is there already is not asked.</summary>
    /// <returns>UTC milliseconds, later than now.</returns>
    public static long? Next(PeopleAlike people, IEnumerable<Presence> there, long now)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(there);
        var one = One(people);
        return there.Where(p => !p.IsHere && p.From > now && Fit.Of(one, p.Like) == Filter.None).Min(p => (long?)p.From);
    }

    /// <returns>The most urgent first, then the earliest.</returns>
    public static ImmutableArray<AheadHole> Holes(IEnumerable<PeopleAlike> people, IReadOnlyCollection<Presence> there, PlanRules rules, int hourOfDay, long now, int past, int hours)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(there);
        ArgumentNullException.ThrowIfNull(rules);
        var (begins, until) = (now - (past * (long)Thousand), now - (past * (long)Thousand) + (hours * HourMs));
        var profiles = there.GroupBy(p => Profile.Key(p.Like)).Select(g => (g.First().Like, Spans: g.OrderBy(p => p.From).ToList())).ToList();
        var holes = new List<AheadHole>();
        foreach (var alike in people)
        {
            var one = One(alike);
            var at = now;
            foreach (var span in profiles.Where(p => Fit.Of(one, p.Like) == Filter.None).SelectMany(p => p.Spans).OrderBy(s => s.From))
            {
                Hole(alike, one, at, Math.Min(span.From, until));
                at = Math.Max(at, span.To);
            }

            Hole(alike, one, at, until);
        }

        return [.. holes.GroupBy(h => (h.Need, h.Lang, h.Area, h.Channel, h.From, h.To))
            .Select(g => g.First() with { MostUrgent = g.Min(h => h.MostUrgent), Waiting = g.Sum(h => h.Waiting), Expected = g.Sum(h => h.Expected) })
            .Where(h => h.Waiting > 0 || h.Expected >= Few)
            .OrderBy(h => h.MostUrgent).ThenBy(h => h.From).ThenBy(h => $"{h.Need}|{h.Lang}|{h.Area}|{h.Channel}", StringComparer.Ordinal)];

        void Hole(PeopleAlike alike, Waiting one, long from, long to)
        {
            if (from >= to)
            {
                return;
            }

            var expected = Enumerable.Range(0, hours).Sum(hour => alike.Lately * Demand.Share(rules, hourOfDay, hour) * Math.Max(0, Math.Min(to, begins + ((hour + 1) * HourMs)) - Math.Max(from, begins + (hour * HourMs))) / HourMs);
            var closest = profiles.Where(p => p.Spans.Exists(s => s.From < to && s.To > from)).Select(p => Fit.Of(one, p.Like)).DefaultIfEmpty(Filter.None).Max();
            holes.Add(new AheadHole(
                alike.Need, alike.Lang, alike.Area, alike.Channel, alike.Urgency, from == now ? alike.WaitNow : 0, expected, from, to, closest == Filter.None ? Coverage.Nobody : closest.ToString().ToLowerInvariant()));
        }
    }

    private static Waiting One(PeopleAlike alike) =>
        new(Guid.Empty, alike.Urgency, 0, 0, alike.Need, alike.Lang, alike.Area, alike.Channel, null, Organisation: alike.Organisation, Campaign: alike.Campaign);
}
