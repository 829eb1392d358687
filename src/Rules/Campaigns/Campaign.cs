using System.Collections.Immutable;

namespace Yizhen.Rules.Campaigns;

public enum CampaignState
{
    Draft,
    Open,

    /// <summary>Nobody new for a while; whoever waits has the promise of a time.</summary>
    Paused,
    Closed,
}

/// <summary>A text that must exist in both languages before anybody reads it.</summary>
public sealed record BothWays(string Zh, string En)
{
    public bool IsWhole => !string.IsNullOrWhiteSpace(Zh) && !string.IsNullOrWhiteSpace(En);

    public string In(string lang) => lang == "en" ? En : Zh;
}

/// <summary>Opening hours of a day in the deployment's zone. From later than to means over midnight; equal means the whole day.</summary>
public sealed record Hours(TimeOnly From, TimeOnly To)
{
    public bool Holds(TimeOnly time) => From == To || (From < To ? time >= From && time < To : time >= From || time < To);

    public override string ToString() => $"{From:HH\\:mm}-{To:HH\\:mm}";

    /// <summary>As stored: 08:00-22:00.</summary>
    public static Decision<Hours> Read(string? text) =>
        text?.Split('-') is [var from, var to]
        && TimeOnly.TryParse(from, System.Globalization.CultureInfo.InvariantCulture, out var start)
        && TimeOnly.TryParse(to, System.Globalization.CultureInfo.InvariantCulture, out var end)
            ? new Hours(start, end)
            : Refusal.Malformed;
}

/// <summary>A free consultation campaign 义诊: who runs it, for whom, when, and by which day's rules.</summary>
/// <param name="Regions">Codes of whom it covers; none: everybody, wherever they are.</param>
/// <param name="Numbers">Emergency and hotline numbers beside 120.</param>
/// <param name="RulesDate">Pinned day of the protocols, in demo and drill only; else the day of opening.</param>
public sealed record Campaign(
    string Slug,
    Guid Organisation,
    BothWays Name,
    BothWays Owner,
    BothWays Purpose,
    BothWays Covers,
    ImmutableArray<string> Regions,
    Hours Hours,
    string Hotline,
    ImmutableArray<string> Numbers,
    DateOnly? RulesDate,
    CampaignState State)
{
    private const int LongestSlug = 40;

    /// <summary>Days: a later answer is none.</summary>
    private const int LongestPromise = 7;

    public CampaignTerms Terms { get; init; } = CampaignTerms.Plain;

    /// <summary>Small letters, digits and hyphens: it stands in posters and is read out on the telephone.</summary>
    public static Decision<string> ReadSlug(string? typed)
    {
        var slug = (typed ?? "").Trim().ToLowerInvariant();
        return slug.Length is > 0 and <= LongestSlug && slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && slug[0] != '-'
            ? slug
            : Refusal.Malformed;
    }

    /// <summary>What is missing before it may open, as codes that the page words; empty when nothing is.</summary>
    public ImmutableArray<string> Missing(bool rehearsal)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var (code, text) in new[] { ("name", Name), ("owner", Owner), ("purpose", Purpose), ("covers", Covers) })
        {
            if (!text.IsWhole)
            {
                missing.Add(code);
            }
        }

        foreach (var (code, text) in new[] { ("partners", Terms.Partners), ("paused_text", Terms.PausedText), ("closed_text", Terms.ClosedText) })
        {
            if (!CampaignTerms.IsEven(text))
            {
                missing.Add(code);
            }
        }

        if (string.IsNullOrWhiteSpace(Hotline))
        {
            missing.Add("hotline");
        }

        if (RulesDate is not null && !rehearsal)
        {
            missing.Add("rules_date");
        }

        return missing.ToImmutable();
    }

    public Decision<Campaign> Open(bool rehearsal) => State == CampaignState.Open ? this
        : Missing(rehearsal).IsEmpty ? this with { State = CampaignState.Open }
        : Refusal.CampaignTextMissing;

    /// <summary>Opened under what was found: refused while a line of <see cref="OpeningCheck"/> is missing. The versions in force are kept with it.</summary>
    public Decision<Campaign> Open(CampaignReadiness found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return State == CampaignState.Open ? this
            : !Missing(found.Rehearsal).IsEmpty ? Refusal.CampaignTextMissing
            : OpeningCheck.Of(this, found).Any(line => line.State == CheckState.Missing) ? Refusal.CampaignNotReady
            : this with { State = CampaignState.Open, Terms = Terms with { Under = found.Versions } };
    }

    /// <summary>Nobody new until it is opened again; whoever waits is promised an answer by a time that is still to come.</summary>
    public Decision<Campaign> HaltUntil(DateTimeOffset answerBy, DateTimeOffset now) => State is not (CampaignState.Open or CampaignState.Paused) ? Refusal.CampaignNotOpen
        : answerBy <= now || answerBy > now.AddDays(LongestPromise) ? Refusal.Malformed
        : this with { State = CampaignState.Paused, Terms = Terms with { Pause = new CampaignPause(now, answerBy) } };

    /// <summary>Nobody new; whoever is inside goes on to the end.</summary>
    public Campaign Close() => this with { State = CampaignState.Closed };

    /// <summary>The same words for the next time, as a draft: without its days, its pause and the pinned date.</summary>
    public Decision<Campaign> CopyTo(string? typed) => ReadSlug(typed).Then<Campaign>(slug => this with
    {
        Slug = slug, State = CampaignState.Draft, RulesDate = null, Terms = Terms with { Starts = null, Ends = null, Pause = null, Under = [], Filing = "", Asked = null, Opened = null },
    });

    /// <summary>Whether somebody new may start: open, within its days and at its hours.</summary>
    public bool TakesAt(DateTimeOffset now, TimeZoneInfo zone) => State == CampaignState.Open && IsWithinHours(now, zone) && Terms.Holds(TimeZoneInfo.ConvertTime(now, zone).DateTime);

    /// <summary>For good: closed, or its last day is over.</summary>
    public bool HasEnded(DateTimeOffset now, TimeZoneInfo zone) => State == CampaignState.Closed || TimeZoneInfo.ConvertTime(now, zone).DateTime >= Terms.Ends;

    /// <summary>The day whose protocols judge a consultation that opens now.</summary>
    public DateOnly RulesDateOn(DateTimeOffset now, TimeZoneInfo zone) =>
        RulesDate ?? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);

    /// <summary>Whether somebody who is there is covered; where they live or whom they work for nobody asks them to prove by where they are. Who named only the city or province of a covered district is believed.</summary>
    /// <param name="region">Six-digit code; null abroad.</param>
    public bool Includes(string? region) => Regions.IsEmpty || Terms.Basis != CoverBasis.Present || (region is not null && Regions.Any(covered => Places.Holds(covered, region) || Places.Holds(region, covered)));

    public bool IsWithinHours(DateTimeOffset now, TimeZoneInfo zone) => Hours.Holds(TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime));
}
