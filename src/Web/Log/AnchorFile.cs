using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>One head as it stood: whatever is in the log up to here must stay.</summary>
internal sealed record AnchorLine(Guid Consultation, long Version, string Hash);

/// <param name="BackTo">Of a restore: the moment of the backup; null for an ordinary anchor.</param>
internal sealed record AnchorBlock(long Number, DateTimeOffset At, DateTimeOffset? BackTo, IReadOnlyList<AnchorLine> Lines, string Digest);

/// <summary>
/// The file of the anchors, on another disk or host: blocks that only grow, each naming its predecessor's digest and signed (ECDSA P-256).
/// A block that a crash has cut off is not sealed and does not count.
/// </summary>
internal static class AnchorFile
{
    public const string Name = "anchors.log";
    public const string KeyName = "anchor-key.pem";

    private const string Origin = "-";
    private const string Anchor = "anchor";
    private const string Restored = "restored";
    private const string Sealed = "sealed";

    /// <exception cref="StorageException">A block was changed, taken out or not signed by this key; the sentence names it.</exception>
    public static async Task<IReadOnlyList<AnchorBlock>> ReadAsync(string folder, CancellationToken ct)
    {
        var (path, keyPath) = (Path.Combine(folder, Name), Path.Combine(folder, KeyName));
        if (!File.Exists(path) || !File.Exists(keyPath))
        {
            throw new StorageException($"There are no anchors in {folder}: {Name} or {KeyName} is missing.");
        }

        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(await File.ReadAllTextAsync(keyPath, ct));
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            throw new StorageException($"{keyPath} is not a public key in PEM.", wrong);
        }

        return Read(await File.ReadAllLinesAsync(path, ct), key);
    }

    /// <exception cref="StorageException">The public key beside the anchors is not that of <paramref name="key"/>.</exception>
    public static async Task RequireAsync(ECDsa key, string folder, CancellationToken ct)
    {
        if (await File.ReadAllTextAsync(Path.Combine(folder, KeyName), ct) != Public(key))
        {
            throw new StorageException($"{folder} holds the anchors of another deployment, or somebody has signed them anew with another key.");
        }
    }

    /// <summary>Appends one block and flushes it. What a crash has left unsealed at the end goes first.</summary>
    public static async Task AppendAsync(string folder, ECDsa key, DateTimeOffset at, DateTimeOffset? backTo, IReadOnlyList<AnchorLine> lines, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var keyPath = Path.Combine(folder, KeyName);
        if (!File.Exists(keyPath))
        {
            await File.WriteAllTextAsync(keyPath, Public(key), ct);
        }

        await RequireAsync(key, folder, ct);

        var path = Path.Combine(folder, Name);
        var before = File.Exists(path) ? Read(await File.ReadAllLinesAsync(path, ct), key) : [];
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        file.SetLength(await SealedLengthAsync(file, ct));
        file.Seek(0, SeekOrigin.End);
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $"{(backTo is null ? Anchor : Restored)} {before.Count + 1} {at:O} {(backTo is { } to ? to.ToString("O", CultureInfo.InvariantCulture) : Origin)} {(before.Count > 0 ? before[^1].Digest : Origin)}\n");
        foreach (var line in lines)
        {
            body.Append(CultureInfo.InvariantCulture, $"{line.Consultation:N} {line.Version} {line.Hash}\n");
        }

        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(body.ToString()));
        body.Append(CultureInfo.InvariantCulture, $"{Sealed} {before.Count + 1} {Convert.ToHexStringLower(digest)} {Convert.ToBase64String(key.SignHash(digest))}\n");
        await file.WriteAsync(Encoding.ASCII.GetBytes(body.ToString()), ct);
        file.Flush(flushToDisk: true);
    }

    private static string Public(ECDsa key) => key.ExportSubjectPublicKeyInfoPem() + "\n";

    private static List<AnchorBlock> Read(string[] lines, ECDsa key)
    {
        var blocks = new List<AnchorBlock>();
        for (var at = 0; at < lines.Length;)
        {
            var end = Array.FindIndex(lines, at, line => line.StartsWith(Sealed, StringComparison.Ordinal));
            if (end < 0)
            {
                break;
            }

            blocks.Add(Block(lines[at..end], lines[end], blocks, key) ?? throw new StorageException($"The anchors were changed: block {blocks.Count + 1} of {Name} is not as it was signed."));
            at = end + 1;
        }

        return blocks;
    }

    private static AnchorBlock? Block(string[] body, string seal, List<AnchorBlock> before, ECDsa key)
    {
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(body.Select(line => line + "\n"))));
        var signature = new byte[128];
        if (body is not [var head, .. var rest]
            || head.Split(' ') is not [var kind, var number, var at, var back, var previous]
            || kind != (back == Origin ? Anchor : Restored)
            || number != (before.Count + 1).ToString(CultureInfo.InvariantCulture)
            || previous != (before.Count > 0 ? before[^1].Digest : Origin)
            || seal.Split(' ') is not [_, _, var stated, var signed]
            || stated != Convert.ToHexStringLower(digest)
            || !Convert.TryFromBase64String(signed, signature, out var length)
            || !key.VerifyHash(digest, signature.AsSpan(0, length))
            || !DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment))
        {
            return null;
        }

        var lines = rest.Select(Line).ToList();
        return lines.Contains(null) ? null : new AnchorBlock(before.Count + 1, moment, back == Origin ? null : DateTimeOffset.Parse(back, CultureInfo.InvariantCulture), [.. lines.OfType<AnchorLine>()], stated);
    }

    private static AnchorLine? Line(string text) =>
        text.Split(' ') is [var consultation, var version, var hash] && Guid.TryParse(consultation, out var id) && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new AnchorLine(id, at, hash)
            : null;

    private static async Task<long> SealedLengthAsync(FileStream file, CancellationToken ct)
    {
        file.Seek(0, SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.ASCII, leaveOpen: true);
        long length = 0, read = 0;
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            read += line.Length + 1;
            length = line.StartsWith(Sealed, StringComparison.Ordinal) && read <= file.Length ? read : length;
        }

        return length;
    }
}
