using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>Triage has judged, or a correction has judged again.</summary>
/// <param name="Told">The consultation as far as triage knew it: place, answers, opening.</param>
/// <param name="Stored">The fact as it lies in the log.</param>
internal sealed record Judgement(Consultation Told, Fact Fact, long Version, DateTimeOffset At, ReadOnlyMemory<byte> Stored)
{
    public Outcome Outcome => Fact is AdviceCorrected corrected ? corrected.Says : ((Triaged)Fact).Outcome;

    /// <summary>Whether this outcome in this fact would be the same bytes.</summary>
    public bool Is(Outcome outcome) => Payloads.Plain(Fact is AdviceCorrected corrected ? corrected with { Says = outcome } : new Triaged(outcome)).AsSpan().SequenceEqual(Stored.Span);
}

internal enum Readable
{
    Whole,

    /// <summary>The person has been erased.</summary>
    Erased,

    /// <summary>The time for which the facts may be kept is over.</summary>
    Ended,

    /// <summary>What should be there cannot be opened.</summary>
    Damaged,
}

/// <summary>Every judgement of one consultation, in order.</summary>
/// <param name="Now">After the last of them.</param>
internal sealed record Judged(ConsultationId Id, Readable Readable, IReadOnlyList<Judgement> Judgements, Consultation Now);

/// <summary>A correction as its header tells it.</summary>
/// <param name="Seen">The person says that they have read it.</param>
internal sealed record CorrectionMade(Guid Consultation, DateTimeOffset At, CorrectionCode Code, bool Seen);

/// <summary>What triage has said to everybody, read in one snapshot while others write. Nothing is opened that a judgement does not rest on.</summary>
internal sealed class Judgements(IEngine engine, Vault vault, FactTable table)
{
    private const string Triaged = "triaged";
    private const string Corrected = "advice_corrected";
    private const string Seen = "correction_seen";
    private const string Erased = "erased";

    private static readonly string[] Kinds = ["opened", "place_stated", "answered", Triaged, Corrected, Seen, Erased];

    /// <param name="admit">
    /// Gets everybody whom triage has ever judged, leaves the record of this reading, and names whom it may read: nothing is opened before, and nobody else.
    /// </param>
    public async IAsyncEnumerable<Judged> ReadAsync(Func<IReadOnlySet<Guid>, Task<IReadOnlySet<Guid>>> admit, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var snapshot = await engine.SnapshotAsync(connection, ct);
        var admitted = await admit(await EverAsync(snapshot, ct));
        var keys = await table.AllKeysAsync(snapshot, ct);
        var rows = new List<FactRow>();
        await foreach (var row in table.OfKindsAsync(snapshot, Kinds, ct))
        {
            if (!admitted.Contains(row.Consultation))
            {
                continue;
            }

            if (rows.Count > 0 && rows[0].Consultation != row.Consultation)
            {
                yield return Read(rows, keys);
                rows.Clear();
            }

            rows.Add(row);
        }

        if (rows.Count > 0)
        {
            yield return Read(rows, keys);
        }
    }

    /// <summary>Each correction that was ever made, from headers alone.</summary>
    public async Task<IReadOnlyList<CorrectionMade>> MadeAsync(CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var snapshot = await engine.SnapshotAsync(connection, ct);
        var made = new List<CorrectionMade>();
        await foreach (var row in table.OfKindsAsync(snapshot, [Corrected, Seen], ct))
        {
            if (row.Kind == Corrected)
            {
                made.Add(new CorrectionMade(row.Consultation, row.At.Utc(), CorrectionCode.Read(row.Reason), false));
            }
            else
            {
                var upTo = int.Parse(row.Reason ?? "0", System.Globalization.CultureInfo.InvariantCulture);
                for (var at = made.Count - 1; at >= 0 && made[at].Consultation == row.Consultation; at--)
                {
                    made[at] = made[at] with { Seen = made[at].Seen || made[at].Code.Count <= upTo };
                }
            }
        }

        return made;
    }

    private async Task<IReadOnlySet<Guid>> EverAsync(DbTransaction snapshot, CancellationToken ct)
    {
        var ever = new HashSet<Guid>();
        await using var command = FactTable.In(snapshot, $"select distinct consultation from fact where kind = '{Triaged}'");
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            ever.Add(engine.ReadId(rows, 0));
        }

        return ever;
    }

    /// <summary>The fold of these kinds alone: the rules read nothing else when they judge.</summary>
    private Judged Read(List<FactRow> rows, Dictionary<Guid, List<KeyRow>> wrapped)
    {
        var id = rows[0].Consultation;
        var state = Consultation.Before(new ConsultationId(id));
        var judgements = new List<Judgement>();
        if (rows[^1].Kind == Erased)
        {
            return new Judged(state.Id, Readable.Erased, [], state);
        }

        try
        {
            var keys = wrapped.GetValueOrDefault(id, []).ToDictionary(k => k.Retention, k => vault.Unwrap(k.Wrapped, id), StringComparer.Ordinal);
            foreach (var row in rows)
            {
                if (row.Payload is null || !keys.TryGetValue(row.Retention, out var key))
                {
                    return new Judged(state.Id, Readable.Ended, [], state);
                }

                var salted = Vault.Open(key, row.Payload, id, row.Version);
                var (told, fact) = (state with { Version = row.Version - 1 }, Payloads.Read(salted));
                state = told.After(fact, row.At.Utc());
                if (row.Kind is Triaged or Corrected)
                {
                    // A correction judges what the judgement before it was told, and not what was said since.
                    judgements.Add(new Judgement(fact is AdviceCorrected && judgements is [.., var corrected] ? corrected.Told : told, fact, row.Version, row.At.Utc(), salted.AsMemory(FactRow.SaltBytes)));
                }
            }
        }
        catch (Exception wrong) when (wrong is CryptographicException or JsonException or InvalidOperationException)
        {
            return new Judged(state.Id, Readable.Damaged, [], state);
        }

        return new Judged(state.Id, Readable.Whole, judgements, state);
    }
}
