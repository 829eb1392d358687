using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Yizhen.Rules.Information;
using Yizhen.Rules.Triage;
using Yizhen.Web.Information;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen answer</c>: what the information desk answers to a file of questions. Serves nobody and stores nothing.</summary>
internal static class AnswerCommand
{
    private const int Buffer = 1 << 16;

    private static readonly TimeSpan Tell = TimeSpan.FromSeconds(2);

    public static Command Build()
    {
        var input = new Option<string>("--in") { Description = "Questions, one JSON object a line: {\"id\": \"1\", \"lang\": \"zh\", \"text\": \"...\"}. The language may be missing: people mix them, and both are read.", Required = true };
        var output = new Option<string>("--out") { Description = "Results, one JSON object a line: {\"id\", \"answers\": [{\"entry\", \"score\"}], \"silent\", \"red_flags\"}.", Required = true };
        var library = new Option<string?>("--library") { Description = "Another library than the shipped one, in its form (policies/library.json)." };
        var labels = new Option<string?>("--labels") { Description = "Right entries by id, one JSON object a line: {\"id\": \"1\", \"entries\": [\"a02\"]}, none where the library covers nothing. Prints how often the desk was right, and rightly silent." };
        var json = new Option<bool>("--json") { Description = "The counts as one JSON object." };
        var command = new Command("answer", "Answers questions from the library of the information desk.") { input, output, library, labels, json };
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, () =>
        {
            var (from, to) = (parsed.GetRequiredValue(input), parsed.GetRequiredValue(output));
            if (!File.Exists(from))
            {
                throw new StorageException($"There is no file {from}.");
            }

            var right = Labels(parsed.GetValue(labels));
            var counts = Run(Index(parsed.GetValue(library)), from, to, right, ct);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(counts, Faces.Json)
                : $"{counts.Asked} questions: {counts.Asked - counts.Silent} answered, {counts.Silent} silent, {counts.RedFlags} with a red flag; {counts.Unread} lines could not be read.{string.Concat((counts.Labelled ?? []).Select(l => $"\n{l}"))}");
            return Task.FromResult(counts.Unread == 0 ? 0 : 1);
        }));
        return command;
    }

    private static AnswerIndex Index(string? file)
    {
        if (file is null)
        {
            Console.Error.WriteLine("Shipped library, reviewed by nobody: for trial, not for patients.");
        }
        else if (!File.Exists(file))
        {
            throw new StorageException($"There is no file {file}.");
        }

        try
        {
            var library = ShippedLibrary.Parse(file is null ? Policies.Text("library.json") : File.ReadAllText(file));
            return new AnswerIndex(
                [.. library.Entries.Select(e => new Findable(e.Key, [.. library.Entry(e).Ways]))], SearchWords.Parse(Policies.Text("library-words.json")), Pinyin.Parse(Policies.Text("pinyin.json")),
                Lexicon.Parse(File.ReadAllText(Path.Combine(ProtocolFiles.Shipped, ProtocolFiles.LexiconFile))));
        }
        catch (JsonException wrong)
        {
            throw new StorageException($"{file} is not a library: {wrong.Message}", wrong);
        }
    }

    private static IReadOnlyDictionary<string, ImmutableArray<string>>? Labels(string? file)
    {
        try
        {
            return file is null ? null : File.Exists(file) ? AnswerShares.ReadLabels(file) : throw new StorageException($"There is no file {file}.");
        }
        catch (JsonException wrong)
        {
            throw new StorageException($"{file} holds no labels: {wrong.Message}", wrong);
        }
    }

    private static AnswerCounts Run(AnswerIndex index, string from, string to, IReadOnlyDictionary<string, ImmutableArray<string>>? labels, CancellationToken ct)
    {
        var (counts, labelled) = (new AnswerCounts(0, 0, 0, 0, null), new List<LabelledAnswer>());
        var (number, told) = (0, TimeProvider.System.GetTimestamp());
        using var results = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.Read, Buffer);
        foreach (var line in File.ReadLines(from))
        {
            ct.ThrowIfCancellationRequested();
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (Read(line) is not { Id: { } id, Text: { } text } read)
            {
                counts = counts with { Unread = counts.Unread + 1 };
                Console.Error.WriteLine($"Line {number} is not a question: it needs id and text.");
                continue;
            }

            var found = index.Ask(text);
            var answer = AnswerFace.Of(id, found);
            if (labels is not null && labels.TryGetValue(id, out var right))
            {
                labelled.Add(new LabelledAnswer(read.Lang ?? "", right, found));
            }

            results.Write(JsonSerializer.SerializeToUtf8Bytes(answer, Faces.Json));
            results.Write("\n"u8);
            counts = new AnswerCounts(counts.Asked + 1, counts.Silent + (answer.Silent ? 1 : 0), counts.RedFlags + (answer.RedFlags.IsEmpty ? 0 : 1), counts.Unread, null);
            if (TimeProvider.System.GetElapsedTime(told) > Tell)
            {
                told = TimeProvider.System.GetTimestamp();
                Console.Error.WriteLine($"{counts.Asked} questions answered");
            }
        }

        return counts with { Labelled = labels is null ? null : AnswerShares.Of(labelled) };
    }

    private static QuestionLine? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<QuestionLine>(line, Faces.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record QuestionLine(string? Id, string? Lang, string? Text);

/// <param name="Labelled">Null where no labels were given; otherwise of the questions that have one.</param>
internal sealed record AnswerCounts(int Asked, int Silent, int RedFlags, int Unread, IReadOnlyList<AnswerShares>? Labelled);
