using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests;

/// <summary>The harness itself: each test gets a place of its own, on both databases, and it is gone afterwards.</summary>
public sealed class HarnessTests
{
    [Theory, OnBothDatabases]
    public async Task Test_database_is_made_empty_and_leaves_nothing_behind(DatabaseKind kind)
    {
        string folder;
        await using (var database = await TestDatabase.CreateAsync(kind))
        {
            folder = database.Folder;
            Assert.Empty(Directory.GetFileSystemEntries(folder));
            Assert.Equal(kind == DatabaseKind.Postgres ? "--database" : "--data", database.Arguments[0]);
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Test_databases_on_postgres_do_not_see_each_other()
    {
        await using var mine = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await using var other = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        Assert.Equal(0, await AskAsync(mine, "create table only_mine (id integer)", "select 0"));
        Assert.Equal(0L, await AskAsync(other, "select count(*) from pg_tables where tablename = 'only_mine'"));
    }

    [Fact]
    public async Task Postgres_finds_chinese_by_trigram()
    {
        // Collation "C" finds nothing here: its trigrams know no letters but ASCII.
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        Assert.Equal(true, await AskAsync(database, "create extension pg_trgm", "select array_length(show_trgm('咳嗽发热'), 1) > 0"));
    }

    [Theory, OnBothDatabases]
    public async Task Test_site_answers_on_a_port_of_its_own(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var person = site.NewPerson();
        using var answer = await person.GetAsync(new Uri("/no-such-page", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Test_site_that_is_started_again_has_its_facts(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        var now = clock.GetUtcNow();
        var id = new ConsultationId(Guid.CreateVersion7(now));
        var consent = new Consent("1", true, true, true, false, false, false);
        var opening = new Opened("harness", "test", Guid.Empty, "zh-CN", ServiceMode.LightConsultation, id.Value, Relation.Self, consent, new(2020, 1, 26), "text");
        await using var database = await TestDatabase.CreateAsync(kind);
        await using (var site = await TestSite.StartAsync(database, clock))
        {
            var decided = await Log(site).Decide(id, "anonymous", now, consultation => consultation.Open(opening));
            Assert.Equal(1, decided.Value.Version);
        }

        clock.Advance(TimeSpan.FromHours(1));
        await using var again = await TestSite.StartAsync(database, clock);
        var read = await Log(again).Read(id, CancellationToken.None);
        Assert.Equal(now, read.OpenedAt);
    }

    private static ConsultationLog Log(TestSite site) => site.Services.GetRequiredService<ConsultationLog>();

    private static async Task<object?> AskAsync(TestDatabase database, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(database.Connection);
        await connection.OpenAsync();
        object? answer = null;
        foreach (var statement in statements)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = statement;
            answer = await command.ExecuteScalarAsync() ?? answer;
        }

        return answer;
    }
}
