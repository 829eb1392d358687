using System.Globalization;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary>What setup writes for others to install, and what it says at the end.</summary>
internal static class SetupTexts
{
    private const string Environment = "/etc/yizhen/database.env";

    /// <summary>A connection may hold a password, so the unit reads it from a file that only root reads.</summary>
    public static string Unit(Place place, string key, string user, Settings settings) => $"""
        [Unit]
        Description=Yizhen online consultations
        After=network-online.target postgresql.service
        Wants=network-online.target

        [Service]
        Type=exec
        User={user}
        ExecStart={Serve(place, key, settings)}
        {(place.Connection is null ? "" : $"EnvironmentFile={Environment}\n")}{(settings.TlsCertificate is null ? "" : "AmbientCapabilities=CAP_NET_BIND_SERVICE\n")}Restart=always
        RestartSec=2
        TimeoutStopSec=30
        NoNewPrivileges=true
        ProtectSystem=strict
        ProtectHome=true
        PrivateTmp=true
        ReadWritePaths={string.Join(' ', new[] { place.DataFolder, place.Folder }.OfType<string>().Distinct())}

        [Install]
        WantedBy=multi-user.target

        """;

    /// <summary>Every night at 3:20; the copies must go to another machine, which this line cannot know.</summary>
    public static string Cron(Place place, string key, string user) => $"""
        # Install as /etc/cron.d/yizhen-backup. Copy /var/backups/yizhen to another machine, and delete copies after 30 days:
        # only then is an erasure complete.
        20 3 * * * {user} {(place.Connection is null ? "" : $"set -a; . {Environment}; ")}{Program} backup /var/backups/yizhen/$(date +\%F) {Data(place)}--key {key} --state {place.Folder}
        50 3 * * * {user} find /var/backups/yizhen -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -r {"{}"} +

        """;

    /// <param name="unsigned">Protocol files without the authority's signature; "*" while there is no authority.</param>
    public static IReadOnlyList<string> Missing(Settings settings, bool organisation, IReadOnlyList<string> unsigned, string test)
    {
        var missing = new List<string>();
        if (!organisation)
        {
            missing.Add("The organisation has no name: give --organisation-zh and --organisation-en. Until then there is no operator.");
        }

        if (unsigned.Contains("*"))
        {
            missing.Add("There is no authority for protocols: give --authority-key FILE. Without its signature the product does not serve.");
        }
        else if (unsigned.Count > 0)
        {
            missing.Add($"Not signed by your authority: {string.Join(", ", unsigned.Select(Read))}. Have each read, then: ./yizhen protocol sign FILE --key KEY; or run setup with --sign-shipped.");
        }

        if (settings.Gateway is not null && test != "sent")
        {
            missing.Add(test == "failed" ? "The test message did not go out. Check the gateway's file and try again with --test-number." : "No test message was sent: give --test-number.");
        }

        if (settings is { Gateway: not null, Standby: null })
        {
            missing.Add("No standby number (--standby): when urgency 1 has no doctor, only the board says so.");
        }

        if (settings.BaseUrl is null)
        {
            missing.Add("The public address is not known (--base-url).");
        }
        else if (!settings.BaseUrl.StartsWith("https://", StringComparison.Ordinal))
        {
            missing.Add("The public address is not https: what people write would travel open.");
        }

        if (settings is { TlsCertificate: null, Proxy: null })
        {
            missing.Add("Neither TLS files (--tls-certificate, --tls-key) nor a proxy (--proxy) are set.");
        }

        return missing;
    }

    /// <summary>What the law asks of whoever runs this, and nobody has said that it is done.</summary>
    /// <param name="logDays">Days for which network logs are kept at least, by the retention policy.</param>
    public static IEnumerable<string> Owed(Settings settings, int logDays)
    {
        if (string.IsNullOrWhiteSpace(settings.Assessment))
        {
            yield return "No impact assessment is named (--impact-assessment): the personal information law asks for one before health data is taken, and that it is kept three years (CN-PI-08).";
        }

        if (!int.TryParse(settings.LogDays, CultureInfo.InvariantCulture, out var kept) || kept < logDays)
        {
            yield return $"Network logs have to be kept {logDays} days or longer (CN-SEC-02){(settings.LogDays is { } said ? $", and you keep them {said}" : "")}: say how long you keep them with --network-log-days.";
        }
    }

    /// <summary>Who reads it before it is signed, as docs/clinical-safety.md says.</summary>
    private static string Read(string file) => file switch
    {
        SignedPolicies.Light or SignedPolicies.Timeline or SignedPolicies.Consent or SignedPolicies.Retention => $"{file} (a lawyer)",
        SignedPolicies.Guard => $"{file} (a clinician and a lawyer)",
        SignedPolicies.Reporting => $"{file} (a lawyer and the local disease-control centre)",
        _ => $"{file} (a clinician)",
    };

    public static IReadOnlyList<string> Remember(Place place, string key, string user, string? authorityKey, Settings settings)
    {
        var folders = string.Join(' ', new[] { place.DataFolder, place.Folder }.OfType<string>().Distinct());
        var remember = new List<string>
        {
            $"Let the product's account have its files, and nobody else: useradd --system {user}; chown -R {user}: {folders} {key}",
            $"Copy {key} to a safe place that is not the backup. Without it nothing can be read again; with it and a backup everything can.",
            $"Install the unit: cp {Path.Combine(place.Folder, "yizhen.service")} /etc/systemd/system/ && systemctl enable --now yizhen",
            $"Install the backup: cp {Path.Combine(place.Folder, "yizhen-backup.cron")} /etc/cron.d/yizhen-backup, and try a restore once.",
            $"Back up {place.ErasureList} apart from the database: a restore applies it first.",
        };
        if (place.Connection is not null)
        {
            remember.Add($"Write the connection into {Environment}, readable by root and the product's account only: YIZHEN_DATABASE=\"Host=...\"");
        }

        if (settings.Gateway is null)
        {
            remember.Add("Without a gateway for short messages (--messages FILE) staff sign in with an authenticator app, patients get recovery codes, nobody is told by message that their turn is near, and alarms stand on the board only. A campaign of hours can be run so; better, give one.");
        }

        if (authorityKey is not null)
        {
            remember.Add($"Give {authorityKey} to the authority and delete it here.");
        }

        return remember;
    }

    /// <summary>Behind a proxy it listens where the proxy looks; else where people come, by the port of the public address.</summary>
    public static string Serve(Place place, string key, Settings settings)
    {
        var port = settings.Proxy is null && Uri.TryCreate(settings.BaseUrl, UriKind.Absolute, out var address) ? address.Port : 8080;
        var urls = settings.TlsCertificate is not null ? $"https://0.0.0.0:{(settings.Proxy is null ? port : 443)}" : $"http://127.0.0.1:{(port == 443 ? 8080 : port)}";
        return $"{Program} serve {Data(place)}--key {key} --state {place.Folder} --urls {urls}";
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Yizhen.Web");

    private static string Data(Place place) => place.DataFolder is { } folder ? $"--data {folder} " : "";
}
