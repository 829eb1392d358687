using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Yizhen.Web.Page;

/// <summary>
/// Refuses what is too large before it is read, so that the reader gets a sentence: the server's own limit cuts the connection instead,
/// and a phone then shows nothing.
/// </summary>
internal static class BodyLimits
{
    /// <summary>Bytes of a form or a JSON body; an endpoint that takes more says so.</summary>
    public const long Ordinary = 1024 * 1024;

    /// <summary>Bytes beyond which the server cuts the connection after all.</summary>
    public const long Cut = 32 * 1024 * 1024;

    public static void UseBodyLimits(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var most = http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? Ordinary;
        if (http.Request.ContentLength > most)
        {
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit && http.Request.ContentLength is null)
        {
            limit.MaxRequestBodySize = most;
        }

        return next(http);
    });
}
