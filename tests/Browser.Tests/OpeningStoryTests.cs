using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>Two officers open a campaign for people who live somewhere, with its part of the surge ladder; one of its people has a number from elsewhere.</summary>
public sealed class OpeningStoryTests
{
    private const string Campaign = "/staff/campaigns/wuhan";
    private const string Mild = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=37.6;temperature_site=axilla;symptoms=cough;breathless=none;spo2=unknown;comorbidities=none;exposure=none;household_ill=no";

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "zh-CN")]
    [InlineData(DatabaseKind.Postgres, "en")]
    public async Task One_asks_another_confirms_and_a_number_from_elsewhere_is_no_dead_end(DatabaseKind kind, string language)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var (zh, name) = (language == "zh-CN", language == "zh-CN" ? "zh" : "en");
        string id, token;
        await using (var site = await TestSite.StartAsync(database))
        {
            using var doctor = await Caller.DoctorAsync(site);
            await using var officer = await OfficerAsync(site, "operator", language);
            var p = officer.Page;
            await p.GotoAsync(new Uri(site.Address, Campaign).ToString());
            await p.Locator("#basis").SelectOptionAsync("Residence");
            await p.Locator("#proof").SelectOptionAsync("PhoneRegion");
            await p.Locator("#surge_to").SelectOptionAsync("2");
            await p.Locator("#surge_why").FillAsync("本单位不用健康顾问");
            await p.Locator("#f button.main").ClickAsync();
            await Expect(p.Locator("#surge_to")).ToHaveValueAsync("2");
            await Expect(p.Locator("#believed")).ToBeVisibleAsync();
            await officer.AccessibleAsync();
            await officer.PictureAsync($"campaign-ladder-desktop-{name}");

            using var person = await Caller.PatientAsync(site, "有点咳嗽", answers: Mild);
            await person.WithPhoneAsync("13800001111");
            (id, token) = (person.Id, person.Token);
            await using var phone = await Chromium.OpenAsync(Screen.Phone, script: false, language);
            await phone.Context.AddCookiesAsync([new() { Name = SignIns.DeviceCookie, Value = token, Url = site.Address.ToString() }]);
            await phone.Page.GotoAsync(new Uri(site.Address, $"/q/{id}/contact").ToString());
            await phone.Page.Locator("form button.btn").First.ClickAsync();
            await Expect(phone.Page.Locator("h1")).ToHaveTextAsync(zh ? "您的号码不在这次义诊的范围" : "Your number is not from where this campaign is");
            await phone.PictureAsync($"phone-elsewhere-phone-{name}");
            await phone.Page.Locator("button[value=own_word]").ClickAsync();
            await phone.Page.Locator("form button.btn").First.ClickAsync();
            // A doctor may be quicker than the waiting room.
            await Expect(phone.Page).ToHaveURLAsync(new Regex($"/q/{id}/(waiting|talk)"));
            await p.Locator("#moves form[action$='/close'] button").ClickAsync();
            await site.RunAsync("update staff set organisation = (select organisation from staff where login = 'operator') where login = 'operator2'");
            await site.RunAsync("update campaign set rules_date = null");
        }

        await using var real = await TestSite.StartAsync(database, also: Real);
        await using var first = await OfficerAsync(real, "operator", language);
        await first.Page.GotoAsync(new Uri(real.Address, Campaign).ToString());
        await first.Page.Locator("#check button.main").ClickAsync();
        await Expect(first.Page.Locator("#check")).ToContainTextAsync(zh ? "等本机构另一位操作员" : "Another operator of your organisation confirms");
        await first.PictureAsync($"opening-asked-desktop-{name}");
        await using var second = await OfficerAsync(real, "operator2", language, Screen.Phone);
        await second.Page.GotoAsync(new Uri(real.Address, "/staff/campaigns").ToString());
        await second.NoSidewaysScrollAsync();
        await second.Page.GotoAsync(new Uri(real.Address, Campaign).ToString());
        await second.NoSidewaysScrollAsync();
        await second.AccessibleAsync();
        await second.PictureAsync($"opening-confirm-phone-{name}");
        await second.Page.Locator("#check button.main").ClickAsync();
        await Expect(second.Page.Locator("#opened")).ToContainTextAsync("值班 方主任");
        await Expect(second.Page.Locator("#opened")).ToContainTextAsync("值班 秦主任");
        await second.PictureAsync($"opening-two-phone-{name}");
    }

    /// <summary>As a deployment for real people is, with the demo's people and signatures in it.</summary>
    private static void Real(WebApplicationBuilder builder)
    {
        var made = builder.Services.Single(s => s.ServiceType == typeof(Deployment)).ImplementationInstance as Deployment ?? throw new InvalidOperationException("No deployment.");
        builder.Services.AddSingleton(made with { Kind = DeploymentKind.Real });
    }

    private static async Task<Tab> OfficerAsync(TestSite site, string login, string language, Screen screen = Screen.Desktop)
    {
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == login);
        var token = await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, TimeProvider.System.GetUtcNow());
        var tab = await Chromium.OpenAsync(screen, script: true, language);
        await tab.Context.AddCookiesAsync([new() { Name = SignIns.StaffCookie, Value = token, Url = site.Address.ToString() }]);
        return tab;
    }
}
