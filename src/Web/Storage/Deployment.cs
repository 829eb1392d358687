using System.Data.Common;
using System.Security.Cryptography;

namespace Yizhen.Web.Storage;

/// <summary>What a data folder or database was made for; it never changes.</summary>
internal enum DeploymentKind
{
    Demo,
    Drill,
    Real,
}

/// <summary>An opened deployment: database brought up to date, kind and key checked.</summary>
internal sealed record Deployment(Place Place, IEngine Engine, Vault Vault, DeploymentKind Kind, TimeZoneInfo Zone, string? AuthorityKey)
{
    /// <summary>How many times faster than the clock on the wall its time goes, at most: a drill's. What is about people at its pages and about the machine is so much longer in its time.</summary>
    public double Times { get; init; } = 1;

    public bool IsDemo => Kind == DeploymentKind.Demo;

    /// <summary>Demo secrets, outbox page and demo signature exist in demo and drill only.</summary>
    public bool IsRehearsal => Kind is DeploymentKind.Demo or DeploymentKind.Drill;

    /// <summary>Opens what is there, or makes it: in demo with a key of its own, else with the key that setup has made.</summary>
    /// <param name="expected">Null: whatever it is. A real one is never served as demo, nor a demo one as real.</param>
    /// <exception cref="StorageException">One clear sentence why it cannot be opened.</exception>
    public static async Task<Deployment> OpenAsync(Place place, DeploymentKind? expected, bool make, string zone, DateTimeOffset now, CancellationToken ct, bool restoring = false)
    {
        if (!make && place.DataFolder is { } folder && !File.Exists(Path.Combine(folder, Place.DatabaseFile)))
        {
            throw new StorageException($"There is no Yizhen data in {folder}. Run ./yizhen setup first, or serve --demo for a trial.");
        }

        var engine = place.Engine();
        await Scripts.ApplyAsync(engine, now, ct, restoring);
        await using var connection = await engine.OpenAsync(ct);
        var row = await ReadAsync(connection, ct);
        var kind = row?.Kind ?? expected ?? throw new StorageException("This database has not been set up. Run ./yizhen setup first.");
        if (row is null && !make)
        {
            throw new StorageException("This database has not been set up. Run ./yizhen setup first.");
        }

        if (expected is { } wanted && kind != wanted)
        {
            throw new StorageException(wanted == DeploymentKind.Real
                ? $"This is a {Code(kind)} deployment: {(kind == DeploymentKind.Demo ? "serve it with --demo, or choose" : "./yizhen drill serves it while it plays. Choose")} another folder for real use."
                : $"This is a {Code(kind)} deployment and cannot be used as {Code(wanted)}.");
        }

        var vault = new Vault(ReadKey(place, kind, row is null && make));
        if (row is null)
        {
            await WriteAsync(connection, kind, zone, vault, now, ct);
            row = (kind, zone, vault.Check.ToArray(), null);
            BeginErasureList(place);
        }

        if (!vault.Check.SequenceEqual(row.Value.Check))
        {
            throw new StorageException("The deployment key does not belong to this database. Give the right one with --key FILE.");
        }

        return new Deployment(place, engine, vault, kind, TimeZoneInfo.FindSystemTimeZoneById(row.Value.Zone), row.Value.Authority);
    }

    /// <summary>The vault of what is there, for commands that only look; null where no key was given.</summary>
    /// <exception cref="StorageException">The key is not the one of this database.</exception>
    public static async Task<Vault?> PeekKeyAsync(Place place, IEngine engine, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        if (await ReadAsync(connection, ct) is not { } row || (place.KeyFile is null && (row.Kind == DeploymentKind.Real || !File.Exists(place.DemoKeyFile))))
        {
            return null;
        }

        var vault = new Vault(ReadKey(place, row.Kind, make: false));
        return vault.Check.SequenceEqual(row.Check) ? vault : throw new StorageException("The deployment key does not belong to this database. Give the right one with --key FILE.");
    }

    /// <summary>The signed policies of what is there, for commands that have no key.</summary>
    /// <exception cref="StorageException">Nothing has been set up there.</exception>
    public static async Task<SignedPolicies> PeekPoliciesAsync(Place place, IEngine engine, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        return await ReadAsync(connection, ct) is { } row ? SignedPolicies.For(place, row.Kind != DeploymentKind.Real, row.Authority)
            : throw new StorageException("This database has not been set up. Run ./yizhen setup first.");
    }

    public static string Code(DeploymentKind kind) => kind switch
    {
        DeploymentKind.Demo => "demo",
        DeploymentKind.Drill => "drill",
        DeploymentKind.Real => "real",
    };

    /// <summary>Empty, but there: a restore that finds none knows that something is missing.</summary>
    private static void BeginErasureList(Place place)
    {
        Directory.CreateDirectory(place.Folder);
        using var list = new FileStream(place.ErasureList, FileMode.OpenOrCreate);
        list.Flush(flushToDisk: true);
    }

    private static byte[] ReadKey(Place place, DeploymentKind kind, bool make)
    {
        var file = place.KeyFile ?? (kind == DeploymentKind.Real ? null : place.DemoKeyFile);
        if (file is null)
        {
            throw new StorageException("The deployment key is missing. Give it with --key FILE or YIZHEN_KEY_FILE.");
        }

        if (!File.Exists(file) && make && kind != DeploymentKind.Real)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            WriteKey(file, Vault.NewKey());
        }

        try
        {
            var key = Convert.FromHexString(File.ReadAllText(file).Trim());
            return key.Length == Vault.KeyBytes ? key : throw new FormatException();
        }
        catch (FormatException wrong)
        {
            throw new StorageException($"{file} is not a deployment key: it must hold {Vault.KeyBytes * 2} hexadecimal digits.", wrong);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The deployment key {file} cannot be read: {broken.Message}", broken);
        }
    }

    /// <summary>From now on what this key has signed may serve.</summary>
    public async Task TrustAsync(string authorityPem, CancellationToken ct)
    {
        using var writer = await Engine.WriterAsync(ct);
        await using var connection = await Engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "update deployment set authority_key = @pem";
        var parameter = command.CreateParameter();
        parameter.ParameterName = "pem";
        parameter.Value = authorityPem;
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Writes a key that only its owner may read.</summary>
    public static void WriteKey(string file, byte[] key)
    {
        WriteSecret(file, System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key) + "\n"));
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Writes a file that only its owner may read; never over one that is there.</summary>
    public static void WriteSecret(string file, byte[] bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(file, options))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
    }

    private static async Task<(DeploymentKind Kind, string Zone, byte[] Check, string? Authority)?> ReadAsync(DbConnection connection, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select kind, zone, key_check, authority_key from deployment";
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct)
            ? (Enum.Parse<DeploymentKind>(rows.GetString(0), ignoreCase: true), rows.GetString(1), (byte[])rows[2], rows.IsDBNull(3) ? null : rows.GetString(3))
            : null;
    }

    private static async Task WriteAsync(DbConnection connection, DeploymentKind kind, string zone, Vault vault, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "insert into deployment (kind, zone, created_at, key_check) values (@kind, @zone, @at, @check)";
        foreach (var (name, value) in new (string, object)[] { ("kind", Code(kind)), ("zone", zone), ("at", now.Ms()), ("check", vault.Check.ToArray()) })
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(ct);
    }
}
