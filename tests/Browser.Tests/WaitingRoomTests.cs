using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Yizhen.Browser.Tests.Support;
using Yizhen.Rules.Overload;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Overload;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>The machine has no room, and somebody with a phone stands before the door, is half-way in, or has just written.</summary>
public sealed class WaitingRoomTests
{
    private const string Words = "咳嗽三天，昨晚开始发烧";

    [Theory]
    [InlineData("zh-CN", "先来的先进", "之前存好的都在", "刷新这一页", "让它自动重试", "不再自动重试", "再试一次")]
    [InlineData("en", "Whoever came first gets in first", "What was stored before is still there", "Reload this page", "Let it try by itself", "Stop trying by itself", "Try again")]
    public async Task Whoever_has_to_wait_reads_what_to_do_at_each_stage_and_goes_on_with_what_they_wrote(
        string language, string door, string begun, string written, string byItself, string stop, string again)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, also: (WebApplicationBuilder b) => b.Services.AddSingleton(Crowd.Few with { First = Crowd.Few.First with { Queue = 0 } }));
        using var patient = await Caller.PatientAsync(site, "咳嗽");
        await using var phone = await Chromium.OpenAsync(Screen.Phone, script: false, language);
        await phone.Context.AddCookiesAsync([new() { Name = SignIns.DeviceCookie, Value = patient.Token, Url = site.Address.ToString() }]);
        var page = phone.Page;
        var story = new Uri(site.Address, $"/q/{patient.Id}/story").ToString();

        // Before the door.
        using (await Crowd.TakeAsync(site, Standing.Newcomer))
        {
            Assert.Equal(503, (await page.GotoAsync(new Uri(site.Address, "/c/wuhan").ToString()))?.Status);
            await SeenAsync(phone, "door", language, door);
            await page.GetByRole(AriaRole.Link, new() { Name = byItself }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = stop })).ToBeVisibleAsync();
        }

        await page.GetByRole(AriaRole.Link, new() { Name = again }).ClickAsync();
        await Expect(page.Locator("form[action='/c/wuhan/start']").First).ToBeVisibleAsync();

        // Half-way in.
        using (await Crowd.TakeAsync(site, Standing.Begun))
        {
            Assert.Equal(503, (await page.GotoAsync(story))?.Status);
            await SeenAsync(phone, "begun", language, begun);
        }

        await page.GetByRole(AriaRole.Link, new() { Name = again }).ClickAsync();
        await page.Locator("#story").FillAsync(Words);

        // Just written, and no room for anybody: what was typed goes with the next try.
        using (await Crowd.TakeAsync(site, Standing.First))
        {
            await page.Locator("main button[type=submit], main form.flow button").Last.ClickAsync();
            await SeenAsync(phone, "written", language, written);
        }

        await page.ReloadAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/read-back|/questions"));
        await page.GotoAsync(story);
        await Expect(page.Locator("#story")).ToHaveValueAsync(Words);
    }

    private static async Task SeenAsync(Tab phone, string stage, string language, string says)
    {
        await Expect(phone.Page.Locator("body")).ToContainTextAsync(says);
        await Expect(phone.Page.Locator("a[href='tel:120']").First).ToBeVisibleAsync();
        await phone.NoSidewaysScrollAsync();
        await phone.PictureAsync($"waiting-room-{stage}-phone-{language}".ToLowerInvariant());
    }
}
