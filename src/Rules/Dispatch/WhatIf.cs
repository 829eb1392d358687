using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>More clinicians of a skill, or fewer, from when to when. Seconds from the beginning of the day.</summary>
/// <param name="Count">Below 0: so many of those who are on duty with this skill are not there.</param>
public sealed record MoreDoctors(string Skill, int From, int To, int Count);

/// <summary>Of those on duty without this skill so many learn it, whoever is on duty longest first.</summary>
public sealed record Training(string Skill, int Count);

/// <summary>What is asked of a day.</summary>
/// <param name="Level">Of the surge.</param>
/// <param name="Lent">Shifts that a hospital brings into the pool, and <paramref name="Brought"/>, the people who come with them.</param>
public sealed record WhatIf(int Level, ImmutableArray<MoreDoctors> More, ImmutableArray<Training> Trained, ImmutableArray<Shift> Lent, ImmutableArray<Coming> Brought)
{
    public const int AddedSeats = 3;
    public const int AddedSlowdown = 350;
    private const int AddedBusySeconds = 8 * 3600;

    /// <summary>But, perhaps, the level.</summary>
    public bool IsNothing => More.IsEmpty && Trained.IsEmpty && Lent.IsEmpty && Brought.IsEmpty;

    public static WhatIf OnlyLevel(int level) => new(level, [], [], [], []);

    /// <summary>A clinician who is added: this skill and general complaints, Mandarin, chats, licensed everywhere, three chats at once.</summary>
    public static Shift Added(string skill, int from, int to, string name) => new(
        name, skill == "general" ? [skill] : [skill, "general"], ["zh"], ["*"], [Waiting.Chat], from, to, AddedSeats, AddedBusySeconds, AddedSlowdown);

    /// <summary>The level now against another, on the same day: what is shown before a level is set.</summary>
    public static (DayFigures Now, DayFigures Proposed) Levels(PlannedDay day, DispatchRules rules, int now, int proposed) =>
        (DayFigures.Of(DayRun.Play(day, rules, now)), DayFigures.Of(DayRun.Play(day, rules, proposed)));

    public PlannedDay On(PlannedDay day)
    {
        ArgumentNullException.ThrowIfNull(day);
        var shifts = day.Shifts.ToList();
        foreach (var change in More)
        {
            for (var n = 0; n < change.Count; n++)
            {
                shifts.Add(Added(change.Skill, change.From, change.To, $"+{change.Skill}{n + 1}"));
            }

            Fewer(shifts, change);
        }

        foreach (var training in Trained)
        {
            foreach (var at in Enumerable.Range(0, shifts.Count).Where(n => !shifts[n].Skills.Contains(training.Skill)).OrderByDescending(n => shifts[n].To - shifts[n].From).ThenBy(n => n).Take(training.Count).ToList())
            {
                shifts[at] = shifts[at] with { Skills = shifts[at].Skills.Add(training.Skill) };
            }
        }

        return day with
        {
            Shifts = [.. shifts, .. Lent],
            People = Brought.IsEmpty ? day.People : [.. day.People.Concat(Brought.Select(p => p with { OwnShift = null })).OrderBy(p => p.At)],
        };
    }

    /// <summary>Who is taken off keeps the shift before and after. Whom their patients knew stays at the same place.</summary>
    private static void Fewer(List<Shift> shifts, MoreDoctors change)
    {
        var off = Enumerable.Range(0, shifts.Count)
            .Where(n => shifts[n].Skills.Contains(change.Skill) && shifts[n].From < change.To && shifts[n].To > change.From)
            .OrderByDescending(n => Math.Min(shifts[n].To, change.To) - Math.Max(shifts[n].From, change.From)).ThenBy(n => n)
            .Take(-change.Count).ToList();
        foreach (var at in off)
        {
            var shift = shifts[at];
            shifts[at] = shift with { To = Math.Max(shift.From, change.From) };
            if (shift.To > change.To)
            {
                shifts.Add(shift with { From = change.To, Name = shift.Name + "'" });
            }
        }
    }
}

/// <summary>A large day made smaller: one in so many of the people and of the clinicians. A smaller pool waits a little longer, so it is said beside the answer.</summary>
public static class Smaller
{
    /// <param name="most">People, above which it is made smaller.</param>
    public static (PlannedDay Day, int OneIn) Of(PlannedDay day, int most)
    {
        ArgumentNullException.ThrowIfNull(day);
        var oneIn = (int)(((long)day.People.Length + most - 1) / Math.Max(1, most));
        if (oneIn <= 1)
        {
            return (day, 1);
        }

        // Evenly over each kind, so that no small group vanishes by chance.
        var people = day.People.Select((p, n) => (p, n)).GroupBy(x => (x.p.Need, x.p.Channel, x.p.Urgency)).OrderBy(g => g.Min(x => x.n))
            .SelectMany((g, group) => g.Where((_, n) => (n + group) % oneIn == 0)).OrderBy(x => x.n).Select(x => x.p);
        var kept = day.Shifts.Select((s, n) => (s, n)).GroupBy(x => string.Join('|', x.s.Skills)).OrderBy(g => g.Min(x => x.n))
            .SelectMany(g => g.OrderBy(x => x.s.From).ThenBy(x => x.n)).Where((_, n) => n % oneIn == oneIn / 2).Select(x => x.n).Order().ToList();
        var placeOf = kept.Select((old, now) => (old, now)).ToDictionary(x => x.old, x => x.now);
        return (day with
        {
            People = [.. people.Select(Moved)],
            Shifts = [.. kept.Select(n => day.Shifts[n])],
            Away = [.. day.Away.Where(a => placeOf.ContainsKey(a.Shift)).Select(a => a with { Shift = placeOf[a.Shift] })],
            Promised = [.. day.Promised.Where((_, n) => n % oneIn == 0).Select(p => p with { Who = Moved(p.Who) })],
            Running = [.. day.Running.Where(r => placeOf.ContainsKey(r.Shift)).Select(r => r with { Shift = placeOf[r.Shift] })],
        }, oneIn);

        Coming Moved(Coming who) => who.OwnShift is { } own ? who with { OwnShift = placeOf.TryGetValue(own, out var place) ? place : null } : who;
    }
}
