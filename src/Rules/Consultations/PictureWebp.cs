using System.Buffers.Binary;

namespace Yizhen.Rules.Consultations;

/// <summary>
/// WebP (RFC 9649). Kept: the picture (VP8 or VP8L) and its alpha plane; of an animation the first frame. The container is written
/// anew. EXIF (but for the orientation), XMP, profile, animation, unknown chunks and whatever lies behind the file are left.
/// </summary>
internal static class PictureWebp
{
    public static bool Begins(ReadOnlySpan<byte> photo) =>
        photo.Length >= 12 && photo.StartsWith("RIFF"u8) && photo[8..].StartsWith("WEBP"u8);

    public static Decision<Picture> Copy(ReadOnlySpan<byte> photo)
    {
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(photo[4..]);
        if (stated < 12 || stated > photo.Length - 8)
        {
            return Refusal.PhotoNotRecognised;
        }

        var rest = photo[12..(int)(8 + stated)];
        ReadOnlySpan<byte> image = default;
        ReadOnlySpan<byte> alpha = default;
        var lossless = false;
        int? orientation = null;
        var extended = rest.StartsWith("VP8X"u8);
        while (rest.Length > 0)
        {
            if (!Next(rest, out var name, out var body, out var taken))
            {
                return Refusal.PhotoNotRecognised;
            }

            rest = rest[taken..];

            if (name.SequenceEqual("ANMF"u8) && image.IsEmpty)
            {
                if (body.Length < 16 || !FirstFrame(body[16..], out image, out alpha, out lossless))
                {
                    return Refusal.PhotoNotRecognised;
                }
            }
            else if (name.SequenceEqual("ALPH"u8) && image.IsEmpty && alpha.IsEmpty)
            {
                alpha = body;
            }
            else if (IsImage(name) && image.IsEmpty)
            {
                image = body;
                lossless = name[3] == 'L';
            }
            else if (name.SequenceEqual("EXIF"u8))
            {
                orientation ??= PictureOrientation.Read(body);
            }

            if (!extended)
            {
                break;
            }
        }

        if (!Size(image, lossless, out var width, out var height))
        {
            return Refusal.PhotoNotRecognised;
        }

        return Picture.SizeRefused(width, height) is { } refused
            ? refused
            : new Picture("image/webp", width, height, PictureWebpContainer.Write(image, lossless, lossless ? default : alpha, orientation, width, height));
    }

    private static bool FirstFrame(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> image, out ReadOnlySpan<byte> alpha, out bool lossless)
    {
        image = default;
        alpha = default;
        lossless = false;
        while (frame.Length > 0 && Next(frame, out var name, out var body, out var taken))
        {
            frame = frame[taken..];
            if (IsImage(name))
            {
                image = body;
                lossless = name[3] == 'L';
                return true;
            }

            if (name.SequenceEqual("ALPH"u8) && alpha.IsEmpty)
            {
                alpha = body;
            }
        }

        return false;
    }

    private static bool IsImage(ReadOnlySpan<byte> name) => name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8);

    private static bool Next(ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> body, out int taken)
    {
        name = default;
        body = default;
        taken = 0;
        if (rest.Length < 8)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
        if (length > rest.Length - 8)
        {
            return false;
        }

        name = rest[..4];
        foreach (var letter in name)
        {
            if (letter is < 0x20 or > 0x7E)
            {
                return false;
            }
        }

        body = rest.Slice(8, (int)length);
        taken = Math.Min(rest.Length, 8 + (int)length + (int)(length & 1));
        return true;
    }

    /// <summary>The size stands in the picture itself; the container's canvas is not asked.</summary>
    private static bool Size(ReadOnlySpan<byte> image, bool lossless, out int width, out int height)
    {
        (width, height) = (0, 0);
        if (lossless)
        {
            if (image.Length < 6 || image[0] != 0x2F)
            {
                return false;
            }

            var bits = BinaryPrimitives.ReadUInt32LittleEndian(image[1..]);
            (width, height) = ((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1);
            return bits >> 29 == 0;
        }

        if (image.Length < 11 || (image[0] & 1) != 0 || !image[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
        {
            return false;
        }

        var firstPartition = (image[0] | image[1] << 8 | image[2] << 16) >> 5;
        (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(image[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(image[8..]) & 0x3FFF);
        return firstPartition <= image.Length - 10;
    }
}
