using System.Text.Json;
using Yizhen.Browser.Tests.Support;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>What a frightened person sees, from the first page to the advice sheet, on a phone without script and with it, and at a desk.</summary>
public sealed class PatientStoryTests
{
    private const string Story = "前天开始发烧，有点干咳，很害怕";

    [Theory]
    [InlineData("zh-390", Screen.Phone, false, "zh-CN")]
    [InlineData("en-390", Screen.Phone, true, "en")]
    [InlineData("zh-1280", Screen.Desktop, true, "zh-CN")]
    [InlineData("en-1280", Screen.Desktop, true, "en")]
    public async Task Person_with_a_light_fever_is_advised_waits_is_answered_and_keeps_the_sheet(string name, Screen screen, bool script, string language)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        await using var patient = new Patient(await Chromium.OpenAsync(screen, script, language), site, script, name);
        var page = patient.Page;
        await patient.ToStoryAsync();
        await patient.ToOutcomeAsync(Story);
        await patient.SeenAsync("self-care");
        Assert.True(await page.Locator("a[href$='/contact']").CountAsync() > 0, "An outcome without a way to a person.");

        await patient.ToWaitingAsync();
        await patient.SeenAsync("waiting");
        var id = patient.Id;

        using var doctor = await Caller.DoctorAsync(site);
        var given = await doctor.Given(id);
        await doctor.Put<Stored>($"/api/v1/consultations/{id}/replies/{Guid.CreateVersion7()}", new ReplyBody("坐着喘不喘？", given.Epoch));
        await patient.FollowAsync("talk");
        await Expect(page.Locator("main")).ToContainTextAsync("坐着喘不喘？");
        await page.Locator("#text").FillAsync("坐着不喘");
        await page.Locator("#composer button").Last.ClickAsync();
        await Expect(page.Locator(".thread > .me").Last).ToContainTextAsync("坐着不喘");
        await patient.SeenAsync("talk");

        await doctor.Post<Stored>($"/api/v1/consultations/{id}/advice", new AdviceBody(given.Epoch, Disposition.D4, "发烧两天", "在家隔离，早晚量体温", Close: true));
        if (!script)
        {
            await patient.GoAsync($"/q/{id}/talk");
        }

        // With script the thread says by itself that the sheet is there.
        await page.Locator("main a[href$='/advice']").First.ClickAsync();
        await page.ArriveAsync("**/advice");
        await Expect(page.Locator("main")).ToContainTextAsync("在家隔离，早晚量体温");
        await patient.SeenAsync("advice");

        await patient.GoAsync($"/q/{id}/talk");
        await page.Locator("form[action$='/worry'] input[value='3']").CheckAsync(new() { Force = true });
        await page.Locator("form[action$='/worry'] button").ClickAsync();
        await Expect(page.Locator("form[action$='/worry'] .saved")).ToContainTextAsync("3");
        await patient.SeenAsync("closed");

        await patient.GoAsync("/mine");
        await Expect(page.Locator("main")).ToContainTextAsync("前天开始发烧");
        await patient.SeenAsync("mine");
        await ReturnsOnAnotherDeviceAsync(site, patient.RecoveryCode);
        var ours = site.Address.GetLeftPart(UriPartial.Authority);
        Assert.All(patient.Tab.Addresses, a => Assert.StartsWith(ours, a, StringComparison.Ordinal));
        Assert.Empty(patient.Tab.Complaints);
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory]
    [InlineData("zh-390-danger", false, "zh-CN", "120")]
    [InlineData("en-390-danger", true, "en", "120")]
    public async Task Person_who_cannot_breathe_is_told_to_call_at_once_and_can_still_talk(string name, bool script, string language, string ambulance)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        await using var patient = new Patient(await Chromium.OpenAsync(script: script, language: language), site, script, name);
        await patient.ToStoryAsync();
        await patient.ToOutcomeAsync("喘不上气，嘴唇发紫");
        await patient.SeenAsync("outcome");
        await Expect(patient.Page.Locator($"main a[href='tel:{ambulance}']").First).ToBeVisibleAsync();
        await Expect(patient.Page.Locator("main a[href$='/contact'], main a[href$='/waiting']").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Temperature_that_cannot_be_is_asked_again_with_what_was_typed()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        await using var patient = new Patient(await Chromium.OpenAsync(script: false), site, false, "zh-390-implausible");
        await patient.ToStoryAsync();
        await Assert.ThrowsAsync<Xunit.Sdk.TrueException>(() => patient.ToOutcomeAsync(Story, ("temperature_c", "99")));
        await Expect(patient.Page.Locator("[name='n.temperature_c']")).ToHaveValueAsync("99");
        await Expect(patient.Page.Locator("#n-temperature_c-err")).ToBeVisibleAsync();
        await patient.SeenAsync("field");
    }

    [Fact]
    public async Task Consultation_of_somebody_else_is_not_there()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var owner = await Caller.PatientAsync(site, "只有我能看");
        await using var patient = new Patient(await Chromium.OpenAsync(), site, true, "zh-390-other");
        await patient.ToStoryAsync();
        var answer = await patient.Page.GotoAsync(new Uri(site.Address, $"/q/{owner.Id}/talk").ToString());
        Assert.Equal(404, answer!.Status);
        Assert.DoesNotContain("只有我能看", await patient.Page.ContentAsync(), StringComparison.Ordinal);
        await patient.SeenAsync("not-there");
    }

    [Fact]
    public async Task Physician_signs_in_with_password_and_code_and_out_again()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        await using var tab = await Chromium.OpenAsync(Screen.Desktop);
        var page = tab.Page;
        await page.GotoAsync(new Uri(site.Address, "/staff/sign-in").ToString());
        await tab.PictureAsync("staff-sign-in");
        await tab.AccessibleAsync();
        await SignInAsync("not-the-password");
        await Expect(page.Locator("[role=alert]")).ToBeVisibleAsync();
        await Expect(page.Locator("#login")).ToHaveValueAsync("doctor1");
        await SignInAsync(Web.Campaigns.DemoCampaign.Password);
        await page.Locator("#code").WaitForAsync();
        await tab.PictureAsync("staff-second-factor");
        await tab.AccessibleAsync();

        using var looker = site.NewPerson();
        using var outbox = JsonDocument.Parse(await looker.GetStringAsync("/demo/outbox.json"));
        var code = string.Concat(outbox.RootElement[0].GetProperty("text").GetString()!.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit));
        await page.Locator("#code").FillAsync(code);
        await page.Locator("button.main").ClickAsync();
        await page.ArriveAsync("**/staff/desk");

        await page.Locator("form[action='/staff/sign-out'] button").ClickAsync();
        await page.ArriveAsync("**/staff/sign-in");
        await page.GotoAsync(new Uri(site.Address, "/staff/desk").ToString());
        await page.ArriveAsync("**/staff/sign-in");
        await page.GotoAsync(new Uri(site.Address, "/demo/outbox").ToString());
        await Expect(page.Locator("main")).ToContainTextAsync(code);
        await tab.PictureAsync("demo-outbox");
        await tab.AccessibleAsync();

        async Task SignInAsync(string password)
        {
            await page.Locator("#login").FillAsync("doctor1");
            await page.Locator("#password").FillAsync(password);
            await page.Locator("button.main").ClickAsync();
        }
    }

    private static async Task ReturnsOnAnotherDeviceAsync(TestSite site, string code)
    {
        await using var tab = await Chromium.OpenAsync(script: false);
        await tab.Page.GotoAsync(new Uri(site.Address, "/mine").ToString());
        await tab.Page.Locator("#recovery").FillAsync(code);
        await tab.Page.Locator("form[action='/mine/recover'] button").ClickAsync();
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("前天开始发烧");
    }
}
