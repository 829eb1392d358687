using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Yizhen.Rules.Triage;

/// <summary>What a protocol file must hold to be one: its faults, and the schema by which an editor helps to write it.</summary>
public sealed partial record Protocol
{
    /// <summary>What keeps it from being used, each as one sentence: rows without source, texts that are missing. Empty when whole.</summary>
    public IReadOnlyList<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Id) || string.IsNullOrWhiteSpace(Version) || string.IsNullOrWhiteSpace(Status) || !Title.IsWhole())
        {
            return ["id, version, status and title in both languages must be there"];
        }

        if (Questions.IsDefault || Rows.IsDefaultOrEmpty || Sources.IsDefaultOrEmpty || Texts is null || Reviewers.IsDefault)
        {
            return ["questions, rows, texts, sources and reviewers must all be there"];
        }

        return
        [
            .. Rows.SelectMany(RowFaults),
            .. Rows.GroupBy(r => r.Id).Where(same => same.Skip(1).Any()).Select(same => $"there is more than one row {same.Key}"),
            .. QuestionFaults(),
            .. Covers?.Fault() is { } covers ? [$"covers: {covers}"] : Array.Empty<string>(),
            .. To < From ? ["it ends before it begins"] : Array.Empty<string>(),
            .. (Terms?.Keys ?? []).Where(t => Names?.GetValueOrDefault(t).IsWhole() != true).Select(t => $"the term {t} needs a name in both languages"),
            .. Texts.Where(t => !t.Value.IsWhole()).Select(t => $"the text {t.Key} needs both languages{UsedBy(r => Keys(r).Contains(t.Key))}"),
            .. Sources.Where(s => !s.Title.IsWhole() || s.Note is not null && !s.Note.IsWhole()).Select(s => $"the source {s.Id} needs both languages{UsedBy(r => Listed(r.Sources).Contains(s.Id))}"),
            .. new[] { Fallback, Unsure }.OfType<string>().Where(id => Rows.All(r => r.Id != id)).Select(id => $"row {id} is not there"),
        ];
    }

    /// <summary>The JSON schema of a protocol file, drawn from the records themselves.</summary>
    public static JsonNode Schema() => Strict.GetJsonSchemaAsNode(typeof(Protocol), new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = static (context, schema) =>
        {
            // A member must be written where the record can neither be null nor has a value of its own.
            if (schema is JsonObject whole && whole["properties"] is JsonObject members && context.TypeInfo.Properties is var properties)
            {
                var needed = properties.Where(p => members.ContainsKey(p.Name) && p.AssociatedParameter is { IsNullable: false, HasDefaultValue: false } && !MayBeLeftOut(p.PropertyType)).Select(p => (JsonNode)p.Name);
                _ = needed.Any() ? whole["required"] = new JsonArray([.. needed]) : null;
            }

            if (context.Path.IsEmpty && schema is JsonObject root)
            {
                root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
            }

            return schema;
        },
    });

    /// <summary>A value type that is left out reads as its zero: no date, no flag.</summary>
    private static bool MayBeLeftOut(Type type) => type == typeof(bool);

    private IEnumerable<string> RowFaults(Row row)
    {
        var sources = Sources.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        if (row.Flags.IsDefault || row.Advice.IsDefault || row.Watch.IsDefault || row.CallNow.IsDefault)
        {
            yield return $"row {row.Id}: flags, advice, watch and call_now must be there, empty where there is none";
        }

        if (row.Sources.IsDefaultOrEmpty || row.Sources.Any(s => !sources.Contains(s)))
        {
            yield return $"row {row.Id} names no source, or one that is not listed";
        }

        foreach (var key in Keys(row).Where(key => !Texts.ContainsKey(key)))
        {
            yield return $"row {row.Id}: the text {key} is missing";
        }

        if (!row.Reason.IsWhole() || !row.Headline.IsWhole())
        {
            yield return $"row {row.Id}: reason and headline need both languages";
        }

        if (row.When is null && row.Id != Fallback && row.Id != Unsure)
        {
            yield return $"row {row.Id} has no condition and is neither fallback nor unsure";
        }

        if (row.When?.Fault() is { } fault)
        {
            yield return $"row {row.Id}: {fault}";
        }
    }

    private IEnumerable<string> QuestionFaults() =>
        from question in Questions
        let choices = Listed(question.Choices)
        let fault = question.Choices.IsDefault ? "needs choices, empty for a number"
            : !question.Ask.IsWhole() || new[] { question.Hint, question.Why }.Concat(choices.SelectMany(c => new[] { c.Says, c.Hint })).Any(w => w is not null && !w.IsWhole()) || choices.Any(c => !c.Says.IsWhole()) ? "needs both languages"
            : question.Kind != QuestionKind.Number && choices.IsEmpty ? "needs choices"
            : question.Min > question.Max ? "is plausible from more than it is plausible to"
            : question.AskedWhen?.Fault()
        where fault is not null
        select $"question {question.Code} {fault}{UsedBy(r => r.When?.Inputs().Contains(question.Code) == true)}";

    private string UsedBy(Func<Row, bool> uses) => Rows.Where(uses).Select(r => r.Id).ToList() is { Count: > 0 } rows ? $" (row {string.Join(", ", rows)})" : "";

    private static IEnumerable<string> Keys(Row row) => Listed(row.Advice).Concat(Listed(row.Watch)).Concat(Listed(row.CallNow));

    private static ImmutableArray<T> Listed<T>(ImmutableArray<T> array) => array.IsDefault ? [] : array;
}

internal static class Whole
{
    public static bool IsWhole(this Wording? wording) => wording is not null && !string.IsNullOrWhiteSpace(wording.Zh) && !string.IsNullOrWhiteSpace(wording.En);
}
