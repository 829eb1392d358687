using System.Text;

namespace Yizhen.Web.Storage;

/// <summary>
/// The policies with clinical times and legal duties in them, which serve only under an authority's signature, as protocols do. A deployment's own folder
/// comes before the files beside the program.
/// </summary>
internal sealed class SignedPolicies(string folder, IReadOnlyList<string> keys)
{
    public const string Recheck = "recheck.json";
    public const string Reporting = "reporting.json";
    public const string Duty = "duty.json";

    public static IReadOnlyList<string> Names { get; } = [Recheck, Reporting, Duty];

    /// <summary>Where the files lie beside the program.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "policies");

    public static string Of(Place place) => Directory.Exists(Own(place)) ? Own(place) : Shipped;

    public static string Own(Place place) => Path.Combine(place.Folder, "policies");

    public static SignedPolicies For(Deployment deployment) => new(
        Of(deployment.Place), [.. deployment.IsRehearsal ? [File.ReadAllText(Signatures.DemoAuthority)] : Array.Empty<string>(), .. deployment.AuthorityKey is { } own ? [own] : Array.Empty<string>()]);

    public bool IsSigned(string name) => File.Exists(Path.Combine(folder, name)) && Signatures.Hold(Path.Combine(folder, name), File.ReadAllBytes(Path.Combine(folder, name)), keys);

    /// <exception cref="StorageException">It is not there, not signed, or signed and not such a policy: the product refuses to start.</exception>
    public T Read<T>(string name, Func<string, T> read)
    {
        var file = Path.Combine(folder, name);
        var bytes = File.Exists(file) ? File.ReadAllBytes(file) : throw new StorageException($"{name} is missing in {folder}.");
        if (!Signatures.Hold(file, bytes, keys))
        {
            throw new StorageException(Signatures.Missing(file));
        }

        try
        {
            return read(Encoding.UTF8.GetString(bytes));
        }
        catch (FormatException wrong)
        {
            throw new StorageException($"{name} in {folder} is signed, but is not such a policy: {wrong.Message}", wrong);
        }
    }
}
