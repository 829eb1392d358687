using System.Data.Common;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Yizhen.Web.Storage;

/// <summary>
/// Numbered SQL scripts, forward only, applied at start under a lock, name and hash recorded.
/// A changed script or a database newer than this program refuses the start.
/// </summary>
internal static class Scripts
{
    /// <summary>Stands among the script numbers while a restore has not applied the erasure list yet; nothing serves such a database.</summary>
    public const int RestorePending = 99999;

    private const string Record = "create table if not exists schema_script (number integer primary key, name text not null, hash text not null, applied_at bigint not null)";

    public static string MarkPending => $"insert into schema_script values ({RestorePending}, 'restore-pending', '', 0)";

    public static string ClearPending => $"delete from schema_script where number = {RestorePending}";

    /// <param name="restoring">The one who restores may open what is not finished.</param>
    public static async Task ApplyAsync(IEngine engine, DateTimeOffset now, CancellationToken ct, bool restoring = false)
    {
        await using var connection = await engine.OpenAsync(ct);
        await engine.LockForScriptsAsync(connection, ct);
        await RunAsync(connection, Record, ct);
        var applied = await AppliedAsync(connection, ct);
        if (applied.Remove(RestorePending) && !restoring)
        {
            throw new StorageException("A restore of this database has not finished, so erased people may still be in it. Empty it and run ./yizhen restore again.");
        }

        var ours = All(engine.Name);
        if (applied.Keys.Except(ours.Select(s => s.Number)).Any())
        {
            throw new StorageException("The database is newer than this program. Start the newer program, or restore a backup.");
        }

        foreach (var script in ours)
        {
            if (applied.TryGetValue(script.Number, out var hash))
            {
                if (hash != script.Hash)
                {
                    throw new StorageException($"Script {script.Name} has changed since it was applied. Use the program that made this database.");
                }

                continue;
            }

            await RunAsync(connection, script.Text, ct);
            await RunAsync(connection, $"insert into schema_script values ({script.Number}, '{script.Name}', '{script.Hash}', {now.ToUnixTimeMilliseconds()})", ct);
        }

        await RunAsync(connection, "commit", ct);
    }

    /// <summary>The tables as they were after script <paramref name="last"/>, without a record: the rows that follow bring it.</summary>
    /// <exception cref="StorageException">It was made by a newer program.</exception>
    public static async Task MakeAsync(DbConnection connection, string engine, int last, CancellationToken ct)
    {
        var ours = All(engine);
        if (last > ours[^1].Number)
        {
            throw new StorageException("The backup was made by a newer program. Restore it with that one.");
        }

        await RunAsync(connection, Record, ct);
        foreach (var script in ours.Where(s => s.Number <= last))
        {
            await RunAsync(connection, script.Text, ct);
        }
    }

    internal static IReadOnlyList<Script> All(string engine)
    {
        var prefix = engine == "sqlite" ? "Yizhen.Web.Storage.Sqlite." : "Yizhen.Web.Storage.Postgres.";
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
                var text = reader.ReadToEnd();
                var name = resource[prefix.Length..^".sql".Length];
                return new Script(int.Parse(name[..4], System.Globalization.CultureInfo.InvariantCulture), name, text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
            })];
    }

    internal sealed record Script(int Number, string Name, string Text, string Hash);

    private static async Task<Dictionary<int, string>> AppliedAsync(DbConnection connection, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select number, hash from schema_script";
        await using var rows = await command.ExecuteReaderAsync(ct);
        var applied = new Dictionary<int, string>();
        while (await rows.ReadAsync(ct))
        {
            applied[rows.GetInt32(0)] = rows.GetString(1);
        }

        return applied;
    }

    private static async Task RunAsync(DbConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }
}
