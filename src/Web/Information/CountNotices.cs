using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Information;

/// <summary>A notice and what became of it so far.</summary>
/// <param name="Choosing">It is still being written down whom it is for; <paramref name="Chosen"/> grows.</param>
/// <param name="Chosen">For how many it is, as far as that is written down.</param>
/// <param name="Due">Not told yet.</param>
/// <param name="Told">It stands on their page: counted from the headers of the log.</param>
/// <param name="Seen">Of them, said that they have read it.</param>
/// <param name="MessagesDue">Told, and the message is still to go out, or is on its way.</param>
/// <param name="Sent">The gateway took the message.</param>
/// <param name="Failed">No message got through: the worklist has them.</param>
/// <param name="PageOnly">No verified number.</param>
/// <param name="Gone">Erased, or cannot be read.</param>
/// <param name="Stopped">The notice was stopped before their page, or their message.</param>
/// <param name="Entries">Of the worklist, of this notice.</param>
/// <param name="EntriesOpen">Of them, still to be done.</param>
public sealed record NoticeProgress(
    string Notice, DateTimeOffset At, string By, BothWays Text, string Why, string? Campaign, bool Waiting, string? AdvisedSince, ImmutableArray<string> Dispositions, DateTimeOffset? StoppedAt,
    int Counted, bool Choosing, int Chosen, int Due, int Told, int Seen, int MessagesDue, int Sent, int Failed, int PageOnly, int Gone, int Stopped, int Entries, int EntriesOpen);

/// <summary>What became of the notices of an organisation, the newest first: from rows and from headers, nothing opened.</summary>
internal sealed class CountNotices(IDbContextFactory<Database> databases, Advised advised)
{
    private const int Most = 20;

    public async Task<ImmutableArray<NoticeProgress>> All(Subject who, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var notices = await database.Set<NoticeRow>().AsNoTracking().Where(n => n.Organisation == who.Organisation).OrderByDescending(n => n.Seq).Take(Most).ToListAsync(ct);
        if (notices.Count == 0)
        {
            return [];
        }

        var ids = notices.Select(n => n.Id).ToList();
        var states = (await database.Set<NoticeToRow>().Where(t => ids.Contains(t.Notice)).GroupBy(t => new { t.Notice, t.State }).Select(g => new { g.Key.Notice, g.Key.State, Count = g.Count() }).ToListAsync(ct))
            .ToDictionary(g => (g.Notice, g.State), g => g.Count);
        var entries = await database.Set<EntryRow>().AsNoTracking().Where(e => e.Kind == Messages.Notice && e.Organisation == who.Organisation).ToListAsync(ct);
        var told = await advised.NoticesAsync(ct);
        return [.. notices.Select(Progress)];

        NoticeProgress Progress(NoticeRow n)
        {
            var own = entries.Where(e => e.Id == FollowingId.Of(e.Consultation, Messages.Notice, n.Seq)).ToList();
            var said = told.GetValueOrDefault(n.Id) ?? new NoticeTold(0, 0);
            return new NoticeProgress(
                Rules.Consultations.Base32.Write(n.Id), n.At.Utc(), n.Name, new BothWays(n.TextZh, n.TextEn), n.Why, n.Campaign, n.Waiting, n.AdvisedSince, [.. n.Dispositions.Split(',', StringSplitOptions.RemoveEmptyEntries)], n.StoppedAt?.Utc(),
                n.Counted, n.WholeAt is null, n.Chosen, In(NoticeToRow.Due), said.Told, said.Seen, In(NoticeToRow.Told) + In(NoticeToRow.Handed), In(NoticeToRow.Sent), In(NoticeToRow.Failed), In(NoticeToRow.Page), In(NoticeToRow.Gone), In(NoticeToRow.Stopped),
                own.Count, own.Count(e => e.State != EntryRow.Done));

            int In(string state) => states.GetValueOrDefault((n.Id, state));
        }
    }
}
