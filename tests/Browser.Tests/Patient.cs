using Microsoft.Playwright;
using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>A person with a browser at the first page of the demo campaign. Each page is looked at as it passes.</summary>
internal sealed class Patient(Tab tab, TestSite site, bool script, string name) : IAsyncDisposable
{
    /// <summary>Whoever is well answers so; a test overrides what it is about.</summary>
    private static readonly Dictionary<string, string> Well = new()
    {
        ["complaint"] = "fever_or_breathing",
        ["age"] = "34",
        ["sex"] = "male",
        ["measured"] = "yes",
        ["temperature_c"] = "37.6",
        ["symptoms"] = "cough",
        ["breathless"] = "none",
        ["exposure"] = "wuhan",
        ["household_ill"] = "no", ["infection"] = "no",
    };

    public IPage Page => tab.Page;

    public Tab Tab => tab;

    /// <summary>The consultation, as in the address.</summary>
    public string Id => new Uri(Page.Url).AbsolutePath.Split('/')[2];

    public async Task ToStoryAsync(string place = "jiangan")
    {
        await Page.GotoAsync(new Uri(site.Address, "/").ToString());
        await Page.Locator("main a[href='/c/wuhan']").ClickAsync();
        await Page.ArriveAsync("**/c/wuhan");
        await SeenAsync("campaign");
        await Page.Locator("form[action$='/start'] button").First.ClickAsync();
        await Page.ArriveAsync("**/consent");
        foreach (var required in new[] { "advice", "share", "keep" })
        {
            await Page.Locator($"input[name=agree][value={required}]").CheckAsync();
        }

        await SeenAsync("consent");
        await ContinueAsync();
        await Page.Locator("input[name=who][value=self]").CheckAsync();
        await SeenAsync("who");
        await ContinueAsync();
        await Page.ArriveAsync("**/where");
        await Page.Locator("#place").FillAsync(place);
        await Page.Locator("form[role=search] button").ClickAsync();
        await Page.Locator("input[name=region][value='420102']").CheckAsync();
        await SeenAsync("where");
        await ContinueAsync();
        await Page.ArriveAsync("**/story");
    }

    /// <summary>Tells, confirms what was read, answers page by page until there is an outcome.</summary>
    public async Task ToOutcomeAsync(string story, params (string Code, string Value)[] answers)
    {
        await Page.Locator("#story").FillAsync(story);
        await SeenAsync("story");
        await ContinueAsync();
        if (Page.Url.EndsWith("/read-back", StringComparison.Ordinal))
        {
            await SeenAsync("read-back");
            await ContinueAsync();
        }

        var said = new Dictionary<string, string>(Well);
        foreach (var (code, value) in answers)
        {
            said[code] = value;
        }

        for (var pages = 0; Page.Url.EndsWith("/questions", StringComparison.Ordinal); pages++)
        {
            Assert.True(pages < 30, $"{Page.Url} asks without end: {await Page.Locator("main").InnerTextAsync()}");
            foreach (var asked in await Page.Locator("input[name=asked]").EvaluateAllAsync<string[]>("all => all.map(i => i.value)"))
            {
                await AnswerAsync(asked, said.GetValueOrDefault(asked));
            }

            await SeenAsync(pages == 0 ? "questions" : null);
            await ContinueAsync();
        }

        await Page.ArriveAsync("**/outcome");
    }

    /// <summary>From the outcome, without a phone, into the waiting room.</summary>
    public async Task ToWaitingAsync()
    {
        await Page.GotoAsync(new Uri(site.Address, $"/q/{Id}/contact").ToString());
        await SeenAsync("contact");
        await Page.Locator("button[name=recovery]").ClickAsync();
        RecoveryCode = (await Page.Locator(".recovery").InnerTextAsync()).Trim();
        await SeenAsync("recovery");
        await Page.Locator("a.btn[href$='/waiting']").ClickAsync();
        await Page.ArriveAsync("**/waiting");
    }

    public string RecoveryCode { get; private set; } = "";

    public async Task GoAsync(string page) => await Page.GotoAsync(new Uri(site.Address, page.StartsWith('/') ? page : $"/q/{Id}/{page}").ToString());

    /// <summary>With script the page goes there by itself; without it the person presses Refresh.</summary>
    public async Task FollowAsync(string page)
    {
        if (script)
        {
            await Page.ArriveAsync($"**/{page}*");
        }
        else
        {
            await GoAsync(page);
        }
    }

    public async Task ContinueAsync() => await Page.Locator("form.flow .actions button.btn").First.ClickAsync();

    /// <summary>Pictured where it has a name; with script also read by axe and measured.</summary>
    public async Task SeenAsync(string? page)
    {
        await Expect(Page.Locator("h1").First).ToBeAttachedAsync();
        if (page is not null)
        {
            await tab.PictureAsync($"patient-{name}-{page}");
        }

        if (script)
        {
            await tab.AccessibleAsync();
            await tab.NoSidewaysScrollAsync();
        }
    }

    public ValueTask DisposeAsync() => tab.DisposeAsync();

    private async Task AnswerAsync(string code, string? value)
    {
        var number = Page.Locator($"[name='n.{code}']");
        if (await number.CountAsync() > 0 && value is not null)
        {
            await Page.Locator($"[name='a.{code}'][value=number]").CheckAsync();
            await number.FillAsync(value);
            var sites = Page.Locator($"[name='s.{code}']");
            if (await sites.CountAsync() > 0)
            {
                await sites.First.CheckAsync();
            }

            return;
        }

        foreach (var choice in new[] { value, "none", "no", "unknown" })
        {
            var option = Page.Locator($"[name='a.{code}'][value='{choice}']");
            if (choice is not null && await option.CountAsync() > 0)
            {
                await option.First.CheckAsync();
                return;
            }
        }

        await Page.Locator($"[name='a.{code}']:not([value=number])").First.CheckAsync();
    }
}
