using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Yizhen.Web.Triage;

namespace Yizhen.Benchmarks;

/// <summary>A real consultation that somebody has read and labelled by hand.</summary>
/// <param name="Text">The person's opening text with the fields of their form. It is read from its own place and never printed.</param>
/// <param name="Written">Date of its form; null where there is none, or where the form is of an earlier visit.</param>
/// <param name="Label">Empty where only single facts were labelled.</param>
/// <param name="Acceptable">Other dispositions that the reader holds right as well.</param>
internal sealed record Labelled(string Id, string Text, DateOnly? Written, CaseFactsOf Facts, string Label, ImmutableArray<string> Acceptable)
{
    private static readonly string[] Languages = ["zh", "en"];

    /// <summary>Nobody wrote of this epidemic before.</summary>
    private static readonly DateOnly Begins = new(2020, 1, 1);

    public bool Agrees(string disposition) => disposition == Label || Acceptable.Contains(disposition);

    /// <param name="labels">One JSON object a line: id, facts, label, acceptable. No text.</param>
    /// <param name="consultations">The folder that holds the texts by id.</param>
    public static IReadOnlyList<Labelled> Read(string labels, string consultations)
    {
        var texts = Languages.SelectMany(lang => File.ReadLines(Path.Combine(consultations, $"{lang}.jsonl"))).Select(Story).ToDictionary(s => s.Id, StringComparer.Ordinal);
        var reader = new CaseReader();
        return [.. File.ReadLines(labels).Where(line => line.Length > 0).Select(line =>
        {
            using var label = JsonDocument.Parse(line);
            var root = label.RootElement;
            var id = Word(root, "id");
            var facts = reader.Read($"{{\"case_id\":\"{id}\",\"facts\":{Stated(root.GetProperty("facts"))}}}").Facts;
            var acceptable = root.TryGetProperty("acceptable", out var others) ? others.EnumerateArray().Select(a => a.ToString()) : [];
            return new Labelled(id, texts[id].Text, texts[id].Written, new CaseFactsOf(facts), root.TryGetProperty("label", out var said) ? said.ToString() : "", [.. acceptable]);
        })];
    }

    /// <summary>As a case is written: labels may say "yes" and "no" of a pregnancy.</summary>
    private static string Stated(JsonElement labelled)
    {
        var facts = JsonNode.Parse(labelled.GetRawText())?.AsObject() ?? [];
        if (facts["pregnant"] is JsonValue pregnant && pregnant.TryGetValue<string>(out var said))
        {
            facts["pregnant"] = said == "yes";
        }

        return facts.ToJsonString();
    }

    private static (string Id, string Text, DateOnly? Written) Story(string line)
    {
        using var one = JsonDocument.Parse(line);
        var form = one.RootElement.TryGetProperty("intake", out var intake) && intake.ValueKind == JsonValueKind.Object
            ? intake.EnumerateObject().Where(f => f.Value.ValueKind == JsonValueKind.String).Select(f => f.Value.ToString())
            : [];
        DateOnly? day = one.RootElement.TryGetProperty("form_date", out var date) && DateOnly.TryParseExact(date.ToString(), "yyyy-MM-dd", out var written) && written >= Begins ? written : null;
        return (Word(one.RootElement, "id"), string.Join('\n', form.Prepend(Word(one.RootElement, "description"))), day);
    }

    private static string Word(JsonElement element, string member) => element.GetProperty(member).GetString() ?? "";
}
