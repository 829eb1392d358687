using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>What may be kept no longer ends by itself (CN-REC-02).</summary>
public sealed class EndKeptTests
{
    [Theory, OnBothDatabases]
    public async Task After_three_years_a_consultation_is_in_no_byte_and_with_the_last_one_goes_the_number(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var old = await (await Caller.PatientAsync(site, "咳嗽两天，鹤", answers: RecheckTests.Mild)).WithPhoneAsync("13900003333");
        await old.Post<JsonElement>($"{old.Consultation}/close", new { });
        using var live = await (await Caller.PatientAsync(site, "还在等，鹳", answers: RecheckTests.FeverClinic)).InQueueAsync();
        var end = site.Services.GetRequiredService<EndKept>();
        clock.Advance(TimeSpan.FromDays(3 * 365));
        Assert.Equal(0, await end.Look(clock.GetUtcNow(), CancellationToken.None));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await end.Look(clock.GetUtcNow(), CancellationToken.None));
        Assert.Equal(0, await end.Look(clock.GetUtcNow(), CancellationToken.None));

        Assert.Empty(await site.RowsHoldingAsync("两天，鹤", "13900003333"));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'erased' and actor = 'system'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from access where purpose = 'retention' and selection = 'RETENTION-LIGHT@1' and amount = 1"));
        Assert.Equal("waiting", (await live.Look()).Bucket);
        var listed = await File.ReadAllLinesAsync(Path.Combine(site.Folder, "erasures.log"));
        Assert.NotEmpty(listed);
        Assert.All(listed, line => Assert.Contains(Id(old), line, StringComparison.Ordinal));
        Assert.Null((await site.VerifyAsync()).Broken);
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_has_asked_again_since_keeps_the_later_one_and_the_way_to_be_reached(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var person = await (await Caller.PatientAsync(site, "咳嗽两天，鹤", answers: RecheckTests.Mild)).WithPhoneAsync("13900003333");
        await person.Post<JsonElement>($"{person.Consultation}/close", new { });
        var first = person.Id;
        clock.Advance(TimeSpan.FromDays(400));
        await person.AskAgainAsync("又咳了，鹳");
        await person.Post<JsonElement>($"{person.Consultation}/close", new { });
        clock.Advance(TimeSpan.FromDays(3 * 365 - 300));
        Assert.Equal(1, await site.Services.GetRequiredService<EndKept>().Look(clock.GetUtcNow(), CancellationToken.None));

        Assert.Empty(await site.RowsHoldingAsync("两天，鹤"));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'erased'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from account where phone_sealed is not null"));
        Assert.Contains("鹳", (await person.Look()).Story, StringComparison.Ordinal);
        Assert.NotEqual(first, person.Id);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    private static string Id(Caller caller) => ConsultationId.TryParse(caller.Id, out var id) ? id.Value.ToString("N") : "";
}
