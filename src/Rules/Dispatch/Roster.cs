using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>A shift on the roster. Times in UTC milliseconds.</summary>
/// <param name="Clinician">Null: so many of an organisation whose names are not known.</param>
/// <param name="People">1 for a named clinician.</param>
/// <param name="Seats">Consultations at once, of each.</param>
public sealed record Rostered(
    Guid? Clinician, Guid Organisation, int People, ImmutableArray<string> Skills, ImmutableArray<string> Langs, ImmutableArray<string> Licence, ImmutableArray<string> Channels,
    int Seats, long From, long To)
{
    /// <summary>A health adviser, who takes people by the surge ladder alone: <see cref="Promises.AsAdviser(Rostered, SurgeLevels, AdviserRules)"/>.</summary>
    public bool IsAdviser { get; init; }

    /// <summary>They take nobody more urgent than this.</summary>
    public Urgency MostUrgent { get; init; } = Urgency.Emergency;

    /// <summary>Whose people they take, where the surge ladder says so; null: everybody's.</summary>
    public CampaignReach? Reach { get; init; }
}

/// <summary>Clinicians alike who are there from when to when: on duty now, or on the roster. Times in UTC milliseconds.</summary>
/// <param name="Like">As dispatch sees each of them.</param>
/// <param name="IsHere">On duty now.</param>
public sealed record Presence(OnDuty Like, int People, long From, long To, bool IsHere);

/// <summary>Numbers of planning with the roster that no law gives, from <c>policies/plan.json</c>.</summary>
/// <param name="LateMs">Whoever is rostered and so late is not counted on any more.</param>
/// <param name="StayMs">Whoever is on duty without a shift is counted on for so long.</param>
/// <param name="TogetherMs">Shifts of one person with no more than this between them count as one.</param>
public sealed record RosterRules(long LateMs, long StayMs, long TogetherMs);

/// <summary>What follows from the roster for dispatch and for planning.</summary>
public static class Roster
{
    /// <summary>When the shift ends, or ended, in which somebody on duty is; null outside of any, and then there is no end to think of.</summary>
    /// <param name="own">Shifts of one clinician, in any order.</param>
    /// <param name="since">Since when they are on duty: what was over before that is over.</param>
    public static long? EndOf(IEnumerable<Rostered> own, RosterRules rules, long since, long now)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(rules);
        long? end = null;
        foreach (var shift in own.Where(s => s.To > since).OrderBy(s => s.From).ThenBy(s => s.To))
        {
            var joined = end is { } until && shift.From <= until + rules.TogetherMs;
            end = joined ? Math.Max(shift.To, end ?? 0) : shift.From <= now ? shift.To : end;
        }

        return end;
    }

    /// <summary>
    /// Who is there in the time to come. Whoever is on duty stays until their shift ends, or their organisation's where the roster names nobody, or for
    /// a while; whoever is rostered comes, unless they are here already or too late to be counted on.
    /// </summary>
    /// <param name="onDuty">Not on a break, with the organisation of each, and since when.</param>
    public static ImmutableArray<Presence> Ahead(IEnumerable<(OnDuty Who, Guid Organisation, long Since)> onDuty, IReadOnlyCollection<Rostered> roster, RosterRules rules, int slowdown, long now)
    {
        ArgumentNullException.ThrowIfNull(onDuty);
        ArgumentNullException.ThrowIfNull(roster);
        ArgumentNullException.ThrowIfNull(rules);
        var ahead = ImmutableArray.CreateBuilder<Presence>();
        var unnamed = roster.Where(r => r.Clinician is null && r.To > now).OrderBy(r => r.From).ThenBy(r => r.To).Select(r => (Shift: r, Here: 0)).ToArray();
        var here = new Dictionary<Guid, long>();
        foreach (var (who, organisation, since) in onDuty)
        {
            var until = EndOf(roster.Where(r => r.Clinician == who.Clinician), rules, since, now);
            here[who.Clinician] = until ?? now;
            var theirs = until is null ? Array.FindIndex(unnamed, u => u.Shift.Organisation == organisation && u.Shift.From <= now && u.Here < u.Shift.People) : -1;
            if (theirs >= 0)
            {
                unnamed[theirs].Here++;
                until = unnamed[theirs].Shift.To;
            }

            if ((until ?? now + rules.StayMs) is var end && end > now)
            {
                // Tired now, or near the end: that is of this moment, and the end stands in the span.
                ahead.Add(new Presence(who with { LeastUrgent = Urgency.Question, Because = Spared.Not }, 1, now, end, IsHere: true));
            }
        }

        foreach (var shift in roster.Where(r => r.Clinician is { } named && r.To > now && !IsHere(r, named)))
        {
            ahead.Add(Coming(shift, shift.People));
        }

        foreach (var (shift, came) in unnamed.Where(u => u.Shift.People > u.Here && now - u.Shift.From <= rules.LateMs))
        {
            ahead.Add(Coming(shift, shift.People - came));
        }

        return ahead.ToImmutable();

        // A shift that somebody on duty is in is counted by them; one later today is still to come.
        bool IsHere(Rostered shift, Guid named) => here.TryGetValue(named, out var until) ? shift.From <= until : now - shift.From > rules.LateMs;

        Presence Coming(Rostered shift, int people) => new(
            new OnDuty(shift.Clinician ?? Guid.Empty, "", 0, shift.Skills, shift.Langs, shift.Licence, shift.Channels, shift.Seats, 0, false, false, 0, slowdown, Organisation: shift.Organisation, MostUrgent: shift.MostUrgent, Reach: shift.Reach), people, Math.Max(shift.From, now), shift.To, IsHere: false);
    }
}
