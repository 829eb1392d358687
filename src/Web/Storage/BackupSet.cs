using System.Security.Cryptography;
using System.Text.Json;

namespace Yizhen.Web.Storage;

/// <param name="Sha256">Of the file, in hexadecimal.</param>
internal sealed record BackupFile(string Name, long Bytes, string Sha256);

/// <summary>
/// What lies beside the files of a backup and says what they are. The deployment key is never in it, and the erasure list only as it was then:
/// a restore needs the newest one.
/// </summary>
/// <param name="Schema">Number of the last script.</param>
internal sealed record BackupSet(string Product, string Engine, string Kind, int Schema, DateTimeOffset MadeAt, long Consultations, long Facts, IReadOnlyList<BackupFile> Files)
{
    public const string ErasureCopy = "erasures-then.log";
    private const string Manifest = "backup.json";
    private const string Ours = "yizhen";

    private static readonly JsonSerializerOptions Written = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Copies everything into a folder that is new or empty. The manifest comes last: without it a folder is no backup.</summary>
    /// <exception cref="StorageException">The folder is not empty or cannot be written.</exception>
    public static async Task<BackupSet> MakeAsync(IEngine engine, Place place, string folder, DateTimeOffset now, CancellationToken ct)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new StorageException($"{folder} is not empty. Give each backup a folder of its own.");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var copied = await engine.CopyOutAsync(folder, ct);
        if (File.Exists(place.ErasureList))
        {
            File.Copy(place.ErasureList, Path.Combine(folder, ErasureCopy));
        }

        var files = new List<BackupFile>();
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            files.Add(new BackupFile(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct))));
            stream.Flush(flushToDisk: true);
        }

        var set = new BackupSet(Ours, engine.Name, copied.Kind, copied.Schema, now, copied.Consultations, copied.Facts, files);
        await File.WriteAllTextAsync(Path.Combine(folder, Manifest), JsonSerializer.Serialize(set, Written), ct);
        return set;
    }

    /// <exception cref="StorageException">Not a backup, or a file of it is missing or changed.</exception>
    public static async Task<BackupSet> ReadAsync(string folder, CancellationToken ct)
    {
        BackupSet? set;
        try
        {
            set = JsonSerializer.Deserialize<BackupSet>(await File.ReadAllTextAsync(Path.Combine(folder, Manifest), ct), Written);
        }
        catch (Exception wrong) when (wrong is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new StorageException($"{folder} is not a whole backup: {Manifest} is missing or cannot be read.", wrong);
        }

        if (set is not { Product: Ours })
        {
            throw new StorageException($"{folder} is not a backup of Yizhen.");
        }

        foreach (var file in set.Files)
        {
            var path = Path.Combine(folder, Path.GetFileName(file.Name));
            if (!File.Exists(path))
            {
                throw new StorageException($"The backup is not whole: {file.Name} is missing.");
            }

            await using var stream = File.OpenRead(path);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct)) != file.Sha256)
            {
                throw new StorageException($"The backup is damaged: {file.Name} is not the file that was written.");
            }
        }

        return set;
    }
}
