using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Information;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Information;

/// <summary>
/// The messages of notices: so many a minute on all nodes together, behind what one person waits for, and no more on their way than that. What became of
/// each is counted; where none got through, somebody of the staff rings. Never a word of the notice, and none about health.
/// </summary>
internal sealed class NoticeLetters(IDbContextFactory<Database> databases, ConsultationLog log, Letters letters, Entries entries, Messages messages, Settings settings, NoticeRules rules, Unreadable unreadable)
{
    /// <summary>Between the taking of a row and the writing of its message lies a moment; one that lies longer was left by a crash.</summary>
    private static readonly TimeSpan Writing = TimeSpan.FromMinutes(2);

    /// <returns>How many were handed over.</returns>
    public async Task<int> Look(DateTimeOffset now, CancellationToken ct)
    {
        await Settle(now, ct);
        var handed = messages.CanSend ? await Hand(now, ct) : 0;
        await GiveUp(now, ct);
        return handed;
    }

    /// <param name="from">Null: as the row was read.</param>
    /// <returns>False where somebody else has moved it on, or the notice was stopped.</returns>
    public static async Task<bool> Mark(IDbContextFactory<Database> databases, NoticeToRow row, string state, DateTimeOffset now, string? from = null)
    {
        var before = from ?? row.State;
        await using var database = await databases.CreateDbContextAsync();
        return await database.Set<NoticeToRow>().Where(t => t.Notice == row.Notice && t.Consultation == row.Consultation && t.State == before)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.State, state).SetProperty(t => t.ChangedAt, now.Ms())) == 1;
    }

    public static async Task<IReadOnlyDictionary<Guid, NoticeRow>> Notices(Database database, IEnumerable<NoticeToRow> rows, CancellationToken ct)
    {
        var ids = rows.Select(r => r.Notice).Distinct().ToList();
        return await database.Set<NoticeRow>().AsNoTracking().Where(n => ids.Contains(n.Id)).ToDictionaryAsync(n => n.Id, ct);
    }

    private async Task<int> Hand(DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var onTheWay = await database.Set<NoticeToRow>().CountAsync(t => t.State == NoticeToRow.Handed, ct);
        var told = await Of(database, NoticeToRow.Told, Math.Min(rules.Batch, rules.MessagesPerMinute - onTheWay), ct);
        var free = told.Count == 0 ? 0 : await Pace(database, told.Count, now, ct);
        var (notices, handed) = (await Notices(database, told, ct), 0);
        foreach (var row in told.Take(free))
        {
            // Taken before it is written: one that was stopped in between is not, and one that a crash leaves without its message goes to the worklist.
            if (!await Mark(databases, row, NoticeToRow.Handed, now))
            {
                continue;
            }

            var patient = await database.Set<Head>().AsNoTracking().Where(h => h.Id == row.Consultation).Select(h => h.Patient).FirstOrDefaultAsync(ct);
            if (patient is { } person)
            {
                await letters.Write(new ConsultationId(row.Consultation), person, Messages.Notice, notices[row.Notice].Seq, (lang, sos) => Words(lang, row.Consultation, sos), now, ct);
            }

            var letter = Letter(row, notices[row.Notice]);
            var written = patient is not null && await database.Set<OutboxRow>().AsNoTracking().AnyAsync(o => o.Id == letter, ct);
            if (!written)
            {
                await Mark(databases, row, NoticeToRow.Page, now, NoticeToRow.Handed);
            }

            handed += written ? 1 : 0;
        }

        if (handed > 0)
        {
            messages.Ring();
        }

        return handed;
    }

    /// <summary>What the gateway did with them.</summary>
    private async Task Settle(DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await Of(database, NoticeToRow.Handed, rules.Batch, ct);
        var notices = await Notices(database, rows, ct);
        var ids = rows.Select(r => Letter(r, notices[r.Notice])).ToList();
        var letter = await database.Set<OutboxRow>().AsNoTracking().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, ct);
        foreach (var row in rows)
        {
            var written = letter.GetValueOrDefault(Letter(row, notices[row.Notice]));
            if (written?.SentAt is not null)
            {
                await Mark(databases, row, NoticeToRow.Sent, now);
            }
            else if (written is null ? row.ChangedAt < (now - Writing).Ms() : messages.IsGivenUp(written, now))
            {
                await Fail(row, notices[row.Notice], now, ct);
            }
        }
    }

    /// <summary>Nothing could be handed over for so long.</summary>
    private async Task GiveUp(DateTimeOffset now, CancellationToken ct)
    {
        var since = (now - rules.GiveUp).Ms();
        if (messages.CanSend)
        {
            return;
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<NoticeToRow>().AsNoTracking().Where(t => t.State == NoticeToRow.Told && t.ChangedAt <= since).OrderBy(t => t.Urgency).ThenBy(t => t.ChangedAt).Take(rules.Batch).ToListAsync(ct);
        var notices = await Notices(database, rows, ct);
        foreach (var row in rows)
        {
            await Fail(row, notices[row.Notice], now, ct);
        }
    }

    /// <summary>The entry first: whoever is left behind by a crash has one.</summary>
    private async Task Fail(NoticeToRow row, NoticeRow notice, DateTimeOffset now, CancellationToken ct)
    {
        var id = new ConsultationId(row.Consultation);
        try
        {
            var state = await log.Read(id, ct);
            if (!state.IsErased)
            {
                await entries.Make(EntryKind.Notice, state, notice.Seq, now, ct);
            }

            await Mark(databases, row, state.IsErased ? NoticeToRow.Gone : NoticeToRow.Failed, now);
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            await unreadable.Tell(id, fault, now);
            await Mark(databases, row, NoticeToRow.Gone, now);
        }
    }

    /// <summary>How many of so many may go out in this minute. Compared and set: two nodes do not take the same places.</summary>
    private async Task<int> Pace(Database database, int wanted, DateTimeOffset now, CancellationToken ct)
    {
        var minute = now.Ms() / (long)TimeSpan.FromMinutes(1).TotalMilliseconds;
        await database.Database.ExecuteSqlAsync($"insert into notice_pace (minute, used) values ({minute}, 0) on conflict do nothing", ct);
        await database.Set<NoticePaceRow>().Where(p => p.Minute < minute - 1).ExecuteDeleteAsync(ct);
        var used = await database.Set<NoticePaceRow>().AsNoTracking().Where(p => p.Minute == minute).Select(p => p.Used).FirstAsync(ct);
        var free = Math.Clamp(rules.MessagesPerMinute - used, 0, wanted);
        return free > 0 && await database.Set<NoticePaceRow>().Where(p => p.Minute == minute && p.Used == used).ExecuteUpdateAsync(set => set.SetProperty(p => p.Used, used + free), ct) == 1 ? free : 0;
    }

    private static async Task<List<NoticeToRow>> Of(Database database, string state, int most, CancellationToken ct) =>
        most <= 0 ? [] : await database.Set<NoticeToRow>().AsNoTracking().Where(t => t.State == state).OrderBy(t => t.Urgency).ThenBy(t => t.ChangedAt).ThenBy(t => t.Consultation).Take(most).ToListAsync(ct);

    private static Guid Letter(NoticeToRow row, NoticeRow notice) => FollowingId.Of(row.Consultation, Messages.Notice, notice.Seq);

    private string Words(string lang, Guid consultation, string sos) => lang == "en"
        ? $"There is a notice for you: please open {settings.BaseUrl}/q/{new ConsultationId(consultation)}/notice If it gets worse, call {sos}."
        : $"【义诊】有一条给您的通知，请打开看：{settings.BaseUrl}/q/{new ConsultationId(consultation)}/notice 加重了，打 {sos}。";
}
