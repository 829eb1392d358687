using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Storage;

/// <summary>What the law and the clinic allow serves only as an authority signed it, to the last byte, and each consultation says by which of it.</summary>
public sealed class SignedPoliciesTests : IDisposable
{
    private const int EveryNth = 97;

    private readonly string folder = Directory.CreateTempSubdirectory("yizhen-policies-").FullName;

    public SignedPoliciesTests() => Shipped(folder);

    public static TheoryData<string> Files => [.. SignedPolicies.Names];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Permissions_timeline_consent_retention_guard_times_and_reports_are_signed() =>
        Assert.Equal(["light-consultation.json", "timeline.json", "consent.json", "retention.json", "reply-guard.json", "recheck.json", "reporting.json", "duty.json"], SignedPolicies.Names);

    [Theory, MemberData(nameof(Files))]
    public void Changed_byte_is_refused_with_one_clear_sentence(string name)
    {
        var (file, policies) = (Path.Combine(folder, name), new SignedPolicies(folder, [Demo]));
        var bytes = File.ReadAllBytes(file);
        Assert.NotEmpty(policies.Read(name, text => text));
        foreach (var at in Enumerable.Range(0, bytes.Length).Where(at => at % EveryNth == 0 || at == bytes.Length - 1))
        {
            var changed = bytes.ToArray();
            changed[at] ^= 1;
            File.WriteAllBytes(file, changed);
            var refused = Assert.Throws<StorageException>(() => policies.Read(name, text => text));
            Assert.StartsWith($"{name} in {folder} is not signed by an authority of this deployment.", refused.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(file, [.. bytes, (byte)' ']);
        Assert.False(policies.IsSigned(name));
        Assert.Throws<StorageException>(() => policies.Pins);
        File.Delete(file);
        Assert.Contains($"{name} is missing in {folder}.", Assert.Throws<StorageException>(() => policies.Read(name, text => text)).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Files))]
    public void Real_deployment_refuses_what_only_the_demo_authority_signed(string name)
    {
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var policies = new SignedPolicies(folder, [authority.ExportSubjectPublicKeyInfoPem()]);
        Assert.Throws<StorageException>(() => policies.Read(name, text => text));
        Signatures.Sign(Path.Combine(folder, name), authority.ExportPkcs8PrivateKeyPem());
        Assert.NotEmpty(policies.Read(name, text => text));
    }

    [Theory, MemberData(nameof(Files))]
    public async Task Product_does_not_start_with_a_changed_policy_and_says_which(string name)
    {
        var state = Directory.CreateDirectory(Path.Combine(folder, "state")).FullName;
        Shipped(Directory.CreateDirectory(Path.Combine(state, "policies")).FullName);
        await File.AppendAllTextAsync(Path.Combine(state, "policies", name), "\n");

        var (code, said, complained) = await Product.EndAsync("serve", "--demo", "--data", Path.Combine(folder, "data"), "--state", state, "--urls", $"http://127.0.0.1:{Product.FreePort()}");

        Assert.Equal((2, ""), (code, said));
        Assert.Contains($"{name} in {Path.Combine(state, "policies")} is not signed by an authority of this deployment.", complained, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", complained, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Consultation_is_pinned_to_every_policy_under_which_it_opened(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var clock = TestClock.InJanuary2020();
        string before;
        await using (var site = await TestSite.StartAsync(database, clock))
        {
            using var patient = await Caller.PatientAsync(site, "咳嗽两天，鹤");
            before = patient.Id;
            var pins = await PinsAsync(site, before);
            Assert.Equal(["CONSENT-LIGHT", "GUARD-LIGHT", "LIGHT-CN", "RECHECK-CN", "REPORTING-CN", "RETENTION-LIGHT", "TIMELINE-CN"], pins.Select(p => p.Split('@')[0]).Order(StringComparer.Ordinal));
            Assert.Equal(site.Services.GetRequiredService<SignedPolicies>().Pins, pins);
        }

        // The same version with another word in it: the digest tells them apart.
        var own = Directory.CreateDirectory(Path.Combine(database.Folder, "policies")).FullName;
        Shipped(own);
        var retention = Path.Combine(own, "retention.json");
        await File.WriteAllTextAsync(retention, (await File.ReadAllTextAsync(retention)).Replace("\"backupDays\": 30", "\"backupDays\": 20", StringComparison.Ordinal));
        Signatures.Sign(retention, await File.ReadAllTextAsync(Checkout.At("protocols/demo-authority.key.pem")));
        await using var again = await TestSite.StartAsync(database, clock);
        using var later = await Caller.PatientAsync(again, "咳嗽两天，鹤");
        var (old, now) = (await PinsAsync(again, before), await PinsAsync(again, later.Id));
        Assert.StartsWith("RETENTION-LIGHT@1#", Assert.Single(old.Except(now)), StringComparison.Ordinal);
        Assert.StartsWith("RETENTION-LIGHT@1#", Assert.Single(now.Except(old)), StringComparison.Ordinal);
        Assert.Null((await again.VerifyAsync()).Broken);
    }

    private static string Demo => File.ReadAllText(Signatures.DemoAuthority);

    private static async Task<IReadOnlyList<string>> PinsAsync(TestSite site, string id) =>
        ConsultationId.TryParse(id, out var consultation) && (await site.Services.GetRequiredService<ConsultationLog>().Read(consultation, CancellationToken.None)).Opening?.Policies is { } pins
            ? pins : throw new InvalidOperationException($"{id} is pinned to nothing.");

    private static void Shipped(string to)
    {
        foreach (var file in SignedPolicies.Names.SelectMany(name => new[] { name, $"{name}.sig" }))
        {
            File.Copy(Path.Combine(SignedPolicies.Shipped, file), Path.Combine(to, file));
        }
    }
}
