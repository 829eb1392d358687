using System.Security.Cryptography;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>A picture: copied without anything that tells more than the picture, stored sealed, never served as active content.</summary>
internal static class SendPhoto
{
    private const int PartBytes = 64 * 1024;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPut("/api/v1/consultations/{id}/photos/{message:guid}", async (string id, Guid message, Admission admission, CodeFirst code, HttpContext http, TimeProvider clock) =>
            {
                var body = await ReadUpTo(http.Request.Body, Picture.LargestBytes, http.RequestAborted);
                return http.Json(body is null ? Refusal.PhotoTooLarge : await Send(admission, code, http.Subject(), id, message, body, clock.GetUtcNow()), Stored.Of);
            })
            .Allow(Resource.Photo, Act.Create)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(Picture.LargestBytes + PartBytes));

        app.MapGet("/api/v1/consultations/{id}/photos/{version:long}", async (string id, long version, Admission admission, ConsultationLog log, HttpContext http, TimeProvider clock, CancellationToken ct) =>
            {
                var read = await admission.Read(http.Subject(), id, Resource.Photo, clock.GetUtcNow(), ct);
                if (!read.Is(out var consultation, out var why))
                {
                    return http.Problem(why);
                }

                var line = consultation.Lines.FirstOrDefault(l => l.Version == version && l.Photo is not null);
                if (line is null || await log.Picture(consultation.Id, line, ct) is not { } bytes)
                {
                    return http.Problem(Refusal.NotFound);
                }

                // Only ever a picture: no sniffing, no scripts, no frame, not kept by anybody on the way.
                http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
                http.Response.Headers.CacheControl = "private, no-store";
                return Results.Bytes(bytes, line.Photo!.MediaType);
            })
            .Allow(Resource.Photo, Act.Read);
    }

    public static async Task<Decision<Consultation>> Send(Admission admission, CodeFirst code, Subject who, string id, Guid message, byte[] body, DateTimeOffset now)
    {
        if (!Picture.Copy(body).Is(out var picture, out var why))
        {
            return why;
        }

        var bytes = picture.Bytes;
        var parts = (bytes.Length + PartBytes - 1) / PartBytes;
        var fact = new PhotoReceived(message, picture.MediaType, picture.Width, picture.Height, bytes.Length, parts, Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan())));
        var beside = new Beside(PicturePart: (_, n) => bytes.AsMemory().Slice(n * PartBytes, Math.Min(PartBytes, bytes.Length - (n * PartBytes))));
        return await admission.Decide(who, id, Resource.Photo, Act.Create, now, c => code.Stops(c, message) ? Refusal.CodeNeededFirst : c.ReceivePhoto(fact), beside);
    }

    /// <summary>Null when there is more than <paramref name="most"/>.</summary>
    public static async Task<byte[]?> ReadUpTo(Stream stream, int most, CancellationToken ct)
    {
        using var held = new MemoryStream();
        var buffer = new byte[PartBytes];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (held.Length + read > most)
            {
                return null;
            }

            held.Write(buffer, 0, read);
        }

        return held.ToArray();
    }
}
