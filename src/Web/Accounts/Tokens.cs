using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Yizhen.Rules.Consultations;

namespace Yizhen.Web.Accounts;

/// <summary>Secrets that people or devices hold. We keep only digests; none of them ever stands in an address that is logged.</summary>
internal static class Tokens
{
    private const int SecretBytes = 32;
    private const int RecoveryGroups = 5;
    private const int GroupLength = 4;
    private const int MostDigits = 8;

    /// <summary>256 bits, base64url.</summary>
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>A code for a printed sheet: twenty letters in groups of four, without letters that look like digits. 100 bits.</summary>
    public static string NewRecovery()
    {
        var letters = Base32.Write(new Guid(RandomNumberGenerator.GetBytes(16)))[^(RecoveryGroups * GroupLength)..].ToUpperInvariant();
        return string.Join('-', Enumerable.Range(0, RecoveryGroups).Select(group => letters.Substring(group * GroupLength, GroupLength)));
    }

    /// <summary>However it was typed: spaces, hyphens, small letters, O for 0 and I or L for 1.</summary>
    public static byte[] RecoveryDigest(string typed) =>
        Digest("recovery " + new string([.. typed.ToUpperInvariant().Where(char.IsLetterOrDigit).Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c })]));

    /// <param name="digits">6, or 8 while codes are being guessed.</param>
    public static string NewCode(int digits)
    {
        var most = 1;
        for (var i = 0; i < Math.Min(digits, MostDigits); i++)
        {
            most *= 10;
        }

        return RandomNumberGenerator.GetInt32(most).ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The network that limits count by: /24 of IPv4, /64 of IPv6.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is null)
        {
            return "none";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? $"{bytes[0]}.{bytes[1]}.{bytes[2]}.0/24"
            : Convert.ToHexStringLower(bytes, 0, 8) + "/64";
    }
}
