using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>What a clinician sees whose words light consultation does not allow: with a keyboard on a desk, and on a phone that runs no script.</summary>
public sealed class GuardBoxTests
{
    [Theory]
    [InlineData("zh-CN", Screen.Desktop, true, "您这是支气管炎，不用去医院。")]
    [InlineData("en", Screen.Phone, false, "You have bronchitis, there is no need to go to the hospital.")]
    public async Task Physician_sees_the_words_marked_changes_them_or_sends_them_all_the_same(string language, Screen screen, bool script, string words)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽三天")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        await using var desk = await Chromium.OpenAsync(screen, script, language);
        await desk.Context.AddCookiesAsync([new() { Name = SignIns.StaffCookie, Value = doctor.Token, Url = site.Address.ToString() }]);
        await desk.Page.GotoAsync(new Uri(site.Address, $"/staff/desk?c={patient.Id}").ToString());
        await desk.Page.Locator("#t").FillAsync(words);
        await (script ? desk.Page.Keyboard.PressAsync("Control+Enter") : desk.Page.Locator("button[name=send]").ClickAsync());

        await Expect(desk.Page.Locator("#guard mark")).ToHaveCountAsync(2, new() { Timeout = 20_000 });
        await Expect(desk.Page.Locator("#guard")).ToContainTextAsync("CN-FV-06");
        await Expect(desk.Page.Locator("#t")).ToHaveValueAsync(words);
        await desk.PictureAsync($"desk-guard-{screen}-{language}".ToLowerInvariant());
        await desk.NoSidewaysScrollAsync();
        if (script)
        {
            await desk.AccessibleAsync();
        }

        await desk.Page.Locator("#guard button[name=confirm]").ClickAsync();
        await Expect(desk.Page.Locator("#log")).ToContainTextAsync(words);
        await Expect(desk.Page.Locator("#guard")).ToHaveCountAsync(0);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'guard_overridden'"));
        Assert.Single((await patient.Look()).Lines, l => l.Text == words);
    }
}
