using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Faults;

/// <summary>No file of the server may grow any more, in the middle of a consultation. Nothing is acknowledged that is not on disk, and nothing that is gets lost.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task What_cannot_be_stored_is_refused_in_plain_words_and_stored_once_there_is_room_again()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var address = $"http://127.0.0.1:{Product.FreePort()}";
        using var server = Product.Run(["serve", "--demo", .. database.Arguments, "--urls", address], outlivesFullDisks: true);
        try
        {
            await Product.AnswersAsync(address);
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            var consultation = await QueuedAsync(client);
            Assert.Equal(HttpStatusCode.OK, (await SayAsync(client, consultation, Guid.CreateVersion7(), "还有地方")).Status);

            await LimitAsync(server, new FileInfo(Path.Combine(database.Folder, "yizhen.db-wal")).Length.ToString(CultureInfo.InvariantCulture));
            var messages = Enumerable.Range(0, 20).Select(n => (Id: Guid.CreateVersion7(), Text: $"第 {n} 句")).ToList();
            var answers = new List<(HttpStatusCode Status, string Title)>();
            foreach (var (id, text) in messages)
            {
                answers.Add(await SayAsync(client, consultation, id, text));
            }

            var refused = answers.Where(a => a.Status != HttpStatusCode.OK).ToList();
            Assert.NotEmpty(refused);
            Assert.All(refused, a => Assert.Equal(HttpStatusCode.ServiceUnavailable, a.Status));
            Assert.All(refused, a => Assert.Contains("之前存好的都在，一分钟后再试", a.Title, StringComparison.Ordinal));
            using (var danger = await client.GetAsync(new Uri("/danger", UriKind.Relative)))
            {
                Assert.Equal(HttpStatusCode.OK, danger.StatusCode);
            }

            var kept = await LinesAsync(client, consultation);
            Assert.Equal(messages.Where((_, n) => answers[n].Status == HttpStatusCode.OK).Select(m => m.Text), kept.Where(line => line.StartsWith("第 ", StringComparison.Ordinal)));

            await LimitAsync(server, "unlimited");
            foreach (var (id, text) in messages)
            {
                Assert.Equal(HttpStatusCode.OK, (await SayAsync(client, consultation, id, text)).Status);
            }

            Assert.Equal(messages.Select(m => m.Text).Order(StringComparer.Ordinal), (await LinesAsync(client, consultation)).Where(line => line.StartsWith("第 ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }

        Assert.Equal(0, (await Product.EndAsync(["verify", .. database.Arguments])).Code);
        Assert.Equal(0, (await Product.EndAsync(["ledger", .. database.Arguments])).Code);
    }

    private static async Task<string> QueuedAsync(HttpClient client)
    {
        var started = await SendAsync(client, HttpMethod.Post, "/api/v1/campaigns/wuhan/start", new { });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", started.GetProperty("token").GetString());
        var consultation = $"/api/v1/consultations/{started.GetProperty("consultation").GetString()}";
        var consent = new { text_version = started.GetProperty("consent_version").GetString(), advice_only = true, share_with_clinician = true, keep = true, follow_up = false, statistics = false, guardian = false };
        await SendAsync(client, HttpMethod.Post, $"{consultation}/opening", new { relation = "self", consent, lang = "zh", label = "陈女士" });
        await SendAsync(client, HttpMethod.Put, $"{consultation}/place", new { region = "420102" });
        await SendAsync(client, HttpMethod.Put, $"{consultation}/story", new { text = "前天开始发烧", worry = 5 });
        foreach (var step in new[] { "triage", "contact/recovery", "queue" })
        {
            await SendAsync(client, HttpMethod.Post, $"{consultation}/{step}", new { });
        }

        return consultation;
    }

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<(HttpStatusCode Status, string Title)> SayAsync(HttpClient client, string consultation, Guid id, string text)
    {
        using var answer = await client.PutAsJsonAsync($"{consultation}/messages/{id}", new { text });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, body.TryGetProperty("title", out var title) ? title.GetString() ?? "" : "");
    }

    private static async Task<List<string>> LinesAsync(HttpClient client, string consultation)
    {
        var view = await client.GetFromJsonAsync<JsonElement>(consultation);
        return [.. view.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("text").GetString() ?? "")];
    }

    private static async Task LimitAsync(Process server, string bytes)
    {
        using var set = Process.Start("prlimit", ["--pid", server.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:unlimited"]);
        await set.WaitForExitAsync();
        Assert.Equal(0, set.ExitCode);
    }
}
