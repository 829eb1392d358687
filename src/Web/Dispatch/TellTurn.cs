using System.Diagnostics;
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
/// a message's id follows from what it tells. It says nothing about anybody's health. The leader of the pool tells, and asks the other nodes who has the page open there.
/// </summary>
internal sealed class TellTurn(
    IDbContextFactory<Database> databases, Letters letters, StaffOnDuty staff, Leadership leadership, Surges surges, Messages messages, Settings settings, DispatchRules rules, SurgeRules surge, Bell bell, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    /// <summary>Ids in one statement.</summary>
    private const int AtOnce = 400;

    private const string TurnNear = "turn_near";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    /// <param name="near">Whoever is near too: everybody in the pool and everybody on duty is read for it.</param>
    /// <returns>How many messages were written.</returns>
    public async Task<int> Tell(DateTimeOffset now, bool near, CancellationToken ct)
    {
        if (!messages.CanSend)
        {
            return 0;
        }

        var (waits, talks, held) = (Bucket.Waiting.Code(), Bucket.InConsultation.Code(), Bucket.OnHold.Code());
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking().Where(h => h.Verified && h.Patient != null);
        var (after, until) = (now.Ms() - rules.TurnToldAfterMs, now.Ms() - rules.TurnToldUntilMs);
        // Whoever is to have an answer in writing is told of the answer, not of the doctor who begins with it.
        var turn = heads.Where(h => h.Bucket == talks && h.AssignedAt < after && h.AssignedAt > until && (h.Promise != Promising.WrittenAnswer || h.PromiseKeptAt < h.AssignedAt));
        var offered = heads.Where(h => h.Bucket == waits && h.OfferedAt < after && h.OfferedAt > until);
        var answered = heads.Where(h => h.Promise == Promising.WrittenAnswer && h.PromiseKeptAt > until);
        var kept = heads.Where(h => h.Bucket == held && h.ChangedAt > until);
        List<Due> due =
        [
            .. await turn.Select(h => new Due(h.Id, h.Patient ?? Guid.Empty, "turn", h.Epoch)).ToListAsync(ct),
            .. await offered.Select(h => new Due(h.Id, h.Patient ?? Guid.Empty, "offered", h.OfferedAt ?? 0)).ToListAsync(ct),
            .. await answered.Select(h => new Due(h.Id, h.Patient ?? Guid.Empty, "answered", h.PromisedBy ?? 0)).ToListAsync(ct),
            .. await kept.Select(h => new Due(h.Id, h.Patient ?? Guid.Empty, "place_kept", h.DueAt ?? 0)).ToListAsync(ct),
            .. near ? await Near(database, now, ct) : [],
        ];
        var before = new HashSet<Guid>();
        foreach (var ids in due.Select(d => d.Message).Chunk(AtOnce).Select(some => some.ToList()))
        {
            before.UnionWith(await database.Set<OutboxRow>().AsNoTracking().Where(o => ids.Contains(o.Id)).Select(o => o.Id).ToListAsync(ct));
        }

        due.RemoveAll(d => before.Contains(d.Message));
        var (told, heard) = (0, await bell.Heard([.. due.Select(d => Bell.Consultation(d.Consultation))], ct));
        foreach (var one in due.Where(d => !heard.Contains(Bell.Consultation(d.Consultation))))
        {
            told += await letters.Write(new ConsultationId(one.Consultation), one.Patient, one.Kind, one.Times, (lang, sos) => Words(one.Kind, lang, sos), now, ct) ? 1 : 0;
        }

        if (told > 0)
        {
            messages.Ring();
        }

        return told;
    }

    /// <summary>Away from the page, and next for clinicians who are there: nobody is called to the page in vain.</summary>
    private async Task<IEnumerable<Due>> Near(Database database, DateTimeOffset now, CancellationToken ct)
    {
        var (waits, came) = (Bucket.Waiting.Code(), now.Ms() - rules.NearTurnAfterMs);
        var all = database.Set<Head>().AsNoTracking();
        List<Head> line = [.. await Read(all.Where(h => h.Bucket == waits)), .. await Read(DuePromises.Of(all, surge.Promise, now))];
        var away = line.Where(h => h.Bucket == waits && h.Verified && h.Patient != null && h.QueuedAt < came && !bell.IsHeard(Bell.Consultation(h.Id))).ToDictionary(h => h.Id, h => h.Patient ?? Guid.Empty);
        return away.Count == 0 ? []
            : NearTurn.Of(line.Select((h, order) => h.InPool(order, rules, now)), await staff.Now(now, await surges.Levels(ct), called: true, ct), rules, now.Ms())
                .Where(away.ContainsKey).Select(id => new Due(id, away[id], TurnNear, 0));

        // What somebody is in the pool for, and nothing else: with thousands in the line the rest of their heads costs most of it.
        Task<List<Head>> Read(IQueryable<Head> some) => some.OrderBy(h => h.OpenedAt).Select(h => new Head
        {
            Id = h.Id, Patient = h.Patient, Verified = h.Verified, Urgency = h.Urgency, OpenedAt = h.OpenedAt, ArrivedAt = h.ArrivedAt, QueuedAt = h.QueuedAt, WaitsFrom = h.WaitsFrom, PromisedBy = h.PromisedBy,
            Need = h.Need, Lang = h.Lang, Region = h.Region, Channel = h.Channel, Campaign = h.Campaign, Organisation = h.Organisation, Bucket = h.Bucket,
            Version = 0, LastHash = Array.Empty<byte>(), ChangedAt = 0, Epoch = 0, OutOfSight = false, TimesRung = 0, Entrance = "", Mode = "", Consent = "", FlagLeft = false,
        }).ToListAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (looked, took) = (0L, 0d);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (leadership.Leads)
                {
                    var (began, near) = (Stopwatch.GetTimestamp(), rules.Reading.IsDue(Stopwatch.GetElapsedTime(looked).TotalMilliseconds, took));
                    await Tell(clock.GetUtcNow(), near, stoppingToken);
                    (looked, took) = near ? (began, Stopwatch.GetElapsedTime(began).TotalMilliseconds) : (looked, took);
                }

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
            ("turn", false) => $"【义诊】轮到您了，有人接诊，请打开 {place} 回复。加重了，打 {sos}。",
            ("turn", true) => $"It is your turn: open {place} and answer. If it gets worse, call {sos}.",
            (TurnNear, false) => $"【义诊】快轮到您了，请打开 {place}。位置给您留着。",
            (TurnNear, true) => $"Your turn is near: open {place}. Your place is kept.",
            ("offered", false) => $"【义诊】可以不用一直等：到约好的时间书面答复您，或来找您。打开 {place} 选一下；不选也照样排着。加重了，打 {sos}。",
            ("offered", true) => $"You need not wait: we can answer in writing by a set time, or come back to you. Choose at {place}; if you do not, you stay in the queue. If it gets worse, call {sos}.",
            ("answered", false) => $"【义诊】答复写好了，请打开 {place} 看。加重了，打 {sos}。",
            ("answered", true) => $"You have an answer: read it at {place}. If it gets worse, call {sos}.",
            (_, false) => $"【义诊】没有等到您的消息，位置给您留着。回来就打开 {place}，写一句话。加重了，打 {sos}。",
            (_, true) => $"We did not hear from you. Your place is kept: open {place} and write a word. If it gets worse, call {sos}.",
        };
    }

    /// <param name="Times">Tells messages of one kind about one consultation apart.</param>
    private sealed record Due(Guid Consultation, Guid Patient, string Kind, long Times)
    {
        public Guid Message { get; } = FollowingId.Of(Consultation, Kind, Times);
    }
}
