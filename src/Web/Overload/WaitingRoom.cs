using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
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
    private const int LongestEntrance = 40;

    private static readonly (Prepared Html, string Policy) Zh = Read("zh");
    private static readonly (Prepared Html, string Policy) En = Read("en");
    private static readonly Prepared ZhProblem = Problem(Lang.Zh);
    private static readonly Prepared EnProblem = Problem(Lang.En);

    /// <param name="token">The place before the door; null where there is none to keep.</param>
    public static Task Answer(HttpContext http, int seconds, string? token, string hotline)
    {
        var (request, headers, t) = (http.Request, http.Response.Headers, Lang.Of(http.Request));
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        headers.RetryAfter = Text(seconds);
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        if (request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            headers[Turns.Header] = token;
            http.Response.ContentType = "application/problem+json";
            return (t.IsEnglish ? EnProblem : ZhProblem).WriteTo(http.Response, gap => gap == "s" ? Text(seconds) : token is null ? "" : $",\"turn\":\"{token}\"");
        }

        var (html, policy) = t.IsEnglish ? En : Zh;
        headers.ContentSecurityPolicy = Framed.Allow(http, policy);
        headers["Referrer-Policy"] = "no-referrer";
        var refreshes = HttpMethods.IsGet(request.Method) && request.Query["refresh"] == "on";
        if (refreshes)
        {
            headers["Refresh"] = headers.RetryAfter;
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        return html.WriteTo(http.Response, gap => gap switch
        {
            "place" => token is null ? t["之前存好的都在。", "What was stored before is still there."] : t["先来的先进：您的次序记在这台手机上，不用重排。", "Whoever came first gets in first: your turn is kept on this phone."],
            "again" => Again(request, t, refreshes),
            "s" => Text(seconds),
            "hotline" => hotline.Length == 0 ? "" : $"{t["专线", "Hotline"]} <a href=\"{WebUtility.HtmlEncode(Frame.Tel(hotline))}\">{WebUtility.HtmlEncode(hotline)}</a>",
            _ => throw new InvalidOperationException($"Nothing fills {gap}."),
        });
    }

    /// <summary>What to press. A page that was sent cannot be linked to: reading it anew sends it again, words and all.</summary>
    private static string Again(HttpRequest request, Lang t, bool refreshes)
    {
        if (!HttpMethods.IsGet(request.Method) && request.RouteValues["slug"] is not string)
        {
            return t["刷新这一页，就再发一次，写的字不会丢。", "Reload this page to send it again; your words are kept."];
        }

        // The entrance by which they came goes along: its share may be the one with room.
        var e = request.Query["e"].ToString() is { Length: > 0 and <= LongestEntrance } entrance ? $"?e={Uri.EscapeDataString(entrance)}" : "";
        var to = WebUtility.HtmlEncode(request.RouteValues["slug"] is string slug ? $"/c/{Uri.EscapeDataString(slug)}{e}" : request.Path.ToUriComponent());
        var itself = to.Contains('?', StringComparison.Ordinal) ? "&amp;refresh=on" : "?refresh=on";
        var byItself = refreshes ? t["不再自动重试", "Stop trying by itself"] : t["让它自动重试", "Let it try by itself"];
        return $"<a class=b href=\"{to}{(refreshes ? itself : "")}\">{t["再试一次", "Try again"]}</a> <a class=t href=\"{to}{(refreshes ? "" : itself)}\">{byItself}</a>";
    }

    /// <summary>The last word of a machine that has no line left: status, head and page in one, for a reader of whom nothing is known.</summary>
    public static ReadOnlyMemory<byte> Last(int seconds)
    {
        const string Page = """
            <!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>请等一等 / Please wait</title>
            <h1>现在人很多，请过几分钟再来</h1><p>喘不上气、胸口一直痛、叫不醒、脸歪手脚没力、抽搐或流血不止：不要等，现在打 <a href="tel:120">120</a>。想伤害自己：<a href="tel:12356">12356</a>。
            <h1 lang="en">Many people are here. Please come again in a few minutes</h1><p lang="en">Short of breath, chest pain that stays, cannot be woken, face droops or arm weak, a seizure or heavy bleeding: do not wait, call <a href="tel:120">120</a> now. Thoughts of harming yourself: <a href="tel:12356">12356</a>.</html>
            """;
        return Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"HTTP/1.1 503 Service Unavailable\r\nRetry-After: {seconds}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(Page)}\r\n\r\n{Page}"));
    }

    private static string Text(int seconds) => seconds.ToString(CultureInfo.InvariantCulture);

    private static Prepared Problem(Lang t)
    {
        var (zh, en) = RefusalWords.Words(Refusal.Overloaded);
        var code = RefusalWords.Code(Refusal.Overloaded);
        return new Prepared($$"""{ "type":"urn:yizhen:refusal:{{code}}","title":"{{JsonEncodedText.Encode(t[zh, en], JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}}","status":503,"code":"{{code}}","lang":"{{t.Html}}","retry_after":{s}{turn} }""");
    }

    private static (Prepared Html, string Policy) Read(string lang)
    {
        var html = Asset.Text($"overload.{lang}.html");
        return (new Prepared(html), ServeDanger.PolicyOf(html));
    }
}
