using System.CommandLine;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen protocol sign|check|show|diff|replay</c>: what an authority does with protocols. Serves nobody.</summary>
internal static class ProtocolCommand
{
    public static Command Build() => new("protocol", "Signs and checks triage protocols.") { Sign(), Check(), ProtocolReading.Show(), ProtocolReading.Diff(), ProtocolReplay.Build() };

    private static Command Sign()
    {
        var file = new Argument<string>("file") { Description = "Protocol or lexicon file." };
        var key = new Option<string>("--key") { Description = "The authority's private key (PEM).", Required = true };
        var command = new Command("sign", "Writes FILE.sig, a detached signature (ECDSA P-256).") { file, key };
        command.SetAction(parsed => Sentence.OrAsync(parsed, () =>
        {
            var (path, keyPath) = (parsed.GetRequiredValue(file), parsed.GetRequiredValue(key));
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
        command.SetAction(parsed => Sentence.OrAsync(parsed, async () =>
        {
            var directory = parsed.GetRequiredValue(folder);
            if (!Directory.Exists(directory))
            {
                throw new StorageException($"There is no folder {directory}.");
            }

            var files = ProtocolFiles.Names(directory).ToList();
            var shelf = Shelf(files.Select(Parse).ToList());
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

            var lexicon = ReadLexicon(directory);
            var stories = WorkedStory.Of(directory);
            cases += stories.Count;
            faults.AddRange(stories.Select(s => s.Fault(lexicon)).OfType<string>());

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

    private static ProtocolShelf Shelf(List<Protocol> protocols)
    {
        try
        {
            return new ProtocolShelf(protocols);
        }
        catch (ArgumentException wrong)
        {
            throw new StorageException("There is no protocol with red flags and a fallback row in that folder.", wrong);
        }
    }

    private static Lexicon ReadLexicon(string folder)
    {
        var file = Path.Combine(folder, ProtocolFiles.LexiconFile);
        try
        {
            return File.Exists(file) ? Lexicon.Parse(File.ReadAllText(file)) : throw new StorageException($"{ProtocolFiles.LexiconFile} is missing.");
        }
        catch (JsonException wrong)
        {
            throw new StorageException($"{ProtocolFiles.LexiconFile} is not a lexicon: {wrong.Message}", wrong);
        }
    }

    internal static Protocol Read(string file) => File.Exists(file) ? Parse(file) : throw new StorageException($"There is no file {file}.");

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
