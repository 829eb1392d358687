using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Storage.Sqlite;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Storage;

/// <summary>
/// The embedded database has one writer. A transaction that began without the turn held the file's lock and waited for a turn that another had who waited
/// for that lock: both stood for fifteen seconds, and everybody's write with them.
/// </summary>
public sealed class OneWriterTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    [Theory, OnBothDatabases]
    public async Task Save_inside_a_transaction_takes_no_second_turn_and_gives_none_away(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var (databases, engine) = (site.Services.GetRequiredService<IDbContextFactory<Database>>(), site.Services.GetRequiredService<IEngine>());
        await using var database = await databases.CreateDbContextAsync();
        using (await engine.WriterAsync(CancellationToken.None))
        {
            await using var transaction = await database.Database.BeginTransactionAsync();
            await database.Database.ExecuteSqlAsync($"update campaign set state = state where slug = {"wuhan"}");
            database.Add(Line("inside"));
            await database.SaveChangesAsync().WaitAsync(AtOnce);
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            await (kind is DatabaseKind.Sqlite ? Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.WriterAsync(soon.Token)) : Task.CompletedTask);
            await transaction.CommitAsync().WaitAsync(AtOnce);
        }

        database.Add(Line("after"));
        await database.SaveChangesAsync().WaitAsync(AtOnce);
        using var turn = await engine.WriterAsync(CancellationToken.None).WaitAsync(AtOnce);
        Assert.Equal(2, await site.CountAsync("select count(*) from journal where kind in ('inside', 'after')"));
    }

    [Fact]
    public async Task Transaction_that_begins_without_the_turn_is_a_fault_of_ours()
    {
        var folder = Directory.CreateTempSubdirectory("yizhen-turn-");
        try
        {
            using var engine = new SqliteEngine(Path.Combine(folder.FullName, "turn.db"));
            var options = new DbContextOptionsBuilder();
            engine.Configure(options);
            await using var database = new DbContext(options.Options);
            await Assert.ThrowsAsync<InvalidOperationException>(() => database.Database.BeginTransactionAsync());
            using var turn = await engine.WriterAsync(CancellationToken.None);
            await using var transaction = await database.Database.BeginTransactionAsync();
            await transaction.CommitAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JournalRow Line(string kind) => new() { Pool = Duties.Pool, At = 0, Kind = kind, Body = "{}" };
}
