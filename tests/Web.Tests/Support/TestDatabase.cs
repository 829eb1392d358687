namespace Yizhen.Web.Tests.Support;

/// <summary>
/// A place for one test's data, empty at first and gone at the end: a folder, and on PostgreSQL a database of its own.
/// The folder is there on both kinds, for keys, anchors and backups.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly PostgresServer? server;

    private TestDatabase(DatabaseKind kind, PostgresServer? server, string? connection)
    {
        Kind = kind;
        this.server = server;
        Connection = connection;
        Folder = Directory.CreateTempSubdirectory("yizhen-test-").FullName;
    }

    public DatabaseKind Kind { get; }

    public string Folder { get; }

    /// <summary>The connection string on PostgreSQL; null on SQLite.</summary>
    public string? Connection { get; }

    /// <summary>What the command line is told: <c>--data DIR</c> or <c>--database CONN</c>.</summary>
    public IReadOnlyList<string> Arguments => Connection is null ? ["--data", Folder] : ["--database", Connection];

    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind)
    {
        if (kind == DatabaseKind.Sqlite)
        {
            return new(kind, null, null);
        }

        var server = await PostgresServer.SharedAsync();
        return new(kind, server, await server.CreateDatabaseAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null && Connection is not null)
        {
            await server.DropDatabaseAsync(Connection);
        }

        Directory.Delete(Folder, recursive: true);
    }
}
