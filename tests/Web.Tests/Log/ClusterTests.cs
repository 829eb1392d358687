using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Log;

/// <summary>Two nodes on one PostgreSQL: what is stored at one is seen at the other at once, and either leads when the other stops.</summary>
public sealed class ClusterTests
{
    /// <summary>Far below the five seconds after which a reader looks by itself.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Message_stored_at_one_node_reaches_a_stream_at_the_other_at_once()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await using var one = await TestSite.StartAsync(database);
        await using var two = await TestSite.StartAsync(database);
        using var patient = await (await Caller.PatientAsync(one, "发烧")).InQueueAsync();
        using var elsewhere = new Caller(two);
        elsewhere.Holds(patient.Token);
        await elsewhere.Get<ConsultationView>(patient.Consultation);

        using var stream = await elsewhere.Stream($"{patient.Consultation}/events");
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await UntilAsync(reader, "\"version\":");
        for (var n = 0; n < 5; n++)
        {
            var began = Stopwatch.GetTimestamp();
            await patient.Put<Stored>($"{patient.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody($"第 {n} 句"));
            await UntilAsync(reader, $"第 {n} 句");
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, AtOnce);
        }
    }

    [Fact]
    public async Task Whoever_has_the_page_open_at_another_node_gets_no_message_and_gets_it_after_closing()
    {
        var clock = TestClock.InJanuary2020();
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await using var one = await TestSite.StartAsync(database, clock);
        await using var two = await TestSite.StartAsync(database, clock);
        using var patient = await SilenceTests.Reachable(one);
        using var elsewhere = new Caller(two);
        elsewhere.Holds(patient.Token);
        using (var stream = await elsewhere.Stream($"{patient.Consultation}/events"))
        using (var reader = new StreamReader(await stream.Content.ReadAsStreamAsync()))
        {
            await UntilAsync(reader, "\"version\":");
            using var doctor = await Caller.DoctorAsync(one);
            await doctor.Given(patient.Id);
            await SilenceTests.MoveAsync(clock, doctor, TimeSpan.FromSeconds(20));
            Assert.Equal(0, await SilenceTests.Told(one, "turn"));
        }

        await SilenceTests.UntilAsync(async () => await SilenceTests.Told(one, "turn") == 1);
    }

    [Fact]
    public async Task Whoever_waits_with_the_page_open_at_another_node_is_asked_there_and_by_no_message()
    {
        var clock = TestClock.InJanuary2020();
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await using var one = await TestSite.StartAsync(database, clock);
        await using var two = await TestSite.StartAsync(database, clock);
        using var patient = await SilenceTests.Reachable(one);
        using var elsewhere = new Caller(two);
        elsewhere.Holds(patient.Token);
        using var stream = await elsewhere.Stream($"{patient.Consultation}/events");
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await UntilAsync(reader, "\"version\":");
        clock.Advance(TimeSpan.FromHours(2));
        await RecheckTests.LookAsync(one, clock);
        await SilenceTests.UntilAsync(async () => await one.CountAsync("select count(*) from fact where kind = 'check_asked'") == 1);
        Assert.Empty(await RecheckTests.OutboxAsync(one, "recheck"));
    }

    [Fact]
    public async Task Dispatch_is_taken_over_when_its_node_stops_and_nobody_is_given_out_twice()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var one = await TestSite.StartAsync(database);
        await using var two = await TestSite.StartAsync(database);
        using var doctor = await Caller.DoctorAsync(two);
        using var first = await (await Caller.PatientAsync(two, "发烧")).InQueueAsync();
        Assert.Equal(1, (await doctor.Given(first.Id)).Epoch);

        await one.DisposeAsync();
        using var second = await (await Caller.PatientAsync(two, "咳嗽")).InQueueAsync();
        Assert.Equal(1, (await doctor.Given(second.Id)).Epoch);
        Assert.Equal(1, (await first.Look()).Epoch);
        Assert.True(await two.CountAsync("select epoch from pool where name = 'light'") >= 2, "The second leader has a term of its own.");
        Assert.True((await two.LedgerAsync()).Holds);
    }

    [Fact]
    public async Task Connections_that_the_server_cuts_stop_no_loop_and_the_queue_goes_on()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await using var site = await TestSite.StartAsync(database);
        using var doctor = await Caller.DoctorAsync(site);
        var stopping = site.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await using (var server = new NpgsqlConnection($"{database.Connection};Pooling=false"))
        {
            await server.OpenAsync();
            for (var cut = 0; cut < 40; cut++)
            {
                await using var command = server.CreateCommand();
                command.CommandText = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid(); select pg_sleep(0.05)";
                await command.ExecuteNonQueryAsync();
            }
        }

        Assert.False(stopping.IsCancellationRequested, "A loop that fails over a cut connection takes the whole node with it.");

        // Whoever meets a connection that was cut is told 503, and asks again as the page says.
        using var patient = await AgainAsync(() => Caller.PatientAsync(site, "发烧"));
        await AgainAsync(patient.InQueueAsync);
        await AgainAsync(() => doctor.Given(patient.Id));
        Assert.True((await site.LedgerAsync()).Holds);
    }

    private static async Task<T> AgainAsync<T>(Func<Task<T>> step)
    {
        for (var left = 50; ; left--)
        {
            try
            {
                return await step();
            }
            catch (Xunit.Sdk.XunitException away) when (left > 0 && away.Message.Contains(": 503 ", StringComparison.Ordinal))
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task UntilAsync(StreamReader reader, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The stream ended before {text}.");
    }
}
