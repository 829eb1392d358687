using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>
/// Whose turn is near: fewer people stand before them, of those who may get the same clinicians, than these have seats. That is about one consultation's
/// time, with one doctor or with a thousand. Whom nobody on duty may take is not near, and stands before nobody else.
/// </summary>
public static class NearTurn
{
    /// <param name="waiting">Everybody who waits.</param>
    /// <param name="staff">Everybody on duty; whoever is paused takes nobody.</param>
    /// <param name="now">UTC milliseconds.</param>
    /// <returns>Consultations, in the order of their turn.</returns>
    public static ImmutableArray<Guid> Of(IEnumerable<Waiting> waiting, IReadOnlyCollection<OnDuty> staff, DispatchRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        ArgumentNullException.ThrowIfNull(staff);
        ArgumentNullException.ThrowIfNull(rules);
        List<(OnDuty Like, int People, int Seats)> profiles = [.. staff.Where(c => !c.Paused).GroupBy(Profile.Key).Select(g => (g.First(), g.Count(), g.Sum(c => c.Seats)))];
        var inOrder = waiting.OrderBy(w => Pool.Rank(w, rules, now)).ThenBy(w => w.ArrivedAt).ThenBy(w => w.Order).ToList();
        var lines = new Dictionary<(string, string, string?, string, Urgency, Guid, string), Alike>();
        foreach (var who in inOrder)
        {
            if (!lines.ContainsKey(Key(who)))
            {
                HashSet<int> fits = [.. Enumerable.Range(0, profiles.Count).Where(n => Fit.Of(who, profiles[n].Like) == Filter.None)];
                lines[Key(who)] = new Alike(fits, fits.Sum(n => who.IsCall ? profiles[n].People : profiles[n].Seats));
            }
        }

        foreach (var line in lines.Values)
        {
            line.Rivals = [.. lines.Values.Where(other => other.Fits.Overlaps(line.Fits))];
        }

        var near = ImmutableArray.CreateBuilder<Guid>();
        foreach (var who in inOrder)
        {
            var line = lines[Key(who)];
            if (line.Seats > 0 && line.IsNear && line.Rivals.Sum(r => r.Before) < Math.Max(rules.NearTurn, line.Seats))
            {
                near.Add(who.Consultation);
            }
            else
            {
                line.IsNear = false;
            }

            line.Before++;
        }

        return near.ToImmutable();
    }

    private static (string, string, string?, string, Urgency, Guid, string) Key(Waiting who) => (who.Need, who.Lang, who.Area, who.Channel, who.Urgency, who.Organisation, who.Campaign);

    /// <summary>People who differ in nothing but when they came.</summary>
    private sealed class Alike(HashSet<int> fits, int seats)
    {
        public HashSet<int> Fits => fits;

        public int Seats => seats;

        public ImmutableArray<Alike> Rivals { get; set; } = [];

        public int Before { get; set; }

        public bool IsNear { get; set; } = true;
    }
}
