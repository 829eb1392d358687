using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Dispatch;

/// <summary>What the planner assumes, from <c>policies/plan.json</c>. The product measures neither patience nor the curve of a day: these are assumptions, and the page says so.</summary>
/// <param name="LookBackHours">Whoever came in these hours stands for whoever will come.</param>
/// <param name="AheadHours">How far it looks.</param>
/// <param name="MostPeople">Above that a day is played with one in so many.</param>
/// <param name="WorkSeconds">Of a consultation, before enough were measured.</param>
/// <param name="PatienceSeconds">Half of those who chat wait at least so long.</param>
/// <param name="CallPatience">Of that, for a call, in thousandths.</param>
/// <param name="Roster">What counts as late, and how long whoever has no shift is counted on.</param>
/// <param name="ByHour">How many come, hour by hour, against each other.</param>
public sealed record PlanRules(
    string Version, DayRules Day, int LookBackHours, int AheadHours, int MostPeople, int WorkSeconds, int PatienceSeconds, int CallPatience, int BusyMinutes, RosterRules Roster, ImmutableArray<int> ByHour)
{
    private const int Hours = 24;

    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="JsonException">A member is unknown or missing, or a list is too short.</exception>
    public static PlanRules Parse(string json)
    {
        var rules = JsonSerializer.Deserialize<PlanRules>(json, Strict) ?? throw new JsonException("The rules of the planner are empty.");
        var classes = Enum.GetValues<Triage.Urgency>().Length;
        return rules.ByHour.Length == Hours && rules.Day.Weights.Length == classes && rules.Day.TargetSeconds.Length == classes
            ? rules
            : throw new JsonException("The rules of the planner must hold one value per hour and per urgency.");
    }
}
