using System.Collections.Immutable;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary>A case that was worked by hand, beside the protocol: answers in, disposition and deciding row out.</summary>
/// <param name="Answers">What was said on pages; with <paramref name="Facts"/>, what the text of a case added.</param>
/// <param name="Facts">Of a case that cannot be asked back.</param>
internal sealed record WorkedCase(string Id, DateOnly Day, string? Region, ImmutableDictionary<string, string>? Answers, CaseFacts? Facts, Disposition Disposition, string Row, ImmutableArray<string>? Flags)
{
    public static IReadOnlyList<WorkedCase> Of(string file)
    {
        if (!File.Exists(file))
        {
            throw new StorageException($"{Path.GetFileName(file)} is missing: a protocol without worked cases cannot be checked.");
        }

        return Read<WorkedCase>(file);
    }

    public static IReadOnlyList<T> Read<T>(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<T[]>(File.ReadAllText(file), Faces.Json) ?? [];
        }
        catch (JsonException wrong)
        {
            throw new StorageException($"{Path.GetFileName(file)} holds no worked cases: {wrong.Message}", wrong);
        }
    }

    /// <summary>Null when the shelf says what was worked by hand.</summary>
    public string? Fault(ProtocolShelf shelf)
    {
        var said = (Facts ?? CaseFacts.None).Answers().SetItems(Answers ?? ImmutableDictionary<string, string>.Empty);
        var outcome = shelf.Judge(shelf.InForce(Day, Region), said, askable: Facts is null);
        return outcome.Disposition != Disposition || outcome.Row != Row ? $"expected {Disposition} by {Row}, found {outcome.Disposition} by {outcome.Row}"
            : Flags is { } flags && !flags.SequenceEqual(outcome.Flags) ? "the flags differ"
            : null;
    }
}

/// <summary>A text of which somebody has said by hand what stands in it, beside the lexicon.</summary>
/// <param name="Dangers">Codes, all of them.</param>
/// <param name="Readings">Those that must be read so; others may be.</param>
internal sealed record WorkedStory(string Text, ImmutableArray<string> Dangers, ImmutableDictionary<string, string> Readings)
{
    public static IReadOnlyList<WorkedStory> Of(string folder)
    {
        var file = Path.Combine(folder, "lexicon.cases.json");
        return File.Exists(file) ? WorkedCase.Read<WorkedStory>(file) : throw new StorageException("lexicon.cases.json is missing: a lexicon without worked texts cannot be checked.");
    }

    /// <summary>Null when the lexicon reads what was worked by hand.</summary>
    public string? Fault(Lexicon lexicon)
    {
        var dangers = lexicon.Dangers(Text).Select(d => d.Code).ToHashSet();
        var readings = lexicon.Read(Text).ToDictionary(r => r.Code, r => r.Value);
        return !dangers.SetEquals(Dangers) ? $"'{Text}': expected dangers [{string.Join(", ", Dangers)}], found [{string.Join(", ", dangers)}]"
            : Readings.FirstOrDefault(r => readings.GetValueOrDefault(r.Key) != r.Value) is { Key: not null } missed ? $"'{Text}': expected {missed.Key} {missed.Value}, found {readings.GetValueOrDefault(missed.Key) ?? "nothing"}"
            : null;
    }
}
