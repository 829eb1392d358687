using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Storage;
using Entry = Yizhen.Rules.Worklist.Entry;

namespace Yizhen.Web.Worklist;

/// <summary>Who has left without help and is to be contacted.</summary>
internal sealed partial class Entries
{
    private static readonly string Left = Bucket.Left.Code();
    private static readonly string Waits = Bucket.Waiting.Code();
    private static readonly string Promised = Bucket.Promised.Code();
    private static readonly string Talks = Bucket.InConsultation.Code();

    /// <summary>
    /// An entry for everybody who has left and is to be contacted, due when the log says. Made from heads alone, each time from the due time itself: after a
    /// crash, on another node, or when one of them cannot be read, it is the same entry.
    /// </summary>
    public async Task<int> MakeForWhoLeft(DateTimeOffset now, CancellationToken ct)
    {
        var code = Code(EntryKind.LeftUnhelped);
        await using var database = await databases.CreateDbContextAsync(ct);
        var open = database.Set<EntryRow>().Where(e => e.Kind == code && e.State != EntryRow.Done);
        var heads = await database.Set<Head>().AsNoTracking().Where(h => h.Bucket == Left && h.DueAt != null && !open.Any(e => e.Consultation == h.Id)).OrderBy(h => h.DueAt).Take(Most).ToListAsync(ct);
        var made = 0;
        foreach (var head in heads)
        {
            var due = head.DueAt ?? head.ChangedAt;
            var entry = Entry.Make(EntryKind.LeftUnhelped, (Urgency)(head.Urgency ?? (int)Urgency.Routine), due.Utc());
            made += await Add(Row(entry, FollowingId.Of(head.Id, code, due), head.Id, head.Campaign, head.Organisation, Operators, now), ct) ? 1 : 0;
        }

        return made;
    }

    /// <summary>An entry for every promise whose time has passed without an answer: with somebody by now, or still with nobody. Made from heads alone, and once for each time that was promised.</summary>
    public async Task<int> MakeForMissedPromises(DateTimeOffset now, CancellationToken ct)
    {
        var (code, ms) = (Code(EntryKind.PromiseMissed), now.Ms());
        await using var database = await databases.CreateDbContextAsync(ct);
        var known = database.Set<EntryRow>().Where(e => e.Kind == code);
        var heads = await database.Set<Head>().AsNoTracking()
            .Where(h => h.PromisedBy <= ms && h.PromiseKeptAt == null && (h.Bucket == Promised || h.Bucket == Talks) && !known.Any(e => e.Consultation == h.Id && e.MadeAt >= h.PromisedBy))
            .OrderBy(h => h.PromisedBy).Take(Most).ToListAsync(ct);
        var made = 0;
        foreach (var head in heads)
        {
            var by = head.PromisedBy ?? ms;
            var entry = Entry.Make(EntryKind.PromiseMissed, (Urgency)(head.Urgency ?? (int)Urgency.Routine), by.Utc().AddMilliseconds(surge.Promise.MissedWithinMs));
            made += await Add(Row(entry, FollowingId.Of(head.Id, code, by), head.Id, head.Campaign, head.Organisation, Staff, now), ct) ? 1 : 0;
        }

        return made;
    }

    /// <summary>An entry for whoever waited when their campaign was paused and still waits at the time that was promised. Once for each pause.</summary>
    public async Task<int> MakeForMissedPauses(DateTimeOffset now, CancellationToken ct)
    {
        var (code, ms, oldest) = (Code(EntryKind.PromiseMissed), now.Ms(), now.AddDays(-1).Ms());
        await using var database = await databases.CreateDbContextAsync(ct);
        var made = 0;
        foreach (var pause in await database.Set<PauseRow>().AsNoTracking().Where(p => p.AnswerBy <= ms && p.AnswerBy > oldest).OrderBy(p => p.AnswerBy).ToListAsync(ct))
        {
            var heads = await database.Set<Head>().AsNoTracking().Where(h => h.Campaign == pause.Campaign && h.Bucket == Waits && h.FirstAssignedAt == null && h.ArrivedAt <= pause.At).OrderBy(h => h.ArrivedAt).Take(Most).ToListAsync(ct);
            foreach (var head in heads)
            {
                var entry = Entry.Make(EntryKind.PromiseMissed, (Urgency)(head.Urgency ?? (int)Urgency.Routine), pause.AnswerBy.Utc().AddMilliseconds(surge.Promise.MissedWithinMs));
                made += await Add(Row(entry, FollowingId.Of(head.Id, code, pause.AnswerBy), head.Id, head.Campaign, head.Organisation, Staff, now), ct) ? 1 : 0;
            }
        }

        return made;
    }
}
