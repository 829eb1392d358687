using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>A flag of triage, from the desk to the receipt; and a version that is recalled, from the list to the person who reads what has changed.</summary>
public sealed class ReportStoryTests
{
    private const string FeverClinic = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=38.6;temperature_site=axilla;symptoms=cough;breathless=stairs;spo2=unknown;comorbidities=none;exposure=wuhan;household_ill=no;infection=no";

    [Theory]
    [InlineData(Screen.Desktop, "zh-CN", "在待办清单里", "定为不用报", "没有收集", "✓ 办完")]
    [InlineData(Screen.Phone, "en", "it stands on the worklist", "that it need not be", "not collected here", "✓ done")]
    public async Task Doctor_confirms_one_flag_and_refuses_another_and_the_operator_files_and_records_the_receipt(Screen screen, string language, string stands, string needless, string toAsk, string done)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var flagged = await (await Caller.PatientAsync(site, "发烧三天", answers: FeverClinic)).InQueueWithPhoneAsync("13900003333");
        using var harmless = await (await Caller.PatientAsync(site, "发烧三天", answers: FeverClinic)).InQueueAsync();
        using var gone = await (await Caller.PatientAsync(site, "发烧三天", answers: FeverClinic)).WithPhoneAsync("13900004444");
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(flagged.Id);
        await doctor.Given(harmless.Id);
        var name = $"{screen}-{language}".ToLowerInvariant();
        await using (var desk = await OpenAsync(site, screen, language, doctor.Token, $"/staff/desk?c={flagged.Id}"))
        {
            await DecideAsync(desk, "同住两人发热", "confirm", stands);
            await LookAsync(desk, $"flag-confirmed-{name}");
            await desk.Page.GotoAsync(new Uri(site.Address, $"/staff/desk?c={harmless.Id}").ToString());
            await LookAsync(desk, $"flag-waiting-{name}");
            await DecideAsync(desk, "问过，没有接触过", "refuse", needless);
            await LookAsync(desk, $"flag-refused-{name}");
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from worklist where duty is not null"));
        await site.Services.GetRequiredService<TellOverdue>().Tell(null, clock.GetUtcNow(), CancellationToken.None);
        await using (var physician = await OpenAsync(site, screen, language, await StaffAsync(site, clock, "doctor2"), "/staff/worklist"))
        {
            // Told to go, and no doctor here has seen them: a physician decides from the worklist.
            await physician.Page.Locator("main table a", new() { HasText = gone.Id[^6..] }).ClickAsync();
            await LookAsync(physician, $"flag-left-open-{name}");
            await physician.Page.Locator("form[action$='/take'] button").ClickAsync();
            await Expect(physician.Page.Locator("main")).ToContainTextAsync("13900004444");
            await LookAsync(physician, $"flag-left-mine-{name}");
            await physician.Page.Locator("form[action$='/decide'] textarea").FillAsync("电话问过，没有接触过");
            await physician.Page.Locator("form[action$='/decide'] button[value=refuse]").ClickAsync();
            await Expect(physician.Page.Locator("main")).Not.ToContainTextAsync(gone.Id[^6..]);
        }

        await using var tab = await OpenAsync(site, screen, language, await StaffAsync(site, clock, "operator"), "/staff/worklist");
        await tab.Page.Locator("main table a").First.ClickAsync();
        await LookAsync(tab, $"report-open-{name}");
        await tab.Page.Locator("form[action$='/take'] button").ClickAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync(toAsk);
        await LookAsync(tab, $"report-mine-{name}");
        await tab.Page.Locator("input[name=recipient]").FillAsync("江岸区疾控");
        await tab.Page.Locator("input[name=number]").FillAsync("2020-0117");
        await tab.Page.Locator("form[action$='/acknowledge'] button").ClickAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("2020-0117");
        await Expect(tab.Page.Locator("main .head")).ToContainTextAsync(done);
        await LookAsync(tab, $"report-done-{name}");
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'report_acknowledged' and reason = 'C'"));
        Assert.Equal(2, await site.CountAsync("select count(*) from fact where kind = 'flag_refused' and reason = 'C'"));
        Assert.Equal(0, await site.CountAsync("select count(*) from worklist where state <> 'done'"));
    }

    [Theory]
    [InlineData(Screen.Phone, "zh-CN", "我看过了", "您看过了")]
    [InlineData(Screen.Desktop, "en", "I have read it", "you have read it")]
    public async Task Operator_recalls_a_version_and_the_person_reads_what_has_changed(Screen screen, string language, string read, string noted)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽两天", "330106", FeverClinic.Replace("exposure=wuhan", "exposure=none", StringComparison.Ordinal).Replace("breathless=stairs", "breathless=none", StringComparison.Ordinal))).WithPhoneAsync("13900003333");
        var name = $"{screen}-{language}".ToLowerInvariant();
        await using (var tab = await OpenAsync(site, screen, language, await StaffAsync(site, clock, "operator"), "/staff/recall"))
        {
            await tab.Page.Locator("select[name=version]").SelectOptionAsync("RESP-CN@national-v1");
            await tab.Page.Locator("select[name=with]").SelectOptionAsync("RESP-CN@national-v2");
            await tab.Page.Locator("form[method=get] button").ClickAsync();
            await Expect(tab.Page.Locator("section[aria-labelledby=found]")).ToContainTextAsync(patient.Id[^6..]);
            await LookAsync(tab, $"recall-found-{name}");
            Assert.Equal(0, await site.CountAsync("select count(*) from worklist"));
            await tab.Page.Locator("section[aria-labelledby=found] form button").ClickAsync();
            await Expect(tab.Page.Locator("section[aria-labelledby=progress]")).ToContainTextAsync("national-v2");
            await LookAsync(tab, $"recall-sent-{name}");
        }

        await using var phone = await Chromium.OpenAsync(screen, script: false, language);
        await phone.Context.AddCookiesAsync([new() { Name = SignIns.DeviceCookie, Value = patient.Token, Url = site.Address.ToString() }]);
        await phone.Page.GotoAsync(new Uri(site.Address, $"/q/{patient.Id}/outcome").ToString());
        await phone.PictureAsync($"recall-outcome-{name}");
        await phone.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = read }).ClickAsync();
        await Expect(phone.Page.Locator("main")).ToContainTextAsync(noted);
        await phone.NoSidewaysScrollAsync();
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'correction_seen'"));
    }

    private static async Task DecideAsync(Tab desk, string reason, string decided, string told)
    {
        var form = desk.Page.Locator("#flags section.note form").First;
        await form.Locator("textarea[name=reason]").FillAsync(reason);
        await form.Locator($"button[value={decided}]").ClickAsync();
        await Expect(desk.Page.Locator("#flags")).ToContainTextAsync(told);
        await Expect(desk.Page.Locator("#flags")).ToContainTextAsync(reason);
    }

    private static async Task<string> StaffAsync(TestSite site, TestClock clock, string login)
    {
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(r => r.Login == login);
        return await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, clock.GetUtcNow());
    }

    private static async Task<Tab> OpenAsync(TestSite site, Screen screen, string language, string token, string address)
    {
        var tab = await Chromium.OpenAsync(screen, script: true, language);
        await tab.Context.AddCookiesAsync([new() { Name = SignIns.StaffCookie, Value = token, Url = site.Address.ToString() }]);
        await tab.Page.GotoAsync(new Uri(site.Address, address).ToString());
        return tab;
    }

    private static async Task LookAsync(Tab tab, string picture)
    {
        await tab.NoSidewaysScrollAsync();
        await tab.AccessibleAsync();
        await tab.PictureAsync(picture);
        Assert.Empty(tab.Complaints);
    }
}
