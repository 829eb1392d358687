using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Yizhen.Rules.Consultations;

namespace Yizhen.Web.Log;

/// <summary>
/// A fact as it lies on disk: the header readable, the payload sealed. <see cref="Digest"/> covers salt and payload,
/// <see cref="Hash"/> covers the predecessor's hash, the header and the digest, so the chain stays whole when a payload is destroyed.
/// </summary>
internal sealed record FactRow(
    Guid Consultation,
    long Version,
    long At,
    string Kind,
    string Actor,
    string Retention,
    string Bucket,
    int? Urgency,
    string? Reason,
    long? DueAt,
    byte[] Digest,
    byte[] Hash,
    byte[]? Payload)
{
    public const int SaltBytes = 16;

    /// <summary>Hash before the first fact.</summary>
    public static readonly byte[] Origin = new byte[32];

    public static FactRow From(Header header, byte[] predecessor, ReadOnlySpan<byte> salted, byte[] sealedPayload)
    {
        var row = new FactRow(
            header.Consultation.Value,
            header.Version,
            header.At.ToUnixTimeMilliseconds(),
            header.Kind,
            header.Actor,
            RetentionCode(header.Retention),
            header.Bucket.Code(),
            (int?)header.Urgency,
            header.Reason,
            header.Due?.ToUnixTimeMilliseconds(),
            SHA256.HashData(salted),
            [],
            sealedPayload);
        return row with { Hash = row.HashAfter(predecessor) };
    }

    /// <summary>The hash this row must carry after <paramref name="predecessor"/>. Format 1: length-prefixed fields in fixed order.</summary>
    public byte[] HashAfter(ReadOnlySpan<byte> predecessor)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(predecessor);
        Append(hash, "yizhen fact 1");
        Append(hash, Consultation.ToString("N"));
        Append(hash, Version.ToString(CultureInfo.InvariantCulture));
        Append(hash, At.ToString(CultureInfo.InvariantCulture));
        Append(hash, Kind);
        Append(hash, Actor);
        Append(hash, Retention);
        Append(hash, Bucket);
        Append(hash, Urgency?.ToString(CultureInfo.InvariantCulture) ?? "");
        Append(hash, Reason ?? "");
        Append(hash, DueAt?.ToString(CultureInfo.InvariantCulture) ?? "");
        hash.AppendData(Digest);
        return hash.GetHashAndReset();
    }

    public static string RetentionCode(RetentionClass retention) => retention switch
    {
        RetentionClass.Process => "process",
        RetentionClass.Contact => "contact",
        RetentionClass.Emergency => "emergency",
    };

    private static void Append(IncrementalHash hash, string field)
    {
        var bytes = Encoding.UTF8.GetBytes(field);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

/// <summary>A wrapped data key: one per consultation and retention class.</summary>
internal sealed record KeyRow(Guid Id, Guid Consultation, string Retention, byte[] Wrapped);

internal sealed record ChunkRow(Guid Consultation, long Version, int Part, byte[] Bytes);
