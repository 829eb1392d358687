using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen protocol sign|check</c>: what an authority does with protocols. Serves nobody.</summary>
internal static class ProtocolCommand
{
    public static Command Build() => new("protocol", "Signs and checks triage protocols.") { Sign(), Check() };

    private static Command Sign()
    {
        var file = new Argument<string>("file") { Description = "Protocol or lexicon file." };
        var key = new Option<string>("--key") { Description = "The authority's private key (PEM).", Required = true };
        var command = new Command("sign", "Writes FILE.sig, a detached signature (ECDSA P-256).") { file, key };
        command.SetAction(parsed => Sentence.OrAsync(() =>
        {
            var (path, keyPath) = (parsed.GetValue(file)!, parsed.GetValue(key)!);
            foreach (var needed in new[] { path, keyPath }.Where(f => !File.Exists(f)))
            {
                throw new StorageException($"There is no file {needed}.");
            }

            try
            {
                Console.WriteLine($"Signed: {ProtocolFiles.Sign(path, File.ReadAllText(keyPath))}");
            }
            catch (Exception wrong) when (wrong is ArgumentException or System.Security.Cryptography.CryptographicException)
            {
                throw new StorageException($"{keyPath} is not a private key of the kind ECDSA P-256 in PEM.", wrong);
            }

            return Task.FromResult(0);
        }));
        return command;
    }

    private static Command Check()
    {
        var folder = new Argument<string>("folder") { Description = "Folder of protocols; without it the shipped ones.", DefaultValueFactory = _ => ProtocolFiles.Shipped };
        var json = new Option<bool>("--json") { Description = "The result as one JSON object." };
        var command = new Command("check", "Reads every protocol, its texts and sources, and runs its worked cases.") { folder, json };
        command.SetAction(parsed => Sentence.OrAsync(async () =>
        {
            var directory = parsed.GetValue(folder)!;
            if (!Directory.Exists(directory))
            {
                throw new StorageException($"There is no folder {directory}.");
            }

            var files = ProtocolFiles.Names(directory).ToList();
            var shelf = new ProtocolShelf(files.Select(f => Parse(f)));
            var faults = new List<string>();
            var cases = 0;
            foreach (var file in files)
            {
                foreach (var worked in WorkedCase.Of(Path.ChangeExtension(file, ".cases.json")))
                {
                    cases++;
                    if (worked.Fault(shelf) is { } fault)
                    {
                        faults.Add($"{Path.GetFileName(file)}, case {worked.Id}: {fault}");
                    }
                }
            }

            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new { protocols = files.Count, cases, faults }, Faces.Json));
            }
            else
            {
                foreach (var fault in faults)
                {
                    await Console.Error.WriteLineAsync(fault);
                }

                Console.WriteLine($"{files.Count} protocols, {cases} worked cases, {faults.Count} faults.");
            }

            return faults.Count == 0 ? 0 : 1;
        }));
        return command;
    }

    private static Protocol Parse(string file)
    {
        try
        {
            return Protocol.Parse(File.ReadAllText(file));
        }
        catch (JsonException wrong)
        {
            throw new StorageException($"{Path.GetFileName(file)} is not a protocol: {wrong.Message}", wrong);
        }
    }
}

/// <summary>A case that a clinician has worked by hand, beside the protocol: answers in, disposition and deciding row out.</summary>
internal sealed record WorkedCase(string Id, DateOnly Day, string? Region, ImmutableDictionary<string, string> Answers, Disposition Disposition, string Row, ImmutableArray<string>? Flags)
{
    public static IReadOnlyList<WorkedCase> Of(string file)
    {
        if (!File.Exists(file))
        {
            throw new StorageException($"{Path.GetFileName(file)} is missing: a protocol without worked cases cannot be checked.");
        }

        return JsonSerializer.Deserialize<WorkedCase[]>(File.ReadAllText(file), Faces.Json) ?? [];
    }

    /// <summary>Null when the shelf says what was worked by hand.</summary>
    public string? Fault(ProtocolShelf shelf)
    {
        var outcome = shelf.Judge(Answers, Day, Region);
        return outcome.Disposition != Disposition || outcome.Row != Row ? $"expected {Disposition} by {Row}, found {outcome.Disposition} by {outcome.Row}"
            : Flags is { } flags && !flags.SequenceEqual(outcome.Flags) ? "the flags differ"
            : null;
    }
}
