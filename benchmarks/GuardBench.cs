using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Storage;

namespace Yizhen.Benchmarks;

/// <summary>
/// The reply guard: its speed, and with <c>--consultations DIR</c> how much of what doctors really wrote it flags.
/// That prints shares, and of a sample the ids and turns; never a word of anybody.
/// </summary>
internal static class GuardBench
{
    private const int LongestReply = 4000;

    private static readonly string[] Languages = ["zh", "en"];

    public static IReadOnlyList<Figure> Run()
    {
        var (guard, policy) = Shipped();
        const string Harmless = "今天早上量了体温，三十六度八，还有一点咳，晚上睡得不太好。这样的话，在家里休息，开窗，早晚各量一次体温记下来；喘不上气就打 120。 ";
        const string Flagged = "考虑是上呼吸道感染，不是新冠，没事的，可以吃点左氧氟沙星，一天一片，不用去医院。If it gets worse you will be fine, you have a cold. ";
        return
        [
            Figure.Of("guard, 4000 letters, clean", 10, () => guard.Look(Long(Harmless), policy, physician: false)),
            Figure.Of("guard, 4000 letters, all flagged", 10, () => guard.Look(Long(Flagged), policy, physician: false)),
            Figure.Of("guard, 60 letters", 10, () => guard.Look(Harmless, policy, physician: false)),
        ];

        static string Long(string piece) => string.Concat(Enumerable.Repeat(piece, (LongestReply / piece.Length) + 1))[..LongestReply];
    }

    /// <param name="args">--consultations DIR [--sample N] [--seed S]</param>
    public static int Measure(IReadOnlyList<string> args)
    {
        if (Value(args, "--consultations") is not { } folder || !Languages.All(l => File.Exists(Path.Combine(folder, l + ".jsonl"))))
        {
            Console.Error.WriteLine("bench: guard --consultations DIR [--sample N] [--seed S]; DIR holds zh.jsonl and en.jsonl.");
            return 2;
        }

        var (guard, policy) = Shipped();
        var read = Languages.SelectMany(l => Replies(Path.Combine(folder, l + ".jsonl"), l)).Select(r => new Seen(r.Lang, r.Id, r.Turn, [.. guard.Look(r.Text, policy, false).Select(f => f.Rule)], guard.Look(r.Text, policy, true).Length > 0)).ToList();
        Console.WriteLine($"{guard.Stamp}, {policy.Stamp}");
        Console.WriteLine($"{"share of doctors' replies flagged",-36}{string.Concat(Languages.Select(l => $"{l,18}"))}");
        Line("replies", _ => true);
        Line("any rule, as others would be refused", s => s.Rules.Length > 0);
        Line("any rule, as a physician is warned", s => s.Physician);
        foreach (var rule in guard.Rules)
        {
            Line(rule.Id, s => s.Rules.Contains(rule.Id));
        }

        if (int.TryParse(Value(args, "--sample"), CultureInfo.InvariantCulture, out var many))
        {
            var dice = new Random(int.TryParse(Value(args, "--seed"), CultureInfo.InvariantCulture, out var seed) ? seed : 1);
            var flagged = read.Where(s => s.Rules.Length > 0).ToArray();
            dice.Shuffle(flagged);
            foreach (var one in flagged.Take(many))
            {
                Console.WriteLine($"{one.Lang} {one.Id} {one.Turn} {string.Join(' ', one.Rules)}");
            }
        }

        return 0;

        void Line(string name, Func<Seen, bool> holds) =>
            Console.WriteLine($"{name,-36}{string.Concat(Languages.Select(l => Share(read.Where(s => s.Lang == l).ToList(), holds)))}");

        static string Share(List<Seen> all, Func<Seen, bool> holds)
        {
            var found = all.Count(holds);
            return string.Create(CultureInfo.InvariantCulture, $"{found,9}{100.0 * found / Math.Max(1, all.Count),7:0.0} %");
        }
    }

    private static (ReplyGuard Guard, LightConsultation Policy) Shipped() =>
        (ReplyGuard.Read(File.ReadAllText(Path.Combine(SignedPolicies.Shipped, SignedPolicies.Guard))), LightConsultation.Read(File.ReadAllText(Path.Combine(SignedPolicies.Shipped, SignedPolicies.Light))));

    private static string? Value(IReadOnlyList<string> args, string name)
    {
        var at = args.ToList().IndexOf(name);
        return at >= 0 && at + 1 < args.Count ? args[at + 1] : null;
    }

    private static IEnumerable<(string Lang, string Id, int Turn, string Text)> Replies(string file, string lang)
    {
        foreach (var line in File.ReadLines(file))
        {
            using var json = JsonDocument.Parse(line);
            var id = json.RootElement.GetProperty("id").ToString();
            foreach (var (turn, at) in json.RootElement.GetProperty("turns").EnumerateArray().Select((turn, at) => (turn, at)))
            {
                if (turn.GetProperty("role").GetString() == "doctor" && turn.GetProperty("text").GetString() is { } text && !string.IsNullOrWhiteSpace(text))
                {
                    yield return (lang, id, at, text);
                }
            }
        }
    }

    private sealed record Seen(string Lang, string Id, int Turn, ImmutableArray<string> Rules, bool Physician);
}
