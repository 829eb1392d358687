using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Dispatch;

/// <param name="TellMinutes">Before the end of a shift the clinician is told.</param>
/// <param name="StayMinutes">By so much a shift is made longer by whoever says that they stay.</param>
public sealed record ShiftEndRule(int TellMinutes, int StayMinutes);

/// <summary>How much is too much for one clinician. Each cap has its source beside it.</summary>
/// <param name="SoftPercent">Of a cap; from here on fewer at once.</param>
/// <param name="SoftSeatsPercent">Of the seats, rounded up.</param>
/// <param name="BreakMinutes">Of a break that counts as one.</param>
/// <param name="ShiftGapMinutes">Off duty for so long, and a new shift begins.</param>
public sealed record FatigueRule(int ContinuousMinutes, int Consultations, int DayMinutes, int SoftPercent, int SoftSeatsPercent, int BreakMinutes, int ShiftGapMinutes, ImmutableArray<FatigueSource> Sources);

/// <param name="Cap">continuous, consultations or day.</param>
public sealed record FatigueSource(string Cap, string Grade, string Source);

/// <summary>What a clinician on duty may be asked for: <c>policies/duty.json</c>, signed by the authority.</summary>
public sealed record DutyPolicy(string Id, string Version, string About, ShiftEndRule ShiftEnd, FatigueRule Fatigue)
{
    public const string Continuous = "continuous";
    public const string Consultations = "consultations";
    public const string Day = "day";

    private const int Whole = 100;

    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="FormatException">Not such a policy: the sentence says what is wrong.</exception>
    public static DutyPolicy Read(string json)
    {
        DutyPolicy policy;
        try
        {
            policy = JsonSerializer.Deserialize<DutyPolicy>(json, Strict) ?? throw new FormatException("it is empty.");
        }
        catch (JsonException wrong)
        {
            throw new FormatException(wrong.Message, wrong);
        }

        var (end, tired) = (policy.ShiftEnd, policy.Fatigue);
        int[] positive = [end.TellMinutes, end.StayMinutes, tired.ContinuousMinutes, tired.Consultations, tired.DayMinutes, tired.BreakMinutes, tired.ShiftGapMinutes, tired.SoftPercent, tired.SoftSeatsPercent];
        return positive.Any(n => n < 1) ? throw new FormatException("each number is 1 or more.")
            : tired.SoftPercent > Whole || tired.SoftSeatsPercent > Whole ? throw new FormatException("a share is 100 at most.")
            : tired.Sources.IsDefault || !new[] { Continuous, Consultations, Day }.All(cap => tired.Sources.Any(s => s.Cap == cap && s.Source.Length > 0)) ? throw new FormatException("each cap names its source.")
            : policy;
    }
}
