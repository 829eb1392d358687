using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>Offered a date, taken without script, answered by a doctor at the desk, read by the person; and what the operator sees of it.</summary>
public sealed class PromiseTests
{
    [Theory]
    [InlineData(Screen.Phone, "zh-CN")]
    [InlineData(Screen.Desktop, "en")]
    public async Task Written_answer_is_taken_in_one_tap_answered_at_the_desk_and_read(Screen screen, string language)
    {
        var (zh, clock) = (language == "zh-CN", TestClock.InJanuary2020());
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        await SurgeScene.SetAsync(site, 2);
        using var person = await SurgeScene.AskAsync(site);
        await using var phone = await OpenAsync(site, screen, script: false, language, SignIns.DeviceCookie, person.Token);
        await phone.Page.GotoAsync(new Uri(site.Address, $"/q/{person.Id}/waiting").ToString());
        await SurgeScene.OfferedAsync(person, clock);
        await SeenAsync(phone, site, $"/q/{person.Id}/waiting", $"offer-{screen}-{language}");
        await phone.Page.Locator("#offer button[value=written_answer]").ClickAsync();
        await Expect(phone.Page.Locator("#room")).ToContainTextAsync(zh ? "前答复您" : "An answer by");
        await Expect(phone.Page.Locator("#offer")).ToContainTextAsync(zh ? "打开“我的问诊”看" : "Read it under “My consultations”");
        await SeenAsync(phone, site, $"/q/{person.Id}/waiting", $"promised-{screen}-{language}");

        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(person.Id);
        await using var desk = await OpenAsync(site, Screen.Desktop, script: false, language, SignIns.StaffCookie, doctor.Token);
        await desk.Page.GotoAsync(new Uri(site.Address, $"/staff/desk?c={person.Id}").ToString());
        await Expect(desk.Page.Locator("main")).ToContainTextAsync(zh ? "前书面答复" : "A written answer is promised by");
        await desk.PictureAsync($"promise-desk-{screen}-{language}".ToLowerInvariant());
        await desk.Page.Locator("#advice textarea[name=advice]").FillAsync("照说明书吃，不要两种一起吃");
        await desk.Page.Locator("#advice button.main").ClickAsync();

        await phone.Page.GotoAsync(new Uri(site.Address, $"/q/{person.Id}/advice").ToString());
        await Expect(phone.Page.Locator("main")).ToContainTextAsync("照说明书吃，不要两种一起吃");
        using var staff = await SurgeScene.OperatorAsync(site);
        await using var board = await OpenAsync(site, screen, script: true, language, SignIns.StaffCookie, staff.Token);
        foreach (var (address, name) in new[] { ("/staff/surge", "surge"), ($"/staff/surge/why?n={person.Id[^6..]}", "why"), ("/staff/board", "surge-board"), ("/staff/campaigns/wuhan/desk", "desk-texts") })
        {
            await SeenAsync(board, site, address, $"{name}-{screen}-{language}");
            await board.AccessibleAsync();
        }

        await board.Page.GotoAsync(new Uri(site.Address, "/staff/surge").ToString());
        await Expect(board.Page.Locator("#promises")).ToContainTextAsync(zh ? "按时答复" : "Kept in time");
        Assert.Empty(board.Complaints);
    }

    /// <summary>The longest words of the panel are those of the worst case.</summary>
    [Fact]
    public async Task Overdue_answers_fit_the_board_on_a_phone()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        await SurgeScene.SetAsync(site, 2);
        using var person = await SurgeScene.AskAsync(site);
        await SurgeScene.OfferedAsync(person, clock);
        var by = (await person.AnswerAsync(Yizhen.Rules.Consultations.Promising.WrittenAnswer)).Promise?.By ?? default;
        clock.Advance(by.AddMinutes(1) - clock.GetUtcNow());
        using var staff = await SurgeScene.OperatorAsync(site);
        await using var board = await OpenAsync(site, Screen.Phone, script: true, "en", SignIns.StaffCookie, staff.Token);
        await SeenAsync(board, site, "/staff/board", "overdue-board-phone-en");
        await Expect(board.Page.Locator("#surge")).ToContainTextAsync("overdue, unanswered 1");
    }

    private static async Task<Tab> OpenAsync(TestSite site, Screen screen, bool script, string language, string cookie, string token)
    {
        var tab = await Chromium.OpenAsync(screen, script, language);
        await tab.Context.AddCookiesAsync([new() { Name = cookie, Value = token, Url = site.Address.ToString() }]);
        return tab;
    }

    private static async Task SeenAsync(Tab tab, TestSite site, string address, string name)
    {
        await tab.Page.GotoAsync(new Uri(site.Address, address).ToString());
        await tab.NoSidewaysScrollAsync();
        await tab.PictureAsync(name.ToLowerInvariant());
    }
}
