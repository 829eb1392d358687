using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Storage;

[assembly: Mapped<SettingRow, SettingMapping>]

namespace Yizhen.Web.Storage;

internal sealed class SettingRow
{
    public required string Name { get; init; }

    public required byte[] Sealed { get; set; }

    public required long At { get; set; }
}

internal sealed class SettingMapping : IEntityTypeConfiguration<SettingRow>
{
    public void Configure(EntityTypeBuilder<SettingRow> builder)
    {
        builder.HasKey(s => s.Name);
        builder.InSnakeCase("setting");
    }
}

/// <summary>What setup was told about this machine and what serve uses without being told again. Null: not said.</summary>
/// <param name="BaseUrl">As people reach it, without a slash at the end.</param>
/// <param name="Gateway">JSON that describes the gateway for short messages.</param>
/// <param name="Standby">E.164 number that is told when urgency 1 has no doctor.</param>
/// <param name="TlsCertificate">PEM file with the chain.</param>
/// <param name="TlsKey">PEM file.</param>
/// <param name="Proxy">Address of the proxy whose forwarded headers are believed.</param>
/// <param name="Assessment">Where the impact assessment of the personal information law is filed (CN-PI-08).</param>
/// <param name="LogDays">Whole days for which whoever runs this keeps the network logs (CN-SEC-02).</param>
internal sealed record Settings(string? BaseUrl, string? Gateway, string? Standby, string? TlsCertificate, string? TlsKey, string? Proxy, string? Assessment = null, string? LogDays = null)
{
    public static Settings None { get; } = new(null, null, null, null, null, null);

    public static async Task<Settings> ReadAsync(Deployment deployment, CancellationToken ct)
    {
        // Not through EF Core: this is read before anything can be served, and the model takes a third of a second to build.
        await using var connection = await deployment.Engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select name, sealed from setting";
        var said = new Dictionary<string, string>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var name = rows.GetString(0);
            said[name] = Encoding.UTF8.GetString(deployment.Vault.Unwrap(rows.GetFieldValue<byte[]>(1), Owner(name)));
        }

        return new Settings(
            said.GetValueOrDefault("base_url"), said.GetValueOrDefault("gateway"), said.GetValueOrDefault("standby"),
            said.GetValueOrDefault("tls_certificate"), said.GetValueOrDefault("tls_key"), said.GetValueOrDefault("proxy"), said.GetValueOrDefault("assessment"), said.GetValueOrDefault("log_days"));
    }

    /// <summary>Keeps what is said here; what is null stays as it was.</summary>
    public async Task KeepAsync(Deployment deployment, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = Open(deployment.Engine);
        foreach (var (name, value) in new[] { ("base_url", BaseUrl), ("gateway", Gateway), ("standby", Standby), ("tls_certificate", TlsCertificate), ("tls_key", TlsKey), ("proxy", Proxy), ("assessment", Assessment), ("log_days", LogDays) })
        {
            if (value is null)
            {
                continue;
            }

            var box = deployment.Vault.Wrap(Encoding.UTF8.GetBytes(value), Owner(name));
            if (await database.Set<SettingRow>().FirstOrDefaultAsync(s => s.Name == name, ct) is { } row)
            {
                (row.Sealed, row.At) = (box, now.Ms());
            }
            else
            {
                database.Add(new SettingRow { Name = name, Sealed = box, At = now.Ms() });
            }
        }

        await database.SaveChangesAsync(ct);
    }

    public static Database Open(IEngine engine)
    {
        var options = new DbContextOptionsBuilder<Database>();
        engine.Configure(options);
        return new Database(options.Options);
    }

    /// <summary>A sealed value that is moved under another name does not open.</summary>
    private static Guid Owner(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"setting {name}")).AsSpan(0, 16), bigEndian: true);
}
