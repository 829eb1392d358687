using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Yizhen.Web.Storage;

/// <summary>
/// The policies with clinical times, legal duties and permissions in them, which serve only under an authority's signature, as protocols do. A deployment's
/// own folder comes before the files beside the program.
/// </summary>
internal sealed class SignedPolicies(string folder, IReadOnlyList<string> keys)
{
    public const string Light = "light-consultation.json";
    public const string Timeline = "timeline.json";
    public const string Consent = "consent.json";
    public const string Retention = "retention.json";
    public const string Guard = "reply-guard.json";
    public const string Recheck = "recheck.json";
    public const string Reporting = "reporting.json";
    public const string Duty = "duty.json";

    private const int DigestLetters = 12;

    private readonly Lazy<ImmutableArray<string>> pins = new(() => [.. Names.Select(name => (Name: name, Bytes: Signed(folder, keys, name))).ToList().Where(p => p.Name != Duty).Select(p => Pin(p.Bytes))]);

    public static IReadOnlyList<string> Names { get; } = [Light, Timeline, Consent, Retention, Guard, Recheck, Reporting, Duty];

    /// <summary>Where the files lie beside the program.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "policies");

    /// <summary>
    /// What a consultation is pinned to when it opens (the caps of work of the staff judge no consultation): id, version, and the beginning of the file's digest, so that a text that was changed under the same
    /// version is seen. Reading it checks every signature.
    /// </summary>
    public ImmutableArray<string> Pins => pins.Value;

    /// <summary>As those read them who have no deployment: a plan of files, a drill that is not there yet.</summary>
    public static SignedPolicies OfNoPlace => new(Shipped, [File.ReadAllText(Signatures.DemoAuthority)]);

    public static string Of(Place place) => Directory.Exists(Own(place)) ? Own(place) : Shipped;

    public static string Own(Place place) => Path.Combine(place.Folder, "policies");

    public static SignedPolicies For(Deployment deployment) => For(deployment.Place, deployment.IsRehearsal, deployment.AuthorityKey);

    public static SignedPolicies For(Place place, bool rehearsal, string? authority) => new(
        Of(place), [.. rehearsal ? [File.ReadAllText(Signatures.DemoAuthority)] : Array.Empty<string>(), .. authority is { } own ? [own] : Array.Empty<string>()]);

    public bool IsSigned(string name) => File.Exists(Path.Combine(folder, name)) && Signatures.Hold(Path.Combine(folder, name), File.ReadAllBytes(Path.Combine(folder, name)), keys);

    /// <exception cref="StorageException">It is not there, not signed, or signed and not such a policy: the product refuses to start.</exception>
    public T Read<T>(string name, Func<string, T> read)
    {
        try
        {
            return read(Encoding.UTF8.GetString(Signed(folder, keys, name)));
        }
        catch (FormatException wrong)
        {
            throw new StorageException($"{name} in {folder} is signed, but is not such a policy: {wrong.Message}", wrong);
        }
    }

    private static byte[] Signed(string folder, IReadOnlyList<string> keys, string name)
    {
        var file = Path.Combine(folder, name);
        var bytes = File.Exists(file) ? File.ReadAllBytes(file) : throw new StorageException($"{name} is missing in {folder}. Copy it from {Shipped}, have it read, and sign it: ./yizhen protocol sign FILE --key KEY.");
        return Signatures.Hold(file, bytes, keys) ? bytes : throw new StorageException(Signatures.Missing(file));
    }

    private static string Pin(byte[] bytes)
    {
        using var policy = JsonDocument.Parse(bytes);
        return $"{policy.RootElement.GetProperty("id").GetString()}@{policy.RootElement.GetProperty("version").GetString()}#{Convert.ToHexStringLower(SHA256.HashData(bytes))[..DigestLetters]}";
    }
}
