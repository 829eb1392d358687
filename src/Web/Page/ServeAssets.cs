using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Yizhen.Web.Page;

/// <summary>Style sheets, modules and the sign of the product: out of this assembly, compressed once, kept by browsers for a year under an address that names their content.</summary>
internal static class ServeAssets
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/assets/{file}", (string file, HttpContext http) => AssetShelf.Find(file, out var current) is { } asset
                ? asset.Answer(http, current)
                : http.Refuse(Rules.Refusal.NotFound))
            .Anonymous("style sheets and modules hold nothing about anybody");
}

internal static class AssetShelf
{
    private const string JavaScript = "text/javascript; charset=utf-8";

    private static readonly FrozenDictionary<string, Asset> ByName = new[]
    {
        // One request for a page's looks: on a slow network a request costs more than the bytes.
        new Asset("patient.css", "text/css; charset=utf-8", "tokens.css", "components.css", "patient.css"),
        new Asset("staff.css", "text/css; charset=utf-8", "tokens.css", "staff.css", "charts.css"),
        new Asset("live.js", JavaScript, "live-news.js", "live-unsent.js"),
        new Asset("icon.svg", "image/svg+xml", "icon.svg"),
    }.Concat(Modules()).ToFrozenDictionary(a => a.Name);

    /// <summary>/assets/patient.1a2b3c4d.css</summary>
    /// <exception cref="KeyNotFoundException">There is no such asset.</exception>
    public static string Address(string name) => ByName[name].Address;

    public static bool Has(string name) => ByName.ContainsKey(name);

    /// <param name="current">False where the address names another content than ours: a page of another version.</param>
    public static Asset? Find(string file, out bool current)
    {
        current = false;
        if (file.Split('.') is not [var stem, var hash, var ending] || !ByName.TryGetValue($"{stem}.{ending}", out var asset))
        {
            return null;
        }

        current = asset.Hash == hash;
        return asset;
    }

    private static IEnumerable<Asset> Modules() =>
        from resource in typeof(AssetShelf).Assembly.GetManifestResourceNames()
        where resource.StartsWith(Asset.Folder, StringComparison.Ordinal) && resource.EndsWith(".js", StringComparison.Ordinal)
        let name = resource[Asset.Folder.Length..]
        // A hyphen marks a part of another module.
        where !name.Contains('-', StringComparison.Ordinal)
        select new Asset(name, JavaScript, name);
}

/// <summary>One file to serve, in the three forms that browsers ask for.</summary>
internal sealed class Asset
{
    public const string Folder = "assets/";

    private readonly byte[] plain;
    private readonly Lazy<byte[]> gzip;
    private readonly Lazy<byte[]> brotli;
    private readonly string type;

    public Asset(string name, string type, params string[] parts)
    {
        Name = name;
        this.type = type;
        plain = Encoding.UTF8.GetBytes(string.Join('\n', parts.Select(Text)));
        gzip = new(() => Compress(s => new GZipStream(s, CompressionLevel.SmallestSize)));
        brotli = new(() => Compress(s => new BrotliStream(s, CompressionLevel.SmallestSize)));
        Hash = Convert.ToHexStringLower(SHA256.HashData(plain))[..8];
    }

    public string Name { get; }

    public string Hash { get; }

    public string Address => $"/{Folder}{Path.GetFileNameWithoutExtension(Name)}.{Hash}{Path.GetExtension(Name)}";

    /// <summary>An embedded file as it was written.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(Folder + name) ?? throw new FileNotFoundException($"No asset is called {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <param name="forever">The address names this very content.</param>
    public IResult Answer(HttpContext http, bool forever)
    {
        var wanted = http.Request.Headers.AcceptEncoding.ToString();
        var form = wanted.Contains("br", StringComparison.Ordinal) ? "br" : wanted.Contains("gzip", StringComparison.Ordinal) ? "gzip" : null;
        var headers = http.Response.Headers;
        headers.Vary = "Accept-Encoding";
        headers.CacheControl = forever ? "public, max-age=31536000, immutable" : "no-cache";
        if (form is not null)
        {
            headers.ContentEncoding = form;
        }

        var tag = new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{Hash}{(form is null ? "" : "-" + form)}\"");
        return Results.Bytes(form switch { "br" => brotli.Value, "gzip" => gzip.Value, _ => plain }, type, entityTag: tag);
    }

    private byte[] Compress(Func<Stream, Stream> around)
    {
        using var packed = new MemoryStream();
        using (var stream = around(packed))
        {
            stream.Write(plain);
        }

        return packed.ToArray();
    }
}
