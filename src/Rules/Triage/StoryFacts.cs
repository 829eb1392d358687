using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Triage;

/// <summary>What the lexicon reads in a story, as facts of a case. Where both say something, what was stated counts.</summary>
public static class StoryFacts
{
    private const string Yes = "yes";
    private const string No = "no";
    private const string Symptom = "symptoms:";
    private const string Condition = "comorbidities:";
    private const string Contact = "exposure:";

    public static CaseFacts With(this CaseFacts stated, IReadOnlyList<Reading> readings)
    {
        ArgumentNullException.ThrowIfNull(stated);
        ArgumentNullException.ThrowIfNull(readings);
        var plain = readings.ToLookup(r => r.Code, r => r.Value, StringComparer.Ordinal);
        var denied = stated.Absent ?? [];
        var signs = stated.Symptoms ?? [];
        return stated with
        {
            Age = stated.Age ?? Number(plain["age"]),
            Sex = stated.Sex ?? plain["sex"].FirstOrDefault(),
            Pregnant = stated.Pregnant ?? YesNo(plain["pregnant"]),
            TemperatureC = stated.TemperatureC ?? Number(plain["temperature_c"]),
            DaysSinceOnset = stated.DaysSinceOnset ?? Number(plain["days"]),
            Spo2 = stated.Spo2 ?? Number(plain["spo2"]),
            Symptoms = Union(signs, Codes(readings, Symptom, Yes).Except(denied)),
            Absent = Union(denied, Codes(readings, Symptom, No).Except(signs)),
            Comorbidities = Union(stated.Comorbidities ?? [], Codes(readings, Condition, Yes)),
            Exposure = stated.Exposure is { IsEmpty: false } ? stated.Exposure : Exposed(readings),
            AnxietyDominant = stated.AnxietyDominant ?? YesNo(plain["anxiety_dominant"]),
            Infection = stated.Infection ?? plain["infection"].FirstOrDefault(),
        };
    }

    /// <summary>Who was in contact with one and not with another was in contact.</summary>
    private static ImmutableSortedDictionary<string, bool?>? Exposed(IReadOnlyList<Reading> readings)
    {
        var flags = readings.Where(r => r.Code.StartsWith(Contact, StringComparison.Ordinal)).ToImmutableSortedDictionary(r => r.Code[Contact.Length..], r => YesNo([r.Value]), StringComparer.Ordinal);
        return flags.IsEmpty ? null : flags.Any(f => f.Value == true && f.Key is not (Question.None or CaseFacts.Within)) ? flags.Remove(Question.None) : flags;
    }

    private static IEnumerable<string> Codes(IEnumerable<Reading> readings, string prefix, string value) =>
        readings.Where(r => r.Value == value && r.Code.StartsWith(prefix, StringComparison.Ordinal)).Select(r => r.Code[prefix.Length..]);

    private static ImmutableArray<string>? Union(IEnumerable<string> one, IEnumerable<string> other) =>
        one.Union(other).ToImmutableArray() is { IsEmpty: false } whole ? whole : null;

    private static decimal? Number(IEnumerable<string> values) =>
        decimal.TryParse(values.FirstOrDefault(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool? YesNo(IEnumerable<string> values) => values.FirstOrDefault() switch { Yes => true, No => false, _ => null };
}
