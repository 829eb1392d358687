using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Dispatch;

/// <summary>
/// Whoever has closed the page and verified a phone gets a message: the turn is near, a doctor is there, the place is kept. Each once:
/// a message's id follows from what it tells. It says nothing about anybody's health.
/// </summary>
internal sealed class TellTurn(
    IDbContextFactory<Database> databases, Letters letters, ReadPool room, Surges surges, Messages messages, Settings settings, DispatchRules rules, Bell bell, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    /// <summary>Ids in one statement.</summary>
    private const int AtOnce = 400;

    private const string TurnNear = "turn_near";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    /// <returns>How many messages were written.</returns>
    public async Task<int> Tell(DateTimeOffset now, CancellationToken ct)
    {
        if (!messages.CanSend)
        {
            return 0;
        }

        var (waits, talks, held) = (Bucket.Waiting.Code(), Bucket.InConsultation.Code(), Bucket.OnHold.Code());
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking();
        var (after, until) = (now.Ms() - rules.TurnToldAfterMs, now.Ms() - rules.TurnToldUntilMs);
        var turn = await heads.Where(h => h.Verified && h.Bucket == talks && h.AssignedAt < after && h.AssignedAt > until).ToListAsync(ct);
        // Whoever is to have an answer in writing is told of the answer, not of the doctor who begins with it.
        turn.RemoveAll(h => h.Promise == Promising.WrittenAnswer && (h.PromiseKeptAt is null || h.PromiseKeptAt >= h.AssignedAt));
        var offered = await heads.Where(h => h.Verified && h.Bucket == waits && h.OfferedAt < after && h.OfferedAt > until).ToListAsync(ct);
        var answered = await heads.Where(h => h.Verified && h.Promise == Promising.WrittenAnswer && h.PromiseKeptAt > until).ToListAsync(ct);
        var kept = await heads.Where(h => h.Verified && h.Bucket == held && h.ChangedAt > until).ToListAsync(ct);
        var told = 0;
        foreach (var (head, kind, times) in turn.Select(h => (h, "turn", (long)h.Epoch))
                     .Concat(offered.Select(h => (h, "offered", h.OfferedAt ?? 0)))
                     .Concat(answered.Select(h => (h, "answered", h.PromisedBy ?? 0)))
                     .Concat(kept.Select(h => (h, "place_kept", h.DueAt ?? 0)))
                     .Concat((await Near(database, now, ct)).Select(h => (h, TurnNear, 0L))))
        {
            if (head.Patient is { } patient && !bell.IsHeard(Bell.Consultation(head.Id)) && await letters.Write(new ConsultationId(head.Id), patient, kind, times, (lang, sos) => Words(kind, lang, sos), now, ct))
            {
                told++;
            }
        }

        if (told > 0)
        {
            messages.Ring();
        }

        return told;
    }

    /// <summary>Away from the page, not told yet, and next for clinicians who are there: nobody is called to the page in vain.</summary>
    private async Task<List<Head>> Near(Database database, DateTimeOffset now, CancellationToken ct)
    {
        var (waits, came) = (Bucket.Waiting.Code(), now.Ms() - rules.NearTurnAfterMs);
        var waiting = database.Set<Head>().AsNoTracking().Where(h => h.Bucket == waits);
        var away = (await waiting.Where(h => h.Verified && h.QueuedAt < came).Select(h => h.Id).ToListAsync(ct)).FindAll(id => !bell.IsHeard(Bell.Consultation(id))).ToDictionary(id => FollowingId.Of(id, TurnNear, 0));
        foreach (var ids in away.Keys.Chunk(AtOnce).Select(some => some.ToList()))
        {
            (await database.Set<OutboxRow>().AsNoTracking().Where(o => ids.Contains(o.Id)).Select(o => o.Id).ToListAsync(ct)).ForEach(told => away.Remove(told));
        }

        if (away.Count == 0)
        {
            return [];
        }

        var line = await waiting.OrderBy(h => h.OpenedAt).ToListAsync(ct);
        var staff = await room.OnDuty(now, await surges.Levels(ct), line.Exists(h => h.Need == SettingUrgency.Physician), ct);
        var near = NearTurn.Of(line.Select((h, order) => h.Asks(order)), staff, rules, now.Ms()).Intersect(away.Values).ToHashSet();
        return line.FindAll(h => near.Contains(h.Id));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Tell(clock.GetUtcNow(), stoppingToken);
                heartbeats.Beat(nameof(TellTurn), clock.GetUtcNow());
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                heartbeats.Failed(nameof(TellTurn), broken.GetType().Name, clock.GetUtcNow());
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private string Words(string kind, string lang, string sos)
    {
        var place = $"{settings.BaseUrl}/mine";
        return (kind, lang == "en") switch
        {
            ("turn", false) => $"【义诊】医生已经接诊，请打开 {place} 回复。加重了，打 {sos}。",
            ("turn", true) => $"A doctor is there for you: open {place} and answer. If it gets worse, call {sos}.",
            (TurnNear, false) => $"【义诊】快轮到您了，请打开 {place}。位置给您留着。",
            (TurnNear, true) => $"Your turn is near: open {place}. Your place is kept.",
            ("offered", false) => $"【义诊】可以不用一直等：医生按约好的时间书面答复您，或到时间来找您。打开 {place} 选一下；不选也照样排着。加重了，打 {sos}。",
            ("offered", true) => $"You need not wait: a doctor can answer in writing by a set time, or come back to you. Choose at {place}; if you do not, you stay in the queue. If it gets worse, call {sos}.",
            ("answered", false) => $"【义诊】医生写好了答复，请打开 {place} 看。加重了，打 {sos}。",
            ("answered", true) => $"A doctor has answered you: read it at {place}. If it gets worse, call {sos}.",
            (_, false) => $"【义诊】没有等到您的消息，位置给您留着。回来就打开 {place}，写一句话。加重了，打 {sos}。",
            (_, true) => $"We did not hear from you. Your place is kept: open {place} and write a word. If it gets worse, call {sos}.",
        };
    }
}
