using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Yizhen.Rules;
using Yizhen.Web.Page;

namespace Yizhen.Web.Overload;

/// <summary>
/// What whoever has to wait is told, from memory and in under two kilobytes: that the place is kept, when to come again, danger signs and the
/// numbers to ring. It needs no script; it comes again by itself only where the reader switches that on.
/// </summary>
internal static class WaitingRoom
{
    private static readonly (string Html, string Policy) Zh = Read("zh");
    private static readonly (string Html, string Policy) En = Read("en");

    /// <param name="token">The place before the door; null where there is none to keep.</param>
    public static Task Answer(HttpContext http, int seconds, string? token, string hotline)
    {
        var (request, headers, t) = (http.Request, http.Response.Headers, Lang.Of(http.Request));
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        if (request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            headers[Turns.Header] = token;
            http.Response.ContentType = "application/problem+json";
            return http.Response.Body.WriteAsync(Problem(t, seconds, token)).AsTask();
        }

        var (html, policy) = t.IsEnglish ? En : Zh;
        headers.ContentSecurityPolicy = policy;
        headers["Referrer-Policy"] = "no-referrer";
        var refreshes = HttpMethods.IsGet(request.Method) && request.Query["refresh"] == "on";
        if (refreshes)
        {
            headers["Refresh"] = headers.RetryAfter;
        }

        var body = Encoding.UTF8.GetBytes(html
            .Replace("{place}", token is null ? t["之前存好的都在。", "What was stored before is still there."] : t["先来的先进：您的次序记在这台手机上，不用重排。", "Whoever came first gets in first: your turn is kept on this phone."], StringComparison.Ordinal)
            .Replace("{again}", Again(request, t, refreshes), StringComparison.Ordinal)
            .Replace("{s}", seconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{hotline}", hotline.Length == 0 ? "" : $"{t["专线", "Hotline"]} <a href=\"{WebUtility.HtmlEncode(Frame.Tel(hotline))}\">{WebUtility.HtmlEncode(hotline)}</a>", StringComparison.Ordinal));
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body).AsTask();
    }

    /// <summary>What to press. A page that was sent cannot be linked to: reading it anew sends it again, words and all.</summary>
    private static string Again(HttpRequest request, Lang t, bool refreshes)
    {
        if (!HttpMethods.IsGet(request.Method) && request.RouteValues["slug"] is not string)
        {
            return t["刷新这一页，就再发一次，写的字不会丢。", "Reload this page to send it again; your words are kept."];
        }

        var to = WebUtility.HtmlEncode(request.RouteValues["slug"] is string slug ? $"/c/{Uri.EscapeDataString(slug)}" : request.Path.ToUriComponent());
        var byItself = refreshes ? t["不再自动重试", "Stop trying by itself"] : t["让它自动重试", "Let it try by itself"];
        return $"<a class=b href=\"{to}{(refreshes ? "?refresh=on" : "")}\">{t["再试一次", "Try again"]}</a> <a class=t href=\"{to}{(refreshes ? "" : "?refresh=on")}\">{byItself}</a>";
    }

    private static ReadOnlyMemory<byte> Problem(Lang t, int seconds, string? token)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All) });
        var (zh, en) = RefusalWords.Words(Refusal.Overloaded);
        json.WriteStartObject();
        json.WriteString("type", $"urn:yizhen:refusal:{RefusalWords.Code(Refusal.Overloaded)}");
        json.WriteString("title", t[zh, en]);
        json.WriteNumber("status", StatusCodes.Status503ServiceUnavailable);
        json.WriteString("code", RefusalWords.Code(Refusal.Overloaded));
        json.WriteString("lang", t.Html);
        json.WriteNumber("retry_after", seconds);
        if (token is not null)
        {
            json.WriteString("turn", token);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static (string Html, string Policy) Read(string lang)
    {
        var html = Asset.Text($"overload.{lang}.html");
        return (html, ServeDanger.PolicyOf(html));
    }
}
