using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Yizhen.Examples;

/// <summary>A partner's receiver: takes what is signed and fresh, once, and keeps the newest state of each consultation.</summary>
public sealed class WebhookReceiver : IDisposable
{
    /// <summary>An older one may have been caught and sent again by somebody else.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private readonly HttpListener listener = new();
    private readonly string secret;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<string, bool> seen = new();

    /// <param name="address">Where to listen, for example http://127.0.0.1:8090/hook/</param>
    public WebhookReceiver(string address, string secret, TimeProvider clock)
    {
        (this.secret, this.clock) = (secret, clock);
        listener.Prefixes.Add(address);
        listener.Start();
        _ = ListenAsync();
    }

    /// <summary>While true it says that it is broken: the product tries again later.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Newest state by consultation.</summary>
    public ConcurrentDictionary<string, (long Version, string State)> States { get; } = new();

    /// <summary>Events that counted, in the order of their coming.</summary>
    public ConcurrentQueue<string> Counted { get; } = new();

    /// <summary>Everything that was knocked, also what was refused.</summary>
    public ConcurrentQueue<string> Knocked { get; } = new();

    /// <summary>HMAC-SHA256 over "timestamp.body" with the secret, in hexadecimal; compared without telling how much of it was right.</summary>
    public static bool Holds(string secret, string? timestamp, string? signature, string body, DateTimeOffset now) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= Fresh
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(signature ?? ""),
            Encoding.ASCII.GetBytes("v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}.{body}")))));

    public void Dispose() => listener.Close();

    private async Task ListenAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            using var reader = new StreamReader(call.Request.InputStream, Encoding.UTF8);
            call.Response.StatusCode = (int)Take(call.Request, await reader.ReadToEndAsync());
            call.Response.Close();
        }
    }

    private HttpStatusCode Take(HttpListenerRequest request, string body)
    {
        Knocked.Enqueue(request.Headers["Yizhen-Event"] ?? "");
        if (IsBroken)
        {
            return HttpStatusCode.ServiceUnavailable;
        }

        if (!Holds(secret, request.Headers["Yizhen-Timestamp"], request.Headers["Yizhen-Signature"], body, clock.GetUtcNow()))
        {
            return HttpStatusCode.Unauthorized;
        }

        using var json = JsonDocument.Parse(body);
        var id = json.RootElement.GetProperty("id").GetString() ?? "";
        if (seen.TryAdd(id, true))
        {
            var data = json.RootElement.GetProperty("data");
            var (version, state) = (data.GetProperty("version").GetInt64(), data.GetProperty("state").GetString() ?? "");
            States.AddOrUpdate(data.GetProperty("consultation").GetString() ?? "", (version, state), (_, before) => version > before.Version ? (version, state) : before);
            Counted.Enqueue(id);
        }

        return HttpStatusCode.NoContent;
    }
}
