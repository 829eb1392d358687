using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Yizhen.Rules.Consultations;

/// <summary>Length, name, body and CRC-32 of a PNG chunk: read with the checksum proved, written with it made anew.</summary>
internal static class PicturePngChunks
{
    private static readonly uint[] Table = MakeTable();

    public static bool Next(ReadOnlySpan<byte> photo, int at, out uint type, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        if (photo.Length - at < 12)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(photo[at..]);
        if (length > photo.Length - at - 12)
        {
            return false;
        }

        var named = photo.Slice(at + 4, 4 + (int)length);
        foreach (var letter in named[..4])
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                return false;
            }
        }

        type = Chunk(named);
        body = named[4..];
        return Checksum(named) == BinaryPrimitives.ReadUInt32BigEndian(photo[(at + 8 + (int)length)..]);
    }

    public static void Write(ImmutableArray<byte>.Builder copy, ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, (uint)body.Length);
        copy.AddRange(four);
        var start = copy.Count;
        copy.AddRange(name);
        copy.AddRange(body);
        var crc = 0xFFFFFFFFu;
        for (var i = start; i < copy.Count; i++)
        {
            crc = Table[(crc ^ copy[i]) & 0xFF] ^ (crc >> 8);
        }

        BinaryPrimitives.WriteUInt32BigEndian(four, ~crc);
        copy.AddRange(four);
    }

    public static byte[] Name(uint type) => [(byte)(type >> 24), (byte)(type >> 16 & 0xFF), (byte)(type >> 8 & 0xFF), (byte)(type & 0xFF)];

    public static uint Chunk(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    /// <summary>An upper-case first letter: whoever does not know the chunk cannot show the picture.</summary>
    public static bool IsCritical(uint type) => (type & 0x20000000) == 0;

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var one in bytes)
        {
            crc = Table[(crc ^ one) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var n = 0u; n < 256; n++)
        {
            var c = n;
            for (var bit = 0; bit < 8; bit++)
            {
                c = (c & 1) == 0 ? c >> 1 : 0xEDB88320u ^ (c >> 1);
            }

            table[n] = c;
        }

        return table;
    }
}
