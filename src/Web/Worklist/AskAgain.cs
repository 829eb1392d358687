using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Worklist;

/// <summary>
/// Asks whoever waits how they are, by urgency, and a day later whoever was told to go or to stay at home. Who has closed the page gets a message with a
/// link, without a word about health. No answer of somebody at risk becomes an entry of the worklist. Any node may turn this: messages and entries have
/// ids that follow from what they are, and each decision is made on the newest state.
/// </summary>
internal sealed class AskAgain(
    IDbContextFactory<Database> databases, ConsultationLog log, Entries entries, Letters letters, Messages messages, Settings settings, Countries countries, RecheckPolicy policy, Bell bell, TimeProvider clock, Heartbeats heartbeats, Unreadable unreadable) : BackgroundService
{
    private const int Batch = 500;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private static readonly string Waits = Bucket.Waiting.Code();
    private static readonly List<string> Advised = [Bucket.ToldToGo.Code(), Bucket.SelfCare.Code(), Bucket.Referred.Code(), Bucket.Served.Code()];

    // Not before then, as long as nothing has been added: so that a look costs no read of everybody.
    private readonly ConcurrentDictionary<Guid, (long Version, DateTimeOffset NotBefore)> later = new();

    /// <returns>How many were asked, and how many had not answered.</returns>
    public async Task<(int Asked, int Missed)> Look(DateTimeOffset now, CancellationToken ct)
    {
        var missed = await Miss(now, ct);
        var (asked, due) = (0, new List<(Head Head, Consultation State)>());
        foreach (var head in await Candidates(now, ct))
        {
            if (later.TryGetValue(head.Id, out var wait) && wait.Version == head.Version && now < wait.NotBefore)
            {
                continue;
            }

            await Each(head.Id, now, async () =>
            {
                var state = await log.Read(new ConsultationId(head.Id), ct);
                if (state.AskDue(policy) is { } at && at <= now)
                {
                    due.Add((head, state));
                    return;
                }

                later[head.Id] = (state.Version, state.AskDue(policy) ?? DateTimeOffset.MaxValue);
            });
        }

        // One question to the other nodes about all, for it is waited for.
        var heard = messages.CanSend ? await bell.Heard([.. due.Select(d => Bell.Consultation(d.Head.Id))], ct) : [];
        foreach (var (head, state) in due)
        {
            var away = messages.CanSend && !heard.Contains(Bell.Consultation(head.Id)) ? head.Patient : null;
            await Each(head.Id, now, async () => asked += await Ask(state, away, now, ct) ? 1 : 0);
        }

        if (asked > 0)
        {
            messages.Ring();
        }

        return (asked, missed);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Look(clock.GetUtcNow(), stoppingToken);
                heartbeats.Beat(nameof(AskAgain), clock.GetUtcNow());
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                heartbeats.Failed(nameof(AskAgain), broken.GetType().Name, clock.GetUtcNow());
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The entry first, whose id counts once, then the fact: a crash between them loses neither.</summary>
    private async Task<int> Miss(DateTimeOffset now, CancellationToken ct)
    {
        var ms = now.Ms();
        await using var database = await databases.CreateDbContextAsync(ct);
        var due = await database.Set<Head>().AsNoTracking().Where(h => h.DueAt <= ms && (h.Bucket == Waits || Advised.Contains(h.Bucket))).OrderBy(h => h.DueAt).Select(h => h.Id).Take(Batch).ToListAsync(ct);
        var missed = 0;
        foreach (var id in due)
        {
            await Each(id, now, async () =>
            {
                var state = await log.Read(new ConsultationId(id), ct);
                if (state.Asking is not { } asking || asking.AnswerBy > now)
                {
                    return;
                }

                if (state.MindsSilence(policy))
                {
                    await entries.Make(asking.What == Checking.FollowUp ? EntryKind.FollowUpSilent : EntryKind.RecheckSilent, state, asking.Count, now, ct);
                }

                await log.Decide(state.Id, "system", now, c => c.MissAnswer(now));
                missed++;
            });
        }

        return missed;
    }

    private async Task<List<Head>> Candidates(DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking().Where(h => h.DueAt == null);
        var waiting = new List<Head>();
        foreach (var urgency in Enum.GetValues<Urgency>())
        {
            var since = (now - policy.Waiting.EveryMinutes.Of(urgency)).Ms();
            waiting.AddRange(await heads.Where(h => h.Bucket == Waits && (h.Urgency ?? (int)Urgency.Routine) == (int)urgency && h.QueuedAt <= since).ToListAsync(ct));
        }

        if (!messages.CanSend)
        {
            return waiting;
        }

        var (earliest, latest) = (now.AddHours(-policy.FollowUp.UntilHours).Ms(), now.AddHours(-policy.FollowUp.AfterHours).Ms());
        // Only whom a message reaches: the account that writes for this person has a verified phone.
        var advised = from h in heads
                      join p in database.Set<PatientRow>().AsNoTracking() on h.Patient equals p.Id
                      join a in database.Set<AccountRow>().AsNoTracking() on p.Account equals a.Id
                      where h.ChangedAt > earliest && h.ChangedAt <= latest && Advised.Contains(h.Bucket) && a.PhoneSealed != null
                      select h;
        return [.. waiting, .. await advised.ToListAsync(ct)];
    }

    /// <param name="away">To whom a message goes, for the page is closed; null: it is open.</param>
    private async Task<bool> Ask(Consultation state, Guid? away, DateTimeOffset now, CancellationToken ct)
    {
        var (what, count) = state.Bucket == Bucket.Waiting ? (Checking.Recheck, state.RechecksAsked + 1) : (Checking.FollowUp, state.FollowUpsAsked + 1);
        if (away is { } patient)
        {
            await letters.Write(state.Id, patient, what, count, lang => Words(what, lang, state.Id, countries.Ambulance(state.Place?.Region, state.Place?.Country)), now, ct);
        }

        var before = state.Version;
        return (await log.Decide(state.Id, "system", now, c => c.AskAgain(policy, now))).Is(out var after, out _) && after.Version > before;
    }

    /// <summary>Each by itself: one that cannot be read stops nobody else.</summary>
    private async Task Each(Guid id, DateTimeOffset now, Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            await unreadable.Tell(new ConsultationId(id), fault, now);
        }
    }

    private string Words(string kind, string lang, ConsultationId id, string sos) => (kind, lang == "en") switch
    {
        (Checking.Recheck, false) => $"【义诊】您还在排队，位置没有变。现在怎么样？点一下告诉我们：{settings.BaseUrl}/q/{id}/waiting 加重了，打 {sos}。",
        (Checking.Recheck, true) => $"You are still in the queue. How are you now? One tap: {settings.BaseUrl}/q/{id}/waiting If it gets worse, call {sos}.",
        (_, false) => $"【义诊】您来问过我们，现在怎么样？点一下告诉我们：{settings.BaseUrl}/q/{id}/follow-up 加重了，打 {sos}。",
        (_, true) => $"You asked us for advice. How are you now? One tap: {settings.BaseUrl}/q/{id}/follow-up If it gets worse, call {sos}.",
    };
}
