using System.Data;
using Npgsql;

namespace Yizhen.Web.Storage.Postgres;

/// <summary>One file a table, in PostgreSQL's own binary form, from one snapshot. Needs no program beside the server.</summary>
internal static class PostgresCopy
{
    private const string Ending = ".copy";
    private const string Tables = "select table_name::text from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1";

    private const string Counters =
        "select format('select setval(pg_get_serial_sequence(%L, %L), coalesce((select max(%I) from %I), 0) + 1, false)', table_name, column_name, column_name, table_name) "
        + "from information_schema.columns where table_schema = current_schema() and is_identity = 'YES'";

    public static async Task<Copied> OutAsync(NpgsqlConnection connection, string folder, CancellationToken ct)
    {
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        foreach (var table in await ListAsync(connection, Tables, ct))
        {
            await using var file = new FileStream(Path.Combine(folder, table + Ending), FileMode.CreateNew);
            await using var rows = await connection.BeginRawBinaryCopyAsync($"copy \"{table}\" to stdout (format binary)", ct);
            await rows.CopyToAsync(file, ct);
        }

        await using var count = connection.CreateCommand();
        return await Copied.ReadAsync(count, ct);
    }

    public static async Task InAsync(NpgsqlConnection connection, string folder, int schema, CancellationToken ct)
    {
        if (await ListAsync(connection, Tables, ct) is [var first, ..])
        {
            throw new StorageException($"The database is not empty (it has a table {first}): restore into an empty one.");
        }

        await using var whole = await connection.BeginTransactionAsync(ct);
        await Scripts.MakeAsync(connection, "postgres", schema, ct);
        foreach (var table in await ListAsync(connection, Tables, ct))
        {
            await RunAsync(connection, $"truncate \"{table}\"", ct);
            var path = Path.Combine(folder, table + Ending);
            if (!File.Exists(path))
            {
                throw new StorageException($"The backup has no file {table}{Ending}.");
            }

            await using var file = File.OpenRead(path);
            await using var rows = await connection.BeginRawBinaryCopyAsync($"copy \"{table}\" from stdin (format binary)", ct);
            await file.CopyToAsync(rows, ct);
        }

        foreach (var counter in await ListAsync(connection, Counters, ct))
        {
            await RunAsync(connection, counter, ct);
        }

        await RunAsync(connection, Scripts.MarkPending, ct);
        await whole.CommitAsync(CancellationToken.None);
    }

    private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var rows = await command.ExecuteReaderAsync(ct);
        var list = new List<string>();
        while (await rows.ReadAsync(ct))
        {
            list.Add(rows.GetString(0));
        }

        return list;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }
}
