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

    /// <summary>Holds other writers off while scripts run. Released with the connection.</summary>
    Task LockForScriptsAsync(DbConnection connection, CancellationToken ct);

    /// <summary>A consistent view for as long as the returned transaction lives, while others write.</summary>
    Task<DbTransaction> SnapshotAsync(DbConnection connection, CancellationToken ct);

    /// <summary>One writer at a time where the database wants it so; completes at once elsewhere.</summary>
    Task<IDisposable> WriterAsync(CancellationToken ct);

    /// <summary>After an erasure: no byte of it may stay in a file of the database's own.</summary>
    Task ScrubAsync(CancellationToken ct);
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
