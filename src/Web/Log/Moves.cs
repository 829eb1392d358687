using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>The steps into and out of the queue, read from the headers of the log. Needs no key: headers hold codes only.</summary>
internal static class Moves
{
    /// <summary>Of everybody whose consultation has changed since then or who waits now, from its first step on, consultation by consultation.</summary>
    public static async Task<IReadOnlyList<Moved>> SinceAsync(IEngine engine, long since, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var snapshot = await engine.SnapshotAsync(connection, ct);
        await using var command = FactTable.In(snapshot, $"""
            with last as (select consultation, max(version) as version from fact group by consultation),
            those as (select f.consultation from fact f join last on last.consultation = f.consultation and last.version = f.version where f.at >= {since} or f.bucket = '{Bucket.Waiting.Code()}'),
            steps as (
                select f.consultation, f.version, f.at, f.urgency, f.bucket, lag(f.bucket) over (partition by f.consultation order by f.version) as before
                from fact f join those on those.consultation = f.consultation)
            select consultation, at, urgency, bucket, before from steps where before is null or before <> bucket order by consultation, version
            """);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var moves = new List<Moved>();
        while (await rows.ReadAsync(ct))
        {
            moves.Add(new Moved(
                engine.ReadId(rows, 0), rows.GetInt64(1), rows.IsDBNull(2) ? Urgency.Routine : (Urgency)rows.GetInt16(2), rows.IsDBNull(4) ? Stand.Elsewhere : Of(rows.GetString(4)), Of(rows.GetString(3))));
        }

        return moves;
    }

    private static Stand Of(string bucket) =>
        bucket == Bucket.Waiting.Code() ? Stand.Waiting
        : bucket == Bucket.Promised.Code() ? Stand.Promised
        : bucket == Bucket.InConsultation.Code() ? Stand.Taken
        : bucket == Bucket.Left.Code() ? Stand.Left
        : Stand.Elsewhere;
}
