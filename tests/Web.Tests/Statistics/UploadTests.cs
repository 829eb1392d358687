using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Statistics;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Statistics;

/// <summary>Counts reach the provincial platform, each hour and day once and in order, also after it was away for two days.</summary>
public sealed class UploadTests
{
    [Theory, OnBothDatabases]
    public async Task Nothing_is_lost_while_the_platform_is_away_for_two_days(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var platform = await Platform.StartAsync();
        platform.Answer = StatusCodes.Status503ServiceUnavailable;
        await using var site = await TestSite.StartAsync(kind, clock, platform.AddTo);
        foreach (var _ in Enumerable.Range(0, 12))
        {
            using var one = await (await Caller.PatientAsync(site, "咳嗽。金丝雀七七", "420102", "age=34;symptoms=cough")).InQueueAsync();
        }

        var uploads = site.Services.GetRequiredService<Uploads>();
        for (var hour = 0; hour < 48; hour++)
        {
            await uploads.Turn(clock.GetUtcNow(), CancellationToken.None);
            clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Empty(platform.Taken);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var behind = JsonSerializer.Deserialize<JsonElement>(await staff.ReadAsync("/api/v1/picture/uploads"));
        Assert.Equal((50, "503"), (behind.GetProperty("waiting").GetInt32(), behind.GetProperty("fault").GetString()));
        Assert.Contains("50 份没送到", await staff.ReadAsync("/staff/picture"), StringComparison.Ordinal);

        platform.Answer = StatusCodes.Status200OK;
        await SentAsync(uploads, clock);
        var ids = platform.Taken.Select(t => t.GetProperty("id").GetString() ?? "").ToList();
        Assert.Equal(48, ids.Count(id => id.Contains('T', StringComparison.Ordinal) && string.CompareOrdinal(id, "2020-01-28T09") < 0));
        Assert.Equal(["2020-01-26", "2020-01-27"], ids.Where(id => !id.Contains('T', StringComparison.Ordinal)));
        var day = platform.Taken.Single(t => t.GetProperty("id").GetString() == "2020-01-26");
        Assert.Equal((true, 12L), (day.GetProperty("final").GetBoolean(), day.GetProperty("picture").GetProperty("opened").GetInt64()));
        Assert.All(platform.Taken, t => Assert.DoesNotContain("金丝雀", t.GetRawText(), StringComparison.Ordinal));
        Assert.Contains("都送到了", await staff.ReadAsync("/staff/picture"), StringComparison.Ordinal);

        // Another turn, or another node, sends nothing again.
        var asked = platform.Asked;
        await uploads.Turn(clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal((ids.Count, asked), (platform.Taken.Count, platform.Asked));
    }

    [Fact]
    public async Task A_day_that_ended_while_nothing_ran_is_made_up_for()
    {
        var clock = TestClock.InJanuary2020();
        await using var platform = await Platform.StartAsync();
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using (var before = await TestSite.StartAsync(database, clock, platform.AddTo))
        {
            using var one = await (await Caller.PatientAsync(before, "咳嗽", "420102", "age=34;symptoms=cough")).InQueueAsync();
        }

        clock.Advance(TimeSpan.FromDays(3));
        await using var after = await TestSite.StartAsync(database, clock, platform.AddTo);
        await SentAsync(after.Services.GetRequiredService<Uploads>(), clock);
        Assert.Equal(["2020-01-26", "2020-01-27", "2020-01-28"], platform.Taken.Where(t => t.GetProperty("final").GetBoolean()).Select(t => t.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_day_is_final_when_its_figures_were_taken_after_midnight_and_not_when_they_are_sent()
    {
        var clock = TestClock.InJanuary2020();
        await using var platform = await Platform.StartAsync();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock, platform.AddTo);
        using var early = await (await Caller.PatientAsync(site, "咳嗽", "420102", "age=34;symptoms=cough")).InQueueAsync();
        clock.Advance(Midnight - TimeSpan.FromSeconds(0.5) - clock.GetUtcNow());
        await site.Services.GetRequiredService<LivePicture>().Look(CancellationToken.None);
        using var late = await (await Caller.PatientAsync(site, "咳嗽", "420102", "age=34;symptoms=cough")).InQueueAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        var uploads = site.Services.GetRequiredService<Uploads>();
        await uploads.Turn(clock.GetUtcNow(), CancellationToken.None);
        Assert.DoesNotContain(platform.Taken, t => t.GetProperty("final").GetBoolean());

        await SentAsync(uploads, clock);
        var day = Assert.Single(platform.Taken, t => t.GetProperty("id").GetString() == "2020-01-26");
        Assert.Equal((true, 2L), (day.GetProperty("final").GetBoolean(), day.GetProperty("picture").GetProperty("opened").GetInt64()));
    }

    [Fact]
    public async Task The_minutes_after_a_start_belong_to_those_who_come()
    {
        var clock = TestClock.InJanuary2020();
        await using var platform = await Platform.StartAsync();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock, platform.AddTo);
        using var one = await (await Caller.PatientAsync(site, "咳嗽", "420102", "age=34;symptoms=cough")).InQueueAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(25));
        while (!site.Services.GetRequiredService<Heartbeats>().Loops.ContainsKey(nameof(Uploads)))
        {
            await Task.Delay(20, limit.Token);
        }

        Assert.Equal(0, await site.CountAsync("select count(*) from upload"));
        await site.Services.GetRequiredService<Uploads>().Turn(clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(1, await site.CountAsync("select count(*) from upload"));
    }

    /// <summary>The end of 26 January in Shanghai.</summary>
    private static DateTimeOffset Midnight => new(2020, 1, 26, 16, 0, 0, TimeSpan.Zero);

    /// <summary>The product's own loop may hold the one or other: it is asked until nothing waits.</summary>
    private static async Task SentAsync(Uploads uploads, TestClock clock)
    {
        do
        {
            clock.Advance(TimeSpan.FromMinutes(40));
            await uploads.Turn(clock.GetUtcNow(), CancellationToken.None);
        }
        while (await uploads.State(CancellationToken.None) is { Waiting: > 0 });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"url":"ftp://somewhere","secret":"sixteen-letters-of","sender":"a"}""")]
    [InlineData("""{"url":"https://somewhere","secret":"short","sender":"a"}""")]
    [InlineData("""{"url":"https://somewhere","secret":"sixteen-letters-of","sender":"a","port":1}""")]
    public async Task A_file_that_cannot_be_used_is_told_in_a_sentence(string json)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("yizhen-upload-").FullName, "upload.json");
        await File.WriteAllTextAsync(file, json);
        Assert.Contains("--upload", Assert.Throws<StorageException>(() => UploadSettings.ReadFile(file)).Message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file) ?? "", recursive: true);
    }
}
