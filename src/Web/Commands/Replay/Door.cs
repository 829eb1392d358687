using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Yizhen.Web.Overload;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands.Replay;

/// <summary>
/// One virtual person at the public HTTP interface, from a network of their own. Limits stay on: 429 and 503 are waited out,
/// an answer that never came is asked again with the same ids, which doubles nothing.
/// </summary>
internal sealed class Door(HttpClient client, string network, string secret)
{
    private const int MostTries = 60;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The place before the door, shown with each further try.</summary>
    private string? turn;

    public string? Token { get; set; }

    /// <param name="confirm">The body again with these warnings confirmed, where the person at the door may do that.</param>
    public async Task<T> Send<T>(HttpMethod method, string path, object? body, CancellationToken ct, Func<IReadOnlyList<string>, object>? confirm = null, bool settled = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = Request(method, path);
                request.Content = body is null ? null : JsonContent.Create(body, options: Json);
                using var answer = await client.SendAsync(request, ct);
                if (settled && answer.StatusCode == System.Net.HttpStatusCode.Conflict)
                {
                    return default!;
                }

                if (answer.IsSuccessStatusCode)
                {
                    return answer.Content.Headers.ContentLength == 0 || answer.StatusCode == System.Net.HttpStatusCode.NoContent
                        ? default!
                        : (await answer.Content.ReadFromJsonAsync<T>(Json, ct))!;
                }

                if (confirm is not null && answer.StatusCode == System.Net.HttpStatusCode.Conflict && await Warnings(answer, ct) is { Count: > 0 } rules)
                {
                    (body, confirm) = (confirm(rules), null);
                    continue;
                }

                turn = answer.Headers.TryGetValues(Turns.Header, out var told) ? told.First() : turn;
                if ((int)answer.StatusCode is not (409 or 429 or >= 500) || attempt == MostTries)
                {
                    throw new StorageException($"{method} {Shape(path)} was answered with {(int)answer.StatusCode}.");
                }
            }
            catch (HttpRequestException) when (attempt < MostTries)
            {
                // The server is away, or went away in the middle: the same ids are sent again.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(50 * attempt, 1000)), ct);
        }
    }

    public Task<T> Post<T>(string path, object? body, CancellationToken ct) => Send<T>(HttpMethod.Post, path, body, ct);

    /// <summary>Says something that somebody else may have settled meanwhile: a conflict is an answer, and is not tried again.</summary>
    public async Task Tell(string path, object? body, CancellationToken ct) => await Send<object>(HttpMethod.Post, path, body, ct, settled: true);

    public Task<T> Put<T>(string path, object body, CancellationToken ct) => Send<T>(HttpMethod.Put, path, body, ct);

    private static async Task<IReadOnlyList<string>> Warnings(HttpResponseMessage answer, CancellationToken ct) =>
        await answer.Content.ReadFromJsonAsync<JsonElement>(Json, ct) is { ValueKind: JsonValueKind.Object } problem && problem.TryGetProperty("warnings", out var warnings)
            ? [.. warnings.EnumerateArray().Select(w => w.GetProperty("rule").GetString() ?? "")]
            : [];

    public Task<T> Get<T>(string path, CancellationToken ct) => Send<T>(HttpMethod.Get, path, null, ct);

    /// <summary>A live stream that comes back by itself, with the id of the last item it has seen.</summary>
    public async IAsyncEnumerable<(string Kind, T Item)> Follow<T>(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        string? last = null;
        while (!ct.IsCancellationRequested)
        {
            var items = Items<T>(path, last, ct).GetAsyncEnumerator(ct);
            await using (items)
            {
                while (await Next(items))
                {
                    last = items.Current.EventId ?? last;
                    if (items.Current.Data is { } data)
                    {
                        yield return (items.Current.EventType, data);
                    }
                }
            }

            await Task.Delay(50, ct);
        }
    }

    private static async Task<bool> Next<T>(IAsyncEnumerator<SseItem<T?>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<SseItem<T?>> Items<T>(string path, string? last, [EnumeratorCancellation] CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (last is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        answer.EnsureSuccessStatusCode();
        await using var stream = await answer.Content.ReadAsStreamAsync(ct);
        var parser = SseParser.Create(stream, (_, bytes) => bytes.IsEmpty ? default : JsonSerializer.Deserialize<T>(bytes, Json));
        await foreach (var item in parser.EnumerateAsync(ct))
        {
            yield return item;
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Demo-Secret", secret);
        request.Headers.Add("X-Demo-Network", network);
        if (turn is not null)
        {
            request.Headers.Add(Turns.Header, turn);
        }

        if (Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        return request;
    }

    /// <summary>A path without its ids: an error message names no consultation.</summary>
    private static string Shape(string path) => string.Join('/', path.Split('/').Select(part => part.Length >= 26 ? "…" : part));
}
