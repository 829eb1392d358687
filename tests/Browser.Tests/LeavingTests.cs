using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Browser.Tests.Support;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>Whoever was not taken, and whoever did not wait: neither is left with a bare end.</summary>
public sealed class LeavingTests
{
    [Fact]
    public async Task Whoever_leaves_the_queue_is_told_of_the_call_and_the_operator_makes_it_from_the_board()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽两天")).InQueueWithPhoneAsync("13900003333");
        await using (var phone = await Chromium.OpenAsync(Screen.Phone, script: false))
        {
            await phone.Context.AddCookiesAsync([new() { Name = SignIns.DeviceCookie, Value = patient.Token, Url = site.Address.ToString() }]);
            await phone.Page.GotoAsync(new Uri(site.Address, $"/q/{patient.Id}/close").ToString());
            await Expect(phone.Page.Locator(".lead")).ToContainTextAsync("前会有人打您的电话");
            await phone.NoSidewaysScrollAsync();
            await phone.PictureAsync("leave-phone-zh");
            await phone.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "结束", Exact = true }).ClickAsync();
            await phone.Page.ArriveAsync("**/mine");
        }

        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(r => r.Login == "operator");
        var token = await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, TimeProvider.System.GetUtcNow());
        await site.Services.GetRequiredService<TellOverdue>().Tell(null, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var entry = (await database.Set<EntryRow>().AsNoTracking().SingleAsync()).Id;
        await database.Set<EntryRow>().ExecuteUpdateAsync(set => set.SetProperty(e => e.Owner, row.Id).SetProperty(e => e.State, EntryRow.Taken));
        foreach (var (screen, language) in new[] { (Screen.Phone, "en"), (Screen.Desktop, "zh-CN") })
        {
            await using var tab = await Chromium.OpenAsync(screen, script: true, language);
            await tab.Context.AddCookiesAsync([new() { Name = SignIns.StaffCookie, Value = token, Url = site.Address.ToString() }]);
            foreach (var (address, name) in new[] { ("/staff/board", "board-left"), ("/staff/worklist", "left"), ($"/staff/worklist/{Base32.Write(entry)}", "left-one") })
            {
                await tab.Page.GotoAsync(new Uri(site.Address, address).ToString());
                await Expect(tab.Page.Locator("main")).ToContainTextAsync(patient.Id[^6..]);
                await tab.NoSidewaysScrollAsync();
                await tab.AccessibleAsync();
                await tab.PictureAsync($"operator-{name}-{screen}-{language}".ToLowerInvariant());
            }

            Assert.Empty(tab.Complaints);
            if (screen == Screen.Desktop)
            {
                await tab.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "联系上了", Exact = true }).ClickAsync();
                await Expect(tab.Page.Locator("main")).ToContainTextAsync("现在没有待办");
            }
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'contact_attempted' and reason = 'reached'"));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Fact]
    public async Task Whoever_presses_start_on_an_old_page_of_a_closed_campaign_is_shown_where_to_ask_now()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        var shelf = site.Services.GetRequiredService<CampaignShelf>();
        var own = await shelf.Find(DemoCampaign.Slug) ?? throw new InvalidOperationException();
        await shelf.Create(own with { Slug = "fever", State = CampaignState.Open }, "system", now);
        foreach (var (screen, language, said) in new[] { (Screen.Phone, "zh-CN", "没有排上"), (Screen.Desktop, "en", "You were not put in the queue") })
        {
            await using var tab = await Chromium.OpenAsync(screen, script: true, language);
            await shelf.Change("fever", "system", "opened", now, c => c with { State = CampaignState.Open });
            await tab.Page.GotoAsync(new Uri(site.Address, "/c/fever").ToString());
            await shelf.Change("fever", "system", "closed", now, c => c.Close());
            await tab.Page.Locator("form[action$='/start'] button").First.ClickAsync();
            await Expect(tab.Page.Locator("[role=alert]")).ToContainTextAsync(said);
            await tab.Page.ReloadAsync();
            await tab.NoSidewaysScrollAsync();
            await tab.AccessibleAsync();
            await tab.PictureAsync($"campaign-turned-back-{screen}-{language}".ToLowerInvariant());
            await tab.Page.Locator("main a[href='/c/wuhan']").ClickAsync();
            await Expect(tab.Page.Locator("form[action='/c/wuhan/start']")).ToBeVisibleAsync();
            Assert.Empty(tab.Complaints);
        }

        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((2, 2), (ledger.Arrived, ledger.TurnedBack));
    }
}
