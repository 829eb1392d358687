using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Information;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Storage;

/// <summary>
/// The embedded database has one writer. Whoever is inside a transaction holds the file's lock, and must not wait for a turn that another has who waits
/// for that lock: both stood for fifteen seconds, and everybody's write with them.
/// </summary>
public sealed class OneWriterTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    [Theory, OnBothDatabases]
    public async Task Save_inside_a_transaction_does_not_wait_for_the_turn_of_one_who_waits_for_that_transaction(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var databases = site.Services.GetRequiredService<IDbContextFactory<Database>>();
        await using var database = await databases.CreateDbContextAsync();
        await using var transaction = await database.Database.BeginTransactionAsync();
        await database.Database.ExecuteSqlAsync($"update campaign set state = state where slug = {"wuhan"}");
        using (await site.Services.GetRequiredService<IEngine>().WriterAsync(CancellationToken.None))
        {
            database.Add(Line("inside"));
            await database.SaveChangesAsync().WaitAsync(AtOnce);
            await transaction.CommitAsync().WaitAsync(AtOnce);
        }

        // And the turn is neither given away nor kept.
        await using var after = await databases.CreateDbContextAsync();
        after.Add(Line("after"));
        await after.SaveChangesAsync().WaitAsync(AtOnce);
        using var turn = await site.Services.GetRequiredService<IEngine>().WriterAsync(CancellationToken.None).WaitAsync(AtOnce);
        Assert.Equal(2, await site.CountAsync("select count(*) from journal where kind in ('inside', 'after')"));
    }

    [Theory, OnBothDatabases]
    public async Task List_of_a_notice_is_written_while_a_consultation_is(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var clock = TestClock.InJanuary2020();
        await using var site = await Information.NoticeScene.StartStillAsync(database, clock);
        using var waits = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        await Information.NoticeScene.SendAsync(site, clock);
        var choose = site.Services.GetRequiredService<ChooseNotice>();
        using (await site.Services.GetRequiredService<IEngine>().WriterAsync(CancellationToken.None))
        {
            while (await choose.Go(clock.GetUtcNow(), CancellationToken.None).WaitAsync(AtOnce))
            {
            }
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from notice_to"));
    }

    private static JournalRow Line(string kind) => new() { Pool = Duties.Pool, At = 0, Kind = kind, Body = "{}" };
}
