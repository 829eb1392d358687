using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>Hours in which one more clinician of a skill is worth most.</summary>
/// <param name="To">Not any more.</param>
/// <param name="Minutes">Weighted minutes of waiting that one doctor-hour takes away there, on average.</param>
public sealed record WorthSpan(string Skill, int From, int To, double Minutes);

/// <summary>A group before and after a change.</summary>
/// <param name="Change">-1 better, 1 worse, 0: no more than chance would do.</param>
public sealed record GroupChange(GroupFigures Now, GroupFigures Then, int Change);

/// <summary>The answer to "what if".</summary>
/// <param name="OneIn">The day was played with one in so many of people and clinicians; 1: with all.</param>
/// <param name="Worth">On the day as it would be after the change.</param>
/// <param name="Calls">Whom to call for, most useful first.</param>
/// <param name="KeptNow">How dated answers would be kept as it is, and <paramref name="KeptThen"/>, with the change.</param>
public sealed record PlanAnswer(
    DayFigures Now, DayFigures Then, ImmutableArray<GroupChange> Groups, ImmutableArray<WorthCell> Worth, ImmutableArray<string> Skills, int Hours, ImmutableArray<WorthSpan> Calls, int OneIn, PromisesKept KeptNow, PromisesKept KeptThen);

/// <summary>Plays a day as it is and as it would be, with the dispatcher of production, and compares.</summary>
public static class Plan
{
    private const int Hour = 3600;
    private const int MostCalls = 3;

    /// <summary>A difference in the cost of a group that is smaller than this share of it is chance: one person more or less shifts as much.</summary>
    private const double Chance = 0.05;
    private const double ChanceSeconds = 5;

    /// <param name="level">Of the surge as it is.</param>
    /// <param name="most">People, above which the day is made smaller.</param>
    public static PlanAnswer Answer(PlannedDay day, DispatchRules rules, int level, WhatIf change, int most)
    {
        ArgumentNullException.ThrowIfNull(change);
        var (smaller, oneIn) = Smaller.Of(day, most);
        var asked = change with
        {
            More = [.. change.More.Select(m => m with { Count = Scaled(m.Count, oneIn) })],
            Trained = [.. change.Trained.Select(t => t with { Count = Scaled(t.Count, oneIn) })],
            Lent = [.. change.Lent.Where((_, n) => n % oneIn == oneIn / 2)],
            Brought = [.. change.Brought.Where((_, n) => n % oneIn == 0)],
        };
        var (now, changed) = (DayRun.Play(smaller, rules, level), asked.On(smaller));
        var then = asked.IsNothing && asked.Level == level ? now : DayRun.Play(changed, rules, asked.Level);
        ImmutableArray<string> skills = [.. changed.People.GroupBy(p => p.Need, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key)];
        var hours = (changed.People.Select(p => p.At).DefaultIfEmpty(0).Max() / Hour) + 1;
        var worth = Dispatch.Worth.Of(then, skills, hours);
        var (before, after) = (DayFigures.Of(now), DayFigures.Of(then));
        return new PlanAnswer(before, after, Compare(before, after), worth, skills, hours, Calls(worth, skills, hours), oneIn, now.Kept.Times(oneIn), then.Kept.Times(oneIn));
    }

    /// <summary>What was asked for is played with at least one, so a large day says for how many it holds.</summary>
    public static int Scaled(int count, int oneIn) => count == 0 ? 0 : Math.Sign(count) * Math.Max(1, (int)Math.Round(Math.Abs(count) / (double)oneIn));

    private static ImmutableArray<GroupChange> Compare(DayFigures now, DayFigures then) =>
        [.. from before in now.Groups
            join after in then.Groups on (before.Of, before.Name) equals (after.Of, after.Name)
            select new GroupChange(before, after, Math.Abs(after.Cost - before.Cost) < Math.Max(ChanceSeconds, before.Cost * Chance) ? 0 : Math.Sign(after.Cost - before.Cost))];

    /// <summary>For each skill the hours around its best that are worth at least half as much; what is worth less than a tenth of the best of all is not called for.</summary>
    private static ImmutableArray<WorthSpan> Calls(ImmutableArray<WorthCell> worth, ImmutableArray<string> skills, int hours)
    {
        var best = worth.Select(c => c.Minutes).DefaultIfEmpty(0).Max();
        return [.. skills.Select(skill => Span([.. worth.Where(c => c.Skill == skill).OrderBy(c => c.Hour)], hours))
            .Where(span => span.Minutes > 0 && span.Minutes >= best / 10)
            .OrderByDescending(span => span.Minutes).Take(MostCalls)];
    }

    private static WorthSpan Span(List<WorthCell> of, int hours)
    {
        var top = of.MaxBy(c => c.Minutes) ?? new WorthCell("", 0, 0, 0);
        var (from, to) = (top.Hour, top.Hour + 1);
        while (from > 0 && of[from - 1].Minutes >= top.Minutes / 2)
        {
            from--;
        }

        while (to < hours && of[to].Minutes >= top.Minutes / 2)
        {
            to++;
        }

        return new WorthSpan(top.Skill, from, to, of.Skip(from).Take(to - from).Select(c => c.Minutes).DefaultIfEmpty(0).Average());
    }
}
