using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Yizhen.Benchmarks;

/// <summary>Who comes: new, with an ongoing consultation, or with a danger sign to tell.</summary>
internal enum Comer
{
    Newcomer,
    Ongoing,
    RedFlag,
}

/// <summary>One answer, timed from the moment at which it should have been asked for: a client that cannot keep up hides nothing.</summary>
/// <param name="Status">0 where no answer came.</param>
internal sealed record Met(Comer Comer, int Status, double Ms)
{
    public bool IsServed => Status is >= 200 and < 300;

    public bool IsRefused => Status == (int)HttpStatusCode.ServiceUnavailable;
}

/// <summary>People at the JSON door of the demo server, over a bounded number of connections.</summary>
internal sealed class OverloadPeople : IDisposable
{
    private const int Connections = 2_000;

    /// <summary>In consultations before the load begins; the load writes to them in turn.</summary>
    private const int Inside = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = Connections, UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) }) { BaseAddress = Served.Address, Timeout = Patience };
    private readonly List<(string Path, string Token)> ongoing = [];
    private readonly List<(string Path, string Token)> telling = [];
    private int next;

    public ConcurrentBag<Met> Answers { get; private set; } = [];

    public async Task PrepareAsync(CancellationToken ct)
    {
        for (var n = 0; n < Inside; n++)
        {
            ongoing.Add(await EnterAsync(ct));
            telling.Add(await EnterAsync(ct));
        }
    }

    public ConcurrentBag<Met> Collect()
    {
        var answers = Answers;
        Answers = [];
        return answers;
    }

    /// <param name="due">Stopwatch ticks.</param>
    /// <param name="turn">The place before the door that an earlier answer gave.</param>
    /// <returns>Where a newcomer was asked to come again: when, and with which place.</returns>
    public async Task<(TimeSpan After, string Turn)?> ComeAsync(Comer comer, long due, string? turn, CancellationToken ct)
    {
        var status = 0;
        (TimeSpan, string)? again = null;
        try
        {
            using var request = Request(comer);
            if (turn is not null)
            {
                request.Headers.Add("Yizhen-Turn", turn);
            }

            using var answer = await client.SendAsync(request, ct);
            await answer.Content.CopyToAsync(Stream.Null, ct);
            status = (int)answer.StatusCode;
            if (answer.Headers.RetryAfter?.Delta is { } after && answer.Headers.TryGetValues("Yizhen-Turn", out var told))
            {
                again = (after, told.First());
            }
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
        {
            // Counted as no answer.
        }

        Answers.Add(new Met(comer, status, Stopwatch.GetElapsedTime(due).TotalMilliseconds));
        return again;
    }

    public async Task<string> StageAsync(CancellationToken ct)
    {
        using var answer = await client.GetAsync("/health/ready", ct);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(ct)).RootElement.GetProperty("stage").GetString() ?? "";
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage Request(Comer comer)
    {
        var n = Interlocked.Increment(ref next);
        if (comer == Comer.Newcomer)
        {
            return Ask(HttpMethod.Post, "/api/v1/campaigns/wuhan/start", null, "{}");
        }

        var people = comer == Comer.Ongoing ? ongoing : telling;
        var (path, token) = people[n % people.Count];
        return comer == Comer.Ongoing
            ? Ask(HttpMethod.Put, $"{path}/messages/{Guid.CreateVersion7()}", token, """{"text":"还有点咳，晚上好一些"}""")
            : Ask(HttpMethod.Put, $"{path}/story", token, """{"text":"胸口像被压住，喘不上气","worry":9}""");
    }

    private async Task<(string Path, string Token)> EnterAsync(CancellationToken ct)
    {
        var started = await SendAsync(Ask(HttpMethod.Post, "/api/v1/campaigns/wuhan/start", null, "{}"), ct);
        var (path, token) = ($"/api/v1/consultations/{started.GetProperty("consultation").GetString()}", started.GetProperty("token").GetString() ?? "");
        await SendAsync(Ask(HttpMethod.Post, $"{path}/opening", token, $$"""{"relation":"self","lang":"zh","consent":{"text_version":"{{started.GetProperty("consent_version").GetString()}}","advice_only":true,"share_with_clinician":true,"keep":true} }"""), ct);
        await SendAsync(Ask(HttpMethod.Put, $"{path}/place", token, """{"region":"420102"}"""), ct);
        await SendAsync(Ask(HttpMethod.Put, $"{path}/story", token, """{"text":"咳嗽两天","worry":3}"""), ct);
        return (path, token);
    }

    /// <exception cref="InvalidOperationException">The people who are to be inside could not get in.</exception>
    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using (request)
        {
            using var answer = await client.SendAsync(request, ct);
            var text = await answer.Content.ReadAsStringAsync(ct);
            return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{request.Method} {request.RequestUri} was answered with {(int)answer.StatusCode}: {text}");
        }
    }

    private static HttpRequestMessage Ask(HttpMethod method, string path, string? token, string json) => new(method, path)
    {
        Content = new StringContent(json, Encoding.UTF8, "application/json"),
        Headers = { Authorization = token is null ? null : new("Bearer", token) },
    };
}
