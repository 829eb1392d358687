using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Statistics;

public sealed class PopulationTests
{
    [Theory, OnBothDatabases]
    public async Task Shown_people_stand_per_100000_of_who_lives_there(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        foreach (var _ in Enumerable.Range(0, 22))
        {
            using var one = await (await Caller.PatientAsync(site, "咳嗽", "420102", "age=34;symptoms=cough")).InQueueAsync();
        }

        clock.Advance(TimeSpan.FromDays(1));
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());

        // The census that ships: 57,752,557 people in Hubei, nobody said for its cities.
        var shipped = await LookAsync(staff);
        Assert.Equal(0.04, shipped.GetProperty("per100000").GetProperty("42").GetDouble());
        Assert.Equal(2020, shipped.GetProperty("population").GetProperty("year").GetInt32());

        // One line at fault: nothing is stored, and the page says where.
        var (refused, wrong) = await SendAsync(staff, "code,people\n420000,5000000\n4299,10\n421000,many\n42,7\n", "2019", "试验");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused);
        Assert.All(new[] { "第 3 行", "第 4 行", "第 5 行" }, line => Assert.Contains(line, wrong, StringComparison.Ordinal));
        Assert.Equal(0, await site.CountAsync("select count(*) from population"));

        var (taken, _) = await SendAsync(staff, "code,people\n420000,5000000\n420100,1000000\n", "2019", "省统计局");
        Assert.Equal(HttpStatusCode.SeeOther, taken);
        var own = await LookAsync(staff);
        Assert.Equal((0.44, 2.2), (own.GetProperty("per100000").GetProperty("42").GetDouble(), own.GetProperty("per100000").GetProperty("4201").GetDouble()));
        Assert.Contains("每十万人 0.44", await staff.ReadAsync("/staff/picture"), StringComparison.Ordinal);

        // The same through the interface.
        using var put = await staff.Browser.PutAsJsonAsync(new Uri("/api/v1/picture/population", UriKind.Relative), new { csv = "code,people\n42,2200000\n", year = 2018, source = "a count" });
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(1.0, (await LookAsync(staff)).GetProperty("per100000").GetProperty("42").GetDouble());
    }

    private static async Task<(HttpStatusCode Status, string Page)> SendAsync(Operator staff, string csv, string year, string source)
    {
        var token = WebUtility.HtmlDecode((await staff.ReadAsync("/staff/picture")).Split("__RequestVerificationToken\" value=\"")[1].Split('"')[0]);
        using var body = new MultipartFormDataContent
        {
            { new StringContent(csv), "file", "people.csv" }, { new StringContent(year), "year" }, { new StringContent(source), "source" }, { new StringContent(token), "__RequestVerificationToken" },
        };
        using var answer = await staff.Browser.PostAsync(new Uri("/staff/picture/population", UriKind.Relative), body);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> LookAsync(Operator staff) => JsonSerializer.Deserialize<JsonElement>(await staff.ReadAsync("/api/v1/picture"));
}
