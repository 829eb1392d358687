using System.Collections.Immutable;

namespace Yizhen.Rules.Campaigns;

public enum CheckState
{
    Passed,

    /// <summary>It is said, and stops nothing.</summary>
    Reminder,

    /// <summary>It stays closed until this is there.</summary>
    Missing,
}

/// <param name="Code">What was looked at; the page words it.</param>
public sealed record CheckLine(string Code, CheckState State);

/// <param name="IsSigned">By an authority that counts here; in demo and drill the demo's.</param>
public sealed record ProtocolFound(string Id, string Version, bool IsSigned);

/// <summary>Clinicians who may take this campaign's people, of one organisation.</summary>
/// <param name="Now">On duty.</param>
/// <param name="Soon">On the roster from within an hour, and not on duty yet.</param>
/// <param name="Keep">Percent of its seats that a lender keeps; null: its own, or pooled without a floor.</param>
public sealed record StaffFound(BothWays Name, bool Own, int Now, int Soon, int? Keep, ImmutableArray<string> Skills, ImmutableArray<string> Langs);

/// <summary>What was found in the deployment at the moment of opening.</summary>
/// <param name="Protocols">Those of the campaign's day; of each the newest version that is signed, else the newest.</param>
/// <param name="Policies">Pins of the signed policies: id, version, digest.</param>
/// <param name="Modes">What the signed policies allow here.</param>
/// <param name="Local">The moment in the deployment's zone.</param>
/// <param name="Operators">Accounts of the campaign's organisation that may open it.</param>
public sealed record CampaignReadiness(
    bool Rehearsal, ImmutableArray<ProtocolFound> Protocols, ImmutableArray<string> Policies, ImmutableArray<string> Modes, ImmutableArray<StaffFound> Staff, DateTime Local, int Operators = 1)
{
    public ImmutableArray<string> Versions => [.. Protocols.Select(p => $"{p.Id}@{p.Version}"), .. Policies];
}

/// <summary>The check before opening: a pure list of what is there and what is not.</summary>
public static class OpeningCheck
{
    private static readonly ImmutableArray<string> Always = ["name", "owner", "purpose", "covers"];
    private static readonly ImmutableArray<string> OnlyWhereWrong = ["partners", "paused_text", "closed_text", "rules_date"];

    public static ImmutableArray<CheckLine> Of(Campaign campaign, CampaignReadiness found)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(found);
        var (terms, missing) = (campaign.Terms, campaign.Missing(found.Rehearsal));
        var there = found.Staff.Where(s => s.Now + s.Soon > 0).ToList();
        var spoken = there.SelectMany(s => s.Langs).ToHashSet();
        return
        [
            .. Always.Select(code => new CheckLine(code, Must(!missing.Contains(code)))),
            .. OnlyWhereWrong.Where(code => missing.Contains(code)).Select(code => new CheckLine(code, CheckState.Missing)),
            new("hotline", Must(!missing.Contains("hotline"))),
            new("protocols", Must(!found.Protocols.IsEmpty && found.Protocols.All(p => p.IsSigned))),
            new("modes", Must(!terms.Modes.IsEmpty && terms.Modes.All(found.Modes.Contains))),
            new("on_duty", Must(there.Count > 0)),
            new("lent", there.Exists(s => !s.Own && s.Keep is null) ? CheckState.Reminder : CheckState.Passed),
            new("days", Must(!(terms.Ends <= found.Local) && !(terms.Ends <= terms.Starts))),
            .. terms.Languages.IsEmpty ? Enumerable.Empty<CheckLine>() : [new("languages", there.Count == 0 || terms.Languages.All(spoken.Contains) ? CheckState.Passed : CheckState.Reminder)],
            .. terms.Proof == CoverProof.Code ? [new CheckLine("code", Must(terms.Code.Length > 0))] : Enumerable.Empty<CheckLine>(),
            new("filing", terms.Filing.Length > 0 ? CheckState.Passed : CheckState.Reminder),
        ];
    }

    private static CheckState Must(bool isThere) => isThere ? CheckState.Passed : CheckState.Missing;
}
