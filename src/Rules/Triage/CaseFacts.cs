using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Triage;

/// <summary>What is known of a case that cannot be asked back, in the codes of <c>docs/words.md</c>. Any of it may be missing.</summary>
/// <param name="Age">In years, with decimals below one.</param>
/// <param name="TemperatureC">Axillary unless a site is known.</param>
/// <param name="Absent">Codes that were denied.</param>
/// <param name="Exposure">Flags by code; "unknown" and missing say nothing.</param>
/// <param name="Region">A code or a name. It never chooses rules and is never an exposure.</param>
/// <param name="AnxietyDominant">Fear leads, more than any sign.</param>
/// <param name="Infection">Of the nucleic-acid test: no, released, positive or unknown, as the question of that name offers.</param>
public sealed record CaseFacts(
    decimal? Age,
    string? Sex,
    bool? Pregnant,
    decimal? TemperatureC,
    decimal? DaysSinceOnset,
    ImmutableArray<string>? Symptoms,
    ImmutableArray<string>? Absent,
    decimal? Spo2,
    ImmutableArray<string>? Comorbidities,
    ImmutableSortedDictionary<string, bool?>? Exposure,
    string? Region,
    bool? AnxietyDominant,
    CaseVitals? Vitals,
    string? Infection = null)
{
    internal const string Within = "within_14_days";

    public static CaseFacts None { get; } = new(null, null, null, null, null, null, null, null, null, null, null, null, null);

    /// <summary>The answers that the same person would have given on a page. What is not stated is not there.</summary>
    public ImmutableDictionary<string, string> Answers()
    {
        var answers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        void Put(string code, string? value)
        {
            if (value is { Length: > 0 })
            {
                answers[code] = value;
            }
        }

        Put("age", Number(Age));
        Put("sex", Sex);
        Put("pregnant", Pregnant is { } pregnant ? pregnant ? "yes" : "no" : null);
        Put("temperature_c", Number(TemperatureC ?? Vitals?.TemperatureC));
        Put("measured", answers.ContainsKey("temperature_c") ? "yes" : null);
        Put("days_since_onset", Number(DaysSinceOnset));
        Put("spo2", Number(Spo2 ?? Vitals?.Spo2));
        Put("respiratory_rate", Number(Vitals?.RespiratoryRate));
        Put("heart_rate", Number(Vitals?.HeartRate));
        Put("systolic", Number(Vitals?.Systolic));
        Put("consciousness", Vitals?.Consciousness);
        Put("symptoms", Joined(Symptoms));
        Put("signs", Joined(Symptoms));
        Put("absent", Joined(Absent));
        Put("comorbidities", Joined(Comorbidities));
        Put("exposure", Exposed());
        Put("infection", Infection);
        Put("anxiety_dominant", AnxietyDominant is { } fear ? fear ? "yes" : "no" : null);
        return answers.ToImmutable();
    }

    /// <summary>Exposures count unless they are said to be older than the window of the protocols.</summary>
    private string? Exposed() =>
        Exposure is not { } flags || flags.GetValueOrDefault(Within) == false ? null
        : Joined([.. flags.Where(f => f.Value == true && f.Key is not (Within or Question.Unknown)).Select(f => f.Key)]);

    private static string? Number(decimal? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Joined(ImmutableArray<string>? codes) =>
        codes is { IsDefaultOrEmpty: false } known ? string.Join(Condition.Separator, known.Distinct().Order(StringComparer.Ordinal)) : null;
}

/// <param name="Consciousness">alert, altered or new_confusion.</param>
public sealed record CaseVitals(decimal? TemperatureC, decimal? Spo2, decimal? RespiratoryRate, decimal? HeartRate, decimal? Systolic, string? Consciousness);
