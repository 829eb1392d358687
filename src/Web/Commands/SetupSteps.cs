using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary>What setup has done, for people and for machines.</summary>
/// <param name="Join">One-time link of the first operator; null where an operator is there already.</param>
/// <param name="TestMessage">sent, failed or not_asked.</param>
/// <param name="Missing">What must still be done before the first patient.</param>
/// <param name="Remember">What nobody but you can do.</param>
internal sealed record SetupDone(
    string Kind, string Database, string State, string Key, bool KeyMade, string? AuthorityKey, bool AuthorityMade, int Signed,
    string? Join, string TestMessage, string Unit, string Cron, IReadOnlyList<string> Missing, IReadOnlyList<string> Remember);

/// <summary>The steps of setup, each of which may be run again: what is there is kept, what is missing is made.</summary>
internal static class SetupSteps
{
    public const string DefaultZone = "Asia/Shanghai";

    /// <exception cref="StorageException">One sentence about what cannot be done; nothing after it was begun.</exception>
    public static async Task<SetupDone> RunAsync(SetupAnswers told, DateTimeOffset now, CancellationToken ct)
    {
        var key = Path.GetFullPath(told.Key ?? throw new StorageException("Say where the deployment key shall lie: --key FILE, outside the data folder."));
        var place = Place.From(told.Data, told.Database, key, told.State);
        var zone = told.Zone ?? DefaultZone;
        Check(told, place, key, zone);
        var keyMade = MakeKey(key);
        foreach (var needed in new[] { place.DataFolder, place.Folder }.OfType<string>())
        {
            Write(needed, () => Private(needed));
        }

        var deployment = await Deployment.OpenAsync(place, DeploymentKind.Real, make: true, zone, now, ct);
        var settings = Said(told);
        await settings.KeepAsync(deployment, now, ct);
        var (authority, authorityMade) = await MakeAuthorityAsync(deployment, told, ct);
        var signed = told.SignShipped == true ? Sign(deployment, told.AuthorityKey) : 0;
        var kept = await Settings.ReadAsync(deployment, ct);
        var organisation = await OrganisationAsync(deployment, told, now, ct);
        var join = organisation is { } house ? await InviteAsync(deployment, house, kept.BaseUrl, now, ct) : null;
        var test = await TestAsync(told.TestNumber, kept.Gateway, ct);
        var unit = Path.Combine(place.Folder, "yizhen.service");
        var cron = Path.Combine(place.Folder, "yizhen-backup.cron");
        await File.WriteAllTextAsync(unit, SetupTexts.Unit(place, key, told.User ?? "yizhen", kept), ct);
        await File.WriteAllTextAsync(cron, SetupTexts.Cron(place, key, told.User ?? "yizhen"), ct);
        var missing = SetupTexts.Missing(kept, organisation is not null, Unsigned(deployment, authority), test);
        return new SetupDone(
            Deployment.Code(deployment.Kind), place.DataFolder is { } folder ? Path.Combine(folder, Place.DatabaseFile) : deployment.Engine.Name, place.Folder, key, keyMade,
            authorityMade ? Path.GetFullPath(told.AuthorityKey!) : null, authorityMade, signed, join, test, unit, cron, missing, SetupTexts.Remember(place, key, told.User ?? "yizhen", authorityMade ? told.AuthorityKey : null));
    }

    private static void Check(SetupAnswers told, Place place, string key, string zone)
    {
        foreach (var folder in new[] { place.DataFolder, place.Folder }.OfType<string>())
        {
            if (Inside(key, folder))
            {
                throw new StorageException($"The deployment key may not lie beside the database: {key} is inside {folder}. Whoever takes the one would have the other. Choose another place with --key FILE.");
            }
        }

        if (told.AuthorityKey is { } authority && new[] { place.DataFolder, place.Folder }.OfType<string>().Any(folder => Inside(Path.GetFullPath(authority), folder)))
        {
            throw new StorageException("The authority's private key may not lie in a folder of this deployment. Choose another place with --authority-key FILE.");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            throw new StorageException($"There is no time zone {zone}. Write it like Asia/Shanghai.");
        }

        if (told.BaseUrl is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            throw new StorageException($"{address} is not an address of a web site. Write it like https://yizhen.example.cn.");
        }

        foreach (var number in new[] { told.Standby, told.TestNumber }.OfType<string>().Where(n => PhoneNumber.Read(n).IsRefused(out _)))
        {
            throw new StorageException($"{number} is not a whole phone number. Outside China begin with + and the country code.");
        }

        if (told.Province is { } province && !(province.Length == 2 && province.All(char.IsAsciiDigit)))
        {
            throw new StorageException($"{province} is not a province: write two digits, Hubei is 42.");
        }

        if (told.Messages is { } messages)
        {
            _ = GatewaySettings.ReadFile(messages);
        }

        if (told.Proxy is { } proxy && !System.Net.IPAddress.TryParse(proxy, out _))
        {
            throw new StorageException($"{proxy} is not the address of a proxy. Write it like 127.0.0.1.");
        }

        if ((told.TlsCertificate is null) != (told.TlsKey is null))
        {
            throw new StorageException("TLS needs both files: --tls-certificate and --tls-key.");
        }

        if (told is { TlsCertificate: { } certificate, TlsKey: { } tlsKey })
        {
            Listening.Certificate(certificate, tlsKey).Dispose();
        }
    }

    private static bool Inside(string file, string folder) =>
        Path.GetRelativePath(folder, file) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative);

    private static Settings Said(SetupAnswers told) => new(
        told.BaseUrl?.TrimEnd('/'),
        told.Messages is { } file ? File.ReadAllText(file) : null,
        told.Standby is { } number ? PhoneNumber.Read(number).Value.E164 : null,
        told.TlsCertificate is { } certificate ? Path.GetFullPath(certificate) : null,
        told.TlsKey is { } key ? Path.GetFullPath(key) : null,
        told.Proxy);

    private static bool MakeKey(string key)
    {
        if (File.Exists(key))
        {
            return false;
        }

        Write(key, () => Deployment.WriteKey(key, Vault.NewKey()));
        return true;
    }

    /// <summary>A new folder is for its owner alone; one that is there keeps its rights.</summary>
    private static void Private(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Write(string file, Action write)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            write();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{file} cannot be written: {broken.Message}", broken);
        }
    }

    /// <summary>The server keeps the public half. A private half that is there already is used, not replaced.</summary>
    private static async Task<(string? Public, bool Made)> MakeAuthorityAsync(Deployment deployment, SetupAnswers told, CancellationToken ct)
    {
        if (deployment.AuthorityKey is { } known)
        {
            return (known, false);
        }

        if (told.AuthorityKey is not { } file)
        {
            return (null, false);
        }

        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = !File.Exists(file);
        if (made)
        {
            var pem = pair.ExportPkcs8PrivateKeyPem() + "\n";
            Write(file, () => Deployment.WriteSecret(file, System.Text.Encoding.ASCII.GetBytes(pem)));
        }
        else
        {
            try
            {
                pair.ImportFromPem(await File.ReadAllTextAsync(file, ct));
            }
            catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
            {
                throw new StorageException($"{file} is not a private key of the kind ECDSA P-256 in PEM.", wrong);
            }
        }

        var half = pair.ExportSubjectPublicKeyInfoPem() + "\n";
        await deployment.TrustAsync(half, ct);
        return (half, made);
    }

    /// <summary>Copies the shipped protocols into the deployment's own folder and signs them there; those beside the program stay as they came.</summary>
    private static int Sign(Deployment deployment, string? authorityKey)
    {
        var pem = authorityKey is { } file && File.Exists(file) ? File.ReadAllText(file) : throw new StorageException("Signing needs the authority's private key: --authority-key FILE.");
        var target = Path.Combine(deployment.Place.Folder, "protocols");
        Directory.CreateDirectory(target);
        var signed = 0;
        foreach (var source in Directory.EnumerateFiles(ProtocolFiles.Shipped, "*.json"))
        {
            var copy = Path.Combine(target, Path.GetFileName(source));
            File.Copy(source, copy, overwrite: true);
            if (!copy.EndsWith(".cases.json", StringComparison.Ordinal))
            {
                ProtocolFiles.Sign(copy, pem);
                signed++;
            }
        }

        return signed;
    }

    private static IReadOnlyList<string> Unsigned(Deployment deployment, string? authority)
    {
        if (authority is null)
        {
            return ["*"];
        }

        var folder = ProtocolFiles.Of(deployment.Place);
        try
        {
            return [.. new ProtocolFiles(folder, acceptDemo: false, authority).All.Where(f => f.Why is not null).Select(f => f.Name)];
        }
        catch (StorageException)
        {
            return [ProtocolFiles.LexiconFile];
        }
    }

    private static async Task<Guid?> OrganisationAsync(Deployment deployment, SetupAnswers told, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = Settings.Open(deployment);
        if (await database.Set<OrganisationRow>().AsNoTracking().OrderBy(o => o.CreatedAt).FirstOrDefaultAsync(ct) is { } known)
        {
            return known.Id;
        }

        if (told is not { OrganisationZh: { } zh, OrganisationEn: { } en })
        {
            return null;
        }

        var row = new OrganisationRow { Id = Guid.CreateVersion7(now), NameZh = zh, NameEn = en, Province = told.Province ?? "", CreatedAt = now.Ms() };
        database.Add(row);
        await database.SaveChangesAsync(ct);
        return row.Id;
    }

    /// <summary>Only while there is no operator. An older link that nobody has used stays good until its time is over.</summary>
    private static async Task<string?> InviteAsync(Deployment deployment, Guid organisation, string? baseUrl, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = Settings.Open(deployment);
        var role = nameof(Role.Operator);
        if (await database.Set<StaffRow>().AnyAsync(s => s.Role == role && s.Active, ct))
        {
            return null;
        }

        var (row, token) = Staff.NewInvitation(new Post(organisation, Role.Operator, "", "zh,en", "*"), null, now);
        database.Add(row);
        await database.SaveChangesAsync(ct);
        return $"{baseUrl ?? "http://localhost:8080"}/staff/join/{token}";
    }

    private static async Task<string> TestAsync(string? number, string? gateway, CancellationToken ct)
    {
        if (number is null || gateway is null)
        {
            return "not_asked";
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            await new HttpGateway(client, GatewaySettings.Read(gateway)).SendAsync(PhoneNumber.Read(number).Value.E164, "【义诊】测试短信：网关可以用。 Yizhen: the gateway works.", ct);
            return "sent";
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return "failed";
        }
    }
}
