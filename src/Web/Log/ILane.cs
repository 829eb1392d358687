using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>
/// One decision on its way to disk: all of its facts or none. <see cref="Expected"/> is the version it was decided on;
/// no facts means an idempotent repeat, which still writes before it is acknowledged.
/// </summary>
internal sealed record Entry(
    Guid Consultation,
    long Expected,
    Head Head,
    IReadOnlyList<FactRow> Facts,
    IReadOnlyList<KeyRow> Keys,
    IReadOnlyList<ChunkRow> Chunks,
    IReadOnlyList<JournalRow> Journal,
    Term? Term,
    bool Erasing);

/// <summary>The dispatcher that decided: refused when another has been elected since.</summary>
internal sealed record Term(string Pool, long Epoch);

internal enum Fate
{
    Stored,

    /// <summary>Somebody else wrote first: read again, decide again.</summary>
    HeadMoved,

    /// <summary>Another node leads this pool now.</summary>
    TermOver,
}

/// <summary>Writes batches of entries in one transaction each. Two: one per database.</summary>
internal interface ILane
{
    /// <summary>Fates in the order of <paramref name="batch"/>, after the commit is on disk. A batch holds a consultation once.</summary>
    Task<Fate[]> CommitAsync(IReadOnlyList<Entry> batch);
}
