using System.CommandLine;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen protocol sign|check|test|show|diff|replay|schema</c>: what an authority does with protocols. Serves nobody.</summary>
internal static class ProtocolCommand
{
    private const int Seed = 1;

    /// <summary>Where a row is not seen to decide a worked case: answers that are tried for it, and combinations up to which all are tried.</summary>
    private const int Tries = 2_000;
    private const int Most = 50_000;

    public static Command Build() => new("protocol", "Signs, checks and tests triage protocols, and signs, checks and shows the policies that are signed.") { Sign(), Check(), ProtocolTest.Build(), ProtocolReading.Show(), ProtocolReading.Diff(), ProtocolReplay.Build(), Schema() };

    private static Command Schema()
    {
        var command = new Command("schema", "Prints the JSON schema of a protocol file, for an editor that helps to write one.");
        command.SetAction(parsed => Sentence.OrAsync(parsed, () =>
        {
            Console.WriteLine(SchemaText());
            return Task.FromResult(0);
        }));
        return command;
    }

    /// <summary>As it is printed, and as it lies in docs/protocol.schema.json.</summary>
    internal static string SchemaText() => Protocol.Schema().ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static Command Sign()
    {
        var file = new Argument<string>("file") { Description = "Protocol, lexicon or policy file." };
        var key = new Option<string>("--key") { Description = "The authority's private key (PEM).", Required = true };
        var command = new Command("sign", "Writes FILE.sig, a detached signature (ECDSA P-256).") { file, key };
        command.SetAction(parsed => Sentence.OrAsync(parsed, () =>
        {
            var (path, keyPath) = (parsed.GetRequiredValue(file), parsed.GetRequiredValue(key));
            foreach (var needed in new[] { path, keyPath }.Where(f => !File.Exists(f)))
            {
                throw new StorageException($"There is no file {needed}.");
            }

            if (PolicyReading.IsPolicy(path) && PolicyReading.Fault(path) is { } fault)
            {
                throw new StorageException($"Nothing was signed, for the product could not use it. {fault}");
            }

            try
            {
                Console.WriteLine($"Signed: {Signatures.Sign(path, File.ReadAllText(keyPath))}");
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
        var folder = new Argument<string?>("folder") { Description = "Folder of protocols or of policies, or one policy file; without it everything that is shipped.", DefaultValueFactory = _ => null };
        var json = new Option<bool>("--json") { Description = "The result as one JSON object." };
        var command = new Command("check", "Reads every protocol for rows that never decide or contradict each other, answers that nobody asks for, missing texts and sources, and runs its worked cases; every signed policy as strictly as the product does. Exit 1 where anything is found.") { folder, json };
        command.SetAction(parsed => Sentence.OrAsync(parsed, async () =>
        {
            var given = parsed.GetValue(folder);
            if (given is not null && !Directory.Exists(given) && !(File.Exists(given) && PolicyReading.IsPolicy(given)))
            {
                throw new StorageException($"There is no folder {given}, and no policy of that name.");
            }

            var policies = File.Exists(given) ? [given] : PolicyReading.In(given ?? SignedPolicies.Shipped).ToList();
            if (given is not null && policies.Count > 0)
            {
                return await Found(parsed.GetValue(json), 0, policies.Count, 0, [.. policies.Select(PolicyReading.Fault).OfType<string>()]);
            }

            var directory = given ?? ProtocolFiles.Shipped;
            var files = ProtocolFiles.Names(directory).ToList();
            var written = files.Select(Written).ToList();
            var whole = written.Where(p => p.Faults().Count == 0).ToList();
            var shelf = Shelf(whole);
            var review = new ProtocolReview(whole, ProtocolWords.CommonCodes, new SearchEffort(new Random(Seed).Next, Tries, Most));
            var faults = policies.Select(PolicyReading.Fault).OfType<string>().ToList();
            var cases = 0;
            foreach (var (file, protocol) in files.Zip(written))
            {
                var worked = WorkedFiles.Cases(Path.ChangeExtension(file, ".cases.json"));
                cases += worked.Count;
                faults.AddRange(worked.Select(c => (c.Id, Fault: c.Fault(shelf))).Where(c => c.Fault is not null).Select(c => $"{Path.GetFileName(file)}, case {c.Id}: {c.Fault}"));
                faults.AddRange(review.Of(protocol, worked).Select(f => $"{Path.GetFileName(file)}: {f.Says}"));
            }

            var lexicon = ReadLexicon(directory);
            var stories = WorkedFiles.Stories(directory);
            cases += stories.Count;
            faults.AddRange(stories.Select(s => s.Fault(lexicon)).OfType<string>());
            return await Found(parsed.GetValue(json), files.Count, policies.Count, cases, faults);
        }));
        return command;
    }

    private static async Task<int> Found(bool json, int protocols, int policies, int cases, List<string> faults)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { protocols, policies, cases, faults }, Faces.Json));
        }
        else
        {
            foreach (var fault in faults)
            {
                await Console.Error.WriteLineAsync(fault);
            }

            Console.WriteLine($"{protocols} protocols, {policies} policies, {cases} worked cases, {faults.Count} faults.");
        }

        return faults.Count == 0 ? 0 : 1;
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

    internal static Protocol Read(string file) => Read(file, Protocol.Parse);

    private static Protocol Written(string file) => Read(file, Protocol.Written);

    private static Protocol Read(string file, Func<string, Protocol> read)
    {
        try
        {
            return File.Exists(file) ? read(File.ReadAllText(file)) : throw new StorageException($"There is no file {file}.");
        }
        catch (JsonException wrong)
        {
            throw new StorageException($"{Path.GetFileName(file)} is not a protocol: {wrong.Message}", wrong);
        }
    }
}
