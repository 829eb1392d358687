using System.Collections.Immutable;

namespace Yizhen.Rules.Campaigns;

/// <summary>By what somebody belongs to a campaign.</summary>
public enum CoverBasis
{
    /// <summary>Where the person is now; the only one that is asked about, and the only one that turns anybody back.</summary>
    Present,

    /// <summary>Where the person lives, wherever they are now: their own word.</summary>
    Residence,

    /// <summary>Whom the person works for.</summary>
    Employer,
}

/// <summary>What is asked to believe it. Nobody's papers are looked at, and nobody in danger is asked.</summary>
public enum CoverProof
{
    OwnWord,

    /// <summary>Where the phone number was first sold, against the regions that are covered. Only for where somebody lives.</summary>
    PhoneRegion,

    /// <summary>A word that the organisation has given its people.</summary>
    Code,
}

/// <summary>Emergency or hotline number of one place.</summary>
/// <param name="Region">Six digits.</param>
/// <param name="Line">The number with its name.</param>
public sealed record RegionNumber(string Region, string Line);

/// <summary>Nobody new is taken; whoever waited then has the promise of an answer by a time.</summary>
public sealed record CampaignPause(DateTimeOffset At, DateTimeOffset AnswerBy);

/// <summary>What a campaign says beside its name, owner and hours. Everything has a value under which a campaign of before these were asked goes on as it was.</summary>
public sealed record CampaignTerms
{
    public const string Light = "light";

    /// <summary>As it was before anything of this was asked.</summary>
    public static CampaignTerms Plain { get; } = new();

    public BothWays Partners { get; init; } = new("", "");

    /// <summary>Reference of the filing with the health authority; may come later.</summary>
    public string Filing { get; init; } = "";

    public CoverBasis Basis { get; init; }

    public CoverProof Proof { get; init; }

    /// <summary>Where <see cref="Proof"/> is a code: the word, compared without case.</summary>
    public string Code { get; init; } = "";

    /// <summary>Where <see cref="Proof"/> is the phone's region: whoever has a number from elsewhere is believed by their own word.</summary>
    public bool OwnWordToo { get; init; } = true;

    /// <summary>Codes of languages somebody should be there for; empty: none is named.</summary>
    public ImmutableArray<string> Languages { get; init; } = [];

    /// <summary>What may be done: light consultation only, until a policy allows more.</summary>
    public ImmutableArray<string> Modes { get; init; } = [Light];

    /// <summary>First and last minute in the deployment's zone; null: not set.</summary>
    public DateTime? Starts { get; init; }

    public DateTime? Ends { get; init; }

    /// <summary>Said while it is paused and after it was closed; both empty: the product's own words.</summary>
    public BothWays PausedText { get; init; } = new("", "");

    public BothWays ClosedText { get; init; } = new("", "");

    public ImmutableArray<RegionNumber> RegionNumbers { get; init; } = [];

    /// <summary>People let in within one hour by all entrances together; null: as many as come.</summary>
    public int? PerHour { get; init; }

    /// <summary>Protocols and policies that were in force when it was opened.</summary>
    public ImmutableArray<string> Under { get; init; } = [];

    /// <summary>The newest pause; it stays after the campaign goes on, for its promise does.</summary>
    public CampaignPause? Pause { get; init; }

    /// <summary>Levels of the surge ladder that this campaign may be put on.</summary>
    public CampaignLadder Ladder { get; init; } = CampaignLadder.Whole;

    /// <summary>Somebody has asked to open it, and another is to confirm; null where nobody has.</summary>
    public OpeningAsk? Asked { get; init; }

    /// <summary>By whom it was opened last; null where it never was, or before this was kept.</summary>
    public CampaignOpening? Opened { get; init; }

    /// <summary>Neither language or both: one alone leaves half of the readers without it.</summary>
    public static bool IsEven(BothWays text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.IsNullOrWhiteSpace(text.Zh) == string.IsNullOrWhiteSpace(text.En);
    }

    /// <param name="local">In the deployment's zone.</param>
    public bool Holds(DateTime local) => !(local < Starts) && !(local >= Ends);

    /// <summary>Whether what was typed is the organisation's word; true where none is asked for.</summary>
    public bool Believes(string? typed) => Proof != CoverProof.Code || string.Equals(typed?.Trim(), Code, StringComparison.OrdinalIgnoreCase);
}
