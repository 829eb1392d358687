namespace Yizhen.Rules.Campaigns;

/// <summary>
/// The part of the surge ladder that a campaign stands on. It begins at <paramref name="From"/>, whatever the deployment's level, and is never put above
/// <paramref name="To"/>. No level keeps urgency 1 to 3 from a clinician, so this one does not either.
/// </summary>
/// <param name="From">0 to <see cref="Highest"/>.</param>
/// <param name="To">At least <paramref name="From"/>.</param>
/// <param name="Because">Why; empty only for the whole ladder.</param>
public sealed record CampaignLadder(int From, int To, string Because)
{
    /// <summary>As the deployment's.</summary>
    public const int Highest = 4;

    public static CampaignLadder Whole { get; } = new(0, Highest, "");

    public bool IsWhole => From == 0 && To == Highest;

    /// <summary>The level that counts for this campaign's people.</summary>
    /// <param name="level">The deployment's.</param>
    public int At(int level) => Math.Max(From, Math.Min(level, To));
}
