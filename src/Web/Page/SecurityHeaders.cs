namespace Yizhen.Web.Page;

/// <summary>Nothing but our own: no foreign script, no inline style, no address handed on, and no frame but where an operator has named who may (<see cref="Framed"/>).</summary>
internal static class SecurityHeaders
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "media-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ";

    public static void Write(HttpResponse response)
    {
        var headers = response.Headers;
        if (response.HttpContext.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            // Read by programs and polled on slow networks: whatever a browser would do with it as a page is forbidden in one line.
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return;
        }

        var framed = response.HttpContext.Features.Get<Framed>();
        headers.ContentSecurityPolicy = Policy + (framed?.Origins ?? "'none'");
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = framed is null ? "DENY" : default;
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = framed is null ? "same-origin" : "cross-origin";
    }
}
