using Microsoft.Playwright;
using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Browser.Tests;

/// <summary>The harness itself, on a page without a server.</summary>
public sealed class HarnessTests
{
    private const string Good = "data:text/html;charset=utf-8,<!doctype html><html lang=zh-CN><title>义诊</title><meta name=viewport content='width=device-width'><main><h1>义诊</h1><p id=said>没有脚本</p></main><script>said.textContent = navigator.language + ' ' + innerWidth</script></html>";
    private const string Bad = "data:text/html,<!doctype html><html lang=en><title>x</title><main><h1>x</h1><img src='data:,'></main></html>";

    [Theory]
    [InlineData(Screen.Phone, "zh-CN", "zh-CN 390")]
    [InlineData(Screen.Desktop, "en", "en 1280")]
    public async Task Tab_has_the_screen_and_the_language_that_was_asked_for(Screen screen, string language, string said)
    {
        await using var tab = await Chromium.OpenAsync(screen, language: language);
        await tab.Page.GotoAsync(Good);
        await Assertions.Expect(tab.Page.Locator("#said")).ToHaveTextAsync(said);
        await tab.AccessibleAsync();
        await tab.NoSidewaysScrollAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Tab_without_script_runs_none_and_is_pictured()
    {
        var picture = Checkout.At("artifacts", "screenshots", "harness.png");
        Directory.CreateDirectory(Path.GetDirectoryName(picture)!);
        File.Delete(picture);
        await using var tab = await Chromium.OpenAsync(script: false);
        await tab.Page.GotoAsync(Good);
        await Assertions.Expect(tab.Page.Locator("#said")).ToHaveTextAsync("没有脚本");
        await tab.PictureAsync("harness");
        Assert.True(new FileInfo(picture).Length > 1000);
    }

    [Fact]
    public async Task Picture_without_words_is_found_by_axe()
    {
        await using var tab = await Chromium.OpenAsync();
        await tab.Page.GotoAsync(Bad);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(tab.AccessibleAsync);
    }
}
