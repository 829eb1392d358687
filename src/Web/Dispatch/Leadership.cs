using System.Data.Common;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>
/// One node leads a pool. On PostgreSQL an advisory lock says who may, and the epoch in the pool's row fences off a leader who
/// has lost the lock without noticing. The embedded database has one process, which leads.
/// </summary>
internal sealed class Leadership(IEngine engine) : IAsyncDisposable
{
    private const long LockSpace = 0x597A44;

    private DbConnection? holding;
    private Term? term;

    /// <summary>As of the last turn: for what any node could do, and one is enough.</summary>
    public bool Leads => Volatile.Read(ref term) is not null;

    /// <summary>The term under which this node may decide now, or null while another leads.</summary>
    public async Task<Term?> Lead(string pool, CancellationToken ct)
    {
        if (term is not null && await StillHolds(ct))
        {
            return term;
        }

        term = null;
        if (holding is { } old)
        {
            holding = null;
            await old.DisposeAsync();
        }

        var connection = await engine.OpenAsync(ct);
        // Held from here on: whatever fails below, the next turn lets go of it, and with it of the lock.
        holding = connection;
        if (engine.Name == "postgres" && !await TryLock(connection, pool, ct))
        {
            holding = null;
            await connection.DisposeAsync();
            return null;
        }

        long epoch;
        using (await engine.WriterAsync(ct))
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "update pool set epoch = epoch + 1 where name = @pool returning epoch";
            Add(command, "pool", pool);
            epoch = (long)(await command.ExecuteScalarAsync(ct))!;
        }

        term = new Term(pool, epoch);
        return term;
    }

    public async ValueTask DisposeAsync()
    {
        if (holding is { } connection)
        {
            holding = null;
            await connection.DisposeAsync();
        }
    }

    private async Task<bool> StillHolds(CancellationToken ct)
    {
        if (engine.Name != "postgres")
        {
            return true;
        }

        try
        {
            await using var command = holding!.CreateCommand();
            command.CommandText = "select 1";
            return await command.ExecuteScalarAsync(ct) is not null;
        }
        catch (Exception cut) when (cut is DbException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<bool> TryLock(DbConnection connection, string pool, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select pg_try_advisory_lock(@space, hashtext(@pool))";
        Add(command, "space", (int)LockSpace);
        Add(command, "pool", pool);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
