using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen protocol test</c>: whether the worked cases hold a protocol, and whether a worse sign can put somebody further back.</summary>
internal static class ProtocolTest
{
    private const int Seed = 1;
    private const int Tries = 20_000;
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(2);

    public static Command Build()
    {
        var which = new Argument<string>("protocol") { Description = "File of a protocol, or the name of a shipped one, for example RF-ADULT." };
        var cases = new Option<string?>("--cases") { Description = "File of worked cases; without it NAME.cases.json beside the protocol." };
        var tries = new Option<int>("--tries") { Description = "How many random answers are made worse.", DefaultValueFactory = _ => Tries };
        var json = new Option<bool>("--json") { Description = "The result as one JSON object." };
        var command = new Command("test", "Runs the worked cases, changes every row and every threshold once, and searches for a worse sign that gives a lower urgency. Exit 1 where a case fails, a change is not noticed, or the search finds one.") { which, cases, tries, json };
        command.SetAction(parsed => Sentence.OrAsync(parsed, () =>
        {
            var file = Named(parsed.GetRequiredValue(which));
            var protocol = ProtocolCommand.Read(file);
            var worked = WorkedFiles.Cases(parsed.GetValue(cases) ?? Path.ChangeExtension(file, ".cases.json"));
            var folder = Beside(file, protocol);
            var found = Tested(file, protocol, folder, worked, parsed.GetValue(tries));
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(found, Faces.Json));
            }
            else
            {
                Print(found);
            }

            return Task.FromResult(found.Holds ? 0 : 1);
        }));
        return command;
    }

    /// <summary>The protocols among which one is judged: its own folder, with the shipped red flags where the folder has none.</summary>
    private static List<Protocol> Beside(string file, Protocol protocol)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "";
        var all = ProtocolFiles.Names(folder).Where(f => Path.GetFullPath(f) != Path.GetFullPath(file)).Select(ProtocolCommand.Read).Append(protocol).ToList();
        if (!all.Any(p => p is { RedFlags: true, Fallback: not null, Unsure: not null }))
        {
            Console.Error.WriteLine("There are no danger signs in that folder: the shipped protocols stand beside it.");
            all.AddRange(ProtocolFiles.Names(ProtocolFiles.Shipped).Select(ProtocolCommand.Read).Where(p => all.TrueForAll(own => own.Id != p.Id)));
        }

        return all;
    }

    private static string Named(string which)
    {
        var shipped = Path.Combine(ProtocolFiles.Shipped, $"{which}.json");
        return File.Exists(which) ? which : File.Exists(shipped) ? shipped
            : throw new StorageException($"There is no file {which} and no shipped protocol of that name. There are: {string.Join(", ", ProtocolFiles.Names(ProtocolFiles.Shipped).Select(Path.GetFileNameWithoutExtension))}.");
    }

    private static Result Tested(string file, Protocol protocol, List<Protocol> folder, IReadOnlyList<WorkedCase> cases, int tries)
    {
        var shelf = new ProtocolShelf(folder);
        var failed = cases.Select(c => (c.Id, Fault: c.Fault(shelf))).Where(c => c.Fault is not null).Select(c => $"{c.Id}: {c.Fault}").ToList();
        var slips = Slips.Of(File.ReadAllText(file)).ToList();
        var survived = Slips.Survivors(slips, protocol, folder, cases, Progress("Changes", slips.Count)).Select(s => new Survivor(s.Row, s.Says)).ToList();
        var random = new Random(Seed);
        var law = new Descents(shelf, new SearchEffort(random.Next, tries, 0)).From(cases, Progress("Steps for the worse", null));
        return new Result(protocol.Id, protocol.Version, cases.Count, failed, slips.Count, survived, law.Tried,
            [.. law.Descents.Select(d => new Breach(d.Day, d.Region, d.Said, d.Input, d.Better, d.Worse, End.Of(d.Before), End.Of(d.After)))], law.Unordered);
    }

    private static void Print(Result found)
    {
        Console.WriteLine($"{found.Protocol} {found.Version}");
        Console.WriteLine($"Worked cases: {found.Cases}, {found.Failed.Count} come out otherwise.");
        Lines(found.Failed);
        Console.WriteLine($"Changes: {found.Changes} rows and thresholds changed one at a time, {found.Survived.Count} that no worked case notices.");
        Lines(found.Survived.Select(s => $"{s.Row}: {s.Says}"));
        Console.WriteLine($"Law L2, a worse sign never gives a lower urgency: {found.Steps} steps for the worse (a search, not a proof), {found.Broken.Count} break it.");
        Lines(found.Broken.Select(b => $"{string.Join(", ", b.Said.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} = {a.Value}"))}: {b.Input} from {b.Better} to {b.Worse} goes from {b.Before} to {b.After} on {b.Day:yyyy-MM-dd}{(b.Region is null ? "" : $" in {b.Region}")}"));
        if (found.Unordered is { Count: > 0 } unordered)
        {
            Console.WriteLine($"Not searched, for the protocol does not say which answers are worse: {string.Join(", ", unordered)}.");
        }
    }

    private static void Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Console.WriteLine($"  {line}");
        }
    }

    /// <summary>For whoever waits: where the work stands, every two seconds, on standard error.</summary>
    private static Action Progress(string what, int? of)
    {
        var (since, said, done) = (Stopwatch.StartNew(), TimeSpan.Zero, 0);
        return () =>
        {
            done++;
            if (since.Elapsed - said > Often)
            {
                said = since.Elapsed;
                Console.Error.WriteLine(of is null ? $"{what}: {done}" : $"{what}: {done} of {of}");
            }
        };
    }

    /// <param name="Failed">Cases that come out otherwise than worked by hand.</param>
    /// <param name="Unordered">Questions along which L2 was not searched.</param>
    private sealed record Result(
        string Protocol, string Version, int Cases, IReadOnlyList<string> Failed, int Changes, IReadOnlyList<Survivor> Survived, int Steps, IReadOnlyList<Breach> Broken, IReadOnlyList<string> Unordered)
    {
        public bool Holds => Failed.Count == 0 && Survived.Count == 0 && Broken.Count == 0;
    }

    private sealed record Survivor(string Row, string Says);

    private sealed record Breach(DateOnly Day, string? Region, IReadOnlyDictionary<string, string> Said, string Input, string Better, string Worse, End Before, End After);

    private sealed record End(string Row, Disposition Disposition, int Urgency)
    {
        public static End Of(Outcome outcome) => new(outcome.Row, outcome.Disposition, (int)outcome.Urgency);

        public override string ToString() => $"{Disposition} with urgency {Urgency} (row {Row})";
    }
}
