using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Commands;

/// <summary>What goes wrong at the command line is one sentence that says what to do, and exit code 2; with --json a problem.</summary>
public sealed class SentenceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("yizhen-test-").FullName;

    [Theory]
    [InlineData("serve --portt 8080", "--portt is not known here. See ./yizhen serve --help")]
    [InlineData("sreve", "sreve is not known here. See ./yizhen --help")]
    [InlineData("", "See ./yizhen --help")]
    [InlineData("backup", "See ./yizhen backup --help")]
    [InlineData("protocol sign x", "'--key' is required. See ./yizhen protocol sign --help")]
    [InlineData("replay x --url http://localhost --patients many", "whole number. See ./yizhen replay --help")]
    [InlineData("drill x --speed fast", "'--speed': it is a number. See ./yizhen drill --help")]
    [InlineData("plan --from x --to-level two", "'--to-level': it is a whole number. See ./yizhen plan --help")]
    [InlineData("serve", "--data DIR or --database")]
    [InlineData("serve --data {0}/none --key x", "./yizhen setup")]
    [InlineData("ledger --data {0}/none", "Name the folder")]
    [InlineData("verify --data {0}/none", "Name the folder")]
    [InlineData("backup {0}/to --data {0}/none", "Name the folder")]
    [InlineData("restore {0}/none --data {0}/new", "backup.json is missing")]
    [InlineData("static {0}/pages --data {0}/none", "Name the folder")]
    [InlineData("protocol check {0}/none", "There is no folder")]
    [InlineData("protocol test {0}/none.json", "no shipped protocol of that name")]
    [InlineData("protocol test RF-ADULT --tries many", "whole number. See ./yizhen protocol test --help")]
    [InlineData("setup --answers {0}/none.json", "none.json cannot be used")]
    [InlineData("replay {0}/none.jsonl --url http://localhost --secret {0}/none", "There is no file")]
    [InlineData("replay {1} --url localhost --secret {0}/file", "looks like http://localhost:8080")]
    [InlineData("serve --demo --data {0}/file", "Choose another with --data")]
    [InlineData("serve --demo --data {0}/new --messages {0}/none.json", "none.json cannot be used")]
    [InlineData("serve --demo --data {0}/new --anchors {0}/file", "already exists")]
    [InlineData("serve --demo --data {0}/new --urls nonsense", "looks like http://localhost:8080")]
    [InlineData("serve --demo --data {0}/new --urls http://127.0.0.1:99999", "looks like http://localhost:8080")]
    [InlineData("serve --demo --data {0}/new --urls https://127.0.0.1:0", "needs a certificate")]
    [InlineData("ledger --database Host=127.0.0.1;Port=1;Username=x;Database=y", "cannot be reached")]
    [InlineData("ledger --database Hst=1", "It looks like \"Host=localhost")]
    public async Task Mistake_is_told_in_one_sentence(string line, string sentence)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "file"), "x");
        var typed = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Replace("{0}", folder, StringComparison.Ordinal).Replace("{1}", Checkout.At("tests", "dialogues", "zh.jsonl"), StringComparison.Ordinal)).ToArray();
        Told(await Product.EndAsync(typed), sentence);
    }

    [Theory]
    [InlineData("ledger --dta x --json", "usage")]
    [InlineData("ledger --data {0}/none --json", "cannot_run")]
    public async Task Mistake_is_a_problem_where_json_was_asked_for(string line, string code)
    {
        var (exit, said, complained) = await Product.EndAsync(line.Replace("{0}", folder, StringComparison.Ordinal).Split(' '));
        Assert.Equal((2, ""), (exit, complained));
        var problem = JsonSerializer.Deserialize<JsonElement>(said);
        Assert.Equal((code, $"urn:yizhen:{code}"), (problem.GetProperty("code").GetString(), problem.GetProperty("type").GetString()));
        Assert.NotEqual("", problem.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("--help", "./yizhen [command]")]
    [InlineData("protocol sign --help", "./yizhen protocol sign <file>")]
    public async Task Help_names_what_people_type(string line, string usage)
    {
        var (exit, said, complained) = await Product.EndAsync(line.Split(' '));
        Assert.Equal((0, ""), (exit, complained));
        Assert.Contains(usage, said, StringComparison.Ordinal);
        Assert.DoesNotContain("Yizhen.Web", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_that_is_taken_and_a_folder_of_the_other_kind_are_refused()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Told(await Product.EndAsync("serve", "--demo", "--data", folder, "--urls", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}"), "choose another address with --urls");

        // That start has made the demo's data, which is never served as real; nor is the real one as a demo.
        Told(await Product.EndAsync("serve", "--data", folder, "--key", Path.Combine(folder, "keys", "deployment.key"), "--urls", "http://127.0.0.1:0"), "serve it with --demo");
        string[] real = ["--data", Path.Combine(folder, "real"), "--state", Path.Combine(folder, "state"), "--key", Path.Combine(folder, "elsewhere", "deployment.key")];
        Assert.Equal(1, (await Product.EndAsync(["setup", .. real, "--authority-key", Path.Combine(folder, "authority.pem"), "--sign-shipped", "--json"])).Code);
        Told(await Product.EndAsync(["serve", "--demo", .. real, "--urls", "http://127.0.0.1:0"]), "This is a real deployment");

        // Times and duties serve under the authority's signature alone, as protocols do; another folder of state is the usual slip.
        Told(await Product.EndAsync(["serve", .. real.Take(2), .. real.TakeLast(2), "--urls", "http://127.0.0.1:0"]), "Name the folder that setup was given with --state");
        var reporting = Path.Combine(folder, "state", "policies", "reporting.json");
        var signature = await File.ReadAllTextAsync(reporting + ".sig");
        await File.WriteAllTextAsync(reporting + ".sig", await File.ReadAllTextAsync(Checkout.At("policies", "reporting.json.sig")));
        Told(await Product.EndAsync(["serve", .. real, "--urls", "http://127.0.0.1:0"]), $"reporting.json in {Path.GetDirectoryName(reporting)} is not signed by an authority of this deployment");
        await File.WriteAllTextAsync(reporting + ".sig", signature);

        var address = $"http://127.0.0.1:{Product.FreePort()}";
        using var server = Product.Run(["serve", .. real, "--urls", address]);
        try
        {
            await Product.AnswersAsync(address);
            var secret = Path.Combine(folder, "secret");
            await File.WriteAllTextAsync(secret, "x");
            Told(await Product.EndAsync("replay", Checkout.At("tests", "dialogues", "zh.jsonl"), "--url", address, "--secret", secret), "demo or drill");
            Told(await Product.EndAsync(["serve", .. real, "--urls", "http://127.0.0.1:0"]), "Stop the other one first");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void Told((int Code, string Said, string Complained) ended, string sentence)
    {
        Assert.Equal((2, ""), (ended.Code, ended.Said));
        Assert.Contains(sentence, Assert.Single(ended.Complained.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
