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
        var inOrder = waiting.OrderBy(w => Pool.Rank(w, rules, now)).ThenBy(w => w.ArrivedAt).ThenBy(w => w.Order).ToList();
        var rivals = new Rivals(staff);
        var standing = new Dictionary<Rival, Standing>();
        var lines = new Dictionary<(string, string, string?, string, Urgency, Guid, string, Urgency), Alike>();
        foreach (var who in inOrder)
        {
            if (!lines.ContainsKey(Rivals.Kind(who)))
            {
                var fits = rivals.Of(who);
                lines[Rivals.Kind(who)] = new Alike(standing.TryGetValue(fits, out var known) ? known : standing[fits] = new Standing(), rivals.Seats(who));
            }
        }

        foreach (var (rival, those) in standing)
        {
            those.All = [.. standing.Where(other => rival.Meets(other.Key)).Select(other => other.Value)];
        }

        var near = ImmutableArray.CreateBuilder<Guid>();
        foreach (var who in inOrder)
        {
            var line = lines[Rivals.Kind(who)];
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

    /// <summary>People who differ in nothing but when they came.</summary>
    private sealed class Alike(Standing fits, int seats)
    {
        public Standing Fits => fits;

        public int Seats => seats;

        public bool IsNear { get; set; } = true;
    }

    /// <summary>Everybody whom the same clinicians may take, as they stand.</summary>
    private sealed class Standing
    {
        /// <summary>Those who may get one of the same clinicians, these themselves among them; of whom nobody may take, nobody.</summary>
        public ImmutableArray<Standing> All { get; set; } = [];

        public int Before { get; set; }
    }
}
