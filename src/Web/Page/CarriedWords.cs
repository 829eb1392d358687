using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Yizhen.Web.Page;

/// <summary>
/// What somebody asked at the information desk, sealed in their own browser for half an hour, so that nothing has to be typed twice. Before the consent
/// nothing about health is stored with us, and in no address either.
/// </summary>
internal static class CarriedWords
{
    /// <summary>In characters; sealed, it stays below what a cookie may hold.</summary>
    public const int Longest = 300;

    private const string Cookie = "words";

    private static readonly TimeSpan Age = TimeSpan.FromMinutes(30);

    public static void Keep(HttpContext http, string text)
    {
        // A browser counts a line break once and sends it as two. Nothing is cut through the middle of a sign.
        var kept = text.ReplaceLineEndings("\n");
        kept = kept.Length <= Longest ? kept : kept[..(char.IsHighSurrogate(kept[Longest - 1]) ? Longest - 1 : Longest)];
        http.Response.Cookies.Append(Cookie, Seal(http).Protect(kept, Age), new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = Age, IsEssential = true });
    }

    /// <summary>Empty where nothing was asked, or long ago.</summary>
    public static string Of(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[Cookie] is { Length: > 0 } held ? Seal(http).Unprotect(held) : "";
        }
        catch (CryptographicException)
        {
            return "";
        }
    }

    public static void Drop(HttpContext http)
    {
        if (http.Request.Cookies.ContainsKey(Cookie))
        {
            http.Response.Cookies.Delete(Cookie);
        }
    }

    private static ITimeLimitedDataProtector Seal(HttpContext http) =>
        http.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("yizhen.words").ToTimeLimitedDataProtector();
}
