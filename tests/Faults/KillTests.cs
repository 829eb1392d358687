using System.Diagnostics;
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
        var address = $"http://127.0.0.1:{Product.FreePort()}";
        var dialogues = Checkout.At("tests", "dialogues");
        var server = Serve(database, address);
        try
        {
            await Product.AnswersAsync(address);
            using var replay = Product.Run("replay", Path.Combine(dialogues, "zh.jsonl"), Path.Combine(dialogues, "en.jsonl"), "--url", address,
                "--secret", Path.Combine(database.Folder, "demo-secret.txt"), "--doctors", "10", "--json");
            var said = replay.StandardOutput.ReadToEndAsync(limit.Token);

            // Four times, each at another point of the run: as soon as a few more facts are on disk.
            for (var kills = 1; kills <= 4 && !replay.HasExited; kills++)
            {
                var opened = await Opened(database);
                while (!replay.HasExited && await Opened(database) < opened + 6)
                {
                    await Task.Delay(20, limit.Token);
                }

                server.Kill();
                await server.WaitForExitAsync(limit.Token);
                server.Dispose();
                server = Serve(database, address);
                await Product.AnswersAsync(address);
            }

            await replay.WaitForExitAsync(limit.Token);
            var report = JsonSerializer.Deserialize<JsonElement>(await said);
            Assert.Equal((46, 0, 0, 0, 0), (Of("completed"), Of("lost"), Of("doubled"), Of("misordered"), Of("foreign")));
            Assert.Equal(0, replay.ExitCode);
            Assert.Equal(0, (await Product.EndAsync(["ledger", .. Where(database)])).Code);
            Assert.Equal(0, (await Product.EndAsync(["verify", .. Where(database), "--state", database.Folder])).Code);

            int Of(string name) => report.GetProperty(name).GetInt32();
        }
        finally
        {
            server.Kill();
            server.Dispose();
        }
    }

    private static Process Serve(TestDatabase database, string address) => Product.Run(["serve", "--demo", .. Where(database), "--state", database.Folder, "--urls", address]);

    private static string[] Where(TestDatabase database) => [.. database.Arguments];

    private static async Task<int> Opened(TestDatabase database)
    {
        var (code, text, _) = await Product.EndAsync(["ledger", .. Where(database), "--json"]);
        return code is not (0 or 1) ? 0 : JsonSerializer.Deserialize<JsonElement>(text).GetProperty("opened").GetInt32();
    }
}
