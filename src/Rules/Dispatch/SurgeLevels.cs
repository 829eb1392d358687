using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>The level of the surge ladder that counts for each campaign's people.</summary>
/// <param name="Everybody">The deployment's; of every campaign that is not in <paramref name="Own"/>.</param>
/// <param name="Own">By the campaign's address: where it may not go as high, or begins higher.</param>
public sealed record SurgeLevels(int Everybody, ImmutableSortedDictionary<string, int> Own)
{
    public static SurgeLevels Of(int everybody) => new(everybody, ImmutableSortedDictionary<string, int>.Empty);

    /// <summary>Of all: what no campaign stands on has not to be reckoned.</summary>
    public int Highest => Own.Values.Append(Everybody).Max();

    public int Of(string campaign) => Own.GetValueOrDefault(campaign, Everybody);

    /// <summary>Whose people are at this level or above; null: everybody's, or nobody's.</summary>
    public CampaignReach? Reach(int level)
    {
        var otherwise = Everybody >= level;
        ImmutableArray<string> but = [.. Own.Where(c => c.Value >= level != otherwise).Select(c => c.Key)];
        return but.IsEmpty ? null : new CampaignReach(otherwise, but);
    }
}

/// <summary>The campaigns whose people a clinician may take.</summary>
/// <param name="Otherwise">Whether those of the campaigns that are not named.</param>
/// <param name="But">For these it is the other way.</param>
public sealed record CampaignReach(bool Otherwise, ImmutableArray<string> But)
{
    public string Key { get; } = $"{(Otherwise ? "all but " : "none but ")}{string.Join(',', But)}";

    public bool Holds(string campaign) => Otherwise != But.Contains(campaign);
}
