using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Yizhen.Web.Page;

/// <summary>
/// Style sheets and scripts, carried inside the program. Each address holds the hash of its content (<c>/a/{hash}/{name}</c>), so a phone
/// fetches a file once and never asks again. Squeezed once at start, since 2G pays by the byte and the server must not pay by the request.
/// </summary>
internal static class Assets
{
    const string Folder = "Yizhen.Web.Page.Assets.";

    sealed record Asset(string Name, string Hash, string Type, byte[] Plain, byte[] Gzip, byte[] Brotli);

    static readonly FrozenDictionary<string, Asset> All = Load();

    /// <summary>The address of a file of this build, e.g. <c>Address("patient.css")</c>. An unknown name is a bug and throws.</summary>
    public static string Address(string name) => $"/a/{All[name].Hash}/{name}";

    public static IResult Answer(string hash, string name, HttpContext http)
    {
        if (!All.TryGetValue(name, out var asset) || !string.Equals(asset.Hash, hash, StringComparison.Ordinal))
        {
            return Results.NotFound();
        }

        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = HeaderNames.AcceptEncoding;
        var (body, encoding) = Pick(asset, http.Request);
        if (encoding.Length > 0)
        {
            headers.ContentEncoding = encoding;
        }

        return Results.Bytes(body, asset.Type);
    }

    static (byte[] Body, string Encoding) Pick(Asset asset, HttpRequest request)
    {
        var asked = request.GetTypedHeaders().AcceptEncoding;
        return Accepts(asked, "br") ? (asset.Brotli, "br")
            : Accepts(asked, "gzip") ? (asset.Gzip, "gzip")
            : (asset.Plain, "");
    }

    static bool Accepts(IList<StringWithQualityHeaderValue> asked, string encoding) =>
        asked.Any(one => one.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && one.Quality is null or > 0);

    static FrozenDictionary<string, Asset> Load()
    {
        var program = typeof(Assets).Assembly;
        return program.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal)
                && (resource.EndsWith(".css", StringComparison.Ordinal) || resource.EndsWith(".js", StringComparison.Ordinal)))
            .Select(resource => Read(program, resource))
            .ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);
    }

    static Asset Read(Assembly program, string resource)
    {
        var plain = Bytes(program, resource);
        var name = resource[Folder.Length..];
        var type = name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
        return new Asset(name, Convert.ToHexStringLower(SHA256.HashData(plain))[..16], type, plain,
            Squeeze(plain, into => new GZipStream(into, CompressionLevel.SmallestSize)),
            Squeeze(plain, into => new BrotliStream(into, CompressionLevel.SmallestSize)));
    }

    internal static byte[] Bytes(Assembly program, string resource)
    {
        using var from = program.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The program does not carry {resource}.");
        using var into = new MemoryStream();
        from.CopyTo(into);
        return into.ToArray();
    }

    static byte[] Squeeze(byte[] plain, Func<Stream, Stream> how)
    {
        using var into = new MemoryStream();
        using (var squeezing = how(into))
        {
            squeezing.Write(plain);
        }

        return into.ToArray();
    }
}
