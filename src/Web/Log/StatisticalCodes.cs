using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>One consultation as far as statistics ask, and how it stands in the queue.</summary>
/// <param name="Told">The fold of the opening, the place, the answers, triage and the worry; no message is opened.</param>
/// <param name="Readable">False where what should be there cannot be opened, or its time is over.</param>
internal sealed record CodesOf(Consultation Told, bool Readable, long Version, long OpenedAt, string Bucket, int? Urgency, long? ArrivedAt, long? FirstAssignedAt);

/// <summary>The ledger, and whoever has changed, of one moment.</summary>
/// <param name="Duties">Changes of duty with their place in the journal.</param>
/// <param name="Recount">The ledger from the facts of the same moment, where it was asked for.</param>
internal sealed record CodesAt(Ledger Ledger, Ledger? Recount, IReadOnlyList<CodesOf> Changed, IReadOnlyList<(long Seq, DutyChange Change)> Duties);

/// <summary>Reads the statistical codes, which lie sealed in payloads, into memory and nowhere else. Each reading that opens something leaves its record before it does.</summary>
internal sealed class StatisticalCodes(IEngine engine, Vault vault, FactTable table, AccessLog access)
{
    private static readonly string[] Kinds = ["opened", "place_stated", "story_told", "answered", "triaged", "advice_corrected", "worry_stated", "erased"];

    /// <param name="since">UTC milliseconds; whoever changed before is left out. 0: everybody.</param>
    /// <param name="known">Whether this version of a consultation has been read before: it is left out.</param>
    /// <param name="recount">The facts are counted as well, which reads all of them.</param>
    /// <param name="doorOpenFor">As for the ledger.</param>
    public async Task<CodesAt> ReadAsync(long since, Func<Guid, long, bool> known, bool recount, DateTimeOffset now, TimeSpan doorOpenFor, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var snapshot = await engine.SnapshotAsync(connection, ct);
        var ledger = await Ledger.OfHeadsAsync(snapshot, now, doorOpenFor, ct);
        var counted = recount ? await Ledger.CountAsync(snapshot, now, doorOpenFor, ct) : null;
        var heads = await HeadsAsync(snapshot, since, known, ct);
        if (heads.Count > 0)
        {
            await access.RecordJobAsync(Guid.Empty, "system", "statistics", since == 0 ? "all" : $"changed/{since}", heads.Count, now, ct);
        }

        return new CodesAt(ledger, counted, since == 0 ? await AllAsync(snapshot, heads, ct) : await EachAsync(snapshot, heads, ct), await DutiesAsync(snapshot, since, ct));
    }

    private static async Task<IReadOnlyList<(long Seq, DutyChange Change)>> DutiesAsync(DbTransaction snapshot, long since, CancellationToken ct)
    {
        await using var command = FactTable.In(snapshot, $"select seq, clinician, at, kind from journal where at >= {since} and clinician is not null and kind in ('duty_on', 'duty_pausing', 'duty_paused', 'duty_off')");
        await using var rows = await command.ExecuteReaderAsync(ct);
        var changes = new List<(long, DutyChange)>();
        while (await rows.ReadAsync(ct))
        {
            changes.Add((rows.GetInt64(0), new DutyChange(rows.GetGuid(1), rows.GetInt64(2), rows.GetString(3)["duty_".Length..])));
        }

        return changes;
    }

    /// <summary>One pass over the log: nobody is known yet.</summary>
    private async Task<IReadOnlyList<CodesOf>> AllAsync(DbTransaction snapshot, Dictionary<Guid, CodesOf> heads, CancellationToken ct)
    {
        var keys = await table.AllKeysAsync(snapshot, ct);
        var (codes, rows) = (new List<CodesOf>(), new List<FactRow>());
        await foreach (var row in table.OfKindsAsync(snapshot, Kinds, ct))
        {
            Close(row.Consultation);
            rows.Add(row);
        }

        Close(Guid.Empty);
        return codes;

        void Close(Guid next)
        {
            if (rows.Count > 0 && rows[0].Consultation != next)
            {
                codes.Add(Read(rows, keys.GetValueOrDefault(rows[0].Consultation, []), heads[rows[0].Consultation]));
                rows.Clear();
            }
        }
    }

    private async Task<IReadOnlyList<CodesOf>> EachAsync(DbTransaction snapshot, Dictionary<Guid, CodesOf> heads, CancellationToken ct)
    {
        var codes = new List<CodesOf>();
        foreach (var (id, head) in heads)
        {
            var (facts, keys) = await table.OfKindsAsync(snapshot, id, Kinds, ct);
            codes.Add(Read(facts, keys, head));
        }

        return codes;
    }

    private static async Task<Dictionary<Guid, CodesOf>> HeadsAsync(DbTransaction snapshot, long since, Func<Guid, long, bool> known, CancellationToken ct)
    {
        await using var command = FactTable.In(snapshot, $"select id, version, opened_at, bucket, urgency, arrived_at, first_assigned_at from head where changed_at >= {since}");
        await using var rows = await command.ExecuteReaderAsync(ct);
        var heads = new Dictionary<Guid, CodesOf>();
        while (await rows.ReadAsync(ct))
        {
            var id = rows.GetGuid(0);
            if (known(id, rows.GetInt64(1)))
            {
                continue;
            }

            heads[id] = new CodesOf(
                Consultation.Before(new ConsultationId(id)), true, rows.GetInt64(1), rows.GetInt64(2), rows.GetString(3), rows.IsDBNull(4) ? null : Convert.ToInt32(rows[4], System.Globalization.CultureInfo.InvariantCulture),
                rows.IsDBNull(5) ? null : rows.GetInt64(5), rows.IsDBNull(6) ? null : rows.GetInt64(6));
        }

        return heads;
    }

    private CodesOf Read(IReadOnlyList<FactRow> rows, IReadOnlyList<KeyRow> wrapped, CodesOf head)
    {
        var id = head.Told.Id.Value;
        if (rows[^1] is { Payload: null } last && Header.ReadErased(last.Kind, last.Reason) is { } erased)
        {
            return head with { Told = head.Told.After(erased, last.At.Utc()) };
        }

        var state = head.Told;
        try
        {
            var keys = wrapped.ToDictionary(k => k.Retention, k => vault.Unwrap(k.Wrapped, id), StringComparer.Ordinal);
            foreach (var row in rows)
            {
                if (row.Payload is null || !keys.TryGetValue(row.Retention, out var key))
                {
                    return head with { Readable = false };
                }

                state = (state with { Version = row.Version - 1 }).After(Payloads.Read(Vault.Open(key, row.Payload, id, row.Version)), row.At.Utc());
            }
        }
        catch (Exception wrong) when (wrong is CryptographicException or JsonException or InvalidOperationException)
        {
            return head with { Readable = false };
        }

        return head with { Told = state };
    }
}
