using System.Security.Cryptography;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <param name="CutOffByRestore">Lines that a restore has taken back, as it says itself in the anchors.</param>
/// <param name="Missing">The first line that is not in the log; null when all are.</param>
internal sealed record AnchorsFound(long Blocks, long Lines, long CutOffByRestore, string? Missing);

/// <summary>Heads written down elsewhere: whatever is cut off before the last anchor is seen, a whole consultation too.</summary>
internal static class Anchors
{
    /// <summary>A commit that was under way while the last snapshot was taken may carry an earlier time.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    /// <summary>The heads that have changed since the last anchor, in one snapshot.</summary>
    public static async Task<int> AppendAsync(Deployment deployment, string folder, DateTimeOffset now, CancellationToken ct)
    {
        var before = File.Exists(Path.Combine(folder, AnchorFile.Name)) ? await AnchorFile.ReadAsync(folder, ct) : [];
        var since = before is [.., var last] ? last.At - Overlap : DateTimeOffset.UnixEpoch;
        using var key = Key(deployment.Vault);
        var lines = await HeadsAsync(deployment.Engine, since, ct);
        await AnchorFile.AppendAsync(folder, key, now, null, lines, ct);
        return lines.Count;
    }

    /// <summary>After a restore: how far back it went, and how everything stands now.</summary>
    public static async Task RestoredAsync(Deployment deployment, string folder, DateTimeOffset backTo, DateTimeOffset now, CancellationToken ct)
    {
        using var key = Key(deployment.Vault);
        await AnchorFile.AppendAsync(folder, key, now, backTo, await HeadsAsync(deployment.Engine, DateTimeOffset.UnixEpoch, ct), ct);
    }

    /// <param name="vault">With the deployment key the key beside the anchors is checked too: whoever can write there cannot sign anew with a key of his own.</param>
    public static async Task<AnchorsFound> VerifyAsync(IEngine engine, Vault? vault, string folder, CancellationToken ct)
    {
        var blocks = await AnchorFile.ReadAsync(folder, ct);
        if (vault is not null)
        {
            using var ours = Key(vault);
            await AnchorFile.RequireAsync(ours, folder, ct);
        }

        await using var connection = await engine.OpenAsync(ct);
        await using var snapshot = await engine.SnapshotAsync(connection, ct);
        await using var command = connection.CreateCommand();
        command.Transaction = snapshot;
        command.CommandText = "select hash from fact where consultation = @id and version = @version";
        var (id, version) = (command.CreateParameter(), command.CreateParameter());
        (id.ParameterName, version.ParameterName) = ("id", "version");
        command.Parameters.AddRange(new[] { id, version });
        long lines = 0, cutOff = 0;
        foreach (var block in blocks)
        {
            foreach (var line in block.Lines)
            {
                lines++;
                (id.Value, version.Value) = (engine.Id(line.Consultation), line.Version);
                if (await command.ExecuteScalarAsync(ct) is byte[] hash && Convert.ToHexStringLower(hash) == line.Hash)
                {
                    continue;
                }

                if (!blocks.Any(later => later.Number > block.Number && later.BackTo is { } backTo && backTo - Overlap < block.At))
                {
                    var name = new Rules.Consultations.ConsultationId(line.Consultation);
                    return new AnchorsFound(blocks.Count, lines, cutOff, $"consultation {name} version {line.Version}: it was anchored at {block.At:u}, and the log no longer has it so");
                }

                cutOff++;
            }
        }

        return new AnchorsFound(blocks.Count, lines, cutOff, null);
    }

    private static async Task<List<AnchorLine>> HeadsAsync(IEngine engine, DateTimeOffset since, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var snapshot = await engine.SnapshotAsync(connection, ct);
        await using var command = connection.CreateCommand();
        command.Transaction = snapshot;
        command.CommandText = $"select id, version, last_hash from head where changed_at >= {since.Ms()} order by changed_at";
        await using var rows = await command.ExecuteReaderAsync(ct);
        var lines = new List<AnchorLine>();
        while (await rows.ReadAsync(ct))
        {
            lines.Add(new AnchorLine(rows.GetGuid(0), rows.GetInt64(1), Convert.ToHexStringLower((byte[])rows[2])));
        }

        return lines;
    }

    /// <summary>Follows from the deployment key, so that a restored deployment goes on in the same file. The public half lies beside the anchors.</summary>
    private static ECDsa Key(Vault vault) =>
        ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = vault.Digest("anchors", "") });
}
