using System.Security.Cryptography;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Triage;

/// <summary>A protocol file and whether it may serve here.</summary>
/// <param name="Why">Null when it serves; else one sentence.</param>
internal sealed record ProtocolFile(string Name, Protocol Protocol, string? Why);

/// <summary>
/// The protocols beside the program. Each has a detached signature (ECDSA P-256 over the file's bytes, base64). In demo and drill the demo
/// authority's signature counts; in real use only that of the deployment's own authority. What is not signed is listed, and does not serve.
/// </summary>
internal sealed class ProtocolFiles
{
    public const string DemoAuthority = "demo-authority.pub.pem";
    private const string CasesEnding = ".cases.json";
    private const string LexiconFile = "lexicon.json";

    public ProtocolFiles(string folder, bool acceptDemo, string? authorityPem)
    {
        var keys = new List<string>();
        if (acceptDemo)
        {
            keys.Add(File.ReadAllText(Path.Combine(folder, DemoAuthority)));
        }

        if (authorityPem is not null)
        {
            keys.Add(authorityPem);
        }

        All = [.. Names(folder).Select(file => Read(file, keys))];
        LexiconText = Signed(Path.Combine(folder, LexiconFile), keys)
            ? File.ReadAllText(Path.Combine(folder, LexiconFile))
            : throw new StorageException($"{LexiconFile} is not signed by an authority of this deployment. Sign it: ./yizhen protocol sign FILE --key KEY.");
    }

    /// <summary>Where the files lie beside the program.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "protocols");

    public IReadOnlyList<ProtocolFile> All { get; }

    public string LexiconText { get; }

    /// <exception cref="StorageException">No red-flag protocol may serve: the product refuses to start without one.</exception>
    public ProtocolShelf Shelf()
    {
        try
        {
            return new ProtocolShelf(All.Where(f => f.Why is null).Select(f => f.Protocol));
        }
        catch (ArgumentException)
        {
            throw new StorageException("No red-flag protocol is signed by an authority of this deployment. Sign the files in protocols/: ./yizhen protocol sign FILE --key KEY.");
        }
    }

    public static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(folder, "*.json")
        .Where(f => !f.EndsWith(CasesEnding, StringComparison.Ordinal) && Path.GetFileName(f) != LexiconFile)
        .Order(StringComparer.Ordinal);

    /// <summary>Writes the signature beside the file.</summary>
    public static string Sign(string file, string privateKeyPem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(privateKeyPem);
        var signature = key.SignData(File.ReadAllBytes(file), HashAlgorithmName.SHA256);
        var target = file + ".sig";
        File.WriteAllText(target, Convert.ToBase64String(signature) + "\n");
        return target;
    }

    public static bool Signed(string file, IEnumerable<string> publicKeysPem)
    {
        if (!File.Exists(file + ".sig"))
        {
            return false;
        }

        var signature = new byte[256];
        if (!Convert.TryFromBase64String(File.ReadAllText(file + ".sig").Trim(), signature, out var length))
        {
            return false;
        }

        var bytes = File.ReadAllBytes(file);
        return publicKeysPem.Any(pem =>
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key.VerifyData(bytes, signature.AsSpan(0, length), HashAlgorithmName.SHA256);
        });
    }

    private static ProtocolFile Read(string file, List<string> keys)
    {
        try
        {
            var protocol = Protocol.Parse(File.ReadAllText(file));
            return new ProtocolFile(Path.GetFileName(file), protocol, Signed(file, keys) ? null : "It is not signed by an authority of this deployment.");
        }
        catch (JsonException wrong)
        {
            throw new StorageException($"{Path.GetFileName(file)} is not a protocol: {wrong.Message}", wrong);
        }
    }
}

internal static class TriageSetup
{
    public static void AddTriage(this IServiceCollection services, Deployment deployment)
    {
        var files = new ProtocolFiles(ProtocolFiles.Shipped, deployment.IsRehearsal, deployment.AuthorityKey);
        services.AddSingleton(files);
        services.AddSingleton(files.Shelf());
        services.AddSingleton(Lexicon.Parse(files.LexiconText));
    }
}
