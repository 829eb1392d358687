using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Faults;

/// <summary>The server dies without a word in the middle of everything, and is started again: nothing acknowledged is lost, doubled or out of order.</summary>
public sealed class KillTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Theory, OnBothDatabases]
    public async Task Killed_in_the_middle_of_a_replay_loses_nothing(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        using var limit = new CancellationTokenSource(Limit);
        var port = FreePort();
        var dialogues = Checkout.At("tests", "dialogues");
        var server = Serve(database, port);
        try
        {
            await Answers(port, limit.Token);
            using var replay = Run("replay", Path.Combine(dialogues, "zh.jsonl"), Path.Combine(dialogues, "en.jsonl"), "--url", $"http://127.0.0.1:{port}",
                "--secret", Path.Combine(database.Folder, "demo-secret.txt"), "--doctors", "10", "--json");
            var said = replay.StandardOutput.ReadToEndAsync(limit.Token);

            // Four times, each at another point of the run: as soon as a few more facts are on disk.
            for (var kills = 1; kills <= 4 && !replay.HasExited; kills++)
            {
                var opened = await Opened(database, limit.Token);
                while (!replay.HasExited && await Opened(database, limit.Token) < opened + 6)
                {
                    await Task.Delay(20, limit.Token);
                }

                server.Kill();
                await server.WaitForExitAsync(limit.Token);
                server.Dispose();
                server = Serve(database, port);
                await Answers(port, limit.Token);
            }

            await replay.WaitForExitAsync(limit.Token);
            var report = JsonSerializer.Deserialize<JsonElement>(await said);
            Assert.Equal((46, 0, 0, 0, 0), (Of("completed"), Of("lost"), Of("doubled"), Of("misordered"), Of("foreign")));
            Assert.Equal(0, replay.ExitCode);
            Assert.Equal(0, await Ends(limit.Token, ["ledger", .. Where(database)]));
            Assert.Equal(0, await Ends(limit.Token, ["verify", .. Where(database), "--state", database.Folder]));

            int Of(string name) => report.GetProperty(name).GetInt32();
        }
        finally
        {
            server.Kill();
            server.Dispose();
        }
    }

    private static Process Serve(TestDatabase database, int port) => Run(["serve", "--demo", .. Where(database), "--state", database.Folder, "--urls", $"http://127.0.0.1:{port}"]);

    private static string[] Where(TestDatabase database) => [.. database.Arguments];

    private static async Task<int> Opened(TestDatabase database, CancellationToken ct)
    {
        using var ledger = Run(["ledger", .. Where(database), "--json"]);
        var text = await ledger.StandardOutput.ReadToEndAsync(ct);
        await ledger.WaitForExitAsync(ct);
        return text.Length == 0 ? 0 : JsonSerializer.Deserialize<JsonElement>(text).GetProperty("opened").GetInt32();
    }

    private static async Task<int> Ends(CancellationToken ct, params string[] arguments)
    {
        using var process = Run(arguments);
        await process.WaitForExitAsync(ct);
        return process.ExitCode;
    }

    private static async Task Answers(int port, CancellationToken ct)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync("/health/live", ct);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not up yet.
            }

            await Task.Delay(20, ct);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Yizhen.Web.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        if (arguments[0] == "serve")
        {
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
        }

        return process;
    }
}
