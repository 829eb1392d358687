using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Consultations;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>A clinician with several people at once, by mouse and by keyboard, on a desk and on a phone; and with a browser that dies.</summary>
public sealed class DeskTests : IAsyncLifetime
{
    private TestSite? site;

    private TestSite Site => site ?? throw new InvalidOperationException();

    public async Task InitializeAsync() => site = await TestSite.StartAsync(DatabaseKind.Sqlite);

    public async Task DisposeAsync() => await Site.DisposeAsync();

    [Theory]
    [InlineData("zh-CN", Screen.Desktop)]
    [InlineData("en", Screen.Phone)]
    public async Task Three_at_once_are_answered_from_one_page_and_closed_in_one_step(string language, Screen screen)
    {
        var en = language == "en";
        await using var desk = await OpenAsync("doctor3", language, screen);
        await GoOnDuty(desk);
        var people = new List<Caller>();
        foreach (var story in new[] { "前天开始发烧，有点干咳", "嗓子痛两天，不发烧", "昨晚拉肚子，现在好些" })
        {
            people.Add(await (await Caller.PatientAsync(Site, story)).InQueueAsync());
        }

        await Expect(desk.Page.Locator("#list li")).ToHaveCountAsync(3, new() { Timeout = 20_000 });
        await Expect(desk.Page.Locator("#list .timer")).ToHaveCountAsync(3);
        await Expect(desk.Page.Locator("#list li a").Last).ToBeVisibleAsync();
        await desk.PictureAsync($"desk-three-{screen}-{language}".ToLowerInvariant());
        await desk.AccessibleAsync();
        await desk.NoSidewaysScrollAsync();

        for (var n = 0; n < people.Count; n++)
        {
            await Open(desk, people[n]);
            await desk.Page.Locator("#t").FillAsync(en ? $"Question {n}" : $"第 {n} 个问题");
            if (screen == Screen.Desktop)
            {
                await desk.Page.Locator("#t").PressAsync("Control+Enter");
            }
            else
            {
                await desk.Page.Locator("button[name=send]").ClickAsync();
            }

            await Expect(desk.Page.Locator("#log")).ToContainTextAsync(en ? $"Question {n}" : $"第 {n} 个问题");
        }

        // One answers while another is on the screen: it is marked unread, and is the longest unanswered.
        await Open(desk, people[0]);
        await people[2].Put<Stored>($"{people[2].Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody("还有一点头晕"));
        await Expect(desk.Page.Locator("#list li.unread .badge")).ToContainTextAsync("1", new() { Timeout = 20_000 });
        await desk.PictureAsync($"desk-unread-{screen}-{language}".ToLowerInvariant());
        await desk.Page.Keyboard.PressAsync("Alt+KeyU");
        await Expect(desk.Page.Locator("#log")).ToContainTextAsync("还有一点头晕");

        foreach (var person in people)
        {
            await Open(desk, person);
            Assert.NotEmpty(await desk.Page.Locator("#advice textarea[name=situation]").InputValueAsync());
            await desk.Page.Locator("#advice textarea[name=advice]").FillAsync(en ? "Rest and drink." : "多休息，多喝水。");
            await desk.Page.Locator("#advice button").ClickAsync();
            await desk.Page.ArriveAsync("**/staff/desk");
            Assert.Equal("served", (await person.Until(c => c.Bucket == "served")).Bucket);
        }

        await Expect(desk.Page.Locator("#list li")).ToHaveCountAsync(0);
        await desk.Page.Locator("button[name=state][value=pausing]").ClickAsync();
        await Expect(desk.Page.Locator(".duty .st")).ToContainTextAsync(en ? "On a break" : "休息");
        people.ForEach(p => p.Dispose());
        Assert.True((await Site.LedgerAsync()).Holds);
    }

    [Fact]
    public async Task Browser_that_dies_loses_neither_the_draft_nor_what_came_meanwhile()
    {
        using var patient = await (await Caller.PatientAsync(Site, "发烧两天，没有别的")).InQueueAsync();
        await using (var first = await OpenAsync("doctor1", "zh-CN", Screen.Desktop))
        {
            await GoOnDuty(first);
            await Open(first, patient);
            await first.Page.Locator("#t").PressSequentiallyAsync("您量过体温");
            await first.Page.WaitForResponseAsync(r => r.Url.EndsWith("/draft", StringComparison.Ordinal));
        }
        await patient.Put<Stored>($"{patient.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody("刚量了 37.8"));
        await using var second = await OpenAsync("doctor1", "zh-CN", Screen.Desktop);
        await Open(second, patient);
        await Expect(second.Page.Locator("#t")).ToHaveValueAsync("您量过体温");
        await Expect(second.Page.Locator("#log")).ToContainTextAsync("刚量了 37.8");
        await Expect(second.Page.Locator("#list .said b")).ToContainTextAsync("草稿");
    }

    [Fact]
    public async Task Words_of_the_last_second_are_kept_when_the_next_person_is_opened()
    {
        using var one = await (await Caller.PatientAsync(Site, "发烧两天，没有别的")).InQueueAsync();
        using var other = await (await Caller.PatientAsync(Site, "咳嗽三天，没有别的")).InQueueAsync();
        await using var desk = await OpenAsync("doctor1", "zh-CN", Screen.Desktop);
        await GoOnDuty(desk);
        await Open(desk, one);
        await desk.Page.Locator("#t").PressSequentiallyAsync("您量过体温吗");
        await desk.Page.Keyboard.PressAsync("Alt+ArrowDown");
        await desk.Page.ArriveAsync($"**/staff/desk?c={other.Id}*");
        await Open(desk, one);
        await Expect(desk.Page.Locator("#t")).ToHaveValueAsync("您量过体温吗");
        await desk.Page.Locator("#t").PressAsync("Control+Enter");
        await Expect(desk.Page.Locator("#log")).ToContainTextAsync("您量过体温吗");
        await Open(desk, other);
        await Open(desk, one);
        await Expect(desk.Page.Locator("#t")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Hand_over_with_a_note_reaches_the_next_clinician_and_the_person_keeps_the_place()
    {
        using var patient = await (await Caller.PatientAsync(Site, "怀疑药物过敏")).InQueueAsync();
        await using var first = await OpenAsync("doctor1", "zh-CN", Screen.Desktop);
        await GoOnDuty(first);
        await Open(first, patient);
        var arrived = (await patient.Look()).ArrivedAt;
        await using var second = await OpenAsync("doctor2", "zh-CN", Screen.Phone);
        await GoOnDuty(second);
        await first.Page.Locator("button[name=state][value=pausing]").ClickAsync();
        await Open(first, patient);
        await first.Page.Keyboard.PressAsync("Alt+KeyH");
        await first.Page.Keyboard.TypeAsync("吃的是阿莫西林，已问过敏史");
        await first.Page.Locator("#ho button").ClickAsync();

        await Open(second, patient);
        await Expect(second.Page.Locator("#side")).ToContainTextAsync("吃的是阿莫西林，已问过敏史");
        await second.PictureAsync("desk-handed-over-phone-zh");
        Assert.Equal(arrived, (await patient.Look()).ArrivedAt);
    }

    [Fact]
    public async Task Campaign_that_closes_lets_nobody_new_in_and_serves_whoever_waits()
    {
        using var patient = await (await Caller.PatientAsync(Site, "发烧，等了一会儿")).InQueueAsync();
        await using var person = await Chromium.OpenAsync();
        await person.Context.AddCookiesAsync([new() { Name = SignIns.DeviceCookie, Value = patient.Token, Url = Site.Address.ToString() }]);
        await person.Page.GotoAsync(new Uri(Site.Address, $"/q/{patient.Id}/waiting").ToString());
        await using (var op = await OpenAsync("operator", "zh-CN", Screen.Desktop, "/staff/campaigns/wuhan"))
        {
            await op.Page.Locator("form[action$='/close'] button").ClickAsync();
        }
        await person.Page.ReloadAsync();
        await Expect(person.Page.Locator("#room")).ToBeVisibleAsync();
        await person.PictureAsync("waiting-campaign-closed-phone-zh");
        await using var newcomer = await Chromium.OpenAsync();
        await newcomer.Page.GotoAsync(new Uri(Site.Address, "/c/wuhan").ToString());
        await Expect(newcomer.Page.Locator("form[action$='/start']")).ToHaveCountAsync(0);
        await Expect(newcomer.Page.Locator("a[href='tel:120']").First).ToBeVisibleAsync();
        await newcomer.PictureAsync("campaign-closed-phone-zh");

        await using var desk = await OpenAsync("doctor1", "zh-CN", Screen.Desktop);
        await GoOnDuty(desk);
        await Open(desk, patient);
        await person.Page.ArriveAsync("**/talk*");
    }

    private static async Task GoOnDuty(Tab desk)
    {
        await desk.Page.Locator("button[name=state][value=on]").ClickAsync();
        await Expect(desk.Page.Locator("button[name=state][value=pausing]")).ToBeVisibleAsync();
    }

    private static async Task Open(Tab desk, Caller patient)
    {
        var link = desk.Page.Locator($"#list a[href*='{patient.Id}']");
        await link.WaitForAsync(new() { Timeout = 20_000 });
        await link.ClickAsync();
        await desk.Page.ArriveAsync($"**c={patient.Id}*");
        await Expect(desk.Page.Locator("#t")).ToBeVisibleAsync();
    }

    private async Task<Tab> OpenAsync(string login, string language, Screen screen, string address = "/staff/desk")
    {
        await DemoCampaign.Seed(Site.Services, TimeProvider.System.GetUtcNow());
        await using var database = await Site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == login);
        var token = await Site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, TimeProvider.System.GetUtcNow());
        var tab = await Chromium.OpenAsync(screen, script: true, language);
        await tab.Context.AddCookiesAsync([new() { Name = SignIns.StaffCookie, Value = token, Url = Site.Address.ToString() }]);
        await tab.Page.GotoAsync(new Uri(Site.Address, address).ToString());
        return tab;
    }
}
