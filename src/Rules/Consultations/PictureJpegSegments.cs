using System.Buffers.Binary;

namespace Yizhen.Rules.Consultations;

/// <summary>Checks that a kept JPEG segment is what its marker says, to the last byte (ITU-T T.81, B.2).</summary>
internal static class PictureJpegSegments
{
    public static (int Width, int Height, int Components)? ReadFrame(ReadOnlySpan<byte> body)
    {
        if (body.Length < 6 || body[0] != 8 || body[5] is not (1 or 3 or 4) || body.Length != 6 + (3 * body[5]))
        {
            return null;
        }

        for (var i = 6; i < body.Length; i += 3)
        {
            if (body[i + 1] >> 4 is < 1 or > 4 || (body[i + 1] & 15) is < 1 or > 4 || body[i + 2] > 3)
            {
                return null;
            }
        }

        return (BinaryPrimitives.ReadUInt16BigEndian(body[3..]), BinaryPrimitives.ReadUInt16BigEndian(body[1..]), body[5]);
    }

    public static bool AreQuantisationTables(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            var size = body[0] >> 4 == 0 ? 65 : 129;
            if (body[0] >> 4 > 1 || (body[0] & 15) > 3 || body.Length < size)
            {
                return false;
            }

            body = body[size..];
        }

        return true;
    }

    public static bool AreHuffmanTables(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            if (body.Length < 17 || body[0] >> 4 > 1 || (body[0] & 15) > 3)
            {
                return false;
            }

            var codes = 0;
            foreach (var count in body[1..17])
            {
                codes += count;
            }

            if (codes > 256 || body.Length < 17 + codes)
            {
                return false;
            }

            body = body[(17 + codes)..];
        }

        return true;
    }

    public static bool IsScan(ReadOnlySpan<byte> body, int components) =>
        body.Length >= 1 && body[0] >= 1 && body[0] <= components && body.Length == 4 + (2 * body[0])
        && body[^3] <= 63 && body[^2] <= 63;

    /// <summary>Stops before the marker that ends the scan. Restart markers count 0 to 7 in turn and only where an interval is set.</summary>
    public static bool PassEntropy(ReadOnlySpan<byte> photo, ref int at, bool restarts)
    {
        var expected = 0xD0;
        while (true)
        {
            var next = photo[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= photo.Length)
            {
                return false;
            }

            at += next;
            var code = photo[at + 1];
            if (code is >= 0xD0 and <= 0xD7)
            {
                if (!restarts || code != expected)
                {
                    return false;
                }

                expected = expected == 0xD7 ? 0xD0 : expected + 1;
            }
            else if (code != 0)
            {
                return true;
            }

            at += 2;
        }
    }
}
