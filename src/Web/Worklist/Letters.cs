using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Worklist;

/// <summary>Short messages to people, each once: its id follows from what it tells, whichever node is first. Never a word about health.</summary>
internal sealed class Letters(IDbContextFactory<Database> databases, Patients patients, ConsultationLog log, Countries countries, Unreadable unreadable)
{
    /// <summary>Nothing where the person left no number that a code came back from.</summary>
    /// <param name="words">By the person's language, zh or en.</param>
    /// <returns>True where it was not written before.</returns>
    public Task<bool> Write(ConsultationId about, Guid patient, string kind, long count, Func<string, string> words, DateTimeOffset now, CancellationToken ct) =>
        Write(about, patient, kind, count, lang => Task.FromResult(words(lang)), now, ct);

    /// <summary>As above, for whoever has not read the consultation: it is read for the ambulance where the person is, and only where there is something to write.</summary>
    /// <param name="words">By the person's language and the ambulance.</param>
    public Task<bool> Write(ConsultationId about, Guid patient, string kind, long count, Func<string, string, string> words, DateTimeOffset now, CancellationToken ct) =>
        Write(about, patient, kind, count, async lang => words(lang, await Ambulance(about, now, ct)), now, ct);

    private async Task<bool> Write(ConsultationId about, Guid patient, string kind, long count, Func<string, Task<string>> words, DateTimeOffset now, CancellationToken ct)
    {
        var id = FollowingId.Of(about.Value, kind, count);
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.Set<OutboxRow>().AsNoTracking().AnyAsync(o => o.Id == id, ct) || await patients.Reach(patient, ct) is not { } reach)
        {
            return false;
        }

        database.Add(Messages.Sealed(id, reach.Account, reach.Key, kind, reach.Number, await words(reach.Lang), now));
        try
        {
            await database.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException) when (!ct.IsCancellationRequested)
        {
            // Another node was faster; or the database is away, and the decision after this says so.
            database.ChangeTracker.Clear();
            return false;
        }
    }

    /// <summary>One that cannot be read has its message all the same, and is told on the board.</summary>
    private async Task<string> Ambulance(ConsultationId about, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            var place = (await log.Read(about, ct)).Place;
            return countries.Ambulance(place?.Region, place?.Country);
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            await unreadable.Tell(about, fault, now);
            return countries.Ambulance(null, null);
        }
    }
}
