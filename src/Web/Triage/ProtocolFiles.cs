using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Triage;

/// <summary>A protocol file and whether it may serve here.</summary>
/// <param name="Protocol">Null where the file cannot be read as one.</param>
/// <param name="Why">Null when it serves; else one sentence.</param>
internal sealed record ProtocolFile(string Name, Protocol? Protocol, string? Why);

/// <summary>
/// The protocols beside the program. Each has a detached signature (ECDSA P-256 over the file's bytes, base64). In demo and drill the demo
/// authority's signature counts; in real use only that of the deployment's own authority. What is not signed is listed, and does not serve.
/// </summary>
internal sealed class ProtocolFiles
{
    public const string LexiconFile = "lexicon.json";
    private const string CasesEnding = ".cases.json";

    private readonly string folder;

    public ProtocolFiles(string folder, bool acceptDemo, string? authorityPem)
    {
        this.folder = folder;
        var keys = new List<string>();
        if (acceptDemo)
        {
            keys.Add(File.ReadAllText(Signatures.DemoAuthority));
        }

        if (authorityPem is not null)
        {
            keys.Add(authorityPem);
        }

        All = [.. Names(folder).Select(file => Read(file, keys))];
        var lexicon = Path.Combine(folder, LexiconFile);
        var bytes = File.Exists(lexicon) ? File.ReadAllBytes(lexicon) : [];
        LexiconText = Signatures.Hold(lexicon, bytes, keys) ? Encoding.UTF8.GetString(bytes) : throw new StorageException(Signatures.Missing(lexicon));
    }

    /// <summary>Where the files lie beside the program.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "protocols");

    /// <summary>The deployment's own folder, with its authority's signatures, where setup has made one; else those beside the program.</summary>
    public static string Of(Place place) => Directory.Exists(Path.Combine(place.Folder, "protocols")) ? Path.Combine(place.Folder, "protocols") : Shipped;

    public IReadOnlyList<ProtocolFile> All { get; }

    public string LexiconText { get; }

    /// <exception cref="StorageException">No red-flag protocol may serve: the product refuses to start without one.</exception>
    public ProtocolShelf Shelf()
    {
        try
        {
            return new ProtocolShelf(All.Where(f => f.Why is null).Select(f => f.Protocol).OfType<Protocol>());
        }
        catch (ArgumentException)
        {
            throw new StorageException($"No red-flag protocol in {folder} is signed by an authority of this deployment. Name the folder that setup was given with --state, or sign the files there: ./yizhen protocol sign FILE --key KEY.");
        }
    }

    public static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(folder, "*.json")
        .Where(f => !f.EndsWith(CasesEnding, StringComparison.Ordinal) && Path.GetFileName(f) != LexiconFile)
        .Order(StringComparer.Ordinal);

    /// <summary>What nobody of ours signed is not worth stopping for; what was signed and cannot be read is.</summary>
    private static ProtocolFile Read(string file, List<string> keys)
    {
        var (name, bytes) = (Path.GetFileName(file), File.ReadAllBytes(file));
        var signed = Signatures.Hold(file, bytes, keys);
        try
        {
            return new ProtocolFile(name, Protocol.Parse(Encoding.UTF8.GetString(bytes)), signed ? null : "It is not signed by an authority of this deployment.");
        }
        catch (JsonException wrong)
        {
            return signed
                ? throw new StorageException($"{name} is signed, but is not a protocol: {wrong.Message}", wrong)
                : new ProtocolFile(name, null, $"It is not signed by an authority of this deployment, and is not a protocol: {wrong.Message}");
        }
    }
}

internal static class TriageSetup
{
    /// <summary>Made once a process from one text: its readers take a third of a second, and a test run makes hundreds of sites.</summary>
    private static readonly ConcurrentDictionary<string, Lexicon> Read = new(StringComparer.Ordinal);

    public static void AddTriage(this IServiceCollection services, Deployment deployment)
    {
        // Read beside the first page, which needs none of it; whoever needs it earlier waits for it.
        services.AddSingleton(_ => new ProtocolFiles(ProtocolFiles.Of(deployment.Place), deployment.IsRehearsal, deployment.AuthorityKey));
        services.AddSingleton(provider => provider.GetRequiredService<ProtocolFiles>().Shelf());
        services.AddSingleton(provider => Read.GetOrAdd(provider.GetRequiredService<ProtocolFiles>().LexiconText, Lexicon.Parse));
        services.AddSingleton<FindRecalled>();
        services.AddSingleton<SendCorrections>();
        services.AddSingleton<ReplayOutcomes>();
        services.AddSingleton<RecallPages>();
    }
}
