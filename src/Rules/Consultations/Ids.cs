namespace Yizhen.Rules.Consultations;

/// <summary>A consultation. UUIDv7 made by the shell, base32 in addresses, never a permission.</summary>
public readonly record struct ConsultationId(Guid Value)
{
    public override string ToString() => Base32.Write(Value);

    public static bool TryParse(string? text, out ConsultationId id)
    {
        var read = Base32.TryRead(text, out var value);
        id = new ConsultationId(value);
        return read;
    }
}

/// <summary>Crockford base32 of 128 bits: 26 characters, no I L O U, case does not matter. Used for every id in an address.</summary>
public static class Base32
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 26;
    private const int Bits = 5;

    public static string Write(Guid value)
    {
        var number = new UInt128Reader(value).Number;
        return string.Create(Length, number, static (target, rest) =>
        {
            for (var i = Length - 1; i >= 0; i--)
            {
                target[i] = Alphabet[(int)(rest & 31)];
                rest >>= Bits;
            }
        });
    }

    public static bool TryRead(string? text, out Guid value)
    {
        value = Guid.Empty;
        if (text is null || text.Length != Length || text[0] > '7')
        {
            return false;
        }

        UInt128 number = 0;
        foreach (var letter in text)
        {
            var digit = Alphabet.IndexOf(char.ToLowerInvariant(letter), StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            number = (number << Bits) | (uint)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        value = new Guid(bytes, bigEndian: true);
        return true;
    }

    private readonly struct UInt128Reader(Guid value)
    {
        public UInt128 Number
        {
            get
            {
                Span<byte> bytes = stackalloc byte[16];
                value.TryWriteBytes(bytes, bigEndian: true, out _);
                return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
            }
        }
    }
}
