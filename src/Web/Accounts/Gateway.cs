using System.Text.Json;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>Who carries a short message to a phone. Two: an HTTP gateway, and the development outbox of demo and drill.</summary>
internal interface IMessageSender
{
    /// <exception cref="HttpRequestException">Not delivered; it is tried again later.</exception>
    Task SendAsync(string number, string text, CancellationToken ct);
}

/// <summary>The outbox page shows what would have been sent. Nothing leaves the machine.</summary>
internal sealed class DevelopmentOutbox : IMessageSender
{
    public Task SendAsync(string number, string text, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>What a gateway wants, from a file: address, headers, and a body with {number} and {text} in it.</summary>
internal sealed record GatewaySettings(Uri Url, string ContentType, string Body, Dictionary<string, string>? Headers)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <exception cref="StorageException">The file cannot be read as gateway settings.</exception>
    public static GatewaySettings ReadFile(string file)
    {
        try
        {
            return Read(File.ReadAllText(file));
        }
        catch (Exception broken) when (broken is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new StorageException($"The message gateway file {file} cannot be used: {broken.Message}", broken);
        }
    }

    /// <exception cref="JsonException">A member is missing or unknown.</exception>
    public static GatewaySettings Read(string json) =>
        JsonSerializer.Deserialize<GatewaySettings>(json, Strict) is { Url: not null, Body: not null, ContentType: not null } settings ? settings : throw new JsonException("url, content_type and body are needed.");
}

internal sealed class HttpGateway(HttpClient client, GatewaySettings settings) : IMessageSender
{
    public async Task SendAsync(string number, string text, CancellationToken ct)
    {
        var json = settings.ContentType.Contains("json", StringComparison.OrdinalIgnoreCase);
        var body = settings.Body.Replace("{number}", Escaped(number, json), StringComparison.Ordinal).Replace("{text}", Escaped(text, json), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url) { Content = new StringContent(body, System.Text.Encoding.UTF8, settings.ContentType) };
        foreach (var (name, value) in settings.Headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode();
    }

    private static string Escaped(string value, bool json) => json ? JsonEncodedText.Encode(value).ToString() : Uri.EscapeDataString(value);
}
