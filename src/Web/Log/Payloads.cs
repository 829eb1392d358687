using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>Turns facts into sealed payloads and back. A kind that the rules do not know stops the read.</summary>
internal static class Payloads
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The fact as its payload holds it, behind the salt. The same fact is the same bytes.</summary>
    public static byte[] Plain(Fact fact) => JsonSerializer.SerializeToUtf8Bytes(fact, Json);

    public static byte[] Write(Fact fact)
    {
        var json = Plain(fact);
        var salted = new byte[FactRow.SaltBytes + json.Length];
        RandomNumberGenerator.Fill(salted.AsSpan(0, FactRow.SaltBytes));
        json.CopyTo(salted, FactRow.SaltBytes);
        return salted;
    }

    /// <exception cref="JsonException">Unknown kind or member.</exception>
    public static Fact Read(ReadOnlySpan<byte> salted) =>
        JsonSerializer.Deserialize<Fact>(salted[FactRow.SaltBytes..], Json) ?? throw new JsonException("An empty payload.");

    /// <summary>Folds what is on disk. Of an erased consultation only the headers speak.</summary>
    public static Consultation Fold(Guid id, IReadOnlyList<FactRow> rows, ConcurrentDictionary<string, byte[]> keys)
    {
        var state = Consultation.Before(new ConsultationId(id));
        if (rows.Count > 0 && Header.ReadErased(rows[^1].Kind, rows[^1].Reason) is { } erased)
        {
            var last = rows[^1];
            return state with
            {
                Version = last.Version,
                Bucket = Buckets.Read(last.Bucket),
                ChangedAt = last.At.Utc(),
                OpenedAt = rows[0].At.Utc(),
                ErasedAs = erased,
            };
        }

        foreach (var row in rows)
        {
            if (row.Payload is null || !keys.TryGetValue(row.Retention, out var key))
            {
                // The class of this fact has ended: its content is gone, its place in the order is not.
                state = state with { Version = row.Version, ChangedAt = row.At.Utc(), Bucket = Buckets.Read(row.Bucket) };
                continue;
            }

            state = state.After(Read(Vault.Open(key, row.Payload, id, row.Version)), row.At.Utc());
        }

        return state;
    }
}
