using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Yizhen.Web.Storage;

/// <summary>
/// The deployment key and what is sealed under it. The key itself never stands in the database.
/// A data key belongs to one consultation and retention class, or to one person; destroying its wrapped form destroys what it sealed.
/// </summary>
internal sealed class Vault
{
    public const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    // A cipher object is not for two threads at once, so only the key is kept.
    private readonly byte[] wrapping;
    private readonly byte[] lookup;
    private readonly byte[] check;

    /// <param name="deploymentKey">32 bytes.</param>
    public Vault(ReadOnlySpan<byte> deploymentKey)
    {
        wrapping = Derive(deploymentKey, "wrap");
        lookup = Derive(deploymentKey, "lookup");
        check = Derive(deploymentKey, "check");
    }

    /// <summary>Tells whether a database was made with this key, without telling the key.</summary>
    public ReadOnlySpan<byte> Check => check;

    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyBytes);

    /// <param name="owner">Consultation or person; a wrapped key moved to another owner does not open.</param>
    public byte[] Wrap(ReadOnlySpan<byte> dataKey, Guid owner)
    {
        using var cipher = new AesGcm(wrapping, TagBytes);
        return Seal(cipher, dataKey, owner.ToByteArray(bigEndian: true));
    }

    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, Guid owner)
    {
        using var cipher = new AesGcm(wrapping, TagBytes);
        return Open(cipher, wrapped, owner.ToByteArray(bigEndian: true));
    }

    /// <summary>Fresh nonce, ciphertext, tag. <paramref name="owner"/> and <paramref name="version"/> are bound to it.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> plain, Guid owner, long version)
    {
        using var cipher = new AesGcm(dataKey, TagBytes);
        return Seal(cipher, plain, Bound(owner, version));
    }

    /// <exception cref="AuthenticationTagMismatchException">Not this key, not this place, or changed since.</exception>
    public static byte[] Open(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> sealedBytes, Guid owner, long version)
    {
        using var cipher = new AesGcm(dataKey, TagBytes);
        return Open(cipher, sealedBytes, Bound(owner, version));
    }

    /// <summary>A keyed digest for looking something up that is stored encrypted, for example a phone number.</summary>
    public byte[] Digest(string purpose, string value) => HMACSHA256.HashData(lookup, Encoding.UTF8.GetBytes($"{purpose}\n{value}"));

    private static byte[] Bound(Guid owner, long version)
    {
        var bound = new byte[24];
        owner.TryWriteBytes(bound, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bound.AsSpan(16), version);
        return bound;
    }

    private static byte[] Seal(AesGcm cipher, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> bound)
    {
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        cipher.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), bound);
        return box;
    }

    private static byte[] Open(AesGcm cipher, ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound)
    {
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        cipher.Decrypt(box[..NonceBytes], box[NonceBytes..^TagBytes], box[^TagBytes..], plain, bound);
        return plain;
    }

    private static byte[] Derive(ReadOnlySpan<byte> key, string purpose)
    {
        var derived = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, default, Encoding.UTF8.GetBytes($"yizhen {purpose} 1"));
        return derived;
    }
}
