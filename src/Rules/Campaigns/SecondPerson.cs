namespace Yizhen.Rules.Campaigns;

/// <summary>Somebody asks for the campaign to be opened as it stands; another operator of the organisation is still to confirm it.</summary>
/// <param name="By">Actor, as in headers.</param>
/// <param name="Name">As it was then.</param>
public sealed record OpeningAsk(string By, string Name, DateTimeOffset At);

/// <summary>By whom it was opened last.</summary>
/// <param name="Ask">Null where nobody had to be asked.</param>
/// <param name="Because">Why one person alone opened it; empty where two did, or where one is enough.</param>
public sealed record CampaignOpening(OpeningAsk? Ask, string By, string Name, DateTimeOffset At, string Because);

/// <summary>How many it takes to open a campaign.</summary>
public enum OpeningTakes
{
    /// <summary>Demo and drill; and to go on after a pause, which goes back to what was confirmed: nobody waits outside at night for a second signature.</summary>
    One,

    /// <summary>The organisation has one operator: alone, with a reason that is recorded.</summary>
    OneWithReason,

    /// <summary>One asks, another confirms.</summary>
    Two,
}

/// <summary>What an operator says when pressing Open.</summary>
/// <param name="Seen">When the request that stood on the page was made; null where none did.</param>
/// <param name="Reason">Only where one person opens it alone.</param>
public sealed record OpeningPress(string By, string Name, DateTimeOffset At, DateTimeOffset? Seen, string Reason);

/// <summary>
/// A campaign is opened by one operator's request and another's confirmation. What is confirmed is what stood there when it was asked for: a change in between
/// takes the request back, and the check before opening holds at both moments.
/// </summary>
public static class SecondPerson
{
    /// <summary>Longest reason, in characters.</summary>
    public const int ReasonLength = 400;

    public static OpeningTakes Takes(Campaign campaign, CampaignReadiness found)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(found);
        return found.Rehearsal || campaign.State == CampaignState.Paused ? OpeningTakes.One : found.Operators > 1 ? OpeningTakes.Two : OpeningTakes.OneWithReason;
    }

    /// <summary>The campaign open, or with the request that somebody else is to confirm. Pressed again on one that is open changes nothing.</summary>
    public static Decision<Campaign> Press(this Campaign campaign, CampaignReadiness found, OpeningPress press)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(press);
        if (campaign.State == CampaignState.Open)
        {
            return campaign;
        }

        if (!campaign.Open(found).Is(out var open, out var why))
        {
            return why;
        }

        var ask = campaign.Terms.Asked;
        return Takes(campaign, found) switch
        {
            OpeningTakes.One => Opened(null, ""),
            OpeningTakes.OneWithReason => string.IsNullOrWhiteSpace(press.Reason) ? Refusal.ReasonNeeded
                : press.Reason.Trim().Length > ReasonLength ? Refusal.TextTooLong
                : Opened(null, press.Reason.Trim()),
            OpeningTakes.Two => ask?.At != press.Seen ? Refusal.Conflict
                : ask is null ? campaign with { Terms = campaign.Terms with { Asked = new OpeningAsk(press.By, press.Name, press.At) } }
                : ask.By == press.By ? Refusal.SecondPersonNeeded
                : Opened(ask, ""),
        };

        Campaign Opened(OpeningAsk? asked, string because) =>
            open with { Terms = open.Terms with { Asked = null, Opened = new CampaignOpening(asked, press.By, press.Name, press.At, because) } };
    }

    /// <summary>The request is taken back, by whoever made it or by somebody who does not confirm it. Twice is once.</summary>
    public static Campaign Unasked(this Campaign campaign)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        return campaign.Terms.Asked is null ? campaign : campaign with { Terms = campaign.Terms with { Asked = null } };
    }
}
