using System.Globalization;
using System.Text.Json;

namespace Yizhen.Benchmarks;

/// <summary><c>./bench</c> runs all, <c>./bench NAME...</c> some; <c>--json</c> prints one list of figures instead of the table.</summary>
internal static class Program
{
    private static readonly JsonSerializerOptions AsJson = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>A benchmark is a name, what it shows, and what it measures. Add a line.</summary>
    private static readonly (string Name, string Shows, Func<CancellationToken, Task<IReadOnlyList<Figure>>> Run)[] All =
    [
        ("base32", "an id to its address and back", _ => Task.FromResult(Base32Bench.Run())),
        ("served", "cold start, bytes on the wire, stored and seen through the public door (SQLite)", ServedBench.Run),
        ("guard", "the reply guard on 4000 letters; with --consultations DIR, what it flags of doctors' real replies", _ => Task.FromResult(GuardBench.Run())),
        ("fold", "a consultation of sixty facts, folded", _ => Task.FromResult(FoldBench.Run())),
    ];

    public static async Task<int> Main(string[] args)
    {
        if (args is ["triage", .. var told])
        {
            return await TriageBench.RunAsync(told);
        }

        if (args is ["batch", .. var drawn])
        {
            return await BatchBench.RunAsync(drawn);
        }

        if (args is ["answer", .. var asked])
        {
            return AnswerBench.Run(asked);
        }

        if (args is ["dispatch", .. var days])
        {
            return await DispatchBench.RunAsync(days);
        }

        if (args is ["overload", .. var load])
        {
            return await OverloadBench.RunAsync(load);
        }

        if (args is ["turn", .. var sizes])
        {
            return await TurnBench.RunAsync(sizes);
        }

        if (args is ["picture", .. var large])
        {
            return await PictureBench.RunAsync(large);
        }

        if (args is ["notice", .. var many])
        {
            return await NoticeBench.RunAsync(many);
        }

        var json = args.Contains("--json");
        var names = args.Where(a => a != "--json").ToList();
        if (names.Contains("--help"))
        {
            Console.WriteLine("usage: ./bench [NAME...] [--json]  or  ./bench guard --consultations DIR [--sample N] [--seed S]");
            foreach (var one in All)
            {
                Console.WriteLine($"  {one.Name,-12} {one.Shows}");
            }

            Console.WriteLine($"  {"triage",-12} agreement with labelled texts: ./bench triage --labels FILE --consultations DIR [--date DAY] [--region CODE] [--misses] [--json]");

            Console.WriteLine($"  {"answer",-12} the information desk on real opening texts: ./bench answer --labels FILE --consultations DIR [--misses] [--json]");

            Console.WriteLine($"  {"batch",-12} speed of the whole command ./yizhen triage on drawn cases: ./bench batch [--facts N] [--texts N] [--seed S] [--keep FOLDER]");

            Console.WriteLine($"  {"dispatch",-12} the dispatcher on days of the reference simulator, beside its policies: ./bench dispatch [FOLDER...] [--json]");

            Console.WriteLine($"  {"turn",-12} one turn of the live dispatch while so many wait: ./bench turn [WAITING...] [--on-duty N] [--pairs | --near | --place] [--database CONNECTION]");

            Console.WriteLine($"  {"overload",-12} ten times what this machine can do: ./bench overload [--seconds N] [--json]");

            Console.WriteLine($"  {"picture",-12} the commission's picture of a large day: ./bench picture [--visitors N] [--consultations N]");

            Console.WriteLine($"  {"notice",-12} a notice to everybody of a large day: ./bench notice [--people N] [--step N]");

            return 0;
        }

        if (names is ["guard", _, ..])
        {
            return GuardBench.Measure(names);
        }

        if (names.FirstOrDefault(name => All.All(one => one.Name != name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"bench: there is no benchmark '{unknown}'. ./bench --help lists them.");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };

        var figures = new List<Figure>();
        foreach (var one in All.Where(one => names.Count == 0 || names.Contains(one.Name)))
        {
            figures.AddRange(await one.Run(stop.Token));
        }

        Console.WriteLine(json ? JsonSerializer.Serialize(figures, AsJson) : Table(figures));
        return 0;
    }

    private static string Table(List<Figure> figures)
    {
        static string Number(double value) => value.ToString(value < 10 ? "0.000" : "#,0.0", CultureInfo.InvariantCulture);
        var rows = figures.Select(f => $"{f.Name,-32} {Number(f.P50),12} {Number(f.P99),12} {f.Unit,-5} {f.PerSecond.ToString("#,0", CultureInfo.InvariantCulture),14}");
        return string.Join('\n', rows.Prepend($"{"",-32} {"p50",12} {"p99",12} {"",-5} {"per second",14}"));
    }
}
