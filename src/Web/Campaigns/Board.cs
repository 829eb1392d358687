using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Overload;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// The operator's board, made from heads, duty and the recount. One picture serves all who look: it is made again after a second,
/// and the recount, which reads every header, after some seconds; each says when it was made.
/// </summary>
internal sealed class Board(
    IDbContextFactory<Database> databases, IEngine engine, Duties duties, StaffRoster roster, Shifts shifts, Strains strains, Surges surges, Forecasts forecasts, ComingHours coming, DispatchRules dispatch, BoardFigures figures, LightConsultation policy, Messages messages, Gate gate, TimeProvider clock) : IDisposable
{
    private const int NumberLetters = 6;
    private const int MostToDo = 8;
    private const int CostTimes = 3;

    private static readonly TimeSpan PictureFresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LedgerFresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PictureFreshWhileSparing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LedgerFreshWhileSparing = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LatelyPromised = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private (Ledger Ledger, ImmutableArray<string> Unreadable, (BoardRecount Figures, IReadOnlyDictionary<Guid, DutySpell> Spells) Walk, DateTimeOffset At)? counted;
    private TimeSpan cost;
    private BoardPicture? picture;

    public async Task<BoardPicture> Look(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow();
            return picture is { } known && now >= known.At && now - known.At < (gate.IsSparing ? PictureFreshWhileSparing : PictureFresh) ? known : picture = await Make(now, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<Ledger> Count(DateTimeOffset now, CancellationToken ct) => await Ledger.CountAsync(engine, now, policy.Clocks.Door, ct);

    public void Dispose() => turn.Dispose();

    private async Task<BoardPicture> Make(DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        if (counted is not { } known || now < known.At || now - known.At >= Fresh())
        {
            var began = Stopwatch.GetTimestamp();
            var lately = await Unreadable.Lately(database, now, ct);
            counted = known = (await Count(now, ct), [.. lately.Select(Number)], await figures.Count(database, lately, now, ct), now);
            cost = Stopwatch.GetElapsedTime(began);
        }

        var (ledger, unreadable, (recount, spells), at) = known;
        var waits = Bucket.Waiting.Code();
        var waiting = database.Set<Head>().AsNoTracking().Where(h => h.Bucket == waits);
        // Who had a clinician and is in the queue again waits since their unanswered words, or since they came back; the place counts from the arrival all the same.
        var there = (await waiting.Select(h => new { h.Region, h.Urgency, Since = h.FirstAssignedAt != null ? h.UnansweredSince ?? h.QueuedAt ?? h.ChangedAt : h.ArrivedAt ?? h.OpenedAt })
            .GroupBy(h => new { h.Region, h.Urgency }).Select(g => new { g.Key.Region, g.Key.Urgency, Count = g.Count(), Oldest = g.Min(h => h.Since) }).ToListAsync(ct))
            .ConvertAll(g => new WaitingThere(g.Region, (Urgency)(g.Urgency ?? (int)Urgency.Routine), g.Count, g.Oldest));
        var alone = await waiting.Where(h => h.Urgency == (int)Urgency.Emergency).OrderBy(h => h.QueuedAt).Select(h => new { h.Id, Since = h.QueuedAt ?? h.ChangedAt, h.TimesRung }).ToListAsync(ct);
        var (talks, held) = (Bucket.InConsultation.Code(), Bucket.OnHold.Code());
        var silent = await database.Set<Head>().AsNoTracking()
            .Where(h => (h.Bucket == talks && h.DueAt != null && h.Urgency == (int)Urgency.Emergency) || (h.Bucket == held && h.Urgency <= (int)Urgency.Urgent))
            .OrderBy(h => h.Urgency).ThenBy(h => h.ChangedAt).Select(h => new { h.Id, h.Urgency, Since = h.Bucket == talks ? h.DueAt ?? h.ChangedAt : h.ChangedAt, Held = h.Bucket == held }).ToListAsync(ct);
        var undone = database.Set<EntryRow>().AsNoTracking().Where(e => e.State != EntryRow.Done);
        return new BoardPicture(
            now,
            at,
            ledger.Holds,
            [new("arrived", ledger.Arrived), new("at_door", ledger.AtDoor), new("opened", ledger.Opened), new("answered_at_desk", ledger.AnsweredAtDesk), new("turned_back", ledger.TurnedBack), new("went_away", ledger.WentAway)],
            [
                new("opened", ledger.Opened), new("being_asked", ledger.BeingAsked), new("self_care", ledger.SelfCare), new("told_to_go", ledger.ToldToGo), new("waiting", ledger.Waiting),
                new("on_hold", ledger.OnHold), new("promised", ledger.Promised), new("in_consultation", ledger.InConsultation), new("served", ledger.Served), new("referred", ledger.Referred),
                new("left", ledger.Left), new("refused", ledger.Refused),
            ],
            [.. Enum.GetValues<Urgency>().Select(u => there.Where(l => l.Urgency == u).ToList() is { Count: > 0 } those
                ? new UrgencyLine(u, those.Sum(l => l.People), now - those.Min(l => l.Since).Utc(), TimeSpan.FromMilliseconds(dispatch.Target(u)))
                : new UrgencyLine(u, 0, null, TimeSpan.FromMilliseconds(dispatch.Target(u))))],
            await OnDuty(database, spells, now, ct),
            [.. alone.Select(a => new AlarmLine(Number(new ConsultationId(a.Id)), now - a.Since.Utc(), a.TimesRung))],
            [.. silent.Select(s => new SilentLine(Number(new ConsultationId(s.Id)), (Urgency)(s.Urgency ?? 1), now - s.Since.Utc(), s.Held))],
            unreadable,
            messages.FailingSince)
        {
            Gate = gate.State,
            Regions = [.. Whereabouts.Of(there).Select(w => RegionLine.Of(w, now.Ms()))],
            Recount = recount,
            Coming = await coming.Look(ct),
            Surge = await Surge(now, ct),
            Promises = await surges.Kept(now - LatelyPromised, now, ct),
            Told = await forecasts.Hits(now, ct),
            ToDo = await undone.CountAsync(ct),
            Overdue = await undone.CountAsync(e => e.DueAt <= now.Ms(), ct),
            ReportsPressing = await undone.CountAsync(e => e.Duty != null && e.Escalated > 0, ct),
            DueFirst = [.. (await (from e in undone join h in database.Set<Head>().AsNoTracking() on e.Consultation equals h.Id orderby e.DueAt select new { e.Consultation, Urgency = h.Urgency ?? e.Urgency, e.Owner, e.DueAt }).Take(MostToDo).ToListAsync(ct))
                .Select(e => new ToDoLine(Number(new ConsultationId(e.Consultation)), (Urgency)e.Urgency, e.Owner is not null, e.DueAt.Utc()))],
        };
    }

    /// <summary>The more there is to recount, the more seldom: never more than a quarter of the time.</summary>
    private TimeSpan Fresh()
    {
        var usual = gate.IsSparing ? LedgerFreshWhileSparing : LedgerFresh;
        return cost * CostTimes > usual ? cost * CostTimes : usual;
    }

    private async Task<SurgeLine> Surge(DateTimeOffset now, CancellationToken ct)
    {
        var set = await surges.Now(ct);
        var look = await surges.Look(set?.Level ?? 0, now, ct);
        return new SurgeLine(set?.Level ?? 0, set?.At.Utc(), set?.Name, set?.Reason, look.Proposal, look.Load);
    }

    private static string Number(ConsultationId id) => id.ToString()[^NumberLetters..];

    private async Task<ImmutableArray<DutyLine>> OnDuty(Database database, IReadOnlyDictionary<Guid, DutySpell> spells, DateTimeOffset now, CancellationToken ct)
    {
        var on = await duties.All(ct);
        var staff = await roster.Of(on.Select(d => d.Clinician), ct);
        var taken = await database.Set<Head>().AsNoTracking().Where(h => h.AssignedTo != null).GroupBy(h => h.AssignedTo).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key ?? Guid.Empty, g => g.Count, ct);
        var (tired, ends) = (await strains.Now(now, ct), await shifts.Ends(on.ToDictionary(d => d.Clinician, d => d.Since), now, ct));
        return [.. on.Where(d => staff.ContainsKey(d.Clinician)).Select(d => Line(d, tired.GetValueOrDefault(d.Clinician, Rules.Dispatch.Strain.None)))];

        DutyLine Line(DutyRow d, Rules.Dispatch.Strain strain) => new(
            staff[d.Clinician].Name, staff[d.Clinician].Title, d.State, taken.GetValueOrDefault(d.Clinician), d.Seats,
            now - d.LastSignAt.Utc(), now.Ms() - d.LastSignAt >= dispatch.UnreachableAfterMs,
            d.State == "paused" ? null : now - (spells.GetValueOrDefault(d.Clinician)?.WorksSince ?? d.Since).Utc())
        {
            Tiredness = strain.Level, Cap = strain.Cap, TakenInShift = strain.Taken, WorkedInDay = TimeSpan.FromMilliseconds(strain.DayMs),
            ShiftEnds = ends.TryGetValue(d.Clinician, out var end) ? end.Utc() : null,
        };
    }
}
