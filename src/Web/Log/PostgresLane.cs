using System.Data.Common;
using System.Text.Json;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>
/// The lane of a cluster node: one statement moves all heads of a batch and inserts the facts of those, and only those, that moved.
/// Commits never take a request's token: a cancelled wait for a standby must not read as success.
/// </summary>
internal sealed class PostgresLane(IEngine engine) : ILane
{
    private static readonly JsonSerializerOptions Rows = new() { PropertyNamingPolicy = new Snake(), Converters = { new HexBytes() } };

    private static readonly string HeadColumns = string.Join(", ", typeof(Head).GetProperties().Select(p => Columns.Snake(p.Name)));
    private static readonly string HeadValues = string.Join(", ", typeof(Head).GetProperties().Select(p => "w." + Columns.Snake(p.Name)));

    private static readonly string Sql = $"""
        with w as (
            select r.*, e.expected, e.n from json_populate_recordset(null::head, @heads::json) r
            join unnest(@ids, @expected) with ordinality as e(id, expected, n) on e.id = r.id order by r.id
        ), moved as (
            update head h set ({HeadColumns}) = ({HeadValues}) from w where h.id = w.id and h.version = w.expected and w.expected > 0
            returning h.id
        ), opened as (
            insert into head ({HeadColumns}) select {HeadValues} from w where w.expected = 0
            on conflict (id) do nothing returning id
        ), stored as (
            select id from moved union all select id from opened
        ), keyed as (
            insert into consultation_key (id, consultation, retention, wrapped)
            select k.id, k.consultation, k.retention, k.wrapped from unnest(@key_id, @key_of, @key_class, @key_wrapped) as k(id, consultation, retention, wrapped)
            join stored s on s.id = k.consultation
        ), pictured as (
            insert into picture_chunk (consultation, version, part, bytes)
            select c.consultation, c.version, c.part, c.bytes from unnest(@chunk_of, @chunk_version, @chunk_part, @chunk_bytes) as c(consultation, version, part, bytes)
            join stored s on s.id = c.consultation
        ), journalled as (
            insert into journal (pool, at, kind, clinician, consultation, body)
            select j.pool, j.at, j.kind, j.clinician, j.consultation, j.body
            from unnest(@j_entry, @j_pool, @j_at, @j_kind, @j_clinician, @j_consultation, @j_body) as j(entry, pool, at, kind, clinician, consultation, body)
            join stored s on s.id = j.entry
        ), written as (
            insert into fact (consultation, version, at, kind, actor, retention, bucket, urgency, reason, due_at, digest, hash, payload)
            select f.consultation, f.version, f.at, f.kind, f.actor, f.retention, f.bucket, f.urgency, f.reason, f.due_at, f.digest, f.hash, f.payload
            from unnest(@f_of, @f_version, @f_at, @f_kind, @f_actor, @f_retention, @f_bucket, @f_urgency, @f_reason, @f_due, @f_digest, @f_hash, @f_payload)
              as f(consultation, version, at, kind, actor, retention, bucket, urgency, reason, due_at, digest, hash, payload)
            join stored s on s.id = f.consultation
            order by f.consultation, f.version
        )
        select id from stored
        """;

    public async Task<Fate[]> CommitAsync(IReadOnlyList<Entry> batch)
    {
        await using var connection = await engine.OpenAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        var late = await LateTermsAsync(connection, transaction, batch);
        var live = batch.Where(e => e.Term is null || !late.Contains(e.Term)).ToList();
        var stored = live.Count == 0 ? [] : await StoreAsync(connection, transaction, live);
        foreach (var erased in live.Where(e => e.Erasing && stored.Contains(e.Consultation)))
        {
            await using var erase = Command(connection, transaction, "delete from consultation_key where consultation = @id; delete from picture_chunk where consultation = @id; update fact set payload = null where consultation = @id");
            Add(erase, "id", erased.Consultation);
            await erase.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return [.. batch.Select(e => e.Term is { } term && late.Contains(term) ? Fate.TermOver : stored.Contains(e.Consultation) ? Fate.Stored : Fate.HeadMoved)];
    }

    private static async Task<HashSet<Term>> LateTermsAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<Entry> batch)
    {
        var late = new HashSet<Term>();
        foreach (var term in batch.Select(e => e.Term).OfType<Term>().Distinct())
        {
            await using var command = Command(connection, transaction, "select epoch from pool where name = @pool for share");
            Add(command, "pool", term.Pool);
            if (await command.ExecuteScalarAsync() is not long epoch || epoch != term.Epoch)
            {
                late.Add(term);
            }
        }

        return late;
    }

    private static async Task<HashSet<Guid>> StoreAsync(DbConnection connection, DbTransaction transaction, List<Entry> entries)
    {
        var facts = entries.SelectMany(e => e.Facts).ToList();
        var keys = entries.SelectMany(e => e.Keys).ToList();
        var chunks = entries.SelectMany(e => e.Chunks).ToList();
        var journal = entries.SelectMany(e => e.Journal.Select(line => (e.Consultation, line))).ToList();
        await using var command = Command(connection, transaction, Sql);
        Add(command, "heads", JsonSerializer.Serialize(entries.Select(e => e.Head), Rows));
        Add(command, "ids", entries.Select(e => e.Consultation).ToArray());
        Add(command, "expected", entries.Select(e => e.Expected).ToArray());
        Add(command, "key_id", keys.Select(k => k.Id).ToArray());
        Add(command, "key_of", keys.Select(k => k.Consultation).ToArray());
        Add(command, "key_class", keys.Select(k => k.Retention).ToArray());
        Add(command, "key_wrapped", keys.Select(k => k.Wrapped).ToArray());
        Add(command, "chunk_of", chunks.Select(c => c.Consultation).ToArray());
        Add(command, "chunk_version", chunks.Select(c => c.Version).ToArray());
        Add(command, "chunk_part", chunks.Select(c => c.Part).ToArray());
        Add(command, "chunk_bytes", chunks.Select(c => c.Bytes).ToArray());
        Add(command, "j_entry", journal.Select(j => j.Consultation).ToArray());
        Add(command, "j_pool", journal.Select(j => j.line.Pool).ToArray());
        Add(command, "j_at", journal.Select(j => j.line.At).ToArray());
        Add(command, "j_kind", journal.Select(j => j.line.Kind).ToArray());
        Add(command, "j_clinician", journal.Select(j => j.line.Clinician).ToArray());
        Add(command, "j_consultation", journal.Select(j => j.line.Consultation).ToArray());
        Add(command, "j_body", journal.Select(j => j.line.Body).ToArray());
        Add(command, "f_of", facts.Select(f => f.Consultation).ToArray());
        Add(command, "f_version", facts.Select(f => f.Version).ToArray());
        Add(command, "f_at", facts.Select(f => f.At).ToArray());
        Add(command, "f_kind", facts.Select(f => f.Kind).ToArray());
        Add(command, "f_actor", facts.Select(f => f.Actor).ToArray());
        Add(command, "f_retention", facts.Select(f => f.Retention).ToArray());
        Add(command, "f_bucket", facts.Select(f => f.Bucket).ToArray());
        Add(command, "f_urgency", facts.Select(f => (short?)f.Urgency).ToArray());
        Add(command, "f_reason", facts.Select(f => f.Reason).ToArray());
        Add(command, "f_due", facts.Select(f => f.DueAt).ToArray());
        Add(command, "f_digest", facts.Select(f => f.Digest).ToArray());
        Add(command, "f_hash", facts.Select(f => f.Hash).ToArray());
        Add(command, "f_payload", facts.Select(f => f.Payload).ToArray());
        await using var rows = await command.ExecuteReaderAsync();
        var stored = new HashSet<Guid>();
        while (await rows.ReadAsync())
        {
            stored.Add(rows.GetGuid(0));
        }

        return stored;
    }

    private static DbCommand Command(DbConnection connection, DbTransaction transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private sealed class Snake : JsonNamingPolicy
    {
        public override string ConvertName(string name) => Columns.Snake(name);
    }

    /// <summary>PostgreSQL reads bytea in JSON as its own hex text.</summary>
    private sealed class HexBytes : System.Text.Json.Serialization.JsonConverter<byte[]>
    {
        public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => writer.WriteStringValue(@"\x" + Convert.ToHexStringLower(value));
    }
}
