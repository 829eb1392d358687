using System.Security.Cryptography;
using System.Text;

namespace Yizhen.Web.Page;

/// <summary>
/// Danger signs and the numbers to ring: answered from memory, in one request, with the database stopped, the disk full and the queue shed.
/// </summary>
internal static class ServeDanger
{
    private const string Open = "<style>";

    private static readonly DangerText Zh = DangerText.Read("zh");
    private static readonly DangerText En = DangerText.Read("en");

    public static void Map(IEndpointRouteBuilder app)
    {
        const string Why = "whoever is in danger is never asked who they are";
        app.MapGet("/danger", (HttpContext http) => Answer(http, Lang.Of(http.Request).IsEnglish ? En : Zh)).Anonymous(Why);
        app.MapGet("/danger.zh.html", (HttpContext http) => Answer(http, Zh)).Anonymous(Why);
        app.MapGet("/danger.en.html", (HttpContext http) => Answer(http, En)).Anonymous(Why);
    }

    /// <summary>Allows the one style element of a page that needs nothing but itself.</summary>
    public static string PolicyOf(string html)
    {
        var from = html.IndexOf(Open, StringComparison.Ordinal) + Open.Length;
        var style = html[from..html.IndexOf("</style>", StringComparison.Ordinal)];
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        return $"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static IResult Answer(HttpContext http, DangerText text)
    {
        http.Response.Headers.ContentSecurityPolicy = Framed.Allow(http, text.Policy);
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.Vary = "Accept-Language, Cookie";
        return Results.Bytes(text.Bytes, "text/html; charset=utf-8", entityTag: text.Tag);
    }

    /// <param name="Policy">Allows the page's one style element and nothing else.</param>
    private sealed record DangerText(byte[] Bytes, string Policy, Microsoft.Net.Http.Headers.EntityTagHeaderValue Tag)
    {
        public static DangerText Read(string lang)
        {
            var html = Asset.Text($"danger.{lang}.html");
            var bytes = Encoding.UTF8.GetBytes(html);
            return new(
                bytes,
                PolicyOf(html),
                new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\""));
        }
    }
}
