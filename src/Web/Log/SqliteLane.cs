using System.Data.Common;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>
/// The one writer of the embedded database: many decisions, one flush. An append-only table with one index,
/// because the pages that scattered indexes dirty cost more than the flush (ADR 0003).
/// </summary>
internal sealed class SqliteLane(IEngine engine) : ILane, IAsyncDisposable
{
    private static readonly string[] HeadColumns = [.. typeof(Head).GetProperties().Select(p => Columns.Snake(p.Name))];
    private static readonly System.Reflection.PropertyInfo[] HeadProperties = typeof(Head).GetProperties();

    private DbConnection? connection;

    public async Task<Fate[]> CommitAsync(IReadOnlyList<Entry> batch)
    {
        using var turn = await engine.WriterAsync(CancellationToken.None);
        try
        {
            connection ??= await engine.OpenAsync(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync();
            var fates = new Fate[batch.Count];
            for (var i = 0; i < batch.Count; i++)
            {
                fates[i] = await WriteAsync(transaction, batch[i]);
            }

            await transaction.CommitAsync();
            return fates;
        }
        catch
        {
            if (connection is { } broken)
            {
                connection = null;
                await broken.DisposeAsync();
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is { } open)
        {
            connection = null;
            await open.DisposeAsync();
        }
    }

    private async Task<Fate> WriteAsync(DbTransaction transaction, Entry entry)
    {
        if (entry.Term is { } term && !await LeadsAsync(transaction, term))
        {
            return Fate.TermOver;
        }

        if (!await MoveHeadAsync(transaction, entry))
        {
            return Fate.HeadMoved;
        }

        var id = engine.Id(entry.Consultation);
        if (entry.Erasing)
        {
            await RunAsync(transaction, "delete from consultation_key where consultation = $1", id);
            await RunAsync(transaction, "delete from picture_chunk where consultation = $1", id);
            await RunAsync(transaction, "update fact set payload = null where consultation = $1", id);
        }

        foreach (var key in entry.Keys)
        {
            await RunAsync(transaction, "insert into consultation_key (id, consultation, retention, wrapped) values ($1, $2, $3, $4)", key.Id, id, key.Retention, key.Wrapped);
        }

        foreach (var f in entry.Facts)
        {
            await RunAsync(
                transaction,
                "insert into fact (consultation, version, at, kind, actor, retention, bucket, urgency, reason, due_at, digest, hash, payload) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                id, f.Version, f.At, f.Kind, f.Actor, f.Retention, f.Bucket, f.Urgency, f.Reason, f.DueAt, f.Digest, f.Hash, entry.Erasing ? null : f.Payload);
        }

        foreach (var chunk in entry.Chunks)
        {
            await RunAsync(transaction, "insert into picture_chunk (consultation, version, part, bytes) values ($1, $2, $3, $4)", id, chunk.Version, chunk.Part, chunk.Bytes);
        }

        foreach (var line in entry.Journal)
        {
            await RunAsync(transaction, "insert into journal (pool, at, kind, clinician, consultation, body) values ($1, $2, $3, $4, $5, $6)", line.Pool, line.At, line.Kind, line.Clinician, line.Consultation, line.Body);
        }

        return Fate.Stored;
    }

    private static async Task<bool> MoveHeadAsync(DbTransaction transaction, Entry entry)
    {
        var values = HeadProperties.Select(p => p.GetValue(entry.Head)).ToArray();
        if (entry.Expected == 0)
        {
            var places = string.Join(", ", HeadColumns.Select((_, i) => $"${i + 1}"));
            return await RunAsync(transaction, $"insert into head ({string.Join(", ", HeadColumns)}) values ({places}) on conflict (id) do nothing", values) == 1;
        }

        var sets = string.Join(", ", HeadColumns.Select((column, i) => $"{column} = ${i + 1}"));
        return await RunAsync(transaction, $"update head set {sets} where id = $1 and version = ${HeadColumns.Length + 1}", [.. values, entry.Expected]) == 1;
    }

    private static async Task<bool> LeadsAsync(DbTransaction transaction, Term term)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "select epoch from pool where name = $1";
        Add(command, 1, term.Pool);
        return await command.ExecuteScalarAsync() is long epoch && epoch == term.Epoch;
    }

    private static async Task<int> RunAsync(DbTransaction transaction, string sql, params object?[] values)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            Add(command, i + 1, values[i]);
        }

        return await command.ExecuteNonQueryAsync();
    }

    private static void Add(DbCommand command, int number, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = $"${number}";
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
