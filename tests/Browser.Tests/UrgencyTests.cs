using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Browser.Tests.Support;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>The urgency is set at the desk and from the worklist by a form that needs no script, and the waiting room says what came of it.</summary>
public sealed class UrgencyTests
{
    private const string FeverClinic = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=38.6;temperature_site=axilla;symptoms=cough;breathless=stairs;spo2=unknown;comorbidities=none;exposure=wuhan;household_ill=no;infection=no";

    [Theory]
    [InlineData(Screen.Phone, "en", "looked at your situation", "Change")]
    [InlineData(Screen.Desktop, "zh-CN", "看过您的情况", "改")]
    public async Task Form_of_desk_and_worklist_fits_and_is_accessible_and_the_room_follows(Screen screen, string language, string told, string change)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var talks = await (await Caller.PatientAsync(site, "发烧三天", answers: FeverClinic)).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(talks.Id);
        await doctor.Post<System.Text.Json.JsonElement>("/api/v1/duty", new { state = "pausing", seats = 1 });
        using var waits = await (await Caller.PatientAsync(site, "发烧三天", answers: FeverClinic)).InQueueAsync();
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var state = await site.Services.GetRequiredService<Yizhen.Web.Log.ConsultationLog>().Read(ConsultationId.TryParse(waits.Id, out var id) ? id : default, CancellationToken.None);
        await site.Services.GetRequiredService<Entries>().Make(Rules.Worklist.EntryKind.RecheckSilent, state, 1, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var staff = await database.Set<StaffRow>().AsNoTracking().FirstAsync(r => r.Login == "operator");
        await database.Set<EntryRow>().ExecuteUpdateAsync(set => set.SetProperty(e => e.Owner, staff.Id).SetProperty(e => e.State, EntryRow.Taken));
        var entry = Base32.Write((await database.Set<EntryRow>().AsNoTracking().SingleAsync()).Id);
        var token = await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(staff, add: false, TimeProvider.System.GetUtcNow());

        await SetAsync(site, screen, language, doctor.Token, $"/staff/desk?c={talks.Id}", "Routine", "desk", change);
        await SetAsync(site, screen, language, token, $"/staff/worklist/{entry}", "Emergency", "entry", change);
        Assert.Equal((4, 1), ((await talks.Look()).Urgency, (await waits.Look()).Urgency));
        await doctor.Post<Stored>($"{talks.Consultation}/hand-over", new HandOverBody("请接着看"));
        foreach (var person in new[] { talks, waits })
        {
            await using var phone = await Chromium.OpenAsync(screen, script: false, language);
            await phone.Context.AddCookiesAsync([new() { Name = SignIns.DeviceCookie, Value = person.Token, Url = site.Address.ToString() }]);
            await phone.Page.GotoAsync(new Uri(site.Address, $"/q/{person.Id}/waiting").ToString());
            await Expect(phone.Page.Locator("#room")).ToContainTextAsync(told);
            await phone.NoSidewaysScrollAsync();
            await phone.PictureAsync($"urgency-room-{(person == talks ? "lowered" : "raised")}-{screen}-{language}".ToLowerInvariant());
        }
    }

    private static async Task SetAsync(TestSite site, Screen screen, string language, string token, string address, string to, string name, string change)
    {
        await using var tab = await Chromium.OpenAsync(screen, script: true, language);
        await tab.Context.AddCookiesAsync([new() { Name = SignIns.StaffCookie, Value = token, Url = site.Address.ToString() }]);
        await tab.Page.GotoAsync(new Uri(site.Address, address).ToString());
        await tab.Page.Locator("#urgency select").SelectOptionAsync(to);
        await tab.Page.Locator("#urgency input[name=reason]").FillAsync("复测三十七度二");
        await tab.Page.Locator("#urgency").GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = change, Exact = true }).ClickAsync();
        await tab.Page.GotoAsync(new Uri(site.Address, address).ToString());
        await tab.NoSidewaysScrollAsync();
        await tab.AccessibleAsync();
        await tab.PictureAsync($"urgency-{name}-{screen}-{language}".ToLowerInvariant());
        Assert.Empty(tab.Complaints);
    }
}
