using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Triage;

namespace Yizhen.Benchmarks;

/// <summary>The facts of a case as sets of words by field, so that two readings of one text can be held against each other.</summary>
internal sealed record CaseFactsOf(CaseFacts Facts)
{
    private const decimal NearTemperature = 0.1m;

    public static readonly ImmutableArray<string> Fields =
        ["symptoms", "absent", "comorbidities", "exposure", "age", "sex", "pregnant", "temperature_c", "days_since_onset", "spo2", "anxiety_dominant"];

    /// <summary>What stands in a field; a single value is a set of one.</summary>
    public ImmutableHashSet<string> Of(string field) => field switch
    {
        "symptoms" => [.. Facts.Symptoms ?? []],
        "absent" => [.. Facts.Absent ?? []],
        "comorbidities" => [.. Facts.Comorbidities ?? []],
        "exposure" => [.. (Facts.Exposure ?? ImmutableSortedDictionary<string, bool?>.Empty).Where(e => e.Value == true && e.Key != "within_14_days").Select(e => e.Key)],
        "age" => One(Facts.Age),
        "sex" => Facts.Sex is { } sex ? [sex] : [],
        "pregnant" => Facts.Pregnant is { } pregnant ? [pregnant ? "yes" : "no"] : [],
        "temperature_c" => One(Facts.TemperatureC),
        "days_since_onset" => One(Facts.DaysSinceOnset),
        "spo2" => One(Facts.Spo2),
        "anxiety_dominant" => Facts.AnxietyDominant == true ? ["yes"] : [],
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    public static bool Same(string field, string one, string other) =>
        one == other || (field == "temperature_c" && Math.Abs(decimal.Parse(one, CultureInfo.InvariantCulture) - decimal.Parse(other, CultureInfo.InvariantCulture)) <= NearTemperature);

    private static ImmutableHashSet<string> One(decimal? number) => number is { } value ? [value.ToString("0.##", CultureInfo.InvariantCulture)] : [];
}
