using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Yizhen.Web.Accounts;

/// <summary>Codes of an authenticator app: RFC 6238 with SHA-1, 30 seconds and six digits, which is what every such app does.</summary>
internal static class Totp
{
    private const int SecretBytes = 20;
    private const int StepSeconds = 30;
    private const int Digits = 1_000_000;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>Base32 as in RFC 4648, which is how apps want it typed.</summary>
    public static string Written(byte[] secret)
    {
        var text = new char[secret.Length * 8 / 5];
        for (var i = 0; i < text.Length; i++)
        {
            var (at, shift) = (i * 5 / 8, 11 - (i * 5 % 8));
            var pair = (secret[at] << 8) | (at + 1 < secret.Length ? secret[at + 1] : 0);
            text[i] = Letters[(pair >> shift) & 31];
        }

        return new string(text);
    }

    /// <summary>Null where it is not a secret that we have written.</summary>
    public static byte[]? Read(string text)
    {
        var letters = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        if (letters.Length != SecretBytes * 8 / 5 || letters.Any(l => !Letters.Contains(l)))
        {
            return null;
        }

        var secret = new byte[SecretBytes];
        for (var i = 0; i < letters.Length; i++)
        {
            var (at, shift) = (i * 5 / 8, 11 - (i * 5 % 8));
            var bits = Letters.IndexOf(letters[i], StringComparison.Ordinal) << shift;
            secret[at] |= (byte)((bits >> 8) & 255);
            if (at + 1 < SecretBytes)
            {
                secret[at + 1] |= (byte)(bits & 255);
            }
        }

        return secret;
    }

    /// <summary>What an app scans.</summary>
    public static string Link(byte[] secret, string login) => $"otpauth://totp/Yizhen:{Uri.EscapeDataString(login)}?secret={Written(secret)}&issuer=Yizhen";

    /// <summary>The step whose code was typed, one step of the clock either way; null where it is none, or not after <paramref name="used"/>.</summary>
    public static long? Step(byte[] secret, string typed, DateTimeOffset now, long? used)
    {
        var current = now.ToUnixTimeSeconds() / StepSeconds;
        var digits = new string([.. typed.Where(char.IsDigit).Select(c => (char)('0' + char.GetNumericValue(c)))]);
        for (var step = current - 1; step <= current + 1; step++)
        {
            if (step > (used ?? long.MinValue) && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(Code(secret, step)), System.Text.Encoding.ASCII.GetBytes(digits)))
            {
                return step;
            }
        }

        return null;
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 as apps implement it. As HMAC, SHA-1 is not broken.")]
    internal static string Code(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, mac);
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 15)..]) & int.MaxValue;
        return (number % Digits).ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
    }
}
