using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Yizhen.Web.Storage;

namespace Yizhen.Benchmarks;

/// <summary>
/// <c>./bench batch</c>: the whole command <c>./yizhen triage</c> on drawn cases, start, reading and writing included, held on one core by taskset.
/// Counts seconds of the processor, so that other work on the machine changes little. The same seed draws the same files.
/// </summary>
internal static class BatchBench
{
    private const string Pin = "/usr/bin/taskset";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static Task<int> RunAsync(string[] args)
    {
        var facts = new Option<int>("--facts") { Description = "How many cases with facts.", DefaultValueFactory = _ => 40_000 };
        var texts = new Option<int>("--texts") { Description = "How many cases with a text.", DefaultValueFactory = _ => 8_000 };
        var seed = new Option<int>("--seed") { Description = "Draws the cases.", DefaultValueFactory = _ => 1 };
        var dialogues = new Option<string>("--dialogues") { Description = "Folder of dialogues whose opening texts are drawn.", DefaultValueFactory = _ => "tests/dialogues" };
        var folder = new Option<string>("--keep") { Description = "Folder for cases and results, which stay there.", DefaultValueFactory = _ => Directory.CreateTempSubdirectory("yizhen-batch").FullName };
        var command = new Command("batch", "Speed of ./yizhen triage.") { facts, texts, seed, dialogues, folder };
        command.SetAction(parsed =>
        {
            var kept = Directory.CreateDirectory(parsed.GetRequiredValue(folder)).FullName;
            var draw = new Random(parsed.GetValue(seed));
            var stories = Stories(parsed.GetRequiredValue(dialogues));
            Measure(kept, "facts", parsed.GetValue(facts), () => new JsonObject { ["facts"] = Facts(draw) });
            Measure(kept, "texts", parsed.GetValue(texts), () => new JsonObject { ["text"] = string.Join('\n', draw.GetItems(stories, draw.Next(1, 3))) });
            Console.WriteLine($"Cases and results stand in {kept}.");
        });
        return command.Parse(args).InvokeAsync();
    }

    private static void Measure(string folder, string name, int count, Func<JsonObject> drawn)
    {
        var cases = Path.Combine(folder, $"{name}.jsonl");
        File.WriteAllLines(cases, Enumerable.Range(0, count).Select(at =>
        {
            var one = drawn();
            one.Insert(0, "case_id", $"{name}-{at}");
            return one.ToJsonString(AsWritten);
        }));
        var (used, wall) = Run(cases, Path.Combine(folder, $"{name}.results.jsonl"));
        var letters = new FileInfo(cases).Length / Math.Max(count, 1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {count} cases of {letters} bytes, {used.TotalSeconds:0.00} s of {(File.Exists(Pin) ? "one core" : "the processor")}, {count / used.TotalSeconds:0} a second ({wall.TotalSeconds:0.00} s by the clock, {count / wall.TotalSeconds:0} a second)"));
    }

    private static (TimeSpan Used, TimeSpan Wall) Run(string cases, string results)
    {
        var product = Environment.GetEnvironmentVariable("YIZHEN_PRODUCT") ?? throw new InvalidOperationException("YIZHEN_PRODUCT is not set: run ./bench.");
        string[] command = ["dotnet", product, "triage", "--date", "2020-03-01", "--in", cases, "--out", results];
        command = File.Exists(Pin) ? [Pin, "-c", "0", .. command] : command;
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("The product did not start.");
        var (used, began) = (TimeSpan.Zero, Stopwatch.GetTimestamp());
        while (!process.WaitForExit(Look))
        {
            try
            {
                used = process.TotalProcessorTime;
            }
            catch (InvalidOperationException)
            {
                // It ended between the two lines: what was read last stands.
            }
        }

        return process.ExitCode == 0 ? (used, Stopwatch.GetElapsedTime(began)) : throw new InvalidOperationException(process.StandardError.ReadToEnd());
    }

    private static string[] Stories(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line => JsonNode.Parse(line)?["description"]?.ToString()).OfType<string>()];

    private static JsonObject Facts(Random draw)
    {
        var codes = Codes.Value;
        var facts = new JsonObject();
        void Perhaps(double share, string name, Func<JsonNode?> value)
        {
            if (draw.NextDouble() < share)
            {
                facts[name] = value();
            }
        }

        JsonArray Some(string kind, int most) => [.. draw.GetItems(codes[kind], draw.Next(1, most + 1)).Select(code => (JsonNode)code)];
        Perhaps(0.7, "age", () => draw.Next(0, 96));
        Perhaps(0.7, "sex", () => draw.Next(2) == 0 ? "male" : "female");
        Perhaps(0.1, "pregnant", () => draw.Next(2) == 0);
        Perhaps(0.7, "temperature_c", () => Math.Round(35.5 + (5 * draw.NextDouble()), 1));
        Perhaps(0.5, "days_since_onset", () => draw.Next(0, 31));
        Perhaps(0.9, "symptoms", () => Some("symptoms", 6));
        Perhaps(0.4, "absent", () => Some("symptoms", 4));
        Perhaps(0.2, "spo2", () => draw.Next(85, 101));
        Perhaps(0.4, "comorbidities", () => Some("conditions", 2));
        Perhaps(0.5, "exposure", () => new JsonObject { [draw.GetItems(codes["exposures"], 1)[0]] = true });
        Perhaps(0.2, "anxiety_dominant", () => draw.Next(2) == 0);
        Perhaps(0.2, "vitals", () => new JsonObject { ["respiratory_rate"] = draw.Next(10, 41), ["heart_rate"] = draw.Next(50, 151) });
        return facts;
    }

    private static readonly Lazy<Dictionary<string, string[]>> Codes = new(() =>
    {
        using var file = JsonDocument.Parse(Policies.Text("symptom-codes.json"));
        return new[] { "symptoms", "conditions", "exposures" }.ToDictionary(kind => kind, kind => file.RootElement.GetProperty(kind).EnumerateObject().Select(c => c.Name).ToArray());
    });
}
