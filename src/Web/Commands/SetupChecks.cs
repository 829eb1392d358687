using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary>Every answer is looked at before anything is made, so that a refused setup leaves an empty machine empty.</summary>
internal static class SetupChecks
{
    /// <exception cref="StorageException">The first answer that cannot be used, in one sentence.</exception>
    public static void All(SetupAnswers told, Place place, string key, string zone)
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
}
