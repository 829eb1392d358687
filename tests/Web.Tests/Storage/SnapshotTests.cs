using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Storage;

/// <summary>Whoever reads the whole log reads one moment of it, and holds nobody up who writes.</summary>
public sealed class SnapshotTests
{
    [Theory, OnBothDatabases]
    public async Task Snapshot_keeps_its_moment_while_others_write(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var engine = site.Services.GetRequiredService<IEngine>();
        await using var connection = await engine.OpenAsync(CancellationToken.None);
        await using var snapshot = await engine.SnapshotAsync(connection, CancellationToken.None);
        var before = await State();
        await site.RunAsync("update campaign set state = 'closed' where slug = 'wuhan'").WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(before, await State());
        Assert.Equal(1, await site.CountAsync("select count(*) from campaign where slug = 'wuhan' and state = 'closed'"));

        async Task<object?> State()
        {
            await using var command = FactTable.In(snapshot, "select state from campaign where slug = 'wuhan'");
            return await command.ExecuteScalarAsync();
        }
    }
}
