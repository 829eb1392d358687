using System.Collections.Immutable;

namespace Yizhen.Rules.Consultations;

/// <summary>A WebP container written anew around a picture, its alpha plane and its orientation; the plain form where it suffices.</summary>
internal static class PictureWebpContainer
{
    private const byte HasAlpha = 0x10;
    private const byte HasExif = 0x08;

    public static ImmutableArray<byte> Write(ReadOnlySpan<byte> image, bool lossless, ReadOnlySpan<byte> alpha, int? orientation, int width, int height)
    {
        var chunks = ImmutableArray.CreateBuilder<byte>();
        if (alpha.Length > 0 || orientation is not null)
        {
            var transparent = alpha.Length > 0 || (lossless && (image[4] & 0x10) != 0);
            var flags = (byte)((transparent ? HasAlpha : 0) | (orientation is null ? 0 : HasExif));
            Write(chunks, "VP8X"u8, [flags, 0, 0, 0, .. Three(width - 1), .. Three(height - 1)]);
        }

        if (alpha.Length > 0)
        {
            Write(chunks, "ALPH"u8, alpha);
        }

        Write(chunks, lossless ? "VP8L"u8 : "VP8 "u8, image);
        if (orientation is { } turn)
        {
            Write(chunks, "EXIF"u8, PictureOrientation.Write(turn).AsSpan());
        }

        var copy = ImmutableArray.CreateBuilder<byte>(12 + chunks.Count);
        copy.AddRange("RIFF"u8);
        copy.AddRange(Four(4 + chunks.Count));
        copy.AddRange("WEBP"u8);
        copy.AddRange(chunks);
        return copy.DrainToImmutable();
    }

    private static void Write(ImmutableArray<byte>.Builder chunks, ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
    {
        chunks.AddRange(name);
        chunks.AddRange(Four(body.Length));
        chunks.AddRange(body);
        if (body.Length % 2 == 1)
        {
            chunks.Add(0);
        }
    }

    private static byte[] Three(int number) => [(byte)(number & 0xFF), (byte)(number >> 8 & 0xFF), (byte)(number >> 16 & 0xFF)];

    private static byte[] Four(int number) => [.. Three(number), (byte)(number >> 24 & 0xFF)];
}
