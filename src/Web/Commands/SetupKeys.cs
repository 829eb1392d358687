using System.Security.Cryptography;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary>The files that setup makes: the deployment key, the authority's pair, and the protocols under its signature.</summary>
internal static class SetupKeys
{
    public static bool MakeKey(string key)
    {
        if (File.Exists(key))
        {
            return false;
        }

        Write(key, () => Deployment.WriteKey(key, Vault.NewKey()));
        return true;
    }

    /// <summary>A new folder is for its owner alone; one that is there keeps its rights.</summary>
    public static void Private(string folder)
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

    public static void Write(string file, Action write)
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
    public static async Task<(string? Public, bool Made)> MakeAuthorityAsync(Deployment deployment, SetupAnswers told, CancellationToken ct)
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

    /// <summary>
    /// Copies the shipped protocols and policies into the deployment's own folders and signs them there; those beside the program stay as they came. What its
    /// authority has signed there already stays as it is: it may have been changed before it was signed.
    /// </summary>
    public static int Sign(Deployment deployment, string? authorityKey)
    {
        var pem = authorityKey is { } file && File.Exists(file) ? File.ReadAllText(file) : throw new StorageException("Signing needs the authority's private key: --authority-key FILE.");
        using var pair = ECDsa.Create();
        pair.ImportFromPem(pem);
        string[] half = [pair.ExportSubjectPublicKeyInfoPem()];
        var (protocols, policies) = (Path.Combine(deployment.Place.Folder, "protocols"), SignedPolicies.Own(deployment.Place));
        var sources = ProtocolFiles.Names(ProtocolFiles.Shipped).Append(Path.Combine(ProtocolFiles.Shipped, ProtocolFiles.LexiconFile)).Select(source => (source, protocols))
            .Concat(SignedPolicies.Names.Select(name => (source: Path.Combine(SignedPolicies.Shipped, name), policies)));
        Directory.CreateDirectory(protocols);
        Directory.CreateDirectory(policies);
        foreach (var cases in Directory.EnumerateFiles(ProtocolFiles.Shipped, "*.cases.json"))
        {
            File.Copy(cases, Path.Combine(protocols, Path.GetFileName(cases)), overwrite: true);
        }

        var signed = 0;
        foreach (var (source, target) in sources)
        {
            var copy = Path.Combine(target, Path.GetFileName(source));
            if (!File.Exists(copy) || !Signatures.Hold(copy, File.ReadAllBytes(copy), half))
            {
                File.Copy(source, copy, overwrite: true);
                Signatures.Sign(copy, pem);
                signed++;
            }
        }

        return signed;
    }

    public static IReadOnlyList<string> Unsigned(Deployment deployment, string? authority)
    {
        if (authority is null)
        {
            return ["*"];
        }

        var folder = ProtocolFiles.Of(deployment.Place);
        var policies = new SignedPolicies(SignedPolicies.Of(deployment.Place), [authority]);
        var unsigned = SignedPolicies.Names.Where(name => !policies.IsSigned(name));
        try
        {
            return [.. new ProtocolFiles(folder, acceptDemo: false, authority).All.Where(f => f.Why is not null).Select(f => f.Name), .. unsigned];
        }
        catch (StorageException)
        {
            // None of them can be read without the word list; each has to be signed.
            return [.. Directory.EnumerateFiles(folder, "*.json").Select(f => Path.GetFileName(f)).Where(f => !f.EndsWith(".cases.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal), .. unsigned];
        }
    }
}
