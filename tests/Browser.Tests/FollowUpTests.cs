using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>A day later, on a phone without script: one tap; and who was turned away stands on the worklist.</summary>
public sealed class FollowUpTests
{
    private const string FeverClinic = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=38.6;temperature_site=axilla;symptoms=cough;breathless=stairs;spo2=unknown;comorbidities=none;exposure=wuhan;household_ill=no;infection=no";

    [Fact]
    public async Task Turned_away_at_the_hospital_is_one_tap_into_the_queue_and_an_entry_for_the_staff()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: FeverClinic, followUp: true)).WithPhoneAsync("13900003333");
        clock.Advance(TimeSpan.FromHours(24));
        await site.Services.GetRequiredService<AskAgain>().Look(clock.GetUtcNow(), CancellationToken.None);
        await using (var phone = await Chromium.OpenAsync(Screen.Phone, script: false))
        {
            await phone.Context.AddCookiesAsync([new() { Name = SignIns.DeviceCookie, Value = patient.Token, Url = site.Address.ToString() }]);
            await phone.Page.GotoAsync(new Uri(site.Address, $"/q/{patient.Id}/follow-up").ToString());
            await Expect(phone.Page.Locator("h1")).ToContainTextAsync("现在怎么样");
            await phone.NoSidewaysScrollAsync();
            await phone.PictureAsync("follow-up-phone-zh");
            await phone.Page.GetByRole(AriaRole.Button, new() { Name = "去了，医院没有收" }).ClickAsync();
            await phone.Page.ArriveAsync("**/waiting");
            await Expect(phone.Page.Locator("h1")).ToContainTextAsync("候诊");
        }

        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        foreach (var (login, screen, language, take) in new[] { ("operator", Screen.Desktop, "en", "I take it"), ("operator", Screen.Phone, "zh-CN", "") })
        {
            var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(r => r.Login == login);
            var token = await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, clock.GetUtcNow());
            await using var tab = await Chromium.OpenAsync(screen, script: true, language);
            await tab.Context.AddCookiesAsync([new() { Name = SignIns.StaffCookie, Value = token, Url = site.Address.ToString() }]);
            await tab.Page.GotoAsync(new Uri(site.Address, "/staff/worklist").ToString());
            await Expect(tab.Page.Locator("main")).ToContainTextAsync(patient.Id[^6..]);
            await tab.NoSidewaysScrollAsync();
            await tab.AccessibleAsync();
            await tab.PictureAsync($"worklist-{screen}-{language}".ToLowerInvariant());
            await tab.Page.Locator("main table a").First.ClickAsync();
            if (take.Length > 0)
            {
                await tab.Page.GetByRole(AriaRole.Button, new() { Name = take }).ClickAsync();
            }

            await Expect(tab.Page.Locator("textarea[name=note]")).ToBeVisibleAsync();
            await tab.NoSidewaysScrollAsync();
            await tab.AccessibleAsync();
            await tab.PictureAsync($"worklist-one-{screen}-{language}".ToLowerInvariant());
            Assert.Empty(tab.Complaints);
            if (take.Length == 0)
            {
                await tab.Page.Locator("textarea[name=note]").FillAsync("已联系另一家发热门诊");
                await tab.Page.GetByRole(AriaRole.Button, new() { Name = "联系上了", Exact = true }).ClickAsync();
                await Expect(tab.Page.Locator("main")).ToContainTextAsync("现在没有待办");
            }
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'entry_seen_to' and reason = 'turned_away/reached'"));
        Assert.Null((await site.VerifyAsync()).Broken);
    }
}
