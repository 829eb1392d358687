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
        var rivals = new Dictionary<string, Rival>(StringComparer.Ordinal);
        foreach (var who in inOrder)
        {
            if (!lines.ContainsKey(Key(who)))
            {
                HashSet<int> fits = [.. Enumerable.Range(0, profiles.Count).Where(n => Fit.Of(who, profiles[n].Like) == Filter.None)];
                var same = string.Join(',', fits);
                lines[Key(who)] = new Alike(rivals.TryGetValue(same, out var known) ? known : rivals[same] = new Rival(fits), fits.Sum(n => who.IsCall ? profiles[n].People : profiles[n].Seats));
            }
        }

        foreach (var rival in rivals.Values)
        {
            rival.All = [.. rivals.Values.Where(other => other.Fits.Overlaps(rival.Fits))];
        }

        var near = ImmutableArray.CreateBuilder<Guid>();
        foreach (var who in inOrder)
        {
            var line = lines[Key(who)];
            if (line.Seats > 0 && line.IsNear && line.Fits.All.Sum(r => r.Before) < Math.Max(rules.NearTurn, line.Seats))
            {
                near.Add(who.Consultation);
            }
            else
            {
                line.IsNear = false;
            }

            line.Fits.Before++;
        }

        return near.ToImmutable();
    }

    private static (string, string, string?, string, Urgency, Guid, string) Key(Waiting who) => (who.Need, who.Lang, who.Area, who.Channel, who.Urgency, who.Organisation, who.Campaign);

    /// <summary>People who differ in nothing but when they came.</summary>
    private sealed class Alike(Rival fits, int seats)
    {
        public Rival Fits => fits;

        public int Seats => seats;

        public bool IsNear { get; set; } = true;
    }

    /// <summary>Everybody whom the same clinicians may take. People are of thousands of kinds, but the clinicians of few.</summary>
    private sealed class Rival(HashSet<int> fits)
    {
        public HashSet<int> Fits => fits;

        /// <summary>Those who may get one of the same clinicians, these themselves among them; of whom nobody may take, nobody.</summary>
        public ImmutableArray<Rival> All { get; set; } = [];

        public int Before { get; set; }
    }
}
