using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Yizhen.Rules.Consultations;

/// <summary>
/// JPEG (ITU-T T.81): baseline, extended and progressive Huffman pictures of 8 bits, which is what browsers show.
/// Kept: tables, frame, scans. Written anew: JFIF marker, orientation, Adobe's colour transform. Each kept table must fill its
/// segment exactly, so that a segment of text cannot pass as a table.
/// </summary>
internal static class PictureJpeg
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte QuantisationTables = 0xDB;
    private const byte RestartInterval = 0xDD;
    private const byte HuffmanTables = 0xC4;

    /// <summary>A picture has some ten scans; thousands are an attack on whoever decodes them.</summary>
    private const int MostScans = 100;

    public static bool Begins(ReadOnlySpan<byte> photo) => photo.StartsWith((ReadOnlySpan<byte>)[0xFF, StartOfImage, 0xFF]);

    public static Decision<Picture> Copy(ReadOnlySpan<byte> photo)
    {
        var kept = new List<Range>();
        (int Width, int Height, int Components)? frame = null;
        int? orientation = null;
        byte? transform = null;
        var jfif = false;
        var restarts = false;
        var scans = 0;
        var at = 2;
        while (true)
        {
            if (!NextMarker(photo, ref at, out var marker))
            {
                return Refusal.PhotoNotRecognised;
            }

            if (marker == EndOfImage)
            {
                return frame is { } found && scans > 0
                    ? new Picture("image/jpeg", found.Width, found.Height, Write(photo, kept, jfif, orientation, transform))
                    : Refusal.PhotoNotRecognised;
            }

            if (!Segment(photo, at, out var body))
            {
                return Refusal.PhotoNotRecognised;
            }

            var start = at - 2;
            at += 2 + body.Length;
            switch (marker)
            {
                case 0xE0:
                    jfif |= body.StartsWith("JFIF\0"u8);
                    continue;
                case 0xE1:
                    orientation ??= body.StartsWith("Exif\0\0"u8) ? PictureOrientation.Read(body) : null;
                    continue;
                case 0xEE:
                    transform = body.Length >= 12 && body.StartsWith("Adobe"u8) && body[11] <= 2 ? body[11] : transform;
                    continue;
                case (>= 0xE2 and <= 0xEF) or 0xFE:
                    continue;
                case 0xC0 or 0xC1 or 0xC2:
                    if (frame is not null || PictureJpegSegments.ReadFrame(body) is not { } read)
                    {
                        return Refusal.PhotoNotRecognised;
                    }

                    if (Picture.SizeRefused(read.Width, read.Height) is { } refused)
                    {
                        return refused;
                    }

                    frame = read;
                    break;
                case QuantisationTables when PictureJpegSegments.AreQuantisationTables(body):
                case HuffmanTables when PictureJpegSegments.AreHuffmanTables(body):
                    break;
                case RestartInterval when body.Length == 2:
                    restarts = BinaryPrimitives.ReadUInt16BigEndian(body) > 0;
                    break;
                case StartOfScan when frame is { } whole && PictureJpegSegments.IsScan(body, whole.Components) && scans < MostScans:
                    if (!PictureJpegSegments.PassEntropy(photo, ref at, restarts))
                    {
                        return Refusal.PhotoNotRecognised;
                    }

                    scans++;
                    break;
                default:
                    return Refusal.PhotoNotRecognised;
            }

            kept.Add(start..at);
        }
    }

    private static bool NextMarker(ReadOnlySpan<byte> photo, ref int at, out byte marker)
    {
        marker = 0;
        if (at >= photo.Length || photo[at] != 0xFF)
        {
            return false;
        }

        while (at < photo.Length && photo[at] == 0xFF)
        {
            at++;
        }

        if (at >= photo.Length)
        {
            return false;
        }

        marker = photo[at++];
        return true;
    }

    private static bool Segment(ReadOnlySpan<byte> photo, int at, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (photo.Length - at < 2)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(photo[at..]);
        if (length < 2 || length > photo.Length - at)
        {
            return false;
        }

        body = photo.Slice(at + 2, length - 2);
        return true;
    }

    private static ImmutableArray<byte> Write(ReadOnlySpan<byte> photo, List<Range> kept, bool jfif, int? orientation, byte? transform)
    {
        var copy = ImmutableArray.CreateBuilder<byte>();
        copy.AddRange((ReadOnlySpan<byte>)[0xFF, StartOfImage]);
        if (jfif)
        {
            copy.AddRange((ReadOnlySpan<byte>)[0xFF, 0xE0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        }

        if (orientation is { } turn)
        {
            copy.AddRange((ReadOnlySpan<byte>)[0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0]);
            copy.AddRange(PictureOrientation.Write(turn));
        }

        if (transform is { } colours)
        {
            copy.AddRange((ReadOnlySpan<byte>)[0xFF, 0xEE, 0, 14, (byte)'A', (byte)'d', (byte)'o', (byte)'b', (byte)'e', 0, 100, 0, 0, 0, 0, colours]);
        }

        foreach (var segment in kept)
        {
            copy.AddRange(photo[segment]);
        }

        copy.AddRange((ReadOnlySpan<byte>)[0xFF, EndOfImage]);
        return copy.DrainToImmutable();
    }
}
