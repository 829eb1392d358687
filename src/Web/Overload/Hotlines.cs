using System.Collections.Frozen;
using System.Data.Common;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Overload;

/// <summary>Each campaign's hotline, kept in memory: whoever has to wait is told it without the database.</summary>
internal sealed class Hotlines(IEngine engine, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private FrozenDictionary<string, string> known = FrozenDictionary<string, string>.Empty;

    /// <summary>Empty where it is not known.</summary>
    public string Of(string campaign) => Volatile.Read(ref known).GetValueOrDefault(campaign, "");

    public async Task Learn(CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select slug, hotline from campaign where hotline <> '' and state <> 'draft'";
        await using var rows = await command.ExecuteReaderAsync(ct);
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(ct))
        {
            read[rows.GetString(0)] = rows.GetString(1);
        }

        Volatile.Write(ref known, read.ToFrozenDictionary(StringComparer.Ordinal));
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
