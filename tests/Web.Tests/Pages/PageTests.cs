using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Page;

namespace Yizhen.Web.Tests.Pages;

/// <summary>Every page of the patient, in both languages: whole, calm and without anything that is not ours.</summary>
public sealed partial class PageTests
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddLogging().AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)).BuildServiceProvider();

    public static TheoryData<string, string> Each
    {
        get
        {
            var each = new TheoryData<string, string>();
            foreach (var name in Samples.Names)
            {
                each.Add(name, "zh");
                each.Add(name, "en");
            }

            return each;
        }
    }

    [Theory, MemberData(nameof(Each))]
    public async Task Page_is_whole_and_holds_nothing_foreign(string name, string lang)
    {
        var html = await Render(name, lang);
        var page = new HtmlParser().ParseDocument(html);

        Assert.StartsWith("<!doctype html>", html.TrimStart(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(lang == "en" ? "en" : "zh-CN", page.DocumentElement.GetAttribute("lang"));
        Assert.False(string.IsNullOrWhiteSpace(page.Title));
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Empty(page.QuerySelectorAll("[style], style, script:not([src]), [onclick], [onsubmit], iframe, object"));
        Assert.DoesNotContain(page.QuerySelectorAll("input[type=checkbox][checked][name=agree]"), _ => name == "consent");
        Assert.DoesNotMatch(Outside(), html);
        Assert.All(page.QuerySelectorAll("[src], [href], form"), e => Assert.Matches("^(/[^/]|/$|#|tel:[0-9+]+$)", e.GetAttribute("src") ?? e.GetAttribute("href") ?? e.GetAttribute("action")));
        Assert.Equal("tel:120", page.QuerySelector("nav#sos a + a")?.GetAttribute("href"));
        Assert.Equal("/danger", page.QuerySelector("nav#sos a")?.GetAttribute("href"));
        Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Each))]
    public async Task Page_can_be_read_by_ear_and_by_keyboard(string name, string lang)
    {
        var page = new HtmlParser().ParseDocument(await Render(name, lang));
        var ids = page.QuerySelectorAll("[id]").Select(e => e.Id).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(page.QuerySelectorAll("input:not([type=hidden]), textarea, select").OfType<IHtmlElement>(), field =>
            Assert.True(field.Closest("label") is not null || page.QuerySelector($"label[for='{field.Id}']") is not null, $"{field.OuterHtml} has no label."));
        Assert.All(page.QuerySelectorAll("[aria-describedby]"), e => Assert.All(e.GetAttribute("aria-describedby")!.Split(' '), id => Assert.Contains(id, ids)));
        Assert.All(page.QuerySelectorAll("[aria-labelledby]"), e => Assert.Contains(e.GetAttribute("aria-labelledby"), ids));
        Assert.All(page.QuerySelectorAll("a[href^='#']"), e => Assert.Contains(e.GetAttribute("href")![1..], ids));
        Assert.All(page.QuerySelectorAll("img"), e => Assert.False(string.IsNullOrWhiteSpace(e.GetAttribute("alt"))));
        // Start holds nothing that somebody else could press in a person's name; see CampaignFront.
        Assert.All(page.QuerySelectorAll("form[method=post]:not([action$='/start'])"), e => Assert.NotNull(e.QuerySelector("input[name=__RequestVerificationToken]")));
    }

    [Theory, MemberData(nameof(Each))]
    public async Task Page_is_in_one_language(string name, string lang)
    {
        var page = new HtmlParser().ParseDocument(await Render(name, lang));
        if (lang == "zh")
        {
            Assert.DoesNotContain(page.QuerySelectorAll("button, summary"), e => !e.TextContent.Any(c => c > 0x2E80));
            return;
        }

        foreach (var said in page.QuerySelectorAll(".say, .sys, .told, a[lang], .brand, title, .mark, .facts.edit small, .docbar, .sheet li, .sheet footer, .doc, details li"))
        {
            said.TextContent = "";
        }

        Assert.DoesNotMatch("[\u4e00-\u9fff]", page.Body!.TextContent);
    }

    [Theory, MemberData(nameof(Each))]
    public async Task Page_is_small_enough_for_a_slow_network(string name, string lang)
    {
        // A repeat visit is the page alone; a first one adds one style sheet and the sign.
        var page = Packed(await Render(name, lang));
        Assert.InRange(page, 1, 4096);
        Assert.InRange(page + Style.Sum(name => Packed(Asset.Text(name))), 1, 50_000);
    }

    [Fact]
    public async Task What_a_person_wrote_stays_text()
    {
        var page = new HtmlParser().ParseDocument(await Render("talk", "zh"));
        Assert.Equal("<script>alert(1)</script> 冷 😷", page.QuerySelector(".told")?.TextContent);
        Assert.Equal("latest", page.QuerySelector(".thread > li:last-child")?.Id);
    }

    private static readonly string[] Style = ["tokens.css", "components.css", "patient.css"];

    private static int Packed(string text)
    {
        using var held = new MemoryStream();
        using (var gzip = new GZipStream(held, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return held.ToArray().Length;
    }

    private static Task<string> Render(string name, string lang)
    {
        var t = Lang.Named(lang);
        var (_, page, model) = Samples.Named(name, t);
        var settings = new PageSettings(true, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        var brand = new Brand(t["武汉发热义诊", "Wuhan fever campaign"], "/c/demo", "027-0000 0000", t["8:00 到 22:00", "8:00 to 22:00"]);
        return Yizhen.Web.Page.Pages.RenderAsync(Services, page, model, new Frame(t, "/q/x/story?a=1", settings, Samples.Now, brand, () => "token"));
    }

    [GeneratedRegex("https?://|//[a-z]|javascript:|data:[a-z]+/", RegexOptions.IgnoreCase)]
    private static partial Regex Outside();
}
