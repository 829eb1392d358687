using AngleSharp.Html.Parser;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Page;

public sealed class DangerPageTests
{
    [Theory]
    [InlineData("zh", "zh-CN", "拨打 120")]
    [InlineData("en", "en", "Call 120")]
    public void Danger_page_needs_nothing_but_itself(string name, string lang, string call)
    {
        var html = File.ReadAllText(Checkout.At("src", "Web", "Page", "Assets", $"danger.{name}.html"));
        var page = new HtmlParser().ParseDocument(html);

        Assert.Equal(lang, page.DocumentElement.GetAttribute("lang"));
        Assert.Single(page.QuerySelectorAll("style"));
        Assert.Empty(page.QuerySelectorAll("[style], script, link, img, iframe, form, [src], [onclick]"));
        Assert.Equal(call, page.QuerySelector("nav a[href='tel:120']")?.TextContent);
        Assert.All(page.QuerySelectorAll("a"), a => Assert.Matches("^(/|tel:[0-9]+|danger\\.(zh|en)\\.html)$", a.GetAttribute("href")));
        Assert.True(html.Length < 12_000, "It is answered to everybody at once: keep it small.");
    }
}
