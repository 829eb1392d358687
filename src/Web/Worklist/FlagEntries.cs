using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Storage;
using Entry = Yizhen.Rules.Worklist.Entry;

namespace Yizhen.Web.Worklist;

/// <summary>Whose flag of triage reaches no physician by itself.</summary>
internal sealed partial class Entries
{
    private static readonly List<string> Live = [.. Enum.GetValues<Bucket>().Where(b => b.IsLive()).Select(b => b.Code())];

    /// <summary>
    /// An entry for everybody whose flag nobody will decide at a desk: told to go or to stay at home, left, or ended without a word about it. Made from heads
    /// alone, so that after a crash, or on another node, it is the same entry. Where the reason is gone, so is an entry that nobody has taken: the person
    /// has asked for a doctor after all, or it was decided.
    /// </summary>
    public async Task<int> MakeForFlags(DateTimeOffset now, CancellationToken ct)
    {
        var code = Code(EntryKind.FlagLeft);
        await using var database = await databases.CreateDbContextAsync(ct);
        var all = database.Set<Head>();
        var open = database.Set<EntryRow>().Where(e => e.Kind == code && e.State != EntryRow.Done);
        await open.Where(e => e.Owner == null && all.Any(h => h.Id == e.Consultation && !h.FlagLeft)).ExecuteDeleteAsync(ct);
        // Taken, and decided elsewhere since; of somebody who waits again it stays theirs, and whoever decides first has decided.
        await open.Where(e => e.Owner != null && all.Any(h => h.Id == e.Consultation && !h.FlagLeft && !Live.Contains(h.Bucket)))
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.State, EntryRow.Done).SetProperty(e => e.Came, Code(EntryCame.NotNeeded)).SetProperty(e => e.DoneAt, now.Ms()), ct);
        var heads = await all.AsNoTracking().Where(h => h.FlagLeft && !open.Any(e => e.Consultation == h.Id)).OrderBy(h => h.ChangedAt).Take(Most).ToListAsync(ct);
        var made = 0;
        foreach (var head in heads)
        {
            var entry = Entry.Make(EntryKind.FlagLeft, (Urgency)(head.Urgency ?? (int)Urgency.Routine), now.AddMinutes(reporting.Undecided.WithinMinutes), now.AddMinutes(reporting.Undecided.RemindAfterMinutes));
            made += await Add(Row(entry, FollowingId.Of(head.Id, code, head.Version), head.Id, head.Campaign, head.Organisation, Reporter, now), ct) ? 1 : 0;
        }

        return made;
    }
}
