using System.Data.Common;
using System.Globalization;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>
/// The steps into and out of the queue, from the headers of the log, which hold codes only. What was read stays, because the log only grows: after the
/// first time only what has changed since is read.
/// </summary>
internal sealed class Moves(IEngine engine) : IDisposable
{
    /// <summary>A commit may become visible a little after the time that it carries.</summary>
    private const long OverlapMs = 60_000;
    private const int AtOnce = 200;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Dictionary<Guid, Way> ways = [];
    private long from = long.MaxValue;
    private long read;

    /// <summary>Of everybody whose consultation has changed since then or who waits now, from its first step on, each one's in order.</summary>
    /// <param name="since">UTC milliseconds, as <paramref name="now"/>. Each time that it moves everything since then is compared again: what became visible very late is found then.</param>
    public async Task<IReadOnlyList<Moved>> SinceAsync(long since, long now, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            await ReadAsync(since == from ? $"changed_at >= {Math.Min(read, now) - OverlapMs}" : $"changed_at >= {since} or bucket = '{Bucket.Waiting.Code()}'", ct);
            (from, read) = (since, now);
            foreach (var over in ways.Where(w => w.Value.At < since && w.Value.Bucket != Bucket.Waiting.Code()).Select(w => w.Key).ToList())
            {
                ways.Remove(over);
            }

            return [.. ways.Values.SelectMany(w => w.Steps)];
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task ReadAsync(string which, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var snapshot = await engine.SnapshotAsync(connection, ct);
        var news = new List<Guid>();
        await using (var command = FactTable.In(snapshot, $"select id, version from head where {which}"))
        await using (var heads = await command.ExecuteReaderAsync(ct))
        {
            while (await heads.ReadAsync(ct))
            {
                if (heads.GetGuid(0) is var id && (!ways.TryGetValue(id, out var way) || way.Version < heads.GetInt64(1)))
                {
                    news.Add(id);
                }
            }
        }

        foreach (var some in news.Chunk(AtOnce))
        {
            await using var command = FactTable.In(snapshot, $"select consultation, version, at, urgency, bucket from fact where consultation in ({string.Join(',', some.Select((_, n) => $"@c{n}"))}) order by consultation, version");
            foreach (var (id, n) in some.Select((id, n) => (id, n)))
            {
                FactTable.Add(command, string.Create(CultureInfo.InvariantCulture, $"c{n}"), engine.Id(id));
            }

            await using var facts = await command.ExecuteReaderAsync(ct);
            while (await facts.ReadAsync(ct))
            {
                Go(engine.ReadId(facts, 0), facts);
            }
        }
    }

    private void Go(Guid id, DbDataReader fact)
    {
        if (!ways.TryGetValue(id, out var way))
        {
            ways[id] = way = new Way();
        }

        if (fact.GetInt64(1) <= way.Version)
        {
            return;
        }

        var (before, at, bucket) = (way.Bucket, fact.GetInt64(2), fact.GetString(4));
        (way.Version, way.At, way.Bucket) = (fact.GetInt64(1), at, bucket);
        if (before != bucket)
        {
            way.Steps.Add(new Moved(id, at, fact.IsDBNull(3) ? Urgency.Routine : (Urgency)fact.GetInt16(3), Of(before), Of(bucket)));
        }
    }

    private static Stand Of(string bucket) =>
        bucket == Bucket.Waiting.Code() ? Stand.Waiting
        : bucket == Bucket.Promised.Code() ? Stand.Promised
        : bucket == Bucket.InConsultation.Code() ? Stand.Taken
        : bucket == Bucket.Left.Code() ? Stand.Left
        : Stand.Elsewhere;

    /// <summary>One consultation's, as far as it has been read.</summary>
    private sealed class Way
    {
        public long Version { get; set; }

        public long At { get; set; }

        public string Bucket { get; set; } = "";

        public List<Moved> Steps { get; } = [];
    }
}
