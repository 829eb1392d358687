using System.Collections.Frozen;
using System.Data.Common;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Overload;

/// <summary>Each campaign's hotline and the entrances that lead to it, kept in memory: whoever has to wait is told, and keeps the place, without the database.</summary>
internal sealed class Hotlines(IEngine engine, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private FrozenDictionary<string, string> known = FrozenDictionary<string, string>.Empty;
    private FrozenDictionary<string, (string Campaign, string Origins)> entrances = FrozenDictionary<string, (string, string)>.Empty;

    /// <summary>Empty where it is not known.</summary>
    public string Of(string campaign) => Volatile.Read(ref known).GetValueOrDefault(campaign, "");

    /// <summary>Where an entrance leads, and where it may stand in a frame, also once it is closed, for whoever came by it; null where it is not known.</summary>
    public (string Campaign, string Origins)? Entrance(string code) => Volatile.Read(ref entrances).TryGetValue(code, out var known) ? known : null;

    public async Task Learn(CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        var hotlines = await Read("select slug, hotline from campaign where hotline <> '' and state <> 'draft'", rows => (rows.GetString(0), rows.GetString(1)));
        var ways = await Read(
            "select e.code, e.campaign, case e.kind when 'embed' then e.origins else '' end from entrance e where not exists (select 1 from entrance l where l.code = e.code and l.version > e.version)",
            rows => (rows.GetString(0), (rows.GetString(1), rows.GetString(2))));
        Volatile.Write(ref known, hotlines);
        Volatile.Write(ref entrances, ways);

        async Task<FrozenDictionary<string, T>> Read<T>(string sql, Func<DbDataReader, (string Key, T Value)> one)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await using var rows = await command.ExecuteReaderAsync(ct);
            var read = new Dictionary<string, T>(StringComparer.Ordinal);
            while (await rows.ReadAsync(ct))
            {
                var (key, value) = one(rows);
                read[key] = value;
            }

            return read.ToFrozenDictionary(StringComparer.Ordinal);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await Learn(stoppingToken);
                    heartbeats.Recovered("hotlines");
                }
                catch (Exception away) when (away is DbException or StorageException)
                {
                    // What was known stays known.
                    heartbeats.Failed("hotlines", away.GetType().Name, clock.GetUtcNow());
                }

                await Task.Delay(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }
}
