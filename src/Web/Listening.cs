using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.HttpOverrides;
using Yizhen.Web.Storage;

namespace Yizhen.Web;

/// <summary>How this machine is reached: TLS by files, or behind a proxy whose word about scheme and network is believed, and nobody else's.</summary>
internal static class Listening
{
    /// <exception cref="StorageException">The certificate cannot be used.</exception>
    public static void Configure(WebApplicationBuilder builder, Settings settings)
    {
        builder.Services.AddSingleton(settings);
        if (settings is { TlsCertificate: { } certificate, TlsKey: { } key })
        {
            var served = Certificate(certificate, key);
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = served));
        }

        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            // Without a proxy nothing is believed: anybody could name a network, and the limits count by it.
            options.ForwardedHeaders = ForwardedHeaders.None;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            if (IPAddress.TryParse(settings.Proxy, out var proxy))
            {
                options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
                options.KnownProxies.Add(proxy);
            }
        });
    }

    /// <exception cref="StorageException">The files cannot be read, or do not belong together.</exception>
    public static X509Certificate2 Certificate(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception broken) when (broken is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StorageException($"The TLS certificate {certificate} with its key {key} cannot be used: {broken.Message}", broken);
        }
    }
}
