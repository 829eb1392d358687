using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Accounts;
using Yizhen.Web.Commands;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Commands;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Accounts;

/// <summary>Where patients are real, a physician is looked up in the register before the first duty, and who looked stays on record.</summary>
public sealed partial class RegistrationTests
{
    [Theory, OnBothDatabases]
    public async Task Physician_goes_on_duty_only_after_the_operator_has_looked_the_registration_up(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var phones = await Phones.StartAsync(database.Folder);
        var told = SetupTests.Told(database) with { Messages = phones.File, TestNumber = "13800001111", Standby = "13900002222", BaseUrl = "https://yizhen.example.cn", Proxy = "127.0.0.1", SignShipped = true };
        var done = await SetupSteps.RunAsync(told, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await using var site = await SetupTests.ServeAsync(told);
        using var op = new Operator(site.Browser());
        await JoinAsync(op, phones, done.Join?["https://yizhen.example.cn".Length..] ?? "", "first", "13700003333", "");
        var invitation = Link().Match((await op.SendAsync("/staff/invitations", "/staff/invitations", ("role", "Physician"), ("lang", "zh"))).Page).Value;
        using var doctor = new Operator(site.Browser());
        await JoinAsync(doctor, phones, invitation, "doctor", "13700004444", "110420000012345");

        var refused = await doctor.SendAsync("/staff/desk", "/staff/duty", ("state", "on"), ("seats", "3"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("机构还没有核对您的执业注册", refused.Page, StringComparison.Ordinal);
        using var byApi = await doctor.Browser.PostAsJsonAsync(new Uri("/api/v1/duty", UriKind.Relative), new { state = "on", seats = 3 });
        Assert.Equal(HttpStatusCode.Forbidden, byApi.StatusCode);

        Assert.Contains("110420000012345", await op.ReadAsync("/staff/people"), StringComparison.Ordinal);
        await using var rows = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var id = (await rows.Set<StaffRow>().AsNoTracking().SingleAsync(s => s.Login == "doctor")).Id.ToString("N");
        Assert.Equal(HttpStatusCode.BadRequest, (await op.SendAsync("/staff/people", "/staff/people", ("id", id), ("state", "checked"), ("registration", "?"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await op.SendAsync("/staff/people", "/staff/people", ("id", id), ("state", "checked"), ("registration", "110420000012346"))).Status);

        var row = await rows.Set<StaffRow>().AsNoTracking().SingleAsync(s => s.Login == "doctor");
        var by = await rows.Set<StaffRow>().AsNoTracking().SingleAsync(s => s.Login == "first");
        Assert.Equal(("110420000012346", by.Id, true), (row.Registration, row.RegistrationCheckedBy, row.RegistrationCheckedAt > 0));
        Assert.Equal(HttpStatusCode.Redirect, (await doctor.SendAsync("/staff/desk", "/staff/duty", ("state", "on"), ("seats", "3"))).Status);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_of_another_house_is_looked_up(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var op = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        var database = site.Services.GetRequiredService<IDbContextFactory<Database>>();
        await using var rows = await database.CreateDbContextAsync();
        var mine = (await rows.Set<StaffRow>().AsNoTracking().SingleAsync(s => s.Login == "operator")).Organisation;
        var other = await rows.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Organisation != mine);
        Assert.Equal(HttpStatusCode.NotFound, (await op.SendAsync("/staff/people", "/staff/people", ("id", other.Id.ToString("N")), ("state", "checked"), ("registration", "110420000099999"))).Status);
        Assert.Equal(other.Registration, (await rows.Set<StaffRow>().AsNoTracking().SingleAsync(s => s.Id == other.Id)).Registration);
    }

    private static async Task JoinAsync(Operator who, Phones phones, string link, string login, string phone, string registration)
    {
        var joined = await who.SendAsync(link, link, ("login", login), ("name", "方主任"), ("title", ""), ("phone", phone), ("registration", registration), ("password", "a sentence that is long"));
        Assert.Equal(HttpStatusCode.OK, joined.Status);
        Assert.Equal("/staff", await who.SignInAsync(joined.Page, await phones.CodeAsync("+86" + phone)));
    }

    [GeneratedRegex("/staff/join/[A-Za-z0-9_-]+")]
    private static partial Regex Link();
}
