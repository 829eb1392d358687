using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>The operator's pages in a browser: readable on a phone and on a desk, live with script and whole without it.</summary>
public sealed class OperatorPagesTests : IAsyncLifetime
{
    private TestSite? site;
    private string token = "";

    private TestSite Site => site ?? throw new InvalidOperationException();

    public async Task InitializeAsync()
    {
        site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        var now = TimeProvider.System.GetUtcNow();
        await DemoCampaign.Seed(Site.Services, now);
        await using var database = await Site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == "operator");
        token = await Site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, now);
        var doctor = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == "doctor1");
        await Site.Services.GetRequiredService<Duties>().Change(doctor.Id, "on", 3, now);
    }

    public async Task DisposeAsync() => await Site.DisposeAsync();

    [Theory]
    [InlineData("/staff/board", "board")]
    [InlineData("/staff/worklist", "worklist-nobody")]
    [InlineData("/staff/campaigns", "campaigns")]
    [InlineData("/staff/campaigns/new", "campaign-new")]
    [InlineData("/staff/campaigns/wuhan", "campaign")]
    [InlineData("/staff/invitations", "invitations")]
    [InlineData("/staff/people", "people")]
    [InlineData("/staff/authenticator", "authenticator")]
    [InlineData("/mine/phone", "return-by-phone")]
    public async Task Page_of_the_operator_is_accessible_and_fits_phone_and_desk_in_both_languages(string address, string name)
    {
        foreach (var screen in new[] { Screen.Phone, Screen.Desktop })
        {
            foreach (var language in new[] { "zh-CN", "en" })
            {
                await using var tab = await OpenAsync(screen, language, address);
                await tab.NoSidewaysScrollAsync();
                await tab.AccessibleAsync();
                await tab.PictureAsync($"operator-{name}-{screen}-{language}".ToLowerInvariant());
                Assert.Empty(tab.Complaints);
                Assert.All(tab.Addresses, a => Assert.StartsWith(Site.Address.ToString(), a, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Board_follows_what_happens_without_a_reload()
    {
        await using var tab = await OpenAsync(Screen.Desktop, "zh-CN", "/staff/board");
        await Expect(tab.Page.Locator("#live")).ToHaveTextAsync("● 实时");
        await Expect(tab.Page.Locator("#ledger dl").First).ToContainTextAsync("来诊0");
        using var person = Site.NewPerson();
        using var started = await person.PostAsync(new Uri("/api/v1/campaigns/wuhan/start", UriKind.Relative), new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.True(started.IsSuccessStatusCode);
        await Expect(tab.Page.Locator("#ledger dl").First).ToContainTextAsync("来诊1", new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task Picture_follows_what_happens_without_a_reload_and_leaves_the_filter_alone()
    {
        await using var tab = await OpenAsync(Screen.Desktop, "zh-CN", "/staff/picture");
        await Expect(tab.Page.Locator("#live")).ToHaveTextAsync("● 实时");
        await Expect(tab.Page.Locator("#figures dl").First).ToContainTextAsync("来过门口0");
        await tab.Page.FillAsync("#from", "2020-01-23");
        using var person = Site.NewPerson();
        using var started = await person.PostAsync(new Uri("/api/v1/campaigns/wuhan/start", UriKind.Relative), new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.True(started.IsSuccessStatusCode);
        await Expect(tab.Page.Locator("#figures dl").First).ToContainTextAsync("来过门口1", new() { Timeout = 20_000 });
        await Expect(tab.Page.Locator("#from")).ToHaveValueAsync("2020-01-23");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Board_is_whole_without_script()
    {
        await using var tab = await OpenAsync(Screen.Phone, "zh-CN", "/staff/board", script: false);
        await Expect(tab.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "刷新" })).ToBeVisibleAsync();
        await Expect(tab.Page.Locator("#ledger")).ToContainTextAsync("✓ 相符，差 0");
        await Expect(tab.Page.Locator("#duty")).ToContainTextAsync("王安");
    }

    private async Task<Tab> OpenAsync(Screen screen, string language, string address, bool script = true)
    {
        var tab = await Chromium.OpenAsync(screen, script, language);
        await tab.Context.AddCookiesAsync([new() { Name = SignIns.StaffCookie, Value = token, Url = Site.Address.ToString() }]);
        await tab.Page.GotoAsync(new Uri(Site.Address, address).ToString());
        return tab;
    }
}
