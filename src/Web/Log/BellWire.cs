using System.Collections.Concurrent;
using Npgsql;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>
/// Passes the bell on between the nodes of a cluster: NOTIFY after the commit, outside the write transaction (inside, it costs 88 % of throughput),
/// many rings in one. A lost one costs a few seconds: readers also look by themselves.
/// </summary>
internal sealed class BellWire(IEngine engine, Bell bell, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    private const string Channel = "yizhen_bell";

    /// <summary>Topics in one notification, which PostgreSQL limits to 8,000 bytes.</summary>
    private const int Most = 180;

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly string me = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
    private readonly ConcurrentDictionary<string, byte> rung = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim any = new(0, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (engine.Name != "postgres")
        {
            return;
        }

        bell.Rung += Note;
        try
        {
            await Task.WhenAll(KeepAsync(SendAsync, stoppingToken), KeepAsync(HearAsync, stoppingToken));
        }
        finally
        {
            bell.Rung -= Note;
        }
    }

    public override void Dispose()
    {
        any.Dispose();
        base.Dispose();
    }

    private void Note(string topic)
    {
        rung.TryAdd(topic, 0);
        if (any.CurrentCount == 0)
        {
            try
            {
                any.Release();
            }
            catch (SemaphoreFullException)
            {
                // Rung twice at once is rung.
            }
        }
    }

    private async Task KeepAsync(Func<CancellationToken, Task> run, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await run(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!ct.IsCancellationRequested)
            {
                heartbeats.Failed(nameof(BellWire), broken.GetType().Name, clock.GetUtcNow());
                await Task.Delay(Again, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                heartbeats.Recovered(nameof(BellWire));
            }
        }
    }

    private async Task SendAsync(CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = $"select pg_notify('{Channel}', @rung)";
        var parameter = command.CreateParameter();
        parameter.ParameterName = "rung";
        command.Parameters.Add(parameter);
        while (true)
        {
            await any.WaitAsync(ct);
            await Task.Delay(Gather, clock, ct);
            foreach (var topics in rung.Keys.Chunk(Most))
            {
                foreach (var topic in topics)
                {
                    rung.TryRemove(topic, out _);
                }

                parameter.Value = string.Join(' ', topics.Prepend(me));
                await command.ExecuteNonQueryAsync(ct);
            }
        }
    }

    private async Task HearAsync(CancellationToken ct)
    {
        await using var connection = (NpgsqlConnection)await engine.OpenAsync(ct);
        connection.Notification += (_, heard) =>
        {
            if (heard.Payload.Split(' ') is [var from, .. var topics] && from != me)
            {
                foreach (var topic in topics)
                {
                    bell.RingHere(topic);
                }
            }
        };
        try
        {
            await using (var listen = connection.CreateCommand())
            {
                listen.CommandText = $"listen {Channel}";
                await listen.ExecuteNonQueryAsync(ct);
            }

            while (true)
            {
                await connection.WaitAsync(ct);
            }
        }
        catch (NpgsqlException)
        {
            // The server has cut us off: what idles in the pool is dead too, and would fail somebody's next step.
            NpgsqlConnection.ClearPool(connection);
            throw;
        }
    }
}
