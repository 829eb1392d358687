using Yizhen.Web.Commands;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Commands;

public sealed class StaticTests
{
    [Theory, OnBothDatabases]
    public async Task Pages_for_the_time_without_the_product_hold_danger_signs_and_every_hotline(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var site = await TestSite.StartAsync(database);
        await site.RunAsync("update campaign set name_en = 'Fever <b>line</b>'");
        var engine = Place.From(database.Connection is null ? database.Folder : null, database.Connection, null, database.Folder).ExistingEngine();
        var files = await StaticCommand.WriteAsync(Path.Combine(database.Folder, "static"), engine, CancellationToken.None);
        Assert.Equal(["danger.zh.html", "danger.en.html", "index.html"], files.Select(f => Path.GetFileName(f)));
        foreach (var file in files)
        {
            var page = await File.ReadAllTextAsync(file);
            Assert.Contains("tel:120", page, StringComparison.Ordinal);
            Assert.Contains("tel:02700000000", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>line", page, StringComparison.Ordinal);
        }
    }
}
