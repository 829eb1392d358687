using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Yizhen.Web.Campaigns;

/// <summary>A message to another's server: signed with a secret that both know, the time in it, so that an old one cannot be sent again by somebody else. docs/partners.md says how it is checked.</summary>
internal static class SignedPost
{
    /// <summary>What the receiver checks.</summary>
    /// <param name="seconds">Since 1970; it stands in the header.</param>
    public static string Sign(string secret, long seconds, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seconds}.{body}"))));

    /// <param name="id">Header and value by which the receiver knows it again: the same at every attempt.</param>
    /// <param name="ct">Breaks it off, which counts as no answer in time: whoever sent it can still write that down.</param>
    /// <returns>Null where it was taken; else the status, or the kind of fault. Never a word of the answer.</returns>
    public static async Task<string?> SendAsync(HttpClient client, Uri url, string secret, (string Header, string Value) id, string body, DateTimeOffset now, CancellationToken ct)
    {
        var seconds = now.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add(id.Header, id.Value);
        request.Headers.Add("Yizhen-Timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Yizhen-Signature", $"v1={Sign(secret, seconds, body)}");
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return answer.IsSuccessStatusCode ? null : ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            return away is TaskCanceledException ? "timeout" : "unreachable";
        }
    }
}
