using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Yizhen.Web.Storage.Sqlite;

/// <summary>The embedded default: one process, one writer, each commit flushed to disk before it is acknowledged.</summary>
internal sealed class SqliteEngine : IEngine, IDisposable
{
    // FULL and not NORMAL: NORMAL loses acknowledged writes at power loss (measured, ADR 0003).
    private const string Pragmas = "pragma busy_timeout=15000; pragma journal_mode=wal; pragma synchronous=full; pragma secure_delete=on; pragma foreign_keys=on; pragma temp_store=memory;";

    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly string connectionString;

    public SqliteEngine(string file)
    {
        File = file;
        connectionString = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true }.ToString();
    }

    public string File { get; }

    public string Name => "sqlite";

    public void Configure(DbContextOptionsBuilder options) =>
        options.UseSqlite(connectionString).AddInterceptors(new OnOpen(), new OneWriter(writer), new InTurn(writer));

    public async Task<DbConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            await connection.OpenAsync(ct);
            await using var pragmas = connection.CreateCommand();
            pragmas.CommandText = Pragmas;
            await pragmas.ExecuteNonQueryAsync(ct);
            return connection;
        }
        catch (SqliteException broken)
        {
            await connection.DisposeAsync();
            throw new StorageException($"The database file {File} cannot be opened: {broken.Message}", broken);
        }
    }

    public object Id(Guid id) => id.ToByteArray(bigEndian: true);

    public Guid ReadId(DbDataReader row, int column) => new((byte[])row[column], bigEndian: true);

    public async Task LockForScriptsAsync(DbConnection connection, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "begin exclusive";
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Deferred: it begins with the first read and holds no lock of a writer, which an immediate one would.</summary>
    public Task<DbTransaction> SnapshotAsync(DbConnection connection, CancellationToken ct) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: true));

    public async Task<IDisposable> WriterAsync(CancellationToken ct)
    {
        await writer.WaitAsync(ct);
        return new Turn(writer);
    }

    public async Task ScrubAsync(CancellationToken ct)
    {
        using var turn = await WriterAsync(ct);
        await using var connection = await OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma wal_checkpoint(truncate)";
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<Copied> CopyOutAsync(string folder, CancellationToken ct)
    {
        var copy = Path.Combine(folder, Place.DatabaseFile);
        await using (var connection = await OpenAsync(ct))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "vacuum into @file";
            command.Parameters.Add(new SqliteParameter("file", copy));
            await command.ExecuteNonQueryAsync(ct);
        }

        await using var made = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await made.OpenAsync(ct);
        await using var count = made.CreateCommand();
        return await Copied.ReadAsync(count, ct);
    }

    public async Task CopyInAsync(string folder, int schema, CancellationToken ct)
    {
        if (System.IO.File.Exists(File))
        {
            throw new StorageException($"{File} is there already: restore into an empty folder, and move the old one away first.");
        }

        // The mark goes in before the file has its name, so that a broken restore is never taken for a whole one.
        var part = File + ".part";
        System.IO.File.Copy(Path.Combine(folder, Place.DatabaseFile), part, overwrite: true);
        await using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = part, Pooling = false }.ToString()))
        {
            await connection.OpenAsync(ct);
            await using var mark = connection.CreateCommand();
            mark.CommandText = Scripts.MarkPending;
            await mark.ExecuteNonQueryAsync(ct);
        }

        System.IO.File.Move(part, File);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        writer.Dispose();
    }

    private sealed class Turn(SemaphoreSlim writer) : IDisposable
    {
        public void Dispose() => writer.Release();
    }

    private sealed class OnOpen : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Plain rows take their turn with the log's lane, instead of meeting it at the file's lock. Who begins a transaction takes the turn before it, and a
    /// save inside takes no second one: whoever had the file's lock and waited for the turn would wait for one who has the turn and waits for that lock.
    /// </summary>
    private sealed class OneWriter(SemaphoreSlim writer) : SaveChangesInterceptor
    {
        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (!HasTurn(eventData))
            {
                await writer.WaitAsync(cancellationToken);
            }

            return result;
        }

        public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            Release(eventData);
            return ValueTask.FromResult(result);
        }

        public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
        {
            Release(eventData);
            return Task.CompletedTask;
        }

        public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
        {
            Release(eventData);
            return Task.CompletedTask;
        }

        /// <summary>A transaction of the caller's; one that a save makes for itself begins after the first look and is over before the last.</summary>
        private static bool HasTurn(DbContextEventData of) => of.Context?.Database.CurrentTransaction is not null;

        private void Release(DbContextEventData of)
        {
            if (!HasTurn(of))
            {
                writer.Release();
            }
        }
    }

    private sealed class InTurn(SemaphoreSlim writer) : DbTransactionInterceptor
    {
        public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) =>
            writer.CurrentCount == 0 ? ValueTask.FromResult(result) : throw new InvalidOperationException("A transaction begins in the writer's turn: take it with WriterAsync first.");
    }
}
