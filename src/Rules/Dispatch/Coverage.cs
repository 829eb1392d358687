using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>A clinician who takes nobody now.</summary>
/// <param name="Since">UTC milliseconds from which on they took nobody.</param>
/// <param name="OnBreak">They are here, and only on a break.</param>
public sealed record OutOfReach(OnDuty Who, long Since, bool OnBreak);

/// <summary>People whom nobody on duty may take: the hard filters, which time never relaxes.</summary>
/// <param name="Area">Province that a licence has to name; null: none.</param>
/// <param name="MostUrgent">Of those who wait.</param>
/// <param name="LongestSince">Arrival of whoever waits longest, UTC milliseconds.</param>
/// <param name="Since">From when on somebody waited here and nobody fitted: since that arrival, or since the last who fitted stopped.</param>
/// <param name="Lacks">nobody_on_duty, or what those who come closest lack: skill, language, channel, licence, lending.</param>
/// <param name="OnBreak">Clinicians on a break who would fit.</param>
public sealed record CoverageHole(string Need, string Lang, string? Area, string Channel, Urgency MostUrgent, int Waiting, long LongestSince, long Since, string Lacks, int OnBreak);

public static class Coverage
{
    public const string Nobody = "nobody_on_duty";

    /// <param name="staff">Who takes people now, full or not.</param>
    /// <param name="away">Who does not: on a break, out of sight, or gone.</param>
    /// <returns>The most urgent first, then the longest.</returns>
    public static ImmutableArray<CoverageHole> Holes(IEnumerable<Waiting> waiting, IReadOnlyCollection<OnDuty> staff, IReadOnlyCollection<OutOfReach> away)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        ArgumentNullException.ThrowIfNull(staff);
        ArgumentNullException.ThrowIfNull(away);
        List<OnDuty> here = [.. staff.GroupBy(Profile.Key).Select(g => g.First())];
        List<(OnDuty Like, long Since, int OnBreak)> gone = [.. away.GroupBy(a => Profile.Key(a.Who)).Select(g => (g.First().Who, g.Max(a => a.Since), g.Count(a => a.OnBreak)))];
        var unserved = waiting.GroupBy(w => (w.Need, w.Lang, w.Area, w.Channel, w.Urgency, w.Organisation, w.Campaign)).Select(g => (Like: g.First(), People: g.ToList()))
            .Where(l => here.TrueForAll(p => Fit.Of(l.Like, p) != Filter.None));
        return [.. unserved.GroupBy(l => (l.People[0].Need, l.People[0].Lang, l.People[0].Area, l.People[0].Channel)).Select(Hole).OrderBy(h => h.MostUrgent).ThenBy(h => h.LongestSince).ThenBy(h => $"{h.Need}|{h.Lang}|{h.Area}|{h.Channel}", StringComparer.Ordinal)];

        CoverageHole Hole(IGrouping<(string Need, string Lang, string? Area, string Channel), (Waiting Like, List<Waiting> People)> lines)
        {
            var longest = lines.Min(l => l.People.Min(p => p.ArrivedAt));
            // Each class by itself: an adviser may have fitted one and not the other.
            var since = lines.Min(l => gone.Where(g => Fit.Of(l.Like, g.Like) == Filter.None).Select(g => g.Since).Append(l.People.Min(p => p.ArrivedAt)).Max());
            var closest = lines.SelectMany(l => here.Select(p => Fit.Of(l.Like, p))).DefaultIfEmpty(Filter.None).Max();
            return new CoverageHole(
                lines.Key.Need, lines.Key.Lang, lines.Key.Area, lines.Key.Channel, lines.Min(l => l.Like.Urgency), lines.Sum(l => l.People.Count), longest, since,
                closest == Filter.None ? Nobody : closest.ToString().ToLowerInvariant(),
                gone.Where(g => g.OnBreak > 0 && lines.Any(l => Fit.Of(l.Like, g.Like) == Filter.None)).Sum(g => g.OnBreak));
        }
    }
}
