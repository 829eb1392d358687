using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Statistics;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Statistics;

/// <summary>The picture tells counts, no person, and at any moment what a recount from the log would tell.</summary>
public sealed class PictureTests
{
    private const string Canary = "金丝雀七七";

    [Theory, OnBothDatabases]
    public async Task Picture_is_the_ledgers_moment_and_what_a_fresh_program_recounts(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        foreach (var _ in Enumerable.Range(0, 14))
        {
            using var one = await (await Caller.PatientAsync(site, $"咳嗽。{Canary}", "420102", "age=34;symptoms=cough")).InQueueAsync();
        }

        clock.Advance(TimeSpan.FromSeconds(5));
        await LookAsync(staff);
        using var abroad = await Caller.PatientAsync(site, $"发热。{Canary}", "440106", "age=71;symptoms=cough");
        clock.Advance(TimeSpan.FromSeconds(5));
        var now = await LookAsync(staff);

        // What lies sealed was opened by the system, and each reading said so before: everybody once, then whoever had changed.
        Assert.Equal(1, await site.CountAsync("select count(*) from access where purpose = 'statistics' and role = 'system' and selection = 'all' and amount = 14"));
        Assert.Equal(1, await site.CountAsync("select count(*) from access where purpose = 'statistics' and role = 'system' and selection like 'changed/%' and amount = 1"));
        Assert.Equal((15L, 15L, true), (now.GetProperty("opened").GetInt64(), now.GetProperty("ledger").GetProperty("opened").GetInt64(), now.GetProperty("ledger").GetProperty("holds").GetBoolean()));
        Assert.Equal(JsonSerializer.Serialize(await site.LedgerAsync(), Yizhen.Web.Page.Faces.Json), now.GetProperty("ledger").GetRawText());

        // The day runs: whole steps only, in the order of coming, and what is shown and withheld is everybody.
        Assert.All(Tables(now).Where(t => t.By is not "symptom" && t.Within is null), t => Assert.Equal(15, t.Total));
        Assert.All(Tables(now), t => Assert.Equal(t.Total, t.Withheld + t.Shown.Values.Sum()));
        Assert.All(Tables(now).SelectMany(t => t.Shown.Values), people => Assert.Equal(11, people));

        // When it is over it is told exactly, but the one from another province.
        clock.Advance(TimeSpan.FromDays(1));
        using var later = await Operator.SignInAsync(site, clock.GetUtcNow());
        var over = await LookAsync(later);
        var provinces = Tables(over).Single(t => t.By == "province");
        Assert.DoesNotContain("44", provinces.Shown.Keys);
        Assert.Equal(15, provinces.Total);
        var page = await later.ReadAsync("/staff/picture");
        Assert.Contains("少于 11 人的格不显示", page, StringComparison.Ordinal);
        var sheet = await later.ReadAsync("/staff/picture/tables.csv");
        Assert.Contains("\"(withheld)\"", sheet, StringComparison.Ordinal);
        var report = await later.ReadAsync("/staff/picture/report.svg?day=2020-01-26");
        Assert.Contains("义诊日报 2020 年 1 月 26 日", report, StringComparison.Ordinal);
        Assert.Contains(">15</text>", report, StringComparison.Ordinal);
        using (var paper = await later.Browser.GetAsync(new Uri("/staff/picture/report.pdf?day=2020-01-26", UriKind.Relative)))
        {
            Assert.Equal((HttpStatusCode.OK, "application/pdf"), (paper.StatusCode, paper.Content.Headers.ContentType?.MediaType));
            Assert.True((await paper.Content.ReadAsByteArrayAsync()).AsSpan().StartsWith("%PDF"u8));
        }

        Assert.All([page, sheet, report, over.GetRawText()], said => Assert.DoesNotContain(Canary, said, StringComparison.Ordinal));

        // Read on for a day, or read anew from the log: the same, ledger and all.
        using var fresh = ActivatorUtilities.CreateInstance<LivePicture>(site.Services);
        var (read, anew) = (await site.Services.GetRequiredService<LivePicture>().Look(CancellationToken.None), await fresh.Look(CancellationToken.None));
        Assert.Equal(read.Ledger, anew.Ledger);
        Assert.Equal(Told(read), Told(anew));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_was_erased_stays_counted_by_what_the_erasure_left(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var people = new List<Caller>();
        foreach (var _ in Enumerable.Range(0, 24))
        {
            people.Add(await Caller.PatientAsync(site, $"咳嗽。{Canary}", "420102", "age=34;symptoms=cough"));
        }

        clock.Advance(TimeSpan.FromDays(1));
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        Assert.Equal(24, Tables(await LookAsync(staff)).Single(t => t.By == "symptom").Shown["cough"]);
        using var back = new Caller(site);
        back.Holds(people[0].Token);
        Assert.Equal(1, (await back.Delete<JsonElement>("/api/v1/me")).GetProperty("consultations").GetInt32());
        clock.Advance(TimeSpan.FromSeconds(5));
        var after = await LookAsync(staff);
        Assert.Equal(24, after.GetProperty("opened").GetInt64());
        Assert.Equal(24, Tables(after).Single(t => t.By == "province").Shown["42"]);
        var symptoms = Tables(after).Single(t => t.By == "symptom");
        Assert.Equal((24L, false), (symptoms.Total, symptoms.Shown.ContainsKey("erased")));
        people.ForEach(p => p.Dispose());
    }

    [Theory]
    [InlineData("?from=2020-02-02&to=2020-01-01")]
    [InlineData("?from=yesterday")]
    public async Task Days_that_are_none_are_refused(string query) => await RefusedAsync(query, HttpStatusCode.BadRequest);

    /// <summary>Its zeros would be read as "nobody came".</summary>
    [Fact]
    public async Task Campaign_that_is_not_there_is_refused() => await RefusedAsync("?campaign=wuhann", HttpStatusCode.NotFound);

    private static async Task RefusedAsync(string query, HttpStatusCode status)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        Assert.Contains("下面是全部活动、全部日子", await staff.ReadAsync($"/staff/picture{query}", status), StringComparison.Ordinal);
        await staff.ReadAsync($"/api/v1/picture{query}", status);
        await staff.ReadAsync($"/staff/picture/tables.csv{query}", status);
    }

    /// <summary>Everything that is published of each day.</summary>
    private static string Told(PictureAt picture) => string.Join('\n', picture.Cubes.Select(c => $"{c.Campaign} {c.Day} {c.Opened} {c.Worry} {string.Join("; ", c.Tables.OrderBy(t => t.Key.Dimension).ThenBy(t => t.Key.Within, StringComparer.Ordinal).Select(t => $"{t.Key}: {string.Join(',', t.Value.Shown)} and {t.Value.Withheld}"))}"));

    private static async Task<JsonElement> LookAsync(Operator staff) => JsonSerializer.Deserialize<JsonElement>(await staff.ReadAsync("/api/v1/picture"));

    private static IEnumerable<(string By, string? Within, Dictionary<string, long> Shown, long Withheld, long Total)> Tables(JsonElement picture) => picture.GetProperty("tables").EnumerateArray().Select(t => (
        t.GetProperty("by").GetString() ?? "", t.GetProperty("within").GetString(), t.GetProperty("shown").EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetInt64(), StringComparer.Ordinal),
        t.GetProperty("withheld").GetInt64(), t.GetProperty("total").GetInt64()));
}
