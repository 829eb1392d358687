using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Overload;

/// <summary>
/// The place before the door as a token: the microsecond of coming, signed for one campaign with the deployment's key. It says nothing about anybody,
/// every node reads it, and none has to remember it.
/// </summary>
internal sealed class Turns(Vault vault)
{
    /// <summary>Of the answer and of the next try, for programs.</summary>
    public const string Header = "Yizhen-Turn";

    public const string Cookie = "yz-turn";

    private const int PlaceBytes = 8;
    private const int SignBytes = 12;

    public string Write(string campaign, long place)
    {
        Span<byte> token = stackalloc byte[PlaceBytes + SignBytes];
        BinaryPrimitives.WriteInt64BigEndian(token, place);
        Sign(campaign, place).CopyTo(token[PlaceBytes..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Null where it is not ours, or another campaign's.</summary>
    public long? Read(string campaign, string? token)
    {
        Span<byte> bytes = stackalloc byte[PlaceBytes + SignBytes];
        if (token is null || token.Length > 64 || !Base64Url.IsValid(token, out var length) || length != bytes.Length || Base64Url.DecodeFromChars(token, bytes) != bytes.Length)
        {
            return null;
        }

        var place = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return CryptographicOperations.FixedTimeEquals(bytes[PlaceBytes..], Sign(campaign, place)) ? place : null;
    }

    private ReadOnlySpan<byte> Sign(string campaign, long place) => vault.Digest("turn", FormattableString.Invariant($"{campaign}\n{place}")).AsSpan(0, SignBytes);
}
