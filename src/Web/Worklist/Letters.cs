using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Worklist;

/// <summary>Short messages to people, each once: its id follows from what it tells, whichever node is first. Never a word about health.</summary>
internal sealed class Letters(IDbContextFactory<Database> databases, Patients patients)
{
    /// <summary>Nothing where the person left no number that a code came back from.</summary>
    /// <param name="words">By the person's language, zh or en.</param>
    /// <returns>True where it was not written before.</returns>
    public async Task<bool> Write(ConsultationId about, Guid patient, string kind, long count, Func<string, string> words, DateTimeOffset now, CancellationToken ct)
    {
        var id = FollowingId.Of(about.Value, kind, count);
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.Set<OutboxRow>().AsNoTracking().AnyAsync(o => o.Id == id, ct) || await patients.Reach(patient, ct) is not { } reach)
        {
            return false;
        }

        database.Add(Messages.Sealed(id, reach.Account, reach.Key, kind, reach.Number, words(reach.Lang), now));
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
}
