using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Page;

namespace Yizhen.Web.Commands.Drill;

/// <summary>A day that comes with the product.</summary>
/// <param name="Busiest">The hour at which most people come, 0 to 23.</param>
/// <param name="People">Of the whole day.</param>
public sealed record ShippedDay(string Name, int People, int Doctors, int Busiest);

/// <summary>The days that come with the product, read when somebody first asks for them.</summary>
internal sealed class Scenarios(PlanRules rules, DispatchRules dispatch, DutyPolicy duty, SurgeRules surge)
{
    private const int Hour = 3600;
    private const int Day = 24;

    /// <summary>People who press Start in a second of the clock on the wall: as many as a small machine serves beside everything else.</summary>
    private const double MostAtOnce = 2.5;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "scenarios");

    private readonly Lazy<ImmutableSortedDictionary<string, PlannedDay>> days = new(() =>
        Directory.Exists(Folder) ? Directory.GetDirectories(Folder).ToImmutableSortedDictionary(d => Path.GetFileName(d), d => DayFolder.Read(d, null, rules), StringComparer.Ordinal) : ImmutableSortedDictionary<string, PlannedDay>.Empty);

    public ImmutableArray<ShippedDay> All => [.. days.Value.Select(d => new ShippedDay(d.Key, d.Value.People.Length, d.Value.Shifts.Length, Busiest(d.Value)))];

    /// <summary>What somebody who only presses the button sees: the evening on which a whole province comes at once.</summary>
    public DrillAsked Usual => All.FirstOrDefault(s => s.Name == "flash") is { } flash ? new DrillAsked("flash", flash.Busiest, 1, 40, 0) : new DrillAsked("", 0, 1, 40, 0);

    /// <summary>Null where there is no such day, or nobody comes in those hours.</summary>
    public (DrillPlan Plan, int OneIn)? Plan(DrillAsked asked)
    {
        if (!days.Value.TryGetValue(asked.Scenario, out var day) || asked.Hour is < 0 or >= Day || asked.Length is < 1 or > Day || asked.Speed is < 1 or > 120 || asked.Level is < 0 or > Surge.Highest)
        {
            return null;
        }

        var (from, to) = (asked.Hour * Hour, (asked.Hour + asked.Length) * Hour);
        var most = day.People.Where(p => p.At >= from && p.At < to).GroupBy(p => p.At / Hour).Select(g => g.Count()).DefaultIfEmpty(0).Max();
        var oneIn = Math.Max(1, (int)Math.Ceiling(most / (double)Hour * asked.Speed / MostAtOnce));
        var smaller = DrillDay.Of(day, (from, to), oneIn, rules, dispatch, duty, surge);
        return smaller.People.IsEmpty || smaller.Shifts.IsEmpty ? null : (new DrillPlan(smaller, from, asked.Speed, asked.Level), oneIn);
    }

    public static string Words(Lang t, string name) => name switch
    {
        "jan26" => t["2020 年 1 月 26 日", "26 January 2020"],
        "flash" => t["傍晚一个省突然都来", "One province comes at once in the evening"],
        "churn" => t["医生中途走的多", "Many doctors leave half-way"],
        "phone" => t["打电话的多", "Many telephone"],
        "normal" => t["平常的一天", "An ordinary day"],
        _ => name,
    };

    private static int Busiest(PlannedDay day) => day.People.GroupBy(p => p.At / Hour).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key).FirstOrDefault();
}

/// <summary>What an operator asks for.</summary>
/// <param name="Hour">First hour of the day, 0 to 23.</param>
/// <param name="Length">How many hours, 1 to 24.</param>
/// <param name="Speed">Times faster than the clock on the wall, 1 to 120.</param>
/// <param name="Level">Of the surge ladder.</param>
public sealed record DrillAsked(string Scenario, int Hour, int Length, int Speed, int Level);
