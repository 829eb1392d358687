using System.Net;
using System.Text.RegularExpressions;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>Each table of the board is a file: counts, and no line of one person or one clinician.</summary>
public sealed partial class BoardTableTests
{
    private const string Canary = "只有医生能看见的一句话";

    [Theory, OnBothDatabases]
    public async Task Every_table_that_the_board_names_is_a_file_of_counts(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        await site.RunAsync("update staff set skills = 'psych' where login = 'replay-1'");
        using var first = await (await Caller.PatientAsync(site, $"咳嗽两天。{Canary}")).InQueueAsync();
        using var second = await (await Caller.PatientAsync(site, $"发热。{Canary}", region: "420500")).InQueueAsync();
        clock.Advance(TimeSpan.FromSeconds(31));

        var page = await staff.ReadAsync("/staff/board");
        var tables = Link().Matches(page).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(["ledger", "urgencies", "seats", "hours", "coming", "coming-holes", "told", "regions", "answered", "holes", "doctors"], tables);
        foreach (var table in tables)
        {
            var text = string.Join('\n', await LinesAsync(staff, table));
            Assert.DoesNotContain(Canary, text, StringComparison.Ordinal);
            Assert.DoesNotContain(first.Id[^6..], text, StringComparison.Ordinal);
            Assert.DoesNotContain("replay", text, StringComparison.Ordinal);
        }

        Assert.Contains("\"consultations\",\"Waiting\",\"2\"", await LinesAsync(staff, "ledger"));
        Assert.Equal(["\"region\"", "\"code\"", "\"all\""], (await LinesAsync(staff, "regions"))[0].Split(',')[..3]);
        // Of one person in a city no city is named.
        Assert.StartsWith("\"Hubei\",\"42\",\"2\"", Assert.Single((await LinesAsync(staff, "regions"))[1..]), StringComparison.Ordinal);
        Assert.Contains("\"2\"", Assert.Single((await LinesAsync(staff, "holes"))[1..]), StringComparison.Ordinal);
        var seats = await LinesAsync(staff, "seats");
        Assert.Equal("\"skill\",\"waiting\",\"longest (s)\",\"on duty\",\"free seats\",\"free seats on a break\",\"why they are free\"", seats[0]);
        Assert.All(seats[1..], line => Assert.EndsWith("\"0\",\"0\",\"0\",\"Nobody with this skill is taking people now.\"", line, StringComparison.Ordinal));
        Assert.Equal(2, seats[1..].Sum(line => int.Parse(line.Split('"')[3], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("\"✓ On duty\",\"1\",\"0\",\"1\"", await LinesAsync(staff, "doctors"));
        Assert.Equal("\"a range\",\"0\",\"0\",\"0\",\"0\"", (await LinesAsync(staff, "told"))[1]);
        Assert.Equal(6, (await LinesAsync(staff, "urgencies")).Length);
        Assert.Equal(7, (await LinesAsync(staff, "answered")).Length);

        using var none = await staff.Browser.GetAsync(new Uri("/staff/board/people.csv", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var nobody = Operator.Nobody(site);
        using var refused = await nobody.Browser.GetAsync(new Uri("/staff/board/regions.csv", UriKind.Relative));
        Assert.NotEqual(HttpStatusCode.OK, refused.StatusCode);
    }

    private static async Task<string[]> LinesAsync(Operator staff, string table)
    {
        using var answer = await staff.Browser.GetAsync(new Uri($"/staff/board/{table}.csv?lang=en", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, "text/csv", "attachment"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.DispositionType));
        return (await answer.Content.ReadAsStringAsync()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex("href=\"/staff/board/([a-z-]+)\\.csv\"")]
    private static partial Regex Link();
}
