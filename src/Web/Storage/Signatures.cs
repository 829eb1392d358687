using System.Security.Cryptography;

namespace Yizhen.Web.Storage;

/// <summary>
/// Detached signatures beside files: ECDSA P-256 over the bytes of the file, base64. In demo and drill the demo authority's counts; in real use only that of
/// the deployment's own authority.
/// </summary>
internal static class Signatures
{
    private const int KeyBits = 256;
    private const string Ending = ".sig";

    /// <summary>Published on purpose with its private half, worth nothing.</summary>
    public static string DemoAuthority => Path.Combine(AppContext.BaseDirectory, "protocols", "demo-authority.pub.pem");

    /// <summary>Writes the signature beside the file.</summary>
    public static string Sign(string file, string privateKeyPem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(privateKeyPem);
        if (key.KeySize != KeyBits)
        {
            throw new CryptographicException("The key is not of the curve P-256.");
        }

        var signature = key.SignData(File.ReadAllBytes(file), HashAlgorithmName.SHA256);
        var target = file + Ending;
        File.WriteAllText(target, Convert.ToBase64String(signature) + "\n");
        return target;
    }

    /// <param name="bytes">What was read from the file: what is verified is what is used.</param>
    public static bool Hold(string file, byte[] bytes, IEnumerable<string> publicKeysPem)
    {
        if (!File.Exists(file + Ending))
        {
            return false;
        }

        byte[] signature;
        try
        {
            signature = Convert.FromBase64String(File.ReadAllText(file + Ending).Trim());
        }
        catch (FormatException)
        {
            return false;
        }

        return publicKeysPem.Any(pem =>
        {
            using var key = Key(pem);
            return key.VerifyData(bytes, signature, HashAlgorithmName.SHA256);
        });
    }

    /// <summary>What to do about a file that is not signed: most often another folder was meant.</summary>
    public static string Missing(string file) =>
        $"{Path.GetFileName(file)} in {Path.GetDirectoryName(file)} is not signed by an authority of this deployment. Name the folder that setup was given with --state, or sign it there: ./yizhen protocol sign FILE --key KEY.";

    private static ECDsa Key(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new StorageException("The authority's key of this deployment is not an ECDSA P-256 key in PEM.", wrong);
        }
    }
}
