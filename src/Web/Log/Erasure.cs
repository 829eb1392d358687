using System.Text;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>What an erasure takes from the plain rows of a slice; each slice that keeps some registers its own.</summary>
internal sealed record ErasedWith(Func<Database, Guid, IReadOnlyList<Guid>, CancellationToken, Task> Delete);

/// <summary>
/// Forgets a person. First the key ids go to the erasure list outside the database, flushed; then each consultation is closed, gets its last
/// fact and loses its keys in one transaction; then the plain rows; then no byte may stay in a file of the database's own.
/// Backups run out after thirty days (policy): only then is it complete, and the page says so. Safe to repeat after a crash.
/// </summary>
internal sealed class Erasure(IEngine engine, Deployment deployment, IDbContextFactory<Database> databases, FactTable facts, ConsultationLog log, Unreadable unreadable, IEnumerable<ErasedWith> beside)
{
    /// <param name="patients">The people of this account: all of their consultations go.</param>
    /// <returns>How many consultations were erased.</returns>
    public async Task<int> EraseAsync(Guid account, IReadOnlyList<Guid> patients, string actor, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var mine = patients.ToList();
        var consultations = await database.Set<Head>().AsNoTracking().Where(h => h.Patient != null && mine.Contains(h.Patient.Value)).Select(h => h.Id).ToListAsync(ct);
        return await EraseAsync(database, account, consultations, actor, now, ct);
    }

    /// <summary>The time for which these may be kept is over; what else the person has here stays.</summary>
    public async Task<int> EndAsync(IReadOnlyList<Guid> consultations, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await EraseAsync(database, Guid.Empty, [.. consultations], "system", now, ct);
    }

    private async Task<int> EraseAsync(Database database, Guid account, List<Guid> consultations, string actor, DateTimeOffset now, CancellationToken ct)
    {
        var keys = new List<(Guid Consultation, Guid Key)>();
        foreach (var consultation in consultations)
        {
            keys.AddRange((await facts.KeysAsync(consultation, ct)).Select(k => (consultation, k.Id)));
        }

        await ListAsync(account, keys, now, ct);
        await ForgetAsync(database, account, consultations, actor, now, ct);
        return consultations.Count;
    }

    /// <summary>A restore brought back who had been erased: everything of the account goes again, before anything is served.</summary>
    /// <param name="listed">Consultations that the erasure list names; those that the backup does not know are passed over.</param>
    public async Task<int> EraseAgainAsync(Guid account, IReadOnlyCollection<Guid> listed, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var consultations = await database.Set<Head>().AsNoTracking().Where(h => listed.Contains(h.Id)).Select(h => h.Id).ToListAsync(ct);
        await ForgetAsync(database, account, consultations, "system", now, ct);
        return consultations.Count;
    }

    private async Task ForgetAsync(Database database, Guid account, List<Guid> consultations, string actor, DateTimeOffset now, CancellationToken ct)
    {
        var heads = await database.Set<Head>().AsNoTracking().Where(h => consultations.Contains(h.Id)).ToListAsync(ct);
        foreach (var head in heads)
        {
            await EachAsync(head, actor, now);
        }

        foreach (var rows in beside)
        {
            await rows.Delete(database, account, consultations, ct);
        }

        await engine.ScrubAsync(ct);
    }

    /// <summary>Each by itself: one that cannot be read is erased unread, and where even that fails it is told and keeps nobody else's.</summary>
    private async Task EachAsync(Head head, string actor, DateTimeOffset now)
    {
        var id = new ConsultationId(head.Id);
        try
        {
            if ((await log.Decide(id, actor, now, c => c.Erase())).Is(out _, out _))
            {
                return;
            }
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            await unreadable.Tell(id, fault, now);
        }

        try
        {
            await log.EraseUnread(head, actor, now);
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            await unreadable.Tell(id, fault, now);
        }
    }

    /// <summary>One line a key: time, account, consultation, key. A restore applies the whole list before it serves.</summary>
    private async Task ListAsync(Guid account, List<(Guid Consultation, Guid Key)> keys, DateTimeOffset now, CancellationToken ct)
    {
        Directory.CreateDirectory(deployment.Place.Folder);
        await using var stream = new FileStream(deployment.Place.ErasureList, FileMode.Append, FileAccess.Write, FileShare.Read);
        var lines = keys.Select(k => $"{now:O} {account:N} {k.Consultation:N} {k.Key:N}\n").DefaultIfEmpty($"{now:O} {account:N} - -\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(lines)), ct);
        stream.Flush(flushToDisk: true);
    }
}
