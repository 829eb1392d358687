using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Directories;

/// <summary>A hospital speaks for itself by its own link: each statement dated, none changed, an old one marked, a revoked link dead.</summary>
public sealed partial class StatementTests
{
    private const string Clinics = "/c/wuhan/clinics?at=420102";

    [Theory, OnBothDatabases]
    public async Task What_a_hospital_states_is_dated_and_grows_old(DatabaseKind kind)
    {
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await staff.TakeAsync(Lists.Wuhan);
        var (key, link) = await LinkAsync(staff, "甲医院");

        using var hospital = Operator.Nobody(site);
        Assert.Contains("甲医院", await hospital.ReadAsync(link), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await hospital.SendAsync(link, link, ("open", "yes"), ("room", "many"))).Status);
        Assert.Equal(link, (await hospital.SendAsync(link, link, ("open", "yes"), ("room", "20"), ("waiting", "6"))).Location);
        using var person = Operator.Nobody(site);
        var page = await person.ReadAsync(Clinics);
        Assert.Contains("医院自己说：在接，今天还能接 20 人，6 人在等", page, StringComparison.Ordinal);
        Assert.DoesNotContain("可能已经变了", page, StringComparison.Ordinal);

        // By the interface, with the same token: closed, so that it comes last.
        using var api = new Caller(site);
        api.Holds(link["/h/".Length..]);
        await api.Post<JsonElement>("/api/v1/hospital/statement", new { open = false });
        Assert.Equal(2, await site.CountAsync("select count(*) from hospital_statement"));
        page = await person.ReadAsync(Clinics);
        Assert.True(page.IndexOf("乙医院", StringComparison.Ordinal) < page.IndexOf("甲医院", StringComparison.Ordinal));

        clock.Advance(TimeSpan.FromHours(13));
        page = await person.ReadAsync(Clinics);
        Assert.Contains("可能已经变了", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("甲医院", StringComparison.Ordinal) < page.IndexOf("乙医院", StringComparison.Ordinal));

        // A new list of the same hospital keeps what it said.
        using var later = await Operator.SignInAsync(site, clock.GetUtcNow());
        await later.TakeAsync(Lists.Wuhan.Replace("解放路 1 号", "解放路 3 号", StringComparison.Ordinal));
        Assert.Contains("可能已经变了", await person.ReadAsync(Clinics), StringComparison.Ordinal);

        await later.SendAsync(Lists.Here, $"{Lists.Here}/{key}/link", ("revoke", "1"));
        await hospital.ReadAsync(link, HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Refused(HttpMethod.Post, "/api/v1/hospital/statement", new { open = true })).Status);
        Assert.Equal(2, await site.CountAsync("select count(*) from hospital_statement"));
    }

    [Fact]
    public async Task New_link_voids_the_one_before_and_only_a_digest_is_kept()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        await staff.TakeAsync(Lists.Wuhan);
        var (_, first) = await LinkAsync(staff, "甲医院");
        var (_, second) = await LinkAsync(staff, "甲医院");
        using var hospital = Operator.Nobody(site, "en");
        await hospital.ReadAsync(first, HttpStatusCode.NotFound);
        Assert.Contains("Do you take patients now", await hospital.ReadAsync(second), StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from hospital_link where revoked_at is null"));

        // A doctor is no operator.
        using var doctor = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow(), "doctor1");
        using var refused = await doctor.Browser.GetAsync(new Uri(Lists.Here, UriKind.Relative));
        Assert.NotEqual(HttpStatusCode.OK, refused.StatusCode);
    }

    private static async Task<(string Key, string Link)> LinkAsync(Operator staff, string name)
    {
        var search = $"{Lists.Here}?q={Uri.EscapeDataString(name)}";
        var key = Key().Match(await staff.ReadAsync(search)).Groups[1].Value;
        var (_, _, page) = await staff.SendAsync(Lists.Here, $"{Lists.Here}/{key}/link", ("q", name));
        return (key, Link().Match(page).Groups[1].Value);
    }

    [GeneratedRegex("/staff/hospitals/([a-z0-9]+)/link")]
    private static partial Regex Key();

    [GeneratedRegex("<code>http[^<]+?(/h/[^<]+)</code>")]
    private static partial Regex Link();
}
