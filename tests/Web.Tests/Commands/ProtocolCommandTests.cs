using System.Text.Json;
using System.Text.Json.Nodes;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Commands;

/// <summary>A clinician with a protocol of their own at the command line: what holds it, what does not, and what is wrong with it.</summary>
public sealed class ProtocolCommandTests : IDisposable
{
    private const string Name = "RF-PREG";

    private readonly string folder = Directory.CreateTempSubdirectory("yizhen-protocols-").FullName;

    public ProtocolCommandTests()
    {
        foreach (var file in Directory.GetFiles(Checkout.At("protocols"), "*.json"))
        {
            File.Copy(file, At(Path.GetFileName(file)));
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Shipped_protocol_is_held_by_its_cases()
    {
        var (code, said, _) = await Product.EndAsync("protocol", "test", Name, "--tries", "500");

        Assert.Equal(0, code);
        Assert.Contains("0 come out otherwise.", said, StringComparison.Ordinal);
        Assert.Contains("0 that no worked case notices.", said, StringComparison.Ordinal);
        Assert.Contains("(a search, not a proof), 0 break it.", said, StringComparison.Ordinal);
        Assert.Contains("Not searched, for the protocol does not say which answers are worse: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_that_no_case_notices_is_named_with_its_row()
    {
        // One case that reached one row alone is gone.
        Change($"{Name}.cases.json", cases => cases.AsArray().RemoveAll(c => $"{c?["row"]}" == "P8"));

        var (code, said, _) = await Product.EndAsync("protocol", "test", At($"{Name}.json"), "--tries", "10", "--json");

        Assert.Equal(1, code);
        var found = JsonSerializer.Deserialize<JsonElement>(said);
        Assert.Contains(found.GetProperty("survived").EnumerateArray(), s => (s.GetProperty("row").GetString(), s.GetProperty("says").GetString()) == ("row P8", "the row was taken out"));
        Assert.Empty(found.GetProperty("failed").EnumerateArray());
        Assert.Equal(Name, found.GetProperty("protocol").GetString());
    }

    [Fact]
    public async Task Case_that_comes_out_otherwise_is_named()
    {
        Change($"{Name}.cases.json", cases => cases[0]!["row"] = "P99");

        var (code, said, _) = await Product.EndAsync("protocol", "test", At($"{Name}.json"), "--tries", "10");

        Assert.Equal(1, code);
        Assert.Contains("by P99, found", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worse_sign_with_a_lower_urgency_is_shown_with_the_answers()
    {
        // Somebody wrote an upper end and forgot what lies above it.
        Change("RESP-CN.json", pack => pack["terms"]!["fever"]!["any"]![0]!["at_most"] = 39);

        var (code, said, _) = await Product.EndAsync("protocol", "test", At("RESP-CN.json"), "--tries", "3000");

        Assert.Equal(1, code);
        Assert.Contains(said.Split('\n'), line => line.Contains(": temperature_c from ", StringComparison.Ordinal) && line.Contains(" goes from D1 with urgency 2 (row R2) to ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cases_may_lie_elsewhere()
    {
        File.Move(At($"{Name}.cases.json"), At("mine.cases.json"));

        Assert.Equal(2, (await Product.EndAsync("protocol", "test", At($"{Name}.json"))).Code);
        Assert.Equal(0, (await Product.EndAsync("protocol", "test", At($"{Name}.json"), "--cases", At("mine.cases.json"), "--tries", "10")).Code);
    }

    [Fact]
    public async Task Check_names_the_file_and_the_row()
    {
        Assert.Equal(0, (await Product.EndAsync("protocol", "check", folder)).Code);
        Change($"{Name}.json", pack => pack["rows"]![1]!["advice"] = new JsonArray("nowhere"));
        Change("RESP-CN-3.json", pack => pack["rows"]!.AsArray().First(r => $"{r?["id"]}" == "J5")!["when"]!["is"] = "postive");

        var (code, said, complained) = await Product.EndAsync("protocol", "check", folder);

        Assert.Equal(1, code);
        Assert.Contains("RF-PREG.json: Row P3: the text nowhere is missing.", complained, StringComparison.Ordinal);
        Assert.Contains("RESP-CN-3.json: Row J5 looks for postive among the answers to infection, where nobody can say it.", complained, StringComparison.Ordinal);
        Assert.Contains("10 protocols", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_is_checked_shown_and_signed_as_a_protocol_is_and_a_broken_one_is_not_signed()
    {
        Assert.Contains("10 protocols, 8 policies, ", (await Product.EndAsync("protocol", "check")).Said, StringComparison.Ordinal);
        var policies = Directory.CreateDirectory(At("policies")).FullName;
        File.Copy(Checkout.At("policies/retention.json"), Path.Combine(policies, "retention.json"));
        Assert.Equal((0, "0 protocols, 1 policies, 0 worked cases, 0 faults.\n"), ((await Product.EndAsync("protocol", "check", policies)).Code, (await Product.EndAsync("protocol", "check", Path.Combine(policies, "retention.json"))).Said));
        var (code, shown, _) = await Product.EndAsync("protocol", "show", "RETENTION-LIGHT", "--lang", "en");
        Assert.Equal(0, code);
        Assert.Contains("RETENTION-LIGHT 1. Signed by the demo authority: good in demo and drill alone.", shown, StringComparison.Ordinal);
        Assert.Contains("backupDays: 30", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("突发事件应对法", shown, StringComparison.Ordinal);

        Change("policies/retention.json", policy => policy["backupDays"] = 0);
        Assert.Contains("Not signed by the demo authority", (await Product.EndAsync("protocol", "show", "retention", "--folder", policies, "--lang", "en")).Said, StringComparison.Ordinal);
        var (faulty, _, why) = await Product.EndAsync("protocol", "check", policies);
        Assert.Equal((1, "retention.json: A policy cannot be used: backups and network logs live a day or more.\n"), (faulty, why));
        var refused = await Product.EndAsync("protocol", "sign", Path.Combine(policies, "retention.json"), "--key", Checkout.At("protocols/demo-authority.key.pem"));
        Assert.Equal((2, true), (refused.Code, refused.Complained.Contains("Nothing was signed", StringComparison.Ordinal)));
        Assert.False(File.Exists(Path.Combine(policies, "retention.json.sig")));
        Change("policies/retention.json", policy => policy["backupDays"] = 10);
        Assert.Equal(0, (await Product.EndAsync("protocol", "sign", Path.Combine(policies, "retention.json"), "--key", Checkout.At("protocols/demo-authority.key.pem"))).Code);
        Assert.Contains("Signed by the demo authority", (await Product.EndAsync("protocol", "show", "retention", "--folder", policies, "--lang", "en")).Said, StringComparison.Ordinal);
    }

    private string At(string file) => Path.Combine(folder, file);

    private void Change(string file, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(File.ReadAllText(At(file)))!;
        change(node);
        File.WriteAllText(At(file), node.ToJsonString());
    }
}
