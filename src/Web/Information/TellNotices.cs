using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Information;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Information;

/// <summary>
/// Tells everybody to whom a notice was sent, the most urgent first: the fact that their page shows, an entry of the worklist for whoever is at risk, and
/// then <see cref="NoticeLetters"/>. Any node may turn this. Each step counts once by what it is about, and the row is marked after it: what a restart
/// has interrupted is done again, and changes nothing that was done.
/// </summary>
internal sealed class TellNotices(
    IDbContextFactory<Database> databases, ChooseNotice choose, ConsultationLog log, Entries entries, Patients patients, NoticeLetters letters, RecheckPolicy policy, NoticeRules rules, TimeProvider clock, Heartbeats heartbeats, Unreadable unreadable) : BackgroundService
{
    /// <summary>So many at a time: they share a flush.</summary>
    private const int Together = 8;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    /// <summary>One bounded step: while it is not written down yet whom a notice is for, that; then a batch of people and of messages.</summary>
    /// <returns>Whether there is more to do at once, how many were told, and how many messages were handed over.</returns>
    public async Task<(bool More, int Told, int Handed)> Look(DateTimeOffset now, CancellationToken ct)
    {
        if (await choose.Go(now, ct))
        {
            return (true, 0, 0);
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<NoticeToRow>().AsNoTracking().Where(t => t.State == NoticeToRow.Due).OrderBy(t => t.Urgency).ThenBy(t => t.ChangedAt).ThenBy(t => t.Consultation).Take(rules.Batch).ToListAsync(ct);
        var notices = await NoticeLetters.Notices(database, rows, ct);
        foreach (var notice in notices.Keys)
        {
            await SendNotice.Begin(database, notice);
        }

        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = ct }, async (row, stop) => await Tell(row, notices[row.Notice], now, stop));
        return (rows.Count == rules.Batch, rows.Count, await letters.Look(now, ct));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Every;
            try
            {
                var began = clock.GetTimestamp();
                var (more, _, _) = await Look(clock.GetUtcNow(), stoppingToken);
                heartbeats.Beat(nameof(TellNotices), clock.GetUtcNow());

                // As long as the step took: a notice to many takes half of a lane at most, and whoever writes meanwhile is not behind all of it.
                pause = more ? clock.GetElapsedTime(began) : Every;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                heartbeats.Failed(nameof(TellNotices), broken.GetType().Name, clock.GetUtcNow());
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Tell(NoticeToRow row, NoticeRow notice, DateTimeOffset now, CancellationToken ct)
    {
        var id = new ConsultationId(row.Consultation);
        try
        {
            var state = await log.Read(id, ct);
            if (state.IsErased || state.Opening is not { } opening)
            {
                await NoticeLetters.Mark(databases, row, NoticeToRow.Gone, now);
                return;
            }

            // Only while the notice goes on, which is looked at where the fact is stored: a stop holds back who is not told yet, whoever has begun with them.
            var told = await log.Decide(id, notice.Actor, now, c => c.GiveNotice(notice.Id, new Wording(notice.TextZh, notice.TextEn)), new Beside(SendNotice.Goes(notice.Id)));
            if (told.IsRefused(out var why))
            {
                // Stopped, its row says so already; another no is about the person.
                await (why == Refusal.Conflict ? Task.CompletedTask : NoticeLetters.Mark(databases, row, NoticeToRow.Gone, now));
                return;
            }

            var reached = await patients.Reach(opening.Patient, ct) is not null;
            if (state.IsAtRisk(policy) || (!reached && state.Contact.Phone))
            {
                await entries.Make(EntryKind.Notice, state, notice.Seq, now, ct);
            }

            await NoticeLetters.Mark(databases, row, reached ? NoticeToRow.Told : NoticeToRow.Page, now);
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            // One that cannot be read stops nobody else; that somebody looks after them is told on the board.
            await unreadable.Tell(id, fault, now);
            await NoticeLetters.Mark(databases, row, NoticeToRow.Gone, now);
        }
    }
}
