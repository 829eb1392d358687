using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Caching.Memory;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>What goes to disk in the same transaction as the facts.</summary>
internal sealed record Beside(Term? Term = null, IReadOnlyList<JournalRow>? Journal = null, Func<long, int, ReadOnlyMemory<byte>>? PicturePart = null);

/// <summary>
/// The consultation log. Decide: read, let the rules decide, store at the version that was read, acknowledge after the flush, ring the bell.
/// Two who decide at once: one is stored, the other is decided again on what the first has left.
/// </summary>
internal sealed partial class ConsultationLog(FactTable facts, Lanes lanes, Vault vault, Bell bell) : IDisposable
{
    private const int MostAttempts = 50;

    // Folded states of consultations in use, so that a message costs no re-read. An erasure evicts; a stale one loses its comparison.
    private readonly MemoryCache folded = new(new MemoryCacheOptions { SizeLimit = 200_000 });

    /// <summary>
    /// The state after, or the refusal. Nothing is stored on a refusal. Safe to repeat.
    /// </summary>
    /// <param name="actor">Code of who acts: "patient:…", "clinician:…", "dispatch", "system". Never a name.</param>
    /// <param name="now">The one clock reading of the request or tick.</param>
    public async Task<Decision<Consultation>> Decide(
        ConsultationId id, string actor, DateTimeOffset now, Func<Consultation, Decision<ImmutableArray<Fact>>> decide, Beside? beside = null)
    {
        var fresh = false;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var known = await Load(id, fresh);
            var decision = decide(known.State);
            if (!decision.Is(out var news, out var why))
            {
                if (fresh || known.State.Version == await facts.VersionAsync(id.Value, CancellationToken.None))
                {
                    return why;
                }

                fresh = true;
                continue;
            }

            if (news.IsEmpty && known.State.Version == 0)
            {
                return Refusal.NotFound;
            }

            var (entry, after) = Prepare(known, news, actor, now, beside ?? new Beside());
            switch (await lanes.WriteAsync(entry))
            {
                case Fate.Stored:
                    Keep(id, after);
                    Ring(known.State, after.State);
                    return after.State;
                case Fate.HeadMoved:
                    folded.Remove(id);
                    fresh = true;
                    break;
                case Fate.TermOver:
                    return Refusal.Conflict;
            }
        }

        return Refusal.Conflict;
    }

    /// <summary>The consultation as it stands on disk; version 0 where there is none. Writes nothing.</summary>
    public async Task<Consultation> Read(ConsultationId id, CancellationToken ct)
    {
        if (folded.TryGetValue<Known>(id, out var known) && known!.State.Version == await facts.VersionAsync(id.Value, ct))
        {
            return known.State;
        }

        return (await Load(id, fresh: true)).State;
    }

    /// <summary>Hears this consultation's bell; whoever hears it reads again.</summary>
    public Bell.Ear Listen(ConsultationId id) => bell.Listen(Bell.Consultation(id.Value));

    /// <summary>The bytes of a picture, opened and checked against the digest in its fact; null where they are gone.</summary>
    public async Task<byte[]?> Picture(ConsultationId id, Line line, CancellationToken ct)
    {
        if (line.Photo is not { } photo)
        {
            return null;
        }

        var known = await Load(id, fresh: false);
        var parts = await facts.PictureAsync(id.Value, line.Version, ct);
        if (parts.Count != photo.Chunks || !known.Keys.TryGetValue(FactRow.RetentionCode(RetentionClass.Process), out var key))
        {
            return null;
        }

        var bytes = new byte[photo.Bytes];
        var at = 0;
        foreach (var (part, n) in parts.Select((part, n) => (part, n)))
        {
            var plain = Vault.Open(key, part, id.Value, PartVersion(line.Version, n));
            plain.CopyTo(bytes, at);
            at += plain.Length;
        }

        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)) == photo.Digest ? bytes : null;
    }

    public void Dispose() => folded.Dispose();

    private async Task<Known> Load(ConsultationId id, bool fresh)
    {
        if (!fresh && folded.TryGetValue<Known>(id, out var held))
        {
            return held!;
        }

        // Keys before facts: a fact can only be sealed under a key that was there before it.
        var rows = await facts.OfAsync(id.Value, CancellationToken.None);
        var keys = new ConcurrentDictionary<string, byte[]>(
            (await facts.KeysAsync(id.Value, CancellationToken.None)).Select(k => KeyValuePair.Create(k.Retention, vault.Unwrap(k.Wrapped, id.Value))));
        var state = Payloads.Fold(id.Value, rows, keys);
        var known = new Known(state, rows.Count == 0 ? FactRow.Origin : rows[^1].Hash, keys);
        return Keep(id, known);
    }

    private Known Keep(ConsultationId id, Known known)
    {
        if (known.State.IsErased || known.State.Version == 0)
        {
            folded.Remove(id);
            return known;
        }

        return folded.Set(id, known, new MemoryCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(5), Size = 1 + known.State.Lines.Count });
    }

    private (Entry Entry, Known After) Prepare(Known known, ImmutableArray<Fact> news, string actor, DateTimeOffset now, Beside beside)
    {
        var state = known.State;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(now.Ms(), state.ChangedAt == default ? 0 : state.ChangedAt.Ms()));
        var hash = known.Hash;
        var rows = new List<FactRow>();
        var newKeys = new List<KeyRow>();
        var chunks = new List<ChunkRow>();
        var keys = known.Keys;
        foreach (var fact in news)
        {
            state = state.After(fact, at);
            var header = Header.Of(fact, state, actor);
            var retention = FactRow.RetentionCode(header.Retention);
            if (!keys.TryGetValue(retention, out var key))
            {
                key = Vault.NewKey();
                keys = new ConcurrentDictionary<string, byte[]>(keys) { [retention] = key };
                newKeys.Add(new KeyRow(Guid.CreateVersion7(at), state.Id.Value, retention, vault.Wrap(key, state.Id.Value)));
            }

            var salted = Payloads.Write(fact);
            var row = FactRow.From(header, hash, salted, Vault.Seal(key, salted, state.Id.Value, state.Version));
            rows.Add(row);
            hash = row.Hash;
            if (fact is PhotoReceived photo && beside.PicturePart is { } part)
            {
                for (var n = 0; n < photo.Chunks; n++)
                {
                    chunks.Add(new ChunkRow(state.Id.Value, state.Version, n, Vault.Seal(key, part(state.Version, n).Span, state.Id.Value, PartVersion(state.Version, n))));
                }
            }
        }

        var erasing = news.Any(f => f is Erased);
        var entry = new Entry(state.Id.Value, known.State.Version, Heads.Of(state, hash), rows, erasing ? [] : newKeys, chunks, news.IsEmpty ? [] : beside.Journal ?? [], beside.Term, erasing);
        return (entry, new Known(state, hash, keys));
    }

    /// <summary>Binds a part of a picture to its place: parts cannot be swapped, nor taken for a payload.</summary>
    private static long PartVersion(long version, int part) => -((version << 16) + part + 1);

    private void Ring(Consultation before, Consultation after)
    {
        bell.Ring(Bell.Consultation(after.Id.Value));
        if (before.Bucket != after.Bucket || before.Urgency != after.Urgency || before.Epoch != after.Epoch || before.Prompt != after.Prompt)
        {
            bell.Ring(Bell.Queue);
        }

        foreach (var clinician in new[] { before.AssignedTo, after.AssignedTo, before.Prompt?.Clinician, after.Prompt?.Clinician }.OfType<Guid>().Distinct())
        {
            bell.Ring(Bell.Desk(clinician));
        }
    }

    private sealed record Known(Consultation State, byte[] Hash, ConcurrentDictionary<string, byte[]> Keys);
}
