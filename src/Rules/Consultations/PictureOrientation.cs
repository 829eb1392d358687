using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Yizhen.Rules.Consultations;

/// <summary>
/// The one tag that is carried over: how a viewer must turn the picture (EXIF 2.32, tag 0x0112 in the first directory, 1 to 8).
/// It is read as a number and written anew; not one byte of the original block is copied.
/// </summary>
internal static class PictureOrientation
{
    private const ushort Tag = 0x0112;
    private const ushort Short = 3;

    /// <summary>Null where none is stated, or where the block is not readable.</summary>
    public static int? Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.StartsWith("Exif\0\0"u8))
        {
            tiff = tiff[6..];
        }

        var little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || (!little && !tiff.StartsWith("MM\0*"u8)))
        {
            return null;
        }

        long directory = Long(tiff[4..], little);
        if (directory > tiff.Length - 2)
        {
            return null;
        }

        var entries = Word(tiff[(int)directory..], little);
        for (var i = 0; i < entries; i++)
        {
            var at = directory + 2 + (12L * i);
            if (at > tiff.Length - 12)
            {
                return null;
            }

            var entry = tiff.Slice((int)at, 12);
            if (Word(entry, little) != Tag)
            {
                continue;
            }

            var value = Word(entry[8..], little);
            return Word(entry[2..], little) == Short && Long(entry[4..], little) == 1 && value is >= 1 and <= 8 ? value : null;
        }

        return null;
    }

    /// <summary>A TIFF block with one directory and one entry, 26 bytes.</summary>
    public static ImmutableArray<byte> Write(int orientation) =>
    [
        (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
        0, 1,
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
        0, 0, 0, 0,
    ];

    private static ushort Word(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint Long(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
