using Yizhen.Web.Storage.Postgres;
using Yizhen.Web.Storage.Sqlite;

namespace Yizhen.Web.Storage;

/// <summary>Where the data lies and which key opens it. <see cref="Folder"/> holds what must stay outside the database: the erasure list, and in demo the key.</summary>
internal sealed record Place(string? DataFolder, string? Connection, string? KeyFile, string Folder)
{
    public const string DatabaseFile = "yizhen.db";

    /// <param name="data">--data DIR</param>
    /// <param name="database">--database CONN; excludes <paramref name="data"/></param>
    public static Place From(string? data, string? database, string? key, string? state)
    {
        if (data is not null && database is not null)
        {
            throw new StorageException("Give --data or --database, not both.");
        }

        if (data is null && database is null)
        {
            throw new StorageException("Say where the data lies: --data DIR or --database \"Host=...\".");
        }

        var folder = Path.GetFullPath(state ?? data ?? "yizhen-state");
        return new Place(data is null ? null : Path.GetFullPath(data), database, key ?? System.Environment.GetEnvironmentVariable("YIZHEN_KEY_FILE"), folder);
    }

    public string ErasureList => Path.Combine(Folder, "erasures.log");

    public string DemoKeyFile => Path.Combine(Folder, "keys", "deployment.key");

    /// <summary>One process writes to a folder, for heads and wake-ups are kept in its memory. Let go with the process, however it ends; PostgreSQL needs no such thing.</summary>
    /// <exception cref="StorageException">Another process serves it.</exception>
    public IDisposable? Hold()
    {
        if (DataFolder is null)
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(DataFolder);
            return new FileStream(Path.Combine(DataFolder, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception broken) when (broken is UnauthorizedAccessException || !Directory.Exists(DataFolder))
        {
            throw Unusable(broken);
        }
        catch (IOException held)
        {
            throw new StorageException($"{DataFolder} is in use by another process. Stop the other one first; to serve from several processes use --database.", held);
        }
    }

    /// <summary>For commands that only look: makes nothing.</summary>
    /// <exception cref="StorageException">There is nothing there.</exception>
    public IEngine ExistingEngine() => DataFolder is not null && !File.Exists(Path.Combine(DataFolder, DatabaseFile))
        ? throw new StorageException($"There is no Yizhen data in {DataFolder}. Name the folder that serves with --data DIR.")
        : Engine();

    /// <exception cref="StorageException">The folder cannot be used.</exception>
    public IEngine Engine()
    {
        if (Connection is not null)
        {
            try
            {
                return new PostgresEngine(Connection);
            }
            catch (ArgumentException wrong)
            {
                throw new StorageException($"--database cannot be read: {wrong.Message}. It looks like \"Host=localhost;Database=yizhen;Username=yizhen\".", wrong);
            }
        }

        try
        {
            Directory.CreateDirectory(DataFolder!);
            return new SqliteEngine(Path.Combine(DataFolder!, DatabaseFile));
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw Unusable(broken);
        }
    }

    private StorageException Unusable(Exception broken) => new($"The data folder {DataFolder} cannot be used: {broken.Message} Choose another with --data, or let this account write there.", broken);
}
