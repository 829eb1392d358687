namespace Yizhen.Web.Page;

/// <summary>The link at the top: keeps the choice and goes back to the same address.</summary>
internal static class ChooseLanguage
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/lang/{code}", (string code, string? back, HttpContext http) =>
            {
                if (code is not ("zh" or "en"))
                {
                    return http.Refuse(Rules.Refusal.NotFound);
                }

                http.Response.Cookies.Append(Lang.Cookie, code, new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Lax,
                    Secure = http.Request.IsHttps,
                    MaxAge = TimeSpan.FromDays(365),
                    IsEssential = true,
                });
                http.Response.Headers.CacheControl = "no-store";
                return new SeeOther(Local(back));
            })
            .Anonymous("a choice of language is nobody's secret");

    /// <summary>Only an address on this site; anything else leads to the front page, so that nobody is sent astray by a link of ours.</summary>
    public static string Local(string? back) =>
        back is ['/', ..] and not ['/', '/' or '\\', ..] && !back.Any(char.IsControl) && Uri.TryCreate(back, UriKind.Relative, out _) ? back : "/";
}

/// <summary>After a form: the address to read next (303), so that a reload never sends twice.</summary>
internal sealed class SeeOther(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        // Chinese may stand in an address of ours; a header holds ASCII only.
        httpContext.Response.Headers.Location = new Uri(address, UriKind.RelativeOrAbsolute).IsAbsoluteUri ? address : Ascii(address);
        return Task.CompletedTask;
    }

    private static string Ascii(string address) => string.Concat(address.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())));
}
