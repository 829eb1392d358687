using System.Data.Common;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>Reads of the log's own tables. Nobody but the log and the commands that verify it comes here.</summary>
internal sealed class FactTable(IEngine engine)
{
    private const string Fields = "consultation, version, at, kind, actor, retention, bucket, urgency, reason, due_at, digest, hash, payload";

    public async Task<IReadOnlyList<FactRow>> OfAsync(Guid consultation, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = $"select {Fields} from fact where consultation = @id order by version";
        Add(command, "id", engine.Id(consultation));
        await using var rows = await command.ExecuteReaderAsync(ct);
        var facts = new List<FactRow>();
        while (await rows.ReadAsync(ct))
        {
            facts.Add(Read(rows));
        }

        return facts;
    }

    public async Task<IReadOnlyList<KeyRow>> KeysAsync(Guid consultation, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select id, retention, wrapped from consultation_key where consultation = @id";
        Add(command, "id", engine.Id(consultation));
        await using var rows = await command.ExecuteReaderAsync(ct);
        var keys = new List<KeyRow>();
        while (await rows.ReadAsync(ct))
        {
            keys.Add(new KeyRow(rows.GetGuid(0), consultation, rows.GetString(1), (byte[])rows[2]));
        }

        return keys;
    }

    /// <summary>The version on disk; 0 where nothing has been opened.</summary>
    public async Task<long> VersionAsync(Guid consultation, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select version from head where id = @id";
        Add(command, "id", consultation);
        return await command.ExecuteScalarAsync(ct) is long version ? version : 0;
    }

    /// <summary>The sealed parts of a picture, in order.</summary>
    public async Task<IReadOnlyList<byte[]>> PictureAsync(Guid consultation, long version, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select bytes from picture_chunk where consultation = @id and version = @version order by part";
        Add(command, "id", engine.Id(consultation));
        Add(command, "version", version);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var parts = new List<byte[]>();
        while (await rows.ReadAsync(ct))
        {
            parts.Add((byte[])rows[0]);
        }

        return parts;
    }

    /// <summary>Every fact of every consultation, consultation by consultation, in the snapshot of <paramref name="transaction"/>.</summary>
    public async IAsyncEnumerable<FactRow> AllAsync(DbTransaction transaction, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = In(transaction, $"select {Fields} from fact order by consultation, version");
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            yield return Read(rows);
        }
    }

    /// <summary>Facts of these kinds, consultation by consultation, in the snapshot of <paramref name="transaction"/>.</summary>
    public async IAsyncEnumerable<FactRow> OfKindsAsync(DbTransaction transaction, IReadOnlyList<string> kinds, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = In(transaction, $"select {Fields} from fact where kind in ({string.Join(", ", kinds.Select((_, n) => $"@k{n}"))}) order by consultation, version");
        foreach (var (kind, n) in kinds.Select((kind, n) => (kind, n)))
        {
            Add(command, $"k{n}", kind);
        }

        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            yield return Read(rows);
        }
    }

    /// <summary>Facts of these kinds of one consultation, and its keys, in the snapshot of <paramref name="transaction"/>.</summary>
    public async Task<(IReadOnlyList<FactRow> Facts, IReadOnlyList<KeyRow> Keys)> OfKindsAsync(DbTransaction transaction, Guid consultation, IReadOnlyList<string> kinds, CancellationToken ct)
    {
        await using var command = In(transaction, $"select {Fields} from fact where consultation = @id and kind in ('{string.Join("', '", kinds)}') order by version");
        Add(command, "id", engine.Id(consultation));
        var facts = new List<FactRow>();
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                facts.Add(Read(rows));
            }
        }

        await using var wrapped = In(transaction, "select id, consultation, retention, wrapped from consultation_key where consultation = @id");
        Add(wrapped, "id", engine.Id(consultation));
        return (facts, (await KeysAsync(wrapped, ct)).GetValueOrDefault(consultation, []));
    }

    /// <summary>The wrapped keys of every consultation, in the snapshot of <paramref name="transaction"/>.</summary>
    public async Task<Dictionary<Guid, List<KeyRow>>> AllKeysAsync(DbTransaction transaction, CancellationToken ct)
    {
        await using var command = In(transaction, "select id, consultation, retention, wrapped from consultation_key");
        return await KeysAsync(command, ct);
    }

    private async Task<Dictionary<Guid, List<KeyRow>>> KeysAsync(DbCommand command, CancellationToken ct)
    {
        await using var rows = await command.ExecuteReaderAsync(ct);
        var keys = new Dictionary<Guid, List<KeyRow>>();
        while (await rows.ReadAsync(ct))
        {
            var key = new KeyRow(rows.GetGuid(0), engine.ReadId(rows, 1), rows.GetString(2), (byte[])rows[3]);
            (keys.TryGetValue(key.Consultation, out var known) ? known : keys[key.Consultation] = []).Add(key);
        }

        return keys;
    }

    /// <summary>A query inside a snapshot.</summary>
    public static DbCommand In(DbTransaction transaction, string sql)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    private FactRow Read(DbDataReader row) => new(
        engine.ReadId(row, 0),
        row.GetInt64(1),
        row.GetInt64(2),
        row.GetString(3),
        row.GetString(4),
        row.GetString(5),
        row.GetString(6),
        row.IsDBNull(7) ? null : row.GetInt16(7),
        row.IsDBNull(8) ? null : row.GetString(8),
        row.IsDBNull(9) ? null : row.GetInt64(9),
        (byte[])row[10],
        (byte[])row[11],
        row.IsDBNull(12) ? null : (byte[])row[12]);

    public static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
