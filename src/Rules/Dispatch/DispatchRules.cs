using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>
/// The numbers of dispatch, from <c>policies/dispatch.json</c>. All times in milliseconds; lists hold one value per urgency, 1 to 5.
/// </summary>
/// <param name="TargetMs">Wait within which a class should be answered. Ageing begins after it.</param>
/// <param name="OwnClinicianMs">How long a person of this class waits for their own clinician before anybody takes them.</param>
/// <param name="OfferHandOverMs">Unanswered for so long, the clinician is offered to hand over.</param>
/// <param name="UnreachableAfterMs">No sign of life of the clinician: the patient is told.</param>
/// <param name="ReassignAfterMs">No sign of life: given to another.</param>
/// <param name="NudgeAfterMs">Alive but silent: the desk says so.</param>
/// <param name="PatientSilentMs">The patient has not answered: the seat is freed.</param>
/// <param name="HoldForMs">How long a held place waits before the person is looked for.</param>
/// <param name="RingAfterMs">Urgency 1 without a clinician: the operator is rung.</param>
/// <param name="RingAgainMs">And again.</param>
/// <param name="TypicalMs">How long a call takes before any was measured; it weighs as much as <paramref name="TypicalWeight"/> that were.</param>
/// <param name="FinishMs">How long one of the class typically takes: later than so long before the end of a shift nobody of it is given. 0: until the end.</param>
/// <param name="Prompts">Whom a clinician is asked to take instead of being given.</param>
/// <param name="Reading">How the live loop reads who waits.</param>
/// <param name="Slowdown">How much each further chat slows a clinician of whom that is not known, in thousandths.</param>
/// <param name="NearTurn">Whoever has fewer before them than there are seats for them, or than so many where there are fewer seats, is told that the turn is near.</param>
/// <param name="NearTurnAfterMs">But not who came only now.</param>
/// <param name="TurnToldAfterMs">A person whose page does not follow is told of the turn after this.</param>
/// <param name="TurnToldUntilMs">And not any more after this.</param>
public sealed record DispatchRules(
    string Version,
    ImmutableArray<long> TargetMs,
    ImmutableArray<long> OwnClinicianMs,
    ImmutableArray<long> OfferHandOverMs,
    long UnreachableAfterMs,
    long ReassignAfterMs,
    long NudgeAfterMs,
    long PatientSilentMs,
    long HoldForMs,
    long RingAfterMs,
    long RingAgainMs,
    int NearTurn,
    long NearTurnAfterMs,
    long TurnToldAfterMs,
    long TurnToldUntilMs,
    long TypicalMs,
    int TypicalWeight,
    int Slowdown,
    ImmutableArray<long> FinishMs,
    CallRules Calls,
    ChoiceRules Choice,
    OfferRules Offers,
    PromptRules Prompts,
    ReadRules Reading)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    public long Target(Urgency urgency) => TargetMs[(int)urgency - 1];

    public long OwnClinician(Urgency urgency) => OwnClinicianMs[(int)urgency - 1];

    public long Finish(Urgency urgency) => FinishMs[(int)urgency - 1];

    public long OfferHandOver(Urgency urgency) => OfferHandOverMs[(int)urgency - 1];

    /// <summary>For a drill whose time goes so many times faster: what is about living people and machines, who is lost, who is slow, how long somebody is asked, is so much longer in its time. How long people wait stays as it is.</summary>
    public DispatchRules WhereTimeIs(double faster) => this with
    {
        OfferHandOverMs = [.. OfferHandOverMs.Select(ms => Longer(ms, faster))],
        UnreachableAfterMs = Longer(UnreachableAfterMs, faster),
        ReassignAfterMs = Longer(ReassignAfterMs, faster),
        NudgeAfterMs = Longer(NudgeAfterMs, faster),
        PatientSilentMs = Longer(PatientSilentMs, faster),
        Prompts = Prompts with { Ms = Longer(Prompts.Ms, faster), AgainMs = Longer(Prompts.AgainMs, faster) },
        Reading = Reading with { OverlapMs = Longer(Reading.OverlapMs, faster) },
    };

    private static long Longer(long ms, double by) => (long)(ms * by);

    /// <exception cref="JsonException">A member is unknown or missing, or a list does not hold one value per urgency.</exception>
    public static DispatchRules Parse(string json)
    {
        var rules = JsonSerializer.Deserialize<DispatchRules>(json, Strict) ?? throw new JsonException("The dispatch rules are empty.");
        var classes = Enum.GetValues<Urgency>().Length;
        ImmutableArray<long>[] each = [rules.TargetMs, rules.OwnClinicianMs, rules.OfferHandOverMs, rules.FinishMs, rules.Offers.ExpectedMs, rules.Offers.CallExpectedMs, rules.Offers.WaitedMs, rules.Offers.CallWaitedMs];
        return each.All(list => !list.IsDefault && list.Length == classes)
            ? rules
            : throw new JsonException("The dispatch rules must hold one value per urgency.");
    }
}

/// <summary>A turn reads what has changed. All of it is read anew so often that it takes at most a share of the time, and at least so often as said: what became visible late, or was mended by hand, is seen then.</summary>
/// <param name="Share">Of the time, in thousandths.</param>
/// <param name="AllMs">At the latest after so long.</param>
/// <param name="OverlapMs">What was written so long before the last reading is read again: a commit becomes visible a little after the time that it carries.</param>
public sealed record ReadRules(int Share, long AllMs, long OverlapMs)
{
    private const double Thousand = 1000;

    /// <summary>All of it is to be read anew.</summary>
    /// <param name="sinceMs">It was last, so long ago.</param>
    /// <param name="tookMs">And took so long.</param>
    public bool IsDue(double sinceMs, double tookMs) => sinceMs >= Math.Min(AllMs, tookMs * Thousand / Share);
}
