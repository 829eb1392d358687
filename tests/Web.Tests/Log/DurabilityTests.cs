using System.Data.Common;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Log;

/// <summary>An acknowledged fact is on disk: what that rests on is asked of the real connections.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task Embedded_database_flushes_each_commit_and_overwrites_what_is_deleted()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        await using var database = await ContractTests.Get<IDbContextFactory<Database>>(site).CreateDbContextAsync();
        await database.Database.OpenConnectionAsync();
        await using var ofTheLog = await ContractTests.Get<IEngine>(site).OpenAsync(CancellationToken.None);
        foreach (var connection in new[] { ofTheLog, database.Database.GetDbConnection() })
        {
            Assert.Equal("2", await AskAsync(connection, "pragma synchronous"));
            Assert.Equal("1", await AskAsync(connection, "pragma secure_delete"));
            Assert.Equal("wal", await AskAsync(connection, "pragma journal_mode"));
        }
    }

    [Fact]
    public async Task Cluster_never_cancels_a_commit_that_waits()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Postgres);
        await using var connection = await ContractTests.Get<IEngine>(site).OpenAsync(CancellationToken.None);
        var settings = new DbConnectionStringBuilder { ConnectionString = connection.ConnectionString };
        Assert.Equal("-1", settings["Cancellation Timeout"].ToString());
        Assert.NotEqual("off", await AskAsync(connection, "show synchronous_commit"));
    }

    [Fact]
    public void No_way_to_disk_takes_a_token()
    {
        var ways = new[] { typeof(ILane).GetMethod(nameof(ILane.CommitAsync)), typeof(Lanes).GetMethod(nameof(Lanes.WriteAsync)), typeof(ConsultationLog).GetMethod(nameof(ConsultationLog.Decide)) };
        Assert.All(ways, way => Assert.DoesNotContain(Assert.IsAssignableFrom<System.Reflection.MethodInfo>(way).GetParameters(), p => p.ParameterType == typeof(CancellationToken)));
    }

    [Theory, OnBothDatabases]
    public async Task Request_that_is_broken_off_leaves_its_message_stored_once_or_not_at_all(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧")).InQueueAsync();
        var messages = Enumerable.Range(0, 20).Select(n => (Path: $"{patient.Consultation}/messages/{Guid.CreateVersion7()}", Text: $"消息 {n}")).ToList();
        await Task.WhenAll(messages.Select(async (message, n) =>
        {
            using var client = site.NewPerson();
            client.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
            using var hangUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(n * 2));
            try
            {
                (await client.PutAsJsonAsync(message.Path, new MessageBody(message.Text), Faces.Json, hangUp.Token)).Dispose();
            }
            catch (OperationCanceledException)
            {
                // The person hung up; what the server did is asked below.
            }
        }));
        Assert.Null((await site.VerifyAsync()).Broken);
        foreach (var (path, text) in messages)
        {
            await patient.Put<Stored>(path, new MessageBody(text));
        }

        var said = (await ContractTests.SaidAsync(site, [ContractTests.Id(patient)]))[0];
        Assert.Equal(messages.Select(m => m.Text).Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    private static async Task<string> AskAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())?.ToString() ?? "";
    }
}
