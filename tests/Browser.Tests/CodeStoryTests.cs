using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>A phone that gets no message, a number with a slip in it: the place is kept, and the doctor can be written to.</summary>
public sealed class CodeStoryTests
{
    [Theory]
    [InlineData("zh-390-code", false, "zh-CN")]
    [InlineData("en-390-code", true, "en")]
    public async Task Wrong_number_is_changed_and_a_code_is_sent_again_without_losing_the_place(string name, bool script, string language)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        await using var patient = await QueuedAsync(site, name, script, language, "13900001112");
        var page = patient.Page;
        await Expect(page.Locator("main")).ToContainTextAsync("1112");
        await patient.SeenAsync("code");
        await page.Locator("button[name=again]").ClickAsync();
        await page.ArriveAsync("**/contact/code");
        Assert.Equal(2, (await OutboxAsync(site)).Count(m => m.Number == "+8613900001112"));

        await page.Locator("main a.tap[href$='/contact']").ClickAsync();
        await patient.SeenAsync("number-changed");
        await page.Locator("#phone").FillAsync("139 0000 1111");
        await patient.ContinueAsync();
        await page.ArriveAsync("**/contact/code");
        await page.Locator("#code").FillAsync("0");
        await patient.ContinueAsync();
        await Expect(page.Locator(".wrong")).ToBeVisibleAsync();
        await page.Locator("#code").FillAsync(Digits((await OutboxAsync(site)).First(m => m.Number == "+8613900001111").Text));
        await patient.ContinueAsync();
        await page.ArriveAsync("**/waiting");
        await Expect(page.Locator("main")).ToContainTextAsync("1111");
        Assert.DoesNotContain(patient.Tab.Complaints, c => !c.Contains("the server responded with a status of 4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("zh-390-no-code", false, "zh-CN")]
    [InlineData("zh-390-no-code-script", true, "zh-CN")]
    public async Task Whoever_gets_no_code_keeps_the_words_and_writes_after_taking_a_recovery_code(string name, bool script, string language)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        await using var patient = await QueuedAsync(site, name, script, language, "13900001111");
        var page = patient.Page;
        var id = patient.Id;
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(id);
        await patient.GoAsync("talk");
        await patient.SeenAsync("asked");
        await page.Locator("#text").FillAsync("体温降了一点");
        await page.Locator("#composer button").Last.ClickAsync();
        var kept = script ? page.Locator(".thread .unsent") : page.Locator("#text");
        if (script)
        {
            await Expect(kept).ToContainTextAsync("体温降了一点");
        }
        else
        {
            await Expect(kept).ToHaveValueAsync("体温降了一点");
        }

        await patient.SeenAsync("refused");
        await page.Locator("main a[href$='/contact/code']").First.ClickAsync();
        await page.Locator("button[name=recovery]").ClickAsync();
        await Expect(page.Locator(".recovery")).ToBeVisibleAsync();
        await patient.GoAsync($"/q/{id}/talk");
        if (script)
        {
            await page.Locator(".unsent button").First.ClickAsync();
        }
        else
        {
            await page.Locator("#text").FillAsync("体温降了一点");
            await page.Locator("#composer button").Last.ClickAsync();
        }

        await Expect(page.Locator(".thread > .me[data-message]").Last).ToContainTextAsync("体温降了一点");
        Assert.Contains((await doctor.Get<ConsultationView>($"/api/v1/consultations/{id}")).Lines, line => line.Text == "体温降了一点");
    }

    private static async Task<Patient> QueuedAsync(TestSite site, string name, bool script, string language, string phone)
    {
        var patient = new Patient(await Chromium.OpenAsync(script: script, language: language), site, script, name);
        await patient.ToStoryAsync();
        await patient.ToOutcomeAsync("前天开始发烧，有点干咳，很害怕");
        await patient.GoAsync("contact");
        await patient.Page.Locator("#phone").FillAsync(phone);
        await patient.ContinueAsync();
        await patient.Page.ArriveAsync("**/contact/code");
        return patient;
    }

    private static string Digits(string text) => string.Concat(text.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit));

    private static async Task<OutboxView[]> OutboxAsync(TestSite site)
    {
        using var looker = new Caller(site);
        return await looker.Get<OutboxView[]>("/demo/outbox.json");
    }
}
