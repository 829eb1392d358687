using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Campaigns;

/// <summary>From the shorter to the longer wait, in minutes, as it is said to people.</summary>
public sealed record WaitRange(int FromMinutes, int ToMinutes);

/// <summary>The numbers of a campaign's page, from <c>policies/campaigns.json</c>.</summary>
/// <param name="WaitWindowMinutes">Waits that ended so recently count; 1 or more.</param>
/// <param name="WaitLowPercent">0 to 100: this share waited no longer than the lower end.</param>
/// <param name="WaitHighPercent">At least <paramref name="WaitLowPercent"/>, at most 100.</param>
/// <param name="WaitRoundMinutes">Both ends are rounded up to a multiple of this; 1 or more.</param>
/// <param name="WaitFewest">Fewer measured waits than this tell nothing.</param>
/// <param name="PromiseHours">So far ahead somebody is promised an hour whose entrance is full; 0 to 72.</param>
public sealed record CampaignRules(string Version, int WaitWindowMinutes, int WaitLowPercent, int WaitHighPercent, int WaitRoundMinutes, int WaitFewest, int PromiseHours = 12)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    public TimeSpan WaitWindow => TimeSpan.FromMinutes(WaitWindowMinutes);

    /// <exception cref="JsonException">A member is unknown, missing or out of its range.</exception>
    public static CampaignRules Parse(string json)
    {
        var rules = JsonSerializer.Deserialize<CampaignRules>(json, Strict) ?? throw new JsonException("The campaign rules are empty.");
        return rules is { WaitWindowMinutes: >= 1, WaitLowPercent: >= 0, WaitHighPercent: <= 100, WaitRoundMinutes: >= 1, WaitFewest: >= 1, PromiseHours: >= 0 and <= 72 } && rules.WaitLowPercent <= rules.WaitHighPercent
            ? rules
            : throw new JsonException("The campaign rules are out of range.");
    }

    /// <summary>What may be said about the wait, or null while too few waits were measured.</summary>
    /// <param name="waits">Measured waits in any order, from arrival to the first clinician.</param>
    public WaitRange? Range(IReadOnlyCollection<TimeSpan> waits)
    {
        ArgumentNullException.ThrowIfNull(waits);
        if (waits.Count < WaitFewest)
        {
            return null;
        }

        var ordered = waits.Order().ToList();
        return new WaitRange(RoundUp(Percentile(ordered, WaitLowPercent)), RoundUp(Percentile(ordered, WaitHighPercent)));
    }

    /// <summary>Nearest rank: a wait that somebody really had.</summary>
    private static TimeSpan Percentile(List<TimeSpan> ordered, int percent) =>
        ordered[Math.Max(0, (((ordered.Count * percent) + 99) / 100) - 1)];

    private int RoundUp(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes / WaitRoundMinutes)) * WaitRoundMinutes;
}
