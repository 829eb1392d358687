using System.Data.Common;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>
/// The law of the ledger, recounted from the log's headers and the door's rows in one snapshot. Needs no key: headers hold codes only.
/// </summary>
public sealed record Ledger(
    long Arrived, long AtDoor, long Opened, long AnsweredAtDesk, long TurnedBack, long WentAway,
    long BeingAsked, long SelfCare, long ToldToGo, long Waiting, long OnHold, long Promised, long InConsultation, long Served, long Referred, long Left, long Refused)
{
    /// <summary>Each opened consultation in exactly one bucket, and each arrival accounted for.</summary>
    public bool Holds =>
        Opened == BeingAsked + SelfCare + ToldToGo + Waiting + OnHold + Promised + InConsultation + Served + Referred + Left + Refused
        && Arrived == AtDoor + Opened + AnsweredAtDesk + TurnedBack + WentAway;

    /// <param name="doorOpenFor">A person at the door without a step for so long has gone away (policy: 30 minutes).</param>
    internal static async Task<Ledger> CountAsync(IEngine engine, DateTimeOffset now, TimeSpan doorOpenFor, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var snapshot = await engine.SnapshotAsync(connection, ct);
        return await CountAsync(snapshot, now, doorOpenFor, ct);
    }

    /// <summary>Beside other figures of the same moment.</summary>
    internal static async Task<Ledger> CountAsync(DbTransaction snapshot, DateTimeOffset now, TimeSpan doorOpenFor, CancellationToken ct)
    {
        var buckets = new Dictionary<string, long>(StringComparer.Ordinal);
        await using (var command = FactTable.In(snapshot, "select f.bucket, count(*) from fact f join (select consultation, max(version) as version from fact group by consultation) l on l.consultation = f.consultation and l.version = f.version group by f.bucket"))
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                buckets[rows.GetString(0)] = rows.GetInt64(1);
            }
        }

        // Opened is counted from first facts, not as the sum of the buckets: otherwise the law could not fail.
        var opened = await CountAsync(snapshot, "select count(*) from fact where version = 1", ct);
        var waitsAtDoor = "turned_back is null and answered_at is null and not exists (select 1 from head h where h.id = door.id)";
        var since = (now - doorOpenFor).Ms();
        return Of(
            buckets,
            arrived: await CountAsync(snapshot, "select count(*) from door", ct),
            atDoor: await CountAsync(snapshot, $"select count(*) from door where {waitsAtDoor} and last_step_at > {since}", ct),
            opened,
            atDesk: await CountAsync(snapshot, "select count(*) from door where answered_at is not null and turned_back is null and not exists (select 1 from head h where h.id = door.id)", ct),
            turnedBack: await CountAsync(snapshot, "select count(*) from door where turned_back is not null and not exists (select 1 from head h where h.id = door.id)", ct),
            wentAway: await CountAsync(snapshot, $"select count(*) from door where {waitsAtDoor} and last_step_at <= {since}", ct));
    }

    /// <summary>
    /// The same from the heads, for who looks every few seconds: it must be what the recount says, and costs little on a large day. Who went away is what is left over,
    /// so that only the recount can say whether the law holds.
    /// </summary>
    internal static async Task<Ledger> OfHeadsAsync(DbTransaction snapshot, DateTimeOffset now, TimeSpan doorOpenFor, CancellationToken ct)
    {
        var buckets = new Dictionary<string, long>(StringComparer.Ordinal);
        await using (var command = FactTable.In(snapshot, "select bucket, count(*) from head group by bucket"))
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                buckets[rows.GetString(0)] = rows.GetInt64(1);
            }
        }

        const string NotOpened = "not exists (select 1 from head h where h.id = door.id)";
        var arrived = await CountAsync(snapshot, "select count(*) from door", ct);
        var turnedBack = await CountAsync(snapshot, $"select count(*) from door where turned_back is not null and {NotOpened}", ct);
        var atDesk = await CountAsync(snapshot, $"select count(*) from door where answered_at is not null and turned_back is null and {NotOpened}", ct);
        var atDoor = await CountAsync(snapshot, $"select count(*) from door where last_step_at > {(now - doorOpenFor).Ms()} and turned_back is null and answered_at is null and {NotOpened}", ct);
        var opened = buckets.Values.Sum();
        return Of(buckets, arrived, atDoor, opened, atDesk, turnedBack, arrived - atDoor - opened - atDesk - turnedBack);
    }

    private static Ledger Of(Dictionary<string, long> buckets, long arrived, long atDoor, long opened, long atDesk, long turnedBack, long wentAway)
    {
        long In(Bucket bucket) => buckets.GetValueOrDefault(bucket.Code());
        return new Ledger(
            arrived, atDoor, opened, atDesk, turnedBack, wentAway, In(Bucket.BeingAsked), In(Bucket.SelfCare), In(Bucket.ToldToGo), In(Bucket.Waiting), In(Bucket.OnHold), In(Bucket.Promised),
            In(Bucket.InConsultation), In(Bucket.Served), In(Bucket.Referred), In(Bucket.Left), In(Bucket.Refused));
    }

    private static async Task<long> CountAsync(DbTransaction snapshot, string sql, CancellationToken ct)
    {
        await using var command = FactTable.In(snapshot, sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
    }
}
