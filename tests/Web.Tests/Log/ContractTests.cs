using System.Collections.Immutable;
using System.Data.Common;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Log;

/// <summary>What the consultation log owes to everybody, the same on both databases.</summary>
public sealed class ContractTests
{
    private const int Rounds = 10;

    [Theory, OnBothDatabases]
    public async Task Decisions_of_several_facts_at_once_are_each_stored_whole_and_once(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "发烧");
        var id = new ConsultationId(Id(patient));
        var here = Get<ConsultationLog>(site);
        using var elsewhere = new ConsultationLog(Get<FactTable>(site), Get<Lanes>(site), Get<Vault>(site), Get<Bell>(site));
        var now = TimeProvider.System.GetUtcNow();
        var decided = await Task.WhenAll(Enumerable.Range(0, Rounds * 2).Select(n => Task.Run(() => (n % 2 == 0 ? here : elsewhere).Decide(
            id, "patient:test", now, _ => ImmutableArray.Create<Fact>(new MessageReceived(Guid.CreateVersion7(), $"{n} a"), new MessageReceived(Guid.CreateVersion7(), $"{n} b"))))));

        Assert.All(decided, d => Assert.True(d.Is(out _, out _)));
        var lines = (await SaidAsync(site, [id.Value]))[0];
        Assert.Equal(Rounds * 4, lines.Distinct().Count());
        Assert.Equal(Rounds * 4, lines.Length);
        Assert.All(lines.Chunk(2), pair => Assert.Equal((pair[0].Split(' ')[0], "a", "b"), (pair[1].Split(' ')[0], pair[0].Split(' ')[1], pair[1].Split(' ')[1])));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Lost_comparison_and_a_term_that_is_over_store_nothing_and_leave_their_neighbours_alone(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var (craft, lane) = (new Craft(site), Get<ILane>(site));
        var people = await PeopleAsync(site, 4);
        var late = await craft.MessageAsync(people[1], "late");
        Assert.Equal([Fate.Stored], await lane.CommitAsync([await craft.MessageAsync(people[1], "first")]));
        var fenced = await craft.MessageAsync(people[2], "fenced") with { Term = new Term("light", -1) };
        var fates = await lane.CommitAsync([await craft.MessageAsync(people[0], "before"), late, fenced, await craft.MessageAsync(people[3], "after")]);

        Assert.Equal([Fate.Stored, Fate.HeadMoved, Fate.TermOver, Fate.Stored], fates);
        Assert.Equal([["before"], ["first"], [], ["after"]], await SaidAsync(site, people));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Entry_that_breaks_a_rule_of_the_database_fails_alone_and_its_batch_is_stored(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var (craft, lanes) = (new Craft(site), Get<Lanes>(site));
        var people = await PeopleAsync(site, 4);
        var entries = await Task.WhenAll(people.Select(person => craft.MessageAsync(person, "here")));
        // A version that is taken: the head would move, the fact meets the unique index.
        entries[1] = entries[1] with { Facts = [entries[1].Facts[0] with { Version = 1 }] };
        await Assert.ThrowsAnyAsync<DbException>(() => Get<ILane>(site).CommitAsync(entries));
        Assert.Equal([[], [], [], []], await SaidAsync(site, people));

        // The first one's head is locked until all are queued, so that the broken one shares a batch.
        Task<Fate>[] writing;
        await using (var connection = await Get<IEngine>(site).OpenAsync(CancellationToken.None))
        await using (var locked = await connection.BeginTransactionAsync())
        {
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (locked, "update head set version = version");
            await command.ExecuteNonQueryAsync();
            writing = [.. entries.Select(lanes.WriteAsync)];
            await locked.CommitAsync();
        }

        await Assert.ThrowsAnyAsync<DbException>(() => writing[1]);
        Assert.Equal([Fate.Stored, Fate.Stored, Fate.Stored], await Task.WhenAll(writing[0], writing[2], writing[3]));
        Assert.Equal([["here"], [], ["here"], ["here"]], await SaidAsync(site, people));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Same_message_id_is_the_same_answer_and_with_other_words_it_is_refused(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧")).InQueueAsync();
        var path = $"{patient.Consultation}/messages/{Guid.CreateVersion7()}";
        var first = await patient.Put<Stored>(path, new MessageBody("一"));
        Assert.Equal(first.Version, (await patient.Put<Stored>(path, new MessageBody("一"))).Version);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await patient.Refused(HttpMethod.Put, path, new MessageBody("二"))).Status);
        Assert.Equal([["一"]], await SaidAsync(site, [Id(patient)]));
    }

    [Theory, OnBothDatabases]
    public async Task Heads_rebuilt_from_the_log_are_the_heads(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var doctor = await Caller.DoctorAsync(site);
        using var treated = await (await Caller.PatientAsync(site, "发烧三天")).InQueueAsync();
        await doctor.Given(treated.Id);
        using var asked = await Caller.PatientAsync(site, "咳嗽");
        using var gone = await (await Caller.PatientAsync(site, "头疼")).InQueueAsync();
        await gone.Delete<JsonElement>("/api/v1/me");
        await doctor.Post<JsonElement>("/api/v1/duty", new { state = "pausing", seats = 5 });

        await using var database = await Get<IDbContextFactory<Database>>(site).CreateDbContextAsync();
        var heads = await database.Set<Head>().AsNoTracking().ToListAsync();
        Assert.Equal(3, heads.Count);
        foreach (var head in heads)
        {
            var rebuilt = await new Craft(site).HeadAsync(head.Id);
            Assert.Equal(head.LastHash, rebuilt.LastHash);
            Assert.Equal(head, rebuilt with { LastHash = head.LastHash });
        }
    }

    [Theory, OnBothDatabases]
    public async Task Fact_of_an_unknown_kind_stops_the_read(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var person = (await PeopleAsync(site, 1))[0];
        Assert.Equal([Fate.Stored], await Get<ILane>(site).CommitAsync([await new Craft(site).MessageAsync(person, "x", ("prophecy", """{"kind":"prophecy"}"""))]));
        await Assert.ThrowsAsync<JsonException>(() => Get<ConsultationLog>(site).Read(new ConsultationId(person), CancellationToken.None));
        Assert.Contains("cannot be read", (await site.VerifyAsync()).Broken, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Consultation_that_cannot_be_read_keeps_no_one_else_waiting(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var damaged = await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫")).InQueueAsync();
        Assert.Equal([Fate.Stored], await Get<ILane>(site).CommitAsync([await new Craft(site).MessageAsync(Id(damaged), "x", ("prophecy", """{"kind":"prophecy"}"""))]));
        using var patient = await (await Caller.PatientAsync(site, "咳嗽")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        await doctor.Given(patient.Id);
        Assert.Equal(1, await site.CountAsync("select count(*) from head where bucket = 'waiting'"));
        Assert.Equal(1, await site.CountAsync("select count(*) from journal where kind = 'unreadable'"));
        Assert.False(Get<Microsoft.Extensions.Hosting.IHostApplicationLifetime>(site).ApplicationStopping.IsCancellationRequested);
    }

    internal static T Get<T>(TestSite site)
        where T : notnull => site.Services.GetRequiredService<T>();

    internal static Guid Id(Caller caller) => ConsultationId.TryParse(caller.Id, out var id) ? id.Value : throw new InvalidOperationException("No consultation.");

    /// <summary>What each of them has said after the story, read past every cache.</summary>
    internal static async Task<string[][]> SaidAsync(TestSite site, IReadOnlyList<Guid> people)
    {
        using var log = new ConsultationLog(Get<FactTable>(site), Get<Lanes>(site), Get<Vault>(site), Get<Bell>(site));
        return await Task.WhenAll(people.Select(async p => (await log.Read(new ConsultationId(p), CancellationToken.None)).Lines.Skip(1).Select(l => l.Text ?? "").ToArray()));
    }

    private static async Task<Guid[]> PeopleAsync(TestSite site, int count)
    {
        var people = new List<Guid>();
        while (people.Count < count)
        {
            using var patient = await Caller.PatientAsync(site, "发烧");
            people.Add(Id(patient));
        }

        return [.. people];
    }
}
