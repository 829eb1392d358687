namespace Yizhen.Web.Page;

/// <summary>This page stands inside another's, which these origins may do; staff's pages never do.</summary>
/// <param name="Origins">As they go into a header, with spaces between.</param>
internal sealed record Framed(string Origins)
{
    private const string Nobody = "frame-ancestors 'none'";

    /// <summary>The policy of a page that stands ready in memory, for the frame that this request comes from.</summary>
    public static string Allow(HttpContext http, string policy) =>
        http.Features.Get<Framed>() is { } framed ? policy.Replace(Nobody, $"frame-ancestors {framed.Origins}", StringComparison.Ordinal) : policy;

    /// <summary>This request stands in a frame that these origins may hold.</summary>
    public static void In(HttpContext http, string origins)
    {
        var before = http.Features.Get<Framed>();
        http.Features.Set(new Framed(origins));
        if (before is null)
        {
            Loosen(http);
        }
    }

    /// <summary>
    /// A browser keeps cookies of a frame for the page around it, and only such as say that they may be sent there. Without TLS that does not exist:
    /// there a frame of the same site keeps the usual ones.
    /// </summary>
    private static void Loosen(HttpContext http)
    {
        if (!http.Request.IsHttps)
        {
            return;
        }

        http.Response.OnStarting(static state =>
        {
            var headers = ((HttpContext)state).Response.Headers;
            headers.SetCookie = new([.. headers.SetCookie.OfType<string>().Select(cookie =>
                $"{string.Join(';', cookie.Split(';').Where(part => !part.TrimStart().StartsWith("samesite", StringComparison.OrdinalIgnoreCase) && !part.Trim().Equals("secure", StringComparison.OrdinalIgnoreCase)))}; secure; samesite=none; partitioned")]);
            return Task.CompletedTask;
        }, http);
    }
}
