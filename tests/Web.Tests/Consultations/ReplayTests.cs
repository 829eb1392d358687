using Yizhen.Web.Commands.Replay;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>Our own forty-six dialogues through the public door, all at once: nothing lost, doubled, misordered or foreign.</summary>
public sealed class ReplayTests
{
    [Theory, OnBothDatabases]
    public async Task Every_dialogue_is_read_back_as_it_was_said(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var dialogues = Path.Combine(Checkout.Root, "tests", "dialogues");
        var replay = ReplayCommand.Build().Parse(
        [
            Path.Combine(dialogues, "zh.jsonl"), Path.Combine(dialogues, "en.jsonl"),
            "--url", site.Address.ToString(), "--secret", Path.Combine(site.Folder, "demo-secret.txt"), "--doctors", "10", "--json",
        ]);
        Assert.Equal(0, await replay.InvokeAsync());
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal(46, ledger.Opened);
        Assert.Null((await site.VerifyAsync()).Broken);
    }
}
