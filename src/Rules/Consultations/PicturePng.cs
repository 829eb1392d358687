using System.Buffers.Binary;
using System.Collections.Immutable;
using static Yizhen.Rules.Consultations.PicturePngChunks;

namespace Yizhen.Rules.Consultations;

/// <summary>
/// PNG (third edition, W3C 2025). Kept: header, palette, transparency, gamma, sRGB, primaries, picture data, end; each with its
/// checksum proved. Texts, times, profiles and animation are left behind; of eXIf only the orientation is written anew.
/// </summary>
internal static class PicturePng
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public static bool Begins(ReadOnlySpan<byte> photo) => photo.StartsWith(Signature);

    public static Decision<Picture> Copy(ReadOnlySpan<byte> photo)
    {
        var copy = ImmutableArray.CreateBuilder<byte>();
        copy.AddRange(Signature);
        (int Width, int Height)? size = null;
        int? orientation = null;
        var colour = 0;
        var palette = 0;
        var pictureStart = 0;
        var seen = new HashSet<uint>();
        var last = 0u;
        var at = Signature.Length;
        while (true)
        {
            if (!Next(photo, at, out var type, out var body))
            {
                return Refusal.PhotoNotRecognised;
            }

            at += body.Length + 12;
            var first = seen.Add(type);
            if (size is null != (type == Chunk("IHDR"u8)))
            {
                return Refusal.PhotoNotRecognised;
            }

            if (type == Chunk("IHDR"u8))
            {
                if (!IsHeader(body, out var width, out var height))
                {
                    return Refusal.PhotoNotRecognised;
                }

                if (Picture.SizeRefused(width, height) is { } refused)
                {
                    return refused;
                }

                (size, colour) = ((width, height), body[9]);
            }
            else if (type == Chunk("IEND"u8))
            {
                if (size is not { } found || body.Length > 0 || !seen.Contains(Chunk("IDAT"u8)))
                {
                    return Refusal.PhotoNotRecognised;
                }

                Write(copy, "IEND"u8, []);
                if (orientation is { } turn)
                {
                    // Some viewers pass over an orientation that stands behind the picture data.
                    var block = ImmutableArray.CreateBuilder<byte>();
                    Write(block, "eXIf"u8, PictureOrientation.Write(turn).AsSpan());
                    copy.InsertRange(pictureStart, block.ToImmutable());
                }

                return new Picture("image/png", found.Width, found.Height, copy.DrainToImmutable());
            }
            else if (type == Chunk("IDAT"u8))
            {
                pictureStart = first ? copy.Count : pictureStart;
                if ((!first && last != type) || (colour == 3 && palette == 0))
                {
                    return Refusal.PhotoNotRecognised;
                }
            }
            else if (type == Chunk("eXIf"u8))
            {
                orientation ??= PictureOrientation.Read(body);
                last = type;
                continue;
            }
            else if (IsCritical(type))
            {
                if (type != Chunk("PLTE"u8) || !first || seen.Contains(Chunk("IDAT"u8)) || colour is 0 or 4
                    || body.Length % 3 != 0 || body.Length is < 3 or > 768)
                {
                    return Refusal.PhotoNotRecognised;
                }

                palette = body.Length / 3;
            }
            else if (!first || seen.Contains(Chunk("IDAT"u8)) || !IsHarmless(type, body, colour, palette))
            {
                last = type;
                continue;
            }

            last = type;
            Write(copy, Name(type), body);
        }
    }

    private static bool IsHarmless(uint type, ReadOnlySpan<byte> body, int colour, int palette) =>
        (type == Chunk("gAMA"u8) && body.Length == 4)
        || (type == Chunk("sRGB"u8) && body.Length == 1)
        || (type == Chunk("cHRM"u8) && body.Length == 32)
        || (type == Chunk("tRNS"u8) && colour switch
        {
            0 => body.Length == 2,
            2 => body.Length == 6,
            3 => body.Length >= 1 && body.Length <= palette,
            _ => false,
        });

    private static bool IsHeader(ReadOnlySpan<byte> body, out int width, out int height)
    {
        (width, height) = (0, 0);
        if (body.Length != 13)
        {
            return false;
        }

        var (w, h) = (BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]));
        if (w > int.MaxValue || h > int.MaxValue || body[10] != 0 || body[11] != 0 || body[12] > 1)
        {
            return false;
        }

        (width, height) = ((int)w, (int)h);
        return (body[9], body[8]) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16);
    }
}
