using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Yizhen.Web.Storage;

/// <summary>What differs between the two databases. Everything else is written once.</summary>
internal interface IEngine
{
    /// <summary>"sqlite" or "postgres"; also the folder of the numbered scripts.</summary>
    string Name { get; }

    void Configure(DbContextOptionsBuilder options);

    /// <exception cref="StorageException">The database cannot be reached, is too old, or is not ours to use; the message is one clear sentence.</exception>
    Task<DbConnection> OpenAsync(CancellationToken ct);

    /// <summary>A consultation's id as the log's own tables hold it.</summary>
    object Id(Guid id);

    Guid ReadId(DbDataReader row, int column);

    /// <summary>Holds other writers off while scripts run, in a database that can hold what they make. Released with the connection.</summary>
    /// <exception cref="StorageException">It was made with an encoding or a locale that does not know Chinese letters.</exception>
    Task LockForScriptsAsync(DbConnection connection, CancellationToken ct);

    /// <summary>A consistent view for as long as the returned transaction lives, while others write.</summary>
    Task<DbTransaction> SnapshotAsync(DbConnection connection, CancellationToken ct);

    /// <summary>One writer at a time where the database wants it so; completes at once elsewhere. To be taken before a transaction begins, and held until it is over.</summary>
    Task<IDisposable> WriterAsync(CancellationToken ct);

    /// <summary>Files that hold one consistent moment of everything, while others write. <paramref name="folder"/> is there and empty.</summary>
    Task<Copied> CopyOutAsync(string folder, CancellationToken ct);

    /// <summary>Fills an empty database from those files and marks it as not to be served yet (<see cref="Scripts.RestorePending"/>).</summary>
    /// <exception cref="StorageException">It is not empty.</exception>
    Task CopyInAsync(string folder, int schema, CancellationToken ct);

    /// <summary>After an erasure: no byte of it may stay in a file of the database's own.</summary>
    Task ScrubAsync(CancellationToken ct);
}

/// <param name="Schema">Number of the last script that it was made by.</param>
internal sealed record Copied(string Kind, int Schema, long Consultations, long Facts)
{
    /// <summary>One row with these four columns.</summary>
    public const string Query = "select kind, (select max(number) from schema_script), (select count(*) from head), (select count(*) from fact) from deployment";

    public static async Task<Copied> ReadAsync(DbCommand command, CancellationToken ct)
    {
        command.CommandText = Query;
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new Copied(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3))
            : throw new StorageException("This database has not been set up: there is nothing to back up.");
    }
}

/// <summary>A database that cannot serve. The message is one sentence for whoever started the command.</summary>
internal sealed class StorageException : Exception
{
    public StorageException()
    {
    }

    public StorageException(string message)
        : base(message)
    {
    }

    public StorageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
