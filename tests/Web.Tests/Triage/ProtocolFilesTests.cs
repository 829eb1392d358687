using System.Security.Cryptography;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Tests.Triage;

/// <summary>Whose signature counts where.</summary>
public sealed class ProtocolFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("yizhen-protocols-").FullName;

    public ProtocolFilesTests()
    {
        foreach (var file in Directory.GetFiles(Checkout.At("protocols")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Rehearsal_serves_what_the_demo_authority_signed()
    {
        var files = new ProtocolFiles(folder, acceptDemo: true, authorityPem: null);

        Assert.All(files.All, file => Assert.Null(file.Why));
        Assert.Equal(["RF-ADULT", "RF-CHILD", "RF-PREG", "PSY-SCREEN", "RESP-CN", "RESP-CN-WUHAN"], files.Shelf().All.Select(p => p.Id).Distinct());
    }

    [Fact]
    public void Real_deployment_serves_nothing_that_only_the_demo_authority_signed()
    {
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Throws<StorageException>(() => new ProtocolFiles(folder, acceptDemo: false, authorityPem: null));
        Assert.Throws<StorageException>(() => new ProtocolFiles(folder, acceptDemo: false, authority.ExportSubjectPublicKeyInfoPem()));
    }

    [Fact]
    public void Real_deployment_serves_what_its_own_authority_signed_and_lists_the_rest()
    {
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var name in new[] { "RF-ADULT.json", "lexicon.json" })
        {
            Signatures.Sign(Path.Combine(folder, name), authority.ExportPkcs8PrivateKeyPem());
        }

        var files = new ProtocolFiles(folder, acceptDemo: false, authority.ExportSubjectPublicKeyInfoPem());

        Assert.Equal("RF-ADULT", Assert.Single(files.Shelf().All).Id);
        Assert.Equal(files.All.Select(f => f.Name).Except(["RF-ADULT.json"]), files.All.Where(f => f.Why is not null).Select(f => f.Name));
    }

    [Theory]
    [InlineData("37.3", "38.3")]
    [InlineData("\"emergency\"", "\"question\" ")]
    public void Tampered_protocol_does_not_serve_and_is_listed(string was, string becomes)
    {
        foreach (var name in new[] { "RF-ADULT.json", "RESP-CN.json" }.Select(n => Path.Combine(folder, n)).Where(f => File.ReadAllText(f).Contains(was, StringComparison.Ordinal)))
        {
            File.WriteAllText(name, File.ReadAllText(name).Replace(was, becomes, StringComparison.Ordinal));

            var refused = new ProtocolFiles(folder, acceptDemo: true, authorityPem: null).All.Single(f => f.Name == Path.GetFileName(name));

            Assert.Contains("not signed", refused.Why, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("one byte more")]
    [InlineData("no signature")]
    [InlineData("the signature of another file")]
    [InlineData("a signature that is none")]
    public void Product_does_not_start_without_signed_red_flags(string harm)
    {
        var (file, signature) = (Path.Combine(folder, "RF-ADULT.json"), Path.Combine(folder, "RF-ADULT.json.sig"));
        Action act = harm switch
        {
            "one byte more" => () => File.AppendAllText(file, " "),
            "no signature" => () => File.Delete(signature),
            "the signature of another file" => () => File.Copy(Path.Combine(folder, "RESP-CN.json.sig"), signature, overwrite: true),
            _ => () => File.WriteAllText(signature, "not base64!"),
        };
        act();

        Assert.Throws<StorageException>(() => new ProtocolFiles(folder, acceptDemo: true, authorityPem: null).Shelf());
    }

    [Fact]
    public void Tampered_lexicon_stops_the_start()
    {
        File.AppendAllText(Path.Combine(folder, "lexicon.json"), "\n");

        Assert.Throws<StorageException>(() => new ProtocolFiles(folder, acceptDemo: true, authorityPem: null));
    }

    [Fact]
    public void File_of_a_stranger_is_listed_and_stops_nobody()
    {
        File.WriteAllText(Path.Combine(folder, "STRANGER.json"), "{ not even json");

        var files = new ProtocolFiles(folder, acceptDemo: true, authorityPem: null);

        Assert.NotNull(files.All.Single(f => f.Name == "STRANGER.json").Why);
        Assert.Equal(files.All.Count - 1, files.Shelf().All.Count);
    }

    [Fact]
    public void Key_of_another_curve_does_not_sign()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Throws<CryptographicException>(() => Signatures.Sign(Path.Combine(folder, "RESP-CN.json"), other.ExportPkcs8PrivateKeyPem()));
    }

    [Fact]
    public void Private_key_of_the_demo_authority_does_not_lie_beside_the_program() =>
        Assert.False(File.Exists(Path.Combine(ProtocolFiles.Shipped, "demo-authority.key.pem")));
}
