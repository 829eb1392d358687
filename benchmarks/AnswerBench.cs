using System.Diagnostics;
using System.Text.Json;
using Yizhen.Rules.Information;
using Yizhen.Rules.Triage;
using Yizhen.Web.Information;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Benchmarks;

/// <summary>
/// How often the information desk finds the right answer among the first three of real opening texts, and how often it is silent where the library covers
/// nothing. Prints shares and ids; never a word of anybody.
/// </summary>
internal static class AnswerBench
{
    private static readonly string[] Languages = ["zh", "en"];

    /// <param name="args">--labels FILE --consultations DIR [--library FILE] [--words FILE] [--misses] [--json]</param>
    public static int Run(IReadOnlyList<string> args)
    {
        if (Value(args, "--labels") is not { } labels || Value(args, "--consultations") is not { } folder || !Languages.All(l => File.Exists(Path.Combine(folder, l + ".jsonl"))))
        {
            Console.Error.WriteLine("bench: answer --labels FILE --consultations DIR [--library FILE] [--words FILE] [--misses] [--json]; DIR holds zh.jsonl and en.jsonl.");
            return 2;
        }

        var library = ShippedLibrary.Parse(Value(args, "--library") is { } other ? File.ReadAllText(other) : Policies.Text("library.json"));
        var words = SearchWords.Parse(Value(args, "--words") is { } own ? File.ReadAllText(own) : Policies.Text("library-words.json"));
        var lexicon = Lexicon.Parse(File.ReadAllText(Path.Combine(ProtocolFiles.Shipped, ProtocolFiles.LexiconFile)));
        var began = Stopwatch.GetTimestamp();
        var index = new AnswerIndex([.. library.Entries.Select(e => new Findable(e.Key, [.. library.Entry(e).Ways]))], words, Pinyin.Parse(Policies.Text("pinyin.json")), lexicon);
        var made = Stopwatch.GetElapsedTime(began);
        var texts = Languages.SelectMany(l => File.ReadLines(Path.Combine(folder, l + ".jsonl"))).Select(Opening).ToDictionary(t => t.Id, t => t.Text, StringComparer.Ordinal);
        began = Stopwatch.GetTimestamp();
        var seen = AnswerShares.ReadLabels(labels).Select(l => (Id: l.Key, Answer: new LabelledAnswer(l.Key[..2], l.Value, index.Ask(texts[l.Key])))).ToList();
        var each = Stopwatch.GetElapsedTime(began) / Math.Max(1, seen.Count);
        var figures = AnswerShares.Of([.. seen.Select(l => l.Answer)]);
        if (args.Contains("--json"))
        {
            Console.WriteLine(JsonSerializer.Serialize(figures));
        }
        else
        {
            Console.WriteLine($"library {library.Version}, {library.Entries.Length} entries; words {words.Version}; index made in {made.TotalMilliseconds:0} ms, {each.TotalMilliseconds:0.0} ms a text");
            foreach (var f in figures)
            {
                Console.WriteLine(f);
            }
        }

        if (args.Contains("--misses"))
        {
            foreach (var (id, answer) in seen.Where(l => l.Answer.Right.IsEmpty ? !l.Answer.Found.Silent : !l.Answer.IsRight(AnswerShares.First)))
            {
                Console.WriteLine($"{id,-12} wanted {string.Join(' ', answer.Right),-16} found {string.Join(' ', answer.Found.Answers.Select(a => $"{a.Entry}:{a.Score:0.00}"))}");
            }
        }

        return 0;
    }

    private static (string Id, string Text) Opening(string line)
    {
        using var read = JsonDocument.Parse(line);
        return (read.RootElement.GetProperty("id").GetString() ?? "", read.RootElement.TryGetProperty("description", out var text) ? text.GetString() ?? "" : "");
    }

    private static string? Value(IReadOnlyList<string> args, string name)
    {
        var at = args.ToList().IndexOf(name);
        return at >= 0 && at + 1 < args.Count ? args[at + 1] : null;
    }
}
