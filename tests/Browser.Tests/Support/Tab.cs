using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Browser.Tests.Support;

/// <summary>One person's browser. <see cref="Complaints"/> gathers what the console said: errors, broken policies, uncaught exceptions.</summary>
public sealed class Tab : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentQueue<string> addresses = new();

    internal Tab(IBrowserContext context, IPage page)
    {
        Context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.Request += (_, request) => addresses.Enqueue(request.Url);
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>Every address that was asked for: to show that nothing outside of the site is called.</summary>
    public IReadOnlyCollection<string> Addresses => addresses;

    /// <summary>Writes artifacts/screenshots/NAME.png, the whole page. Look at it.</summary>
    public async Task PictureAsync(string name)
    {
        var path = Checkout.At("artifacts", "screenshots", name + ".png");
        await Page.ScreenshotAsync(new() { Path = path, FullPage = true, Animations = ScreenshotAnimations.Disabled });
    }

    /// <summary>axe-core finds nothing serious or critical. Needs a tab with script, for axe is one.</summary>
    public async Task AccessibleAsync()
    {
        var found = await Page.RunAxe();
        var grave = found.Violations.Where(v => v.Impact is "serious" or "critical")
            .Select(v => $"{v.Impact} {v.Id}: {v.Help}\n    {string.Join("\n    ", v.Nodes.Select(n => n.Html))}").ToList();
        Assert.True(grave.Count == 0, $"{Page.Url}\n{string.Join('\n', grave)}");
    }

    /// <summary>Nothing is wider than the screen.</summary>
    public async Task NoSidewaysScrollAsync()
    {
        var over = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(over <= 0, $"{Page.Url} is {over} px wider than the screen.");
    }

    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
