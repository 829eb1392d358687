using System.Net;
using System.Text.Json;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Directories;

/// <summary>A list is looked at, taken whole or not at all, replaced by its publisher, and undone to the one before.</summary>
public sealed class ListTests
{
    private const string Clinics = "/c/wuhan/clinics?at=420102";

    [Theory, OnBothDatabases]
    public async Task List_is_looked_at_before_it_counts_and_undone_to_the_one_before(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        using var person = Operator.Nobody(site);

        var (_, look, _) = await staff.BringAsync(Lists.Wuhan);
        Assert.Contains("<dd>3</dd>", await staff.ReadAsync(look!), StringComparison.Ordinal);
        Assert.DoesNotContain("甲医院", await person.ReadAsync(Clinics), StringComparison.Ordinal);
        Assert.Equal(Lists.Here, (await staff.SendAsync(look!, look!)).Location);
        Assert.Contains("甲医院", await person.ReadAsync(Clinics), StringComparison.Ordinal);

        // Another publisher's stands beside it; the same publisher's newer one in its place.
        await staff.TakeAsync("name,district_code,kind,publisher,published\n丁医院,420102,fever_clinic,某区卫健局,2020-01-26\n");
        var newer = await staff.TakeAsync("name,district_code,kind,publisher,published\n戊医院,420102,fever_clinic,武汉市卫健委,2020-01-26\n");
        var page = await person.ReadAsync(Clinics);
        Assert.Contains("丁医院", page, StringComparison.Ordinal);
        Assert.Contains("戊医院", page, StringComparison.Ordinal);
        Assert.DoesNotContain("甲医院", page, StringComparison.Ordinal);

        Assert.Equal(Lists.Here, (await staff.SendAsync(Lists.Here, newer, ("undo", "1"))).Location);
        page = await person.ReadAsync(Clinics);
        Assert.Contains("甲医院", page, StringComparison.Ordinal);
        Assert.DoesNotContain("戊医院", page, StringComparison.Ordinal);

        await staff.TakeAsync("name,district_code,kind,publisher,published\n己医院,420102,fever_clinic,武汉市卫健委,2020-01-26\n", how: "add");
        page = await person.ReadAsync(Clinics);
        Assert.Contains("甲医院", page, StringComparison.Ordinal);
        Assert.Contains("己医院", page, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task One_line_at_fault_and_nothing_is_stored(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow(), language: "en");
        var (status, _, page) = await staff.BringAsync($"{Lists.Wuhan}\n庚医院,clinic,999999,,没有,,,,武汉市卫健委,2020-01-25\n甲医院,fever_clinic,420102,,,,,,武汉市卫健委,2020-01-25\n");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        page = WebUtility.HtmlDecode(page);
        Assert.Contains("Line 5 “999999”: no such region code or place", page, StringComparison.Ordinal);
        Assert.Contains("Line 5 “clinic”: this kind is not known", page, StringComparison.Ordinal);
        Assert.Contains("Line 6 “甲医院”: this name stands in the same district already", page, StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from directory_list"));
        Assert.Equal(0, await site.CountAsync("select count(*) from directory_line"));
    }

    [Theory, OnBothDatabases]
    public async Task Demo_shows_the_shipped_list_until_another_is_taken(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var person = Operator.Nobody(site);
        var before = await person.ReadAsync(Clinics);
        Assert.Contains("湖北省卫健委", before, StringComparison.Ordinal);
        Assert.Contains("<svg", before, StringComparison.Ordinal);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        await staff.TakeAsync(Lists.Wuhan);
        Assert.DoesNotContain("湖北省卫健委", await person.ReadAsync(Clinics), StringComparison.Ordinal);
        using var api = new Caller(site);
        var found = (await api.Get<JsonElement>("/api/v1/campaigns/wuhan/clinics?at=420103")).EnumerateArray().ToList();
        Assert.Equal(["乙医院", "甲医院"], found.Select(h => h.GetProperty("name").GetString()));
        Assert.True(found[1].GetProperty("bound").GetBoolean());
    }

    [Fact]
    public async Task Other_services_come_by_list_too()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        using var person = Operator.Nobody(site, "en");
        Assert.Contains("黑龙江省中医医院公众号", await person.ReadAsync("/c/wuhan/elsewhere"), StringComparison.Ordinal);
        await staff.TakeAsync("organisation,kind,tel,url,note,publisher,published\n某热线,psychological_counselling,400-000 0000,https://example.org,全天,某协会,2020-01-26\n", directory: "services");
        var page = await person.ReadAsync("/c/wuhan/elsewhere");
        Assert.Contains("某热线", page, StringComparison.Ordinal);
        Assert.DoesNotContain("黑龙江省中医医院公众号", page, StringComparison.Ordinal);
        Assert.Contains("tel:12320", page, StringComparison.Ordinal);
    }
}
