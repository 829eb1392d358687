using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Yizhen.Web.Storage.Postgres;

/// <summary>The cluster: any number of stateless nodes on one PostgreSQL 15 or newer.</summary>
internal sealed class PostgresEngine : IEngine, IAsyncDisposable
{
    private const int OldestMajor = 15;
    private const int MostConnections = 40;
    private const long ScriptLock = 0x59697A68656E;

    /// <summary>Under the locale C only ASCII has letters, and a search by trigrams finds nothing Chinese.</summary>
    private const string KnowsLetters = "select current_setting('server_encoding') = 'UTF8' and '发' ~ '[[:alpha:]]'";

    private readonly NpgsqlDataSource source;

    public PostgresEngine(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // A cancel request would turn a commit that waits for its standby into a false success (ADR 0003).
            CancellationTimeout = -1,
            ApplicationName = "yizhen",
            // Leaves room for other nodes, commands and people on a server with the usual hundred connections.
            MaxPoolSize = connectionString.Contains("Pool Size", StringComparison.OrdinalIgnoreCase) ? new NpgsqlConnectionStringBuilder(connectionString).MaxPoolSize : MostConnections,
        };
        source = new NpgsqlDataSourceBuilder(settings.ToString()).Build();
    }

    public string Name => "postgres";

    public void Configure(DbContextOptionsBuilder options) => options.UseNpgsql(source);

    public async Task<DbConnection> OpenAsync(CancellationToken ct)
    {
        try
        {
            var connection = await source.OpenConnectionAsync(ct);
            if (connection.PostgreSqlVersion.Major < OldestMajor)
            {
                var found = connection.PostgreSqlVersion;
                await connection.DisposeAsync();
                throw new StorageException($"PostgreSQL {found} is too old: Yizhen needs {OldestMajor} or newer. Update the server, or name another with --database.");
            }

            return connection;
        }
        catch (NpgsqlException broken)
        {
            throw new StorageException($"The PostgreSQL database cannot be reached: {broken.Message.TrimEnd('.')}. See that it runs, and that --database names its host, database and user.", broken);
        }
    }

    public object Id(Guid id) => id;

    public Guid ReadId(DbDataReader row, int column) => row.GetGuid(column);

    public async Task LockForScriptsAsync(DbConnection connection, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = KnowsLetters;
        if (await command.ExecuteScalarAsync(ct) is not true)
        {
            throw new StorageException("This PostgreSQL database does not know Chinese letters. Make it anew: create database yizhen template template0 encoding 'UTF8' locale 'C.UTF-8'.");
        }

        command.CommandText = $"begin; select pg_advisory_xact_lock({ScriptLock})";
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<DbTransaction> SnapshotAsync(DbConnection connection, CancellationToken ct) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);

    public Task<IDisposable> WriterAsync(CancellationToken ct) => Task.FromResult<IDisposable>(NoTurn.Needed);

    public async Task ScrubAsync(CancellationToken ct)
    {
        // Dead rows keep only ciphertext whose keys are gone; vacuum returns their space.
        await using var connection = await OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "vacuum (analyze off) fact, head, consultation_key, picture_chunk, outbox";
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<Copied> CopyOutAsync(string folder, CancellationToken ct)
    {
        await using var connection = (NpgsqlConnection)await OpenAsync(ct);
        return await PostgresCopy.OutAsync(connection, folder, ct);
    }

    public async Task CopyInAsync(string folder, int schema, CancellationToken ct)
    {
        await using var connection = (NpgsqlConnection)await OpenAsync(ct);
        await PostgresCopy.InAsync(connection, folder, schema, ct);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private sealed class NoTurn : IDisposable
    {
        public static NoTurn Needed { get; } = new();

        public void Dispose()
        {
        }
    }
}
