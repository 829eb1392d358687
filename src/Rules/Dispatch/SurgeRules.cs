using System.Collections.Immutable;
using System.Text.Json;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>When a level is proposed, by how long it would take to clear the queue.</summary>
/// <param name="WindowMs">Over which those who were taken are counted.</param>
/// <param name="TooFew">Fewer taken than this within it: reckoned from the free and taken seats instead.</param>
/// <param name="ClearMs">Time to clear the queue from which level 1, 2, 3 and 4 is proposed; growing.</param>
/// <param name="Down">A lower level only where the time falls below so many thousandths of that: no going up and down.</param>
/// <param name="WithoutAnybody">The level at least, where people wait and nobody is on duty.</param>
public sealed record ProposalRules(long WindowMs, int TooFew, ImmutableArray<long> ClearMs, int Down, int WithoutAnybody);

/// <summary>Dated answers. One value per urgency, 1 to 5; 0: never.</summary>
/// <param name="RoundMs">Times are rounded up to a multiple of this: people keep a quarter past better.</param>
/// <param name="Seats">Of all seats on duty so many thousandths are taken to answer those whose date is due, where too few were taken lately to tell.</param>
/// <param name="Longer">So many thousandths of what the open promises would take now: clinicians go home, and one date too late is better than one broken.</param>
/// <param name="MostMs">No date lies further ahead than this.</param>
/// <param name="OpenMs">How long an offer may be taken.</param>
/// <param name="LeadMs">So long before it is due a written answer goes to a clinician, also while others wait.</param>
/// <param name="CallBackLeadMs">The same for a call-back: not earlier, for the person was told when.</param>
/// <param name="MissedWithinMs">Somebody of the staff sees to a missed one within this.</param>
public sealed record PromiseRules(
    ImmutableArray<long> WrittenMs, ImmutableArray<long> CallBackMs, long RoundMs, int Seats, int Longer, long MostMs, long OpenMs, long LeadMs, long CallBackLeadMs, long MissedWithinMs);

/// <summary>Whom health advisers take, and from which level on; below it dispatch gives them nobody.</summary>
/// <param name="From">The most urgent class they take.</param>
public sealed record AdviserRules(int Level, Urgency From, ImmutableArray<string> Needs);

/// <param name="SpanMs">Compared before and after a level was set, at most.</param>
/// <param name="Fewest">Fewer waits than this tell nothing.</param>
public sealed record EffectRules(long SpanMs, int Fewest);

/// <summary>The surge ladder's numbers, from <c>policies/surge.json</c>. All times in milliseconds.</summary>
public sealed record SurgeRules(string Version, ProposalRules Propose, PromiseRules Promise, AdviserRules Advisers, int DeskLevel, int BriefingLevel, EffectRules Effect)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="JsonException">A member is unknown, missing or out of its range.</exception>
    public static SurgeRules Parse(string json)
    {
        var rules = JsonSerializer.Deserialize<SurgeRules>(json, Strict) ?? throw new JsonException("The surge rules are empty.");
        var classes = Enum.GetValues<Urgency>().Length;
        return rules.Propose.ClearMs.Length != Surge.Highest || rules.Propose.ClearMs.Zip(rules.Propose.ClearMs.Skip(1)).Any(p => p.First >= p.Second) ? throw new JsonException("Each level is proposed later than the one below it.")
            : rules.Propose is { WindowMs: < 1 } or { TooFew: < 1 } or { Down: < 1 or > 1000 } or { WithoutAnybody: < 0 or > Surge.Highest } ? throw new JsonException("The rules of the proposal are out of range.")
            : rules.Promise.WrittenMs.Length != classes || rules.Promise.CallBackMs.Length != classes || rules.Promise is { RoundMs: < 1 } or { Seats: < 1 or > 1000 } or { Longer: < 1000 } or { MostMs: < 1 } or { OpenMs: < 1 } or { LeadMs: < 1 } or { CallBackLeadMs: < 1 } or { MissedWithinMs: < 1 } ? throw new JsonException("The rules of promises hold one value per urgency and times of 1 or more.")
            : rules.Advisers.From <= Urgency.Soon ? throw new JsonException("Advisers take nobody above urgency 4.")
            : rules;
    }
}
