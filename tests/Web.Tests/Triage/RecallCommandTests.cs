using System.Text.Json;
using Yizhen.Web.Consultations;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Tests.Triage;

/// <summary>The recall from the command line, as whoever holds the machine runs it.</summary>
public sealed class RecallCommandTests
{
    private const string Number = "13900003333";
    private const string Story = "咳嗽两天，鹤";

    [Theory, OnBothDatabases]
    public async Task Command_lists_and_sends_once_says_what_is_not_kept_and_never_sends_what_is_not_signed(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var database = await TestDatabase.CreateAsync(kind);
        string[] where = ["--state", database.Folder, .. database.Arguments];
        string id;
        await using (var site = await TestSite.StartAsync(database, clock))
        {
            using var patient = await (await Caller.PatientAsync(site, Story, "330106", RecallTests.Fever)).WithPhoneAsync(Number);
            id = patient.Id;
            using var erased = await Caller.PatientAsync(site, Story, "330106", RecallTests.Fever);
            await erased.Post<ConsultationView>($"{erased.Consultation}/triage", new { });
            await erased.Delete<JsonElement>("/api/v1/me");
        }

        var listed = await Product.EndAsync(["recall", "RESP-CN", "national-v1", "--with", "national-v2", .. where]);
        Assert.Equal((1, ""), (listed.Code, listed.Complained));
        Assert.Contains(id, listed.Said, StringComparison.Ordinal);
        Assert.Contains("1 consultations looked at, 1 concerned, 1 to be corrected, 0 corrected, 1 erased", listed.Said, StringComparison.Ordinal);

        var file = Path.Combine(database.Folder, "tried.json");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Path.Combine(ProtocolFiles.Shipped, "RESP-CN-2.json"))).Replace("\"national-v2\"", "\"national-v2.1\"", StringComparison.Ordinal));
        Assert.Equal(1, (await Product.EndAsync(["recall", "RESP-CN", "national-v1", "--with", file, .. where])).Code);
        var unsigned = await Product.EndAsync(["recall", "RESP-CN", "national-v1", "--with", file, "--send", .. where]);
        Assert.Equal((2, true), (unsigned.Code, unsigned.Complained.Contains("A file is only tried", StringComparison.Ordinal)));
        var unknown = await Product.EndAsync(["recall", "RESP-CN", "national-v0", "--with", "national-v2", "--json", .. where]);
        Assert.Equal(2, unknown.Code);
        Assert.Contains("No version national-v0 of RESP-CN is kept here, and nobody was judged by one.", unknown.Said, StringComparison.Ordinal);

        for (var twice = 0; twice < 2; twice++)
        {
            var sent = await Product.EndAsync(["recall", "RESP-CN", "national-v1", "--with", "national-v2", "--send", "--json", .. where]);
            Assert.Equal((0, ""), (sent.Code, sent.Complained));
            using var told = JsonDocument.Parse(sent.Said);
            Assert.Equal((twice == 0 ? 1 : 0, 1), (told.RootElement.GetProperty("sent_now").GetInt32(), told.RootElement.GetProperty("recall").GetProperty("sent").GetInt32()));
        }

        await using var again = await TestSite.StartAsync(database, clock);
        Assert.Equal((1, 1), (await again.CountAsync("select count(*) from fact where kind = 'advice_corrected' and actor = 'system'"), await again.CountAsync("select count(*) from worklist where kind = 'correction'")));
        Assert.Single(await RecheckTests.OutboxAsync(again, "correction"));
        Assert.Null((await again.VerifyAsync()).Broken);
        if (kind == DatabaseKind.Sqlite)
        {
            using var held = Place.From(database.Folder, null, null, database.Folder).Hold();
            var served = await Product.EndAsync(["recall", "RESP-CN", "national-v1", "--with", "national-v2", "--send", .. where]);
            Assert.Equal((2, true), (served.Code, served.Complained.Contains("Confirm the recall on the page /staff/recall", StringComparison.Ordinal)));
            Assert.Equal(0, (await Product.EndAsync(["recall", "RESP-CN", "national-v1", "--with", "national-v2", .. where])).Code);
        }
    }
}
