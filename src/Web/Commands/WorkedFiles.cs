using System.Collections.Immutable;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary>The worked cases beside a protocol, and the worked texts beside the lexicon.</summary>
internal static class WorkedFiles
{
    public static IReadOnlyList<WorkedCase> Cases(string file) => Read(file, "a protocol without worked cases cannot be checked", text => WorkedCase.Parse(text));

    public static IReadOnlyList<WorkedStory> Stories(string folder) =>
        Read(Path.Combine(folder, "lexicon.cases.json"), "a lexicon without worked texts cannot be checked", text => JsonSerializer.Deserialize<WorkedStory[]>(text, Faces.Json) ?? []);

    private static IReadOnlyList<T> Read<T>(string file, string without, Func<string, IReadOnlyList<T>> parse)
    {
        try
        {
            return File.Exists(file) ? parse(File.ReadAllText(file)) : throw new StorageException($"{Path.GetFileName(file)} is missing: {without}.");
        }
        catch (JsonException wrong)
        {
            throw new StorageException($"{Path.GetFileName(file)} holds no worked cases: {wrong.Message}", wrong);
        }
    }
}

/// <summary>A text of which somebody has said by hand what stands in it, beside the lexicon.</summary>
/// <param name="Dangers">Codes, all of them.</param>
/// <param name="Readings">Those that must be read so; others may be.</param>
/// <param name="Written">Day on which it was written; null: days that it names are not read.</param>
internal sealed record WorkedStory(string Text, ImmutableArray<string> Dangers, ImmutableDictionary<string, string> Readings, DateOnly? Written = null)
{
    /// <summary>Null when the lexicon reads what was worked by hand.</summary>
    public string? Fault(Lexicon lexicon)
    {
        var dangers = lexicon.Dangers(Text).Select(d => d.Code).ToHashSet();
        var readings = lexicon.Read(Text, Written).ToDictionary(r => r.Code, r => r.Value);
        return !dangers.SetEquals(Dangers) ? $"'{Text}': expected dangers [{string.Join(", ", Dangers)}], found [{string.Join(", ", dangers)}]"
            : Readings.FirstOrDefault(r => readings.GetValueOrDefault(r.Key) != r.Value) is { Key: not null } missed ? $"'{Text}': expected {missed.Key} {missed.Value}, found {readings.GetValueOrDefault(missed.Key) ?? "nothing"}"
            : null;
    }
}
