using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>
/// How long a fact may be kept, and why. The years and their legal basis are data: <c>policies/retention.json</c>.
/// Each class of a consultation has a key of its own; the class ends when that key is destroyed.
/// </summary>
public enum RetentionClass
{
    /// <summary>Chat, story, answers, advice and pictures of a light consultation: process records (CN-REC-02).</summary>
    Process,

    /// <summary>How to reach a person: for as long as the consultation lives, then with it.</summary>
    Contact,

    /// <summary>Exposure and place, gathered for the emergency alone (CN-PI-07): ends with it.</summary>
    Emergency,
}

/// <summary>What of a fact stays readable without any key: codes only, never a name or a word of a person.</summary>
public sealed record Header(
    ConsultationId Consultation,
    long Version,
    DateTimeOffset At,
    string Kind,
    string Actor,
    RetentionClass Retention,
    Bucket Bucket,
    Urgency? Urgency,
    string? Reason,
    DateTimeOffset? Due)
{
    /// <summary>The header of <paramref name="fact"/>, given the state after it.</summary>
    public static Header Of(Fact fact, Consultation after, string actor)
    {
        ArgumentNullException.ThrowIfNull(after);
        return new(after.Id, after.Version, after.ChangedAt, KindOf(fact), actor, RetentionOf(fact), after.Bucket, after.Urgency, ReasonOf(fact), after.Due);
    }

    private static RetentionClass RetentionOf(Fact fact) => fact switch
    {
        ContactGiven or ContactVerified => RetentionClass.Contact,
        PlaceStated => RetentionClass.Emergency,
        _ => RetentionClass.Process,
    };

    private static string? ReasonOf(Fact fact) => fact switch
    {
        Triaged f => $"{f.Outcome.Disposition}/{f.Outcome.DecidedBy.Id}@{f.Outcome.DecidedBy.Version}/{f.Outcome.Row}",
        DangerSpotted f => f.Code,
        UrgencyChanged f => f.Reason,
        UrgencySet f => f.To < f.From ? "raised" : "lowered",
        Assigned f => f.Why,
        Prompted f => f.Why,
        PromptPassed f => f.Because,
        HandedOver f => f.Reason,
        GuardOverridden f => string.Join(';', f.Rules),
        PutOnHold f => f.Reason,
        Closed f => f.ByPatient ? "by_patient" : "by_clinician",
        Left f => f.Reason,
        ContactAttempted f => f.Reached ? "reached" : "not_reached",
        TurnedAway f => f.Reason,
        Referred f => f.Reason,
        CheckAsked f => f.What,
        CheckMissed f => f.What,
        EntrySeenTo f => $"{f.What}/{f.Came}",
        AdviceCorrected f => CorrectionCode.Write(f),
        CorrectionSeen f => f.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
        NoticeGiven f => f.Notice.ToString("N"),
        NoticeSeen f => f.Notice.ToString("N"),
        ProofGiven f => f.How,
        FlagConfirmed f => $"{f.Flag.Code()}/{f.Duty}",
        FlagRefused f => f.Flag.Code(),
        ReportAcknowledged f => f.Flag.Code(),
        Offered f => f.Because,
        Promised f => f.What,
        Erased f => string.Join(';', f.Campaign, f.Entrance, f.Province, f.AgeBand, f.Lang, f.Disposition),
        _ => null,
    };

    /// <summary>The kind as it stands in the log: the discriminator of the payload.</summary>
    public static string KindOf(Fact fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        return Kinds.TryGetValue(fact.GetType(), out var kind)
            ? kind
            : throw new InvalidOperationException($"'{fact.GetType().Name}' has no kind.");
    }

    /// <summary>What the header of an erasure says: the last fact is readable without any key. Null for every other kind.</summary>
    /// <exception cref="FormatException">The header of an erasure does not hold its six codes.</exception>
    public static Erased? ReadErased(string kind, string? reason)
    {
        if (kind != Kinds[typeof(Erased)])
        {
            return null;
        }

        return reason?.Split(';') is [var campaign, var entrance, var province, var ageBand, var lang, var disposition]
            ? new Erased(campaign, entrance, province, ageBand, lang, disposition)
            : throw new FormatException("The header of an erasure is damaged.");
    }

    private static readonly Dictionary<Type, string> Kinds =
        typeof(Fact).GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonDerivedTypeAttribute), inherit: false)
            .Cast<System.Text.Json.Serialization.JsonDerivedTypeAttribute>()
            .ToDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);
}
