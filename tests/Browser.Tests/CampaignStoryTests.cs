using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Yizhen.Browser.Tests.Support;
using Yizhen.Examples;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>An officer opens a campaign from nothing, prints its poster, and people come in by link, by embed and by a partner's program; the desk answers one and a doctor another.</summary>
public sealed class CampaignStoryTests
{
    private const string Campaign = "/staff/campaigns/fever";

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "zh-CN")]
    [InlineData(DatabaseKind.Postgres, "en")]
    public async Task Campaign_is_opened_from_nothing_and_people_come_in_by_link_embed_and_api(DatabaseKind kind, string language)
    {
        await using var site = await TestSite.StartAsync(kind);
        var zh = language == "zh-CN";
        var name = zh ? "zh" : "en";
        await using var officer = await OfficerAsync(site, language);
        var p = officer.Page;

        await p.GotoAsync(new Uri(site.Address, "/staff/campaigns/new").ToString());
        foreach (var (field, value) in new[]
        {
            ("slug", "fever"), ("name_zh", "发热义诊"), ("name_en", "Fever advice"), ("purpose_zh", "发热、咳嗽，先在家问医生"), ("purpose_en", "Fever or cough: ask a doctor from home first"),
            ("owner_zh", "示例市卫生健康委员会"), ("owner_en", "Example City Health Commission"), ("partners_zh", "三家医院"), ("partners_en", "Three hospitals"), ("covers_zh", "现在在湖北的人"), ("covers_en", "People who are in Hubei now"),
            ("regions", "420000"), ("hotline", "027-0000 0000"), ("numbers", "120"), ("region_numbers", "420100 027-12345 市长专线"), ("rules_date", "2020-01-26"),
        })
        {
            await p.Locator($"#{field}").FillAsync(value);
        }

        await p.GetByRole(AriaRole.Button, new() { Name = zh ? "存为草稿" : "Keep as draft" }).ClickAsync();
        await Expect(p.Locator("#check button.main")).ToBeDisabledAsync();
        await officer.AccessibleAsync();
        await officer.NoSidewaysScrollAsync();
        await officer.PictureAsync($"opening-missing-desktop-{name}");
        using var doctor = await Caller.DoctorAsync(site);
        await p.ReloadAsync();
        await p.Locator("#check button.main").ClickAsync();
        await Expect(p.Locator(".head .st").First).ToHaveTextAsync(zh ? "开放" : "Open");
        await officer.PictureAsync($"opening-open-desktop-{name}");

        using var host = new HostPage();
        await AddAsync(p, site, "community", "poster", "", "900");
        await AddAsync(p, site, "cityapp", "embed", host.Origin, "900");
        await AddAsync(p, site, "partner", "partner", "", "900");
        // A browser takes no picture of a drawing without a page around it.
        var poster = await p.APIRequest.GetAsync(new Uri(site.Address, $"{Campaign}/entrances/community/poster.svg").ToString());
        Assert.Contains("/e/community", await poster.TextAsync(), StringComparison.Ordinal);
        await p.GotoAsync("about:blank");
        await p.SetContentAsync(await poster.TextAsync());
        await officer.PictureAsync($"poster-{name}");
        var pdf = await p.APIRequest.GetAsync(new Uri(site.Address, $"{Campaign}/entrances/community/poster.pdf").ToString());
        Assert.Equal("application/pdf", pdf.Headers["content-type"]);
        await File.WriteAllBytesAsync(Checkout.At("artifacts", "screenshots", $"poster-{name}.pdf"), await pdf.BodyAsync());

        await using (var person = await Chromium.OpenAsync(Screen.Phone, script: false, language))
        {
            await person.Page.GotoAsync(new Uri(site.Address, "/e/community").ToString());
            await person.PictureAsync($"entrance-phone-{name}");
            // Many come, so the information desk stands first: it answers this one, who needs no doctor.
            await SurgeScene.SetAsync(site, 1);
            await person.Page.GetByRole(AriaRole.Button, new() { Name = zh ? "开始问诊" : "Start" }).ClickAsync();
            await person.Page.Locator("[name=asked]").FillAsync(zh ? "发烧37度5要不要去医院" : "I have a fever of 37.5, should I go to the hospital?");
            await person.PictureAsync($"desk-asked-phone-{name}");
            await person.Page.Locator("form:has([name=asked]) button").ClickAsync();
            await person.PictureAsync($"desk-found-phone-{name}");
            await person.Page.Locator("a[href$='/desk/a02']").First.ClickAsync();
            await person.PictureAsync($"desk-answer-phone-{name}");
            await person.Page.Locator("button[value=yes]").ClickAsync();
            await Expect(person.Page.Locator("main")).ToContainTextAsync(zh ? "您的问题答到了" : "your question is answered");
            await SurgeScene.SetAsync(site, 0);
        }

        await using (var person = await Chromium.OpenAsync(Screen.Phone, script: true, language))
        {
            await person.Page.GotoAsync($"{host.Origin}/?embed={Uri.EscapeDataString(new Uri(site.Address, "/embed/cityapp").ToString())}");
            var frame = person.Page.FrameLocator("#yizhen");
            await Expect(person.Page.Locator("#log")).ToContainTextAsync("step door");
            await person.NoSidewaysScrollAsync();
            await frame.GetByRole(AriaRole.Button, new() { Name = zh ? "开始问诊" : "Start" }).ClickAsync();
            await Expect(frame.Locator("#advice")).ToBeVisibleAsync();
            await Expect(person.Page.Locator("#log")).ToContainTextAsync("step asking");
            await person.PictureAsync($"embed-phone-{name}");
            Assert.Empty(person.Complaints);
        }

        await p.GotoAsync(new Uri(site.Address, $"{Campaign}/partners").ToString());
        await p.Locator("#name").FillAsync(zh ? "城市服务" : "City services");
        await p.Locator("#entrance").SelectOptionAsync("partner");
        await p.GetByRole(AriaRole.Button, new() { Name = zh ? "做一把密钥" : "Make a key" }).ClickAsync();
        var key = await p.Locator("#key").InnerTextAsync();
        var (id, state) = await AskByApi.RunAsync(site.Address, key, "咳嗽两天，没有发烧", CancellationToken.None);
        // The doctor is on duty: between two looks the person may already have been given.
        Assert.Contains(state, new[] { "waiting", "in_consultation" });
        var given = await doctor.Given(id);
        await doctor.Post<ConsultationView>($"/api/v1/consultations/{id}/advice", new AdviceBody(given.Epoch, Disposition.D5, "咳嗽", "多喝水，好好休息", Close: true));

        await p.GotoAsync(new Uri(site.Address, $"{Campaign}/partners").ToString());
        await officer.PictureAsync($"partners-desktop-{name}");
        await p.GotoAsync(new Uri(site.Address, $"{Campaign}/entrances").ToString());
        await officer.PictureAsync($"entrances-desktop-{name}");
        await officer.AccessibleAsync();
        foreach (var code in new[] { "community", "cityapp", "partner" })
        {
            await Expect(p.Locator($"tr:has-text('{code}')").First).ToContainTextAsync("1 / 900");
        }

        await using var phone = await OfficerAsync(site, language, Screen.Phone);
        foreach (var (address, picture) in new[] { (Campaign, "opening"), ($"{Campaign}/entrances", "entrances"), ($"{Campaign}/partners", "partners") })
        {
            await phone.Page.GotoAsync(new Uri(site.Address, address).ToString());
            await phone.NoSidewaysScrollAsync();
            await phone.PictureAsync($"{picture}-phone-{name}");
        }

        // The commission reads it all: three at the door, one consultation, small cells withheld.
        foreach (var (tab, screen) in new[] { (officer, "desktop"), (phone, "phone") })
        {
            await tab.Page.GotoAsync(new Uri(site.Address, "/staff/picture?campaign=fever").ToString());
            await Expect(tab.Page.Locator(".kpi > div:nth-child(1) > dd").First).ToHaveTextAsync("1");
            await Expect(tab.Page.Locator(".kpi > div:nth-child(2) > dd").First).ToHaveTextAsync("3");
            await Expect(tab.Page.Locator(".head .st.good:not(#live)")).ToBeVisibleAsync();
            await tab.AccessibleAsync();
            await tab.NoSidewaysScrollAsync();
            await tab.PictureAsync($"picture-{screen}-{name}");
        }

        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((1, 1), (ledger.AnsweredAtDesk, ledger.Served));
    }

    private static async Task AddAsync(IPage p, TestSite site, string code, string kind, string origins, string share)
    {
        await p.GotoAsync(new Uri(site.Address, $"{Campaign}/entrances").ToString());
        await p.Locator("#name").FillAsync(code);
        await p.Locator("#kind").SelectOptionAsync(kind);
        await p.Locator("#code").FillAsync(code);
        await p.Locator("#per_hour").FillAsync(share);
        await p.Locator("#origins").FillAsync(origins);
        await p.Locator("form.panel button.main").ClickAsync();
        await Expect(p.Locator($"#per_hour-{code}")).ToHaveValueAsync(share);
    }

    private static async Task<Tab> OfficerAsync(TestSite site, string language, Screen screen = Screen.Desktop)
    {
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == "operator");
        var token = await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, TimeProvider.System.GetUtcNow());
        var tab = await Chromium.OpenAsync(screen, script: true, language);
        await tab.Context.AddCookiesAsync([new() { Name = SignIns.StaffCookie, Value = token, Url = site.Address.ToString() }]);
        return tab;
    }
}
