using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Yizhen.Benchmarks;

/// <summary>The product as a process of its own on an empty demo folder, gone at the end.</summary>
internal sealed class Served : IDisposable
{
    /// <summary>YIZHEN_BENCH_PORT where another is wanted.</summary>
    private static readonly int Port = int.TryParse(Environment.GetEnvironmentVariable("YIZHEN_BENCH_PORT"), System.Globalization.CultureInfo.InvariantCulture, out var wanted) ? wanted : 18_231;

    private readonly Process process;

    private Served(Process process, string folder, TimeSpan coldStart)
    {
        this.process = process;
        Folder = folder;
        ColdStart = coldStart;
    }

    public string Folder { get; }

    public static Uri Address { get; } = new($"http://127.0.0.1:{Port}");

    /// <summary>From the start of the process to the first answered page.</summary>
    public TimeSpan ColdStart { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The product as ./yizhen starts it.</summary>
    private static string Program => Environment.GetEnvironmentVariable("YIZHEN_PRODUCT") ?? Path.Combine(AppContext.BaseDirectory, "Yizhen.Web.dll");

    /// <param name="existing">Data of an earlier start; null: an empty folder, which the first start fills with the demo's people.</param>
    /// <param name="core">The one core that it may use; null: any.</param>
    public static async Task<Served> StartAsync(string? existing, CancellationToken ct, int? core = null)
    {
        var folder = existing ?? Directory.CreateTempSubdirectory("yizhen-bench-").FullName;
        var began = Stopwatch.GetTimestamp();
        var process = Run(core, "serve", "--demo", "--data", folder, "--urls", Address.ToString());
        using var client = new HttpClient { BaseAddress = Address };
        while (!await ListensAsync())
        {
            await Task.Delay(2, ct);
        }

        using var answer = await client.GetAsync("/c/wuhan", ct);
        answer.EnsureSuccessStatusCode();
        return new Served(process, folder, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Asked without exceptions: hundreds of them would take the time of the very start that is measured.</summary>
    private static async Task<bool> ListensAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var knock = new SocketAsyncEventArgs { RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, Port) };
        var done = new TaskCompletionSource();
        knock.Completed += (_, _) => done.TrySetResult();
        if (socket.ConnectAsync(knock))
        {
            await done.Task;
        }

        return knock.SocketError == SocketError.Success;
    }

    /// <summary>Starts again on the same data: what a restart costs.</summary>
    public static async Task<JsonElement> ReplayAsync(string folder, IEnumerable<string> files, CancellationToken ct)
    {
        using var replay = Run(null, ["replay", .. files, "--url", Address.ToString(), "--secret", Path.Combine(folder, "demo-secret.txt"), "--doctors", "40", "--json"]);
        var text = await replay.StandardOutput.ReadToEndAsync(ct);
        await replay.WaitForExitAsync(ct);
        return replay.ExitCode == 0
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new InvalidOperationException($"The replay ended with {replay.ExitCode}: {text}");
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static Process Run(int? core, params string[] arguments)
    {
        string[] whole = [.. core is { } one ? ["taskset", "-c", one.ToString(System.Globalization.CultureInfo.InvariantCulture)] : Array.Empty<string>(), "dotnet", Program, .. arguments];
        var start = new ProcessStartInfo(whole[0], whole[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}

internal static class ServedBench
{
    private const int Starts = 5;

    /// <summary>Cold start, bytes on the wire, and a replay of the project's own dialogues through the public door.</summary>
    public static async Task<IReadOnlyList<Figure>> Run(CancellationToken ct)
    {
        var cold = new List<double>();
        string folder;
        using (var seeding = await Served.StartAsync(null, ct))
        {
            folder = seeding.Folder;
        }

        try
        {
            return await MeasureAsync(folder, cold, ct);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, List<double> cold, CancellationToken ct)
    {
        for (var n = 0; n < Starts; n++)
        {
            using var once = await Served.StartAsync(folder, ct);
            cold.Add(once.ColdStart.TotalMilliseconds);
        }

        using var served = await Served.StartAsync(folder, ct);
        var figures = new List<Figure> { Figure.FromSamples("cold start to first page", "ms", cold, 0) };
        figures.AddRange(await BytesAsync(ct));
        var dialogues = Path.Combine(Checkout(), "tests", "dialogues");
        var replay = await Served.ReplayAsync(served.Folder, [Path.Combine(dialogues, "zh.jsonl"), Path.Combine(dialogues, "en.jsonl")], ct);
        figures.Add(Of("message stored", replay.GetProperty("stored_ms"), replay));
        figures.Add(Of("message seen by the other side", replay.GetProperty("seen_ms"), replay));
        return figures;
    }

    private static Figure Of(string name, JsonElement ms, JsonElement replay) =>
        new(name, "ms", ms.GetProperty("p50").GetDouble(), ms.GetProperty("p99").GetDouble(), replay.GetProperty("per_second").GetDouble());

    private static async Task<IReadOnlyList<Figure>> BytesAsync(CancellationToken ct)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = Served.Address };
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        using var page = await client.GetAsync("/c/wuhan", ct);
        var body = await page.Content.ReadAsByteArrayAsync(ct);
        using var plain = new HttpClient { BaseAddress = Served.Address };
        var html = await plain.GetStringAsync("/c/wuhan", ct);
        long first = body.Length;
        foreach (var asset in html.Split('"').Where(part => part.StartsWith("/assets/", StringComparison.Ordinal)).Distinct())
        {
            first += (await client.GetByteArrayAsync(asset, ct)).Length;
        }

        long danger = (await client.GetByteArrayAsync("/danger", ct)).Length;
        var (poll, answer) = await PollAsync(plain, ct);
        // A repeat asks for the page alone; its assets are kept for a year under their content's name.
        return [new Figure("first load of a patient's page", "B", first, first, 0), new Figure("repeat of a patient's page", "B", body.Length, body.Length, 0), new Figure("danger signs, whole", "B", danger, danger, 0),
            new Figure("poll, body", "B", poll, poll, 0), new Figure("poll, whole answer with headers", "B", answer, answer, 0)];
    }

    /// <summary>What a phone without a stream asks every minute about its consultation.</summary>
    private static async Task<(long Body, long Whole)> PollAsync(HttpClient client, CancellationToken ct)
    {
        using var started = await client.PostAsync("/api/v1/campaigns/wuhan/start", Json("{}"), ct);
        var door = JsonDocument.Parse(await started.Content.ReadAsStringAsync(ct)).RootElement;
        client.DefaultRequestHeaders.Authorization = new("Bearer", door.GetProperty("token").GetString());
        var consultation = $"/api/v1/consultations/{door.GetProperty("consultation").GetString()}";
        var consent = $$"""{"relation":"self","lang":"zh","consent":{"text_version":"{{door.GetProperty("consent_version").GetString()}}","advice_only":true,"share_with_clinician":true,"keep":true} }""";
        using var opened = await client.PostAsync($"{consultation}/opening", Json(consent), ct);
        opened.EnsureSuccessStatusCode();
        using var head = await client.GetAsync($"{consultation}/head", ct);
        var body = (await head.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(ct)).LongLength;
        return (body, body + $"HTTP/1.1 200 OK\r\n{head.Headers}{head.Content.Headers}\r\n".Length);

        static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");
    }

    private static string Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Yizhen.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Run from a checkout.");
    }
}
