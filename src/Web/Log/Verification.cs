using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <param name="Broken">The first fact that does not hold, and why; null when everything does.</param>
/// <param name="PayloadsChecked">False without the deployment key: then headers, chains and heads alone were checked.</param>
internal sealed record Verified(long Consultations, long Facts, bool PayloadsChecked, string? Broken);

/// <summary>
/// Walks the whole log in one snapshot while the server runs: versions without gaps, hashes in chains, headers that say what the fold says,
/// heads that are what the log makes them, keys and pictures that belong to somebody.
/// </summary>
internal sealed class Verification(IEngine engine, Vault? vault)
{
    public async Task<Verified> RunAsync(Action<long> progress, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var snapshot = await engine.SnapshotAsync(connection, ct);
        var heads = await HeadsAsync(snapshot, ct);
        var table = new FactTable(engine);
        var keys = await table.AllKeysAsync(snapshot, ct);
        long count = 0;
        var rows = new List<FactRow>();
        await foreach (var row in table.AllAsync(snapshot, ct))
        {
            if (rows.Count > 0 && rows[0].Consultation != row.Consultation)
            {
                if (Fault(rows, heads, keys) is { } fault)
                {
                    return new Verified(heads.Count, count, vault is not null, fault);
                }

                rows.Clear();
            }

            rows.Add(row);
            if (++count % 10_000 == 0)
            {
                progress(count);
            }
        }

        var broken = (rows.Count > 0 ? Fault(rows, heads, keys) : null)
            ?? heads.Values.Where(h => !h.Seen).Select(h => $"consultation {new ConsultationId(h.Id)}: its head is there, its facts are not").FirstOrDefault();
        return new Verified(heads.Count, count, vault is not null, broken);
    }

    private string? Fault(List<FactRow> rows, Dictionary<Guid, HeadSeen> heads, Dictionary<Guid, List<KeyRow>> keys)
    {
        var id = rows[0].Consultation;
        var name = $"consultation {new ConsultationId(id)}";
        ReadOnlySpan<byte> predecessor = FactRow.Origin;
        long lastAt = 0;
        foreach (var (row, version) in rows.Select((row, i) => (row, i + 1L)))
        {
            var place = $"{name} version {row.Version}";
            if (row.Version != version)
            {
                return $"{place}: version {version} is missing";
            }

            if (!row.HashAfter(predecessor).AsSpan().SequenceEqual(row.Hash))
            {
                return $"{place}: the chain is broken here";
            }

            if (row.At < lastAt)
            {
                return $"{place}: it is dated before its predecessor";
            }

            predecessor = row.Hash;
            lastAt = row.At;
        }

        if (!heads.TryGetValue(id, out var head))
        {
            return $"{name}: its facts are there, its head is not";
        }

        head.Seen = true;
        var last = rows[^1];
        return head.Version != last.Version || !head.LastHash.AsSpan().SequenceEqual(last.Hash) || head.Bucket != last.Bucket || head.Urgency != last.Urgency || head.DueAt != last.DueAt
            ? $"{name}: its head is not what its last fact says"
            : vault is null ? null : Opened(id, name, rows, keys.GetValueOrDefault(id, []));
    }

    /// <summary>With the key: every payload opens, matches its digest, and folds into what the headers say.</summary>
    private string? Opened(Guid id, string name, List<FactRow> rows, List<KeyRow> wrapped)
    {
        if (Header.ReadErased(rows[^1].Kind, rows[^1].Reason) is not null)
        {
            return rows.Any(r => r.Payload is not null) ? $"{name}: it is erased, and something of it is still there" : null;
        }

        var keys = new ConcurrentDictionary<string, byte[]>(wrapped.Select(k => KeyValuePair.Create(k.Retention, vault!.Unwrap(k.Wrapped, id))));
        var state = Consultation.Before(new ConsultationId(id));
        foreach (var row in rows)
        {
            var place = $"{name} version {row.Version}";
            if (row.Payload is null || !keys.TryGetValue(row.Retention, out var key))
            {
                return $"{place}: its payload or its key is missing";
            }

            try
            {
                var salted = Vault.Open(key, row.Payload, id, row.Version);
                if (!SHA256.HashData(salted).AsSpan().SequenceEqual(row.Digest))
                {
                    return $"{place}: its payload is not the one that was chained";
                }

                var fact = Payloads.Read(salted);
                state = state.After(fact, row.At.Utc());
                var header = Header.Of(fact, state, row.Actor);
                if (header.Kind != row.Kind || header.Bucket.Code() != row.Bucket || (int?)header.Urgency != row.Urgency || header.Reason != row.Reason || header.Due?.Ms() != row.DueAt)
                {
                    return $"{place}: its header does not say what its payload says";
                }
            }
            catch (Exception wrong) when (wrong is CryptographicException or JsonException or InvalidOperationException)
            {
                return $"{place}: its payload cannot be read";
            }
        }

        return null;
    }

    private static async Task<Dictionary<Guid, HeadSeen>> HeadsAsync(DbTransaction snapshot, CancellationToken ct)
    {
        await using var command = FactTable.In(snapshot, "select id, version, last_hash, bucket, urgency, due_at from head");
        await using var rows = await command.ExecuteReaderAsync(ct);
        var heads = new Dictionary<Guid, HeadSeen>();
        while (await rows.ReadAsync(ct))
        {
            var head = new HeadSeen(rows.GetGuid(0), rows.GetInt64(1), (byte[])rows[2], rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetInt16(4), rows.IsDBNull(5) ? null : rows.GetInt64(5));
            heads[head.Id] = head;
        }

        return heads;
    }

    private sealed record HeadSeen(Guid Id, long Version, byte[] LastHash, string Bucket, int? Urgency, long? DueAt)
    {
        public bool Seen { get; set; }
    }
}
