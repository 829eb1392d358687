using System.Net;
using System.Net.Http.Headers;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>Somebody at the door who keeps count of what was answered.</summary>
internal sealed class Visitor(string name, HttpClient client, string[] secrets) : IDisposable
{
    /// <summary>Long enough for any answer on a busy machine; a stream is cut off after its first bytes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => name;

    public int Attempts { get; private set; }

    public SortedDictionary<int, int> Statuses { get; } = [];

    public List<string> Breaches { get; } = [];

    public async Task<string> TryAsync(HttpMethod method, string address, HttpContent? content = null, Action<HttpRequestHeaders>? headers = null)
    {
        Attempts++;
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = content };
        headers?.Invoke(request.Headers);
        using var limit = new CancellationTokenSource(Patience);
        HttpResponseMessage sent;
        try
        {
            sent = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException)
        {
            Breaches.Add($"{name} {method} {address}: no answer, {broken.InnerException?.Message ?? broken.Message}");
            return "";
        }

        using var answer = sent;
        var status = (int)answer.StatusCode;
        Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
        var stream = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var text = stream ? await FirstAsync(answer) : await answer.Content.ReadAsStringAsync(limit.Token);
        if (status >= 500)
        {
            Breaches.Add($"{name} {method} {address}: {status} {Short(text)}");
        }
        else if (status >= 400 && !Explains(answer, text, method) && !address.Contains("%00", StringComparison.Ordinal))
        {
            Breaches.Add($"{name} {method} {address}: {status} without a sentence: {Short(text)}");
        }

        if (secrets.Any(s => text.Contains(s, StringComparison.Ordinal) || answer.Headers.ToString().Contains(s, StringComparison.Ordinal)))
        {
            Breaches.Add($"{name} {method} {address}: {status} shows what is not theirs");
        }

        if (text.Contains("<script>alert", StringComparison.Ordinal) || text.Contains("<img src=x", StringComparison.Ordinal))
        {
            if (answer.Content.Headers.ContentType?.MediaType is "text/html" or "image/svg+xml")
            {
                Breaches.Add($"{name} {method} {address}: markup that was sent comes back alive");
            }
        }

        return text;
    }

    public void Dispose() => client.Dispose();

    private static bool Explains(HttpResponseMessage answer, string text, HttpMethod method) => answer.Content.Headers.ContentType?.MediaType switch
    {
        "application/problem+json" => text.Contains("\"title\":\"", StringComparison.Ordinal),
        "text/html" => text.Contains("<h1", StringComparison.Ordinal),
        // An address with a NUL in it is refused by the server itself, before anything of ours.
        _ => method == HttpMethod.Head || answer.StatusCode == HttpStatusCode.MethodNotAllowed,
    };

    private static async Task<string> FirstAsync(HttpResponseMessage answer)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        var buffer = new byte[4096];
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(limit.Token);
            return System.Text.Encoding.UTF8.GetString(buffer, 0, await body.ReadAsync(buffer, limit.Token));
        }
        catch (OperationCanceledException)
        {
            return "";
        }
    }

    private static string Short(string text) => text.Length > 200 ? text[..200] : text;
}
