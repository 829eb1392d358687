using System.Security.Cryptography;
using System.Text;
using Yizhen.Web.Commands;
using Yizhen.Web.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Commands;

/// <summary>What was acknowledged comes back from a backup; who was erased does not; and what is missing is seen from the anchors.</summary>
public sealed class BackupTests
{
    private const string Canary = "canary-backup-鹤";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory, OnBothDatabases]
    public async Task Backup_taken_while_people_write_comes_back_whole_without_those_who_were_erased_since(DatabaseKind kind)
    {
        await using var first = await TestDatabase.CreateAsync(kind);
        await using var second = await TestDatabase.CreateAsync(kind);
        var (backup, anchors) = (Path.Combine(first.Folder, "backup"), Path.Combine(first.Folder, "anchors"));
        var (kept, erased, late) = ("", "", "");
        string token;
        await using (var site = await TestSite.StartAsync(first))
        {
            using var staying = await (await Caller.PatientAsync(site, "留下来的人")).InQueueAsync();
            using var leaving = await (await Caller.PatientAsync(site, $"{Canary} 病情")).InQueueAsync();
            (kept, erased, token) = (staying.Id, leaving.Id, staying.Token);
            using var stop = new CancellationTokenSource();
            var writing = WriteAsync(staying, stop.Token);
            var made = await BackupSet.MakeAsync(PlaceOf(first).ExistingEngine(), PlaceOf(first), backup, TimeProvider.System.GetUtcNow(), CancellationToken.None);
            await stop.CancelAsync();
            await writing;
            Assert.Equal(2, made.Consultations);

            await leaving.Delete<System.Text.Json.JsonElement>("/api/v1/me");
            using var coming = await Caller.PatientAsync(site, "备份之后来的人");
            late = coming.Id;
            Assert.True(await Anchors.AppendAsync(await OpenAsync(PlaceOf(first)), anchors, TimeProvider.System.GetUtcNow(), CancellationToken.None) >= 3);
            Assert.Null((await Anchors.VerifyAsync(PlaceOf(first).ExistingEngine(), null, anchors, CancellationToken.None)).Missing);
        }

        Directory.CreateDirectory(Path.Combine(second.Folder, "keys"));
        File.Copy(Path.Combine(first.Folder, "keys", "deployment.key"), Path.Combine(second.Folder, "keys", "deployment.key"));
        var refused = await Assert.ThrowsAsync<StorageException>(() => RestoreCommand.RunAsync(PlaceOf(second), backup, null, null, Now, CancellationToken.None));
        Assert.Contains("erasure list is missing", refused.Message, StringComparison.Ordinal);
        var list = Path.Combine(first.Folder, "erasures.log");
        var restored = await RestoreCommand.RunAsync(PlaceOf(second), backup, list, anchors, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Assert.Equal((2, 1), (restored.Consultations, restored.ErasedAgain));
        var occupied = await Assert.ThrowsAsync<StorageException>(() => RestoreCommand.RunAsync(PlaceOf(second), backup, list, null, Now, CancellationToken.None));
        Assert.Contains("empty", occupied.Message, StringComparison.Ordinal);

        var found = await Anchors.VerifyAsync(PlaceOf(second).ExistingEngine(), null, anchors, CancellationToken.None);
        Assert.Null(found.Missing);
        Assert.True(found.CutOffByRestore > 0, "The restore took back what came after the backup.");
        await using (var site = await TestSite.StartAsync(second))
        {
            Assert.Null((await site.VerifyAsync()).Broken);
            var ledger = await site.LedgerAsync();
            Assert.True(ledger.Holds);
            Assert.Equal((2, 1), (ledger.Opened, ledger.Left));
            using var back = new Caller(site);
            back.Holds(token);
            Assert.Equal("留下来的人", (await back.Get<ConsultationView>($"/api/v1/consultations/{kept}")).Story);
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await back.Refused(HttpMethod.Get, $"/api/v1/consultations/{late}")).Status);
            await back.Put<Stored>($"/api/v1/consultations/{kept}/messages/{Guid.CreateVersion7()}", new MessageBody("恢复之后还能写"));
            Assert.Empty(await site.RowsHoldingAsync(Canary));
            Assert.NotEmpty(erased);
        }

        foreach (var file in Directory.EnumerateFiles(second.Folder, "yizhen.db*"))
        {
            Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary)) < 0, $"{file} holds who was erased.");
        }
    }

    [Theory, OnBothDatabases]
    public async Task Anchors_see_a_log_that_was_cut_off_and_a_consultation_that_is_gone(DatabaseKind kind)
    {
        foreach (var cut in new[] { "delete from fact where version = (select max(version) from fact)", "delete from fact", "update fact set hash = digest where version = 1" })
        {
            await using var database = await TestDatabase.CreateAsync(kind);
            var anchors = Path.Combine(database.Folder, "anchors");
            await using var site = await TestSite.StartAsync(database);
            using var patient = await (await Caller.PatientAsync(site, "发烧")).InQueueAsync();
            var deployment = await OpenAsync(PlaceOf(database));
            await Anchors.AppendAsync(deployment, anchors, TimeProvider.System.GetUtcNow(), CancellationToken.None);
            await site.RunAsync(cut);
            var found = await Anchors.VerifyAsync(deployment.Engine, deployment.Vault, anchors, CancellationToken.None);
            Assert.Equal(cut.StartsWith("update", StringComparison.Ordinal), found.Missing is null);
        }
    }

    [Fact]
    public async Task Anchors_that_were_changed_are_refused_and_a_block_that_a_crash_cut_off_does_not_count()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var anchors = Path.Combine(database.Folder, "anchors");
        await using var site = await TestSite.StartAsync(database);
        using var patient = await (await Caller.PatientAsync(site, "发烧")).InQueueAsync();
        var deployment = await OpenAsync(PlaceOf(database));
        await Anchors.AppendAsync(deployment, anchors, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var file = Path.Combine(anchors, AnchorFile.Name);
        await File.AppendAllTextAsync(file, "anchor 2 cut off");
        await Anchors.AppendAsync(deployment, anchors, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Assert.Equal(2, (await Anchors.VerifyAsync(deployment.Engine, deployment.Vault, anchors, CancellationToken.None)).Blocks);

        var whole = await File.ReadAllTextAsync(file);
        foreach (var changed in new[] { whole.Replace(" 1 ", " 2 ", StringComparison.Ordinal), whole[whole.IndexOf("anchor 2", StringComparison.Ordinal)..] })
        {
            await File.WriteAllTextAsync(file, changed);
            await Assert.ThrowsAsync<StorageException>(() => AnchorFile.ReadAsync(anchors, CancellationToken.None));
        }

        Directory.Delete(anchors, recursive: true);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AnchorFile.AppendAsync(anchors, other, TimeProvider.System.GetUtcNow(), null, [], CancellationToken.None);
        var forged = await Assert.ThrowsAsync<StorageException>(() => Anchors.VerifyAsync(deployment.Engine, deployment.Vault, anchors, CancellationToken.None));
        Assert.Contains("another key", forged.Message, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Restore_that_broke_off_is_never_served(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using (var site = await TestSite.StartAsync(database))
        {
            await site.RunAsync(Scripts.MarkPending);
        }

        var told = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(PlaceOf(database)));
        Assert.Contains("restore", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_backup_and_a_list_that_is_too_old_are_refused()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var backup = Path.Combine(database.Folder, "backup");
        await using (var site = await TestSite.StartAsync(database))
        {
            using var patient = await Caller.PatientAsync(site, "发烧");
            await patient.Delete<System.Text.Json.JsonElement>("/api/v1/me");
            await BackupSet.MakeAsync(PlaceOf(database).ExistingEngine(), PlaceOf(database), backup, Now, CancellationToken.None);
            await Assert.ThrowsAsync<StorageException>(() => BackupSet.MakeAsync(PlaceOf(database).ExistingEngine(), PlaceOf(database), backup, Now, CancellationToken.None));
        }

        var (empty, elsewhere) = (Path.Combine(database.Folder, "empty.log"), Place.From(Path.Combine(database.Folder, "new"), null, null, null));
        await File.WriteAllTextAsync(empty, "");
        var old = await Assert.ThrowsAsync<StorageException>(() => RestoreCommand.RunAsync(elsewhere, backup, empty, null, Now, CancellationToken.None));
        Assert.Contains("older than the backup", old.Message, StringComparison.Ordinal);
        await File.AppendAllTextAsync(Path.Combine(backup, Place.DatabaseFile), "x");
        var damaged = await Assert.ThrowsAsync<StorageException>(() => RestoreCommand.RunAsync(elsewhere, backup, Path.Combine(database.Folder, "erasures.log"), null, Now, CancellationToken.None));
        Assert.Contains("damaged", damaged.Message, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(Caller patient, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await patient.Put<Stored>($"{patient.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody("还在写"));
        }
    }

    private static Place PlaceOf(TestDatabase database) => Place.From(database.Connection is null ? database.Folder : null, database.Connection, null, database.Folder);

    private static Task<Deployment> OpenAsync(Place place) => Deployment.OpenAsync(place, DeploymentKind.Demo, make: false, "", Now, CancellationToken.None);
}
