using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using Yizhen.Rules;

namespace Yizhen.Web.Page;

/// <summary>
/// What may be sent at all: so much, and in letters that exist. Too much is refused in words: the server takes the rest off the line first, because a connection that is closed
/// while somebody still writes shows them an error of their browser instead of our page.
/// </summary>
internal static class Border
{
    /// <summary>Bytes, where an endpoint names no limit of its own (RequestSizeLimit): words only.</summary>
    public const long Words = 1024 * 1024;

    /// <summary>Bytes that are taken off the line and thrown away; beyond them the connection is closed.</summary>
    public const long Drained = 64 * 1024 * 1024;

    public static void UseBorder(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.ContentType is { Length: > 0 } type && !IsKnown(type))
        {
            return http.Refuse(Refusal.Malformed).ExecuteAsync(http);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false } size)
        {
            return next(http);
        }

        var own = http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>();
        var most = own?.MaxRequestBodySize ?? Words;
        if (http.Request.ContentLength > most)
        {
            size.MaxRequestBodySize = Drained;
            return http.Refuse(own is null ? Refusal.TextTooLong : Refusal.PhotoTooLarge).ExecuteAsync(http);
        }

        size.MaxRequestBodySize = most;
        return next(http);
    });

    /// <summary>The readers of JSON and forms take an unknown charset for a fault of ours.</summary>
    private static bool IsKnown(string type) =>
        !MediaTypeHeaderValue.TryParse(type, out var media) || !media.Charset.HasValue || media.Encoding is not null;
}
