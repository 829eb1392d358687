using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>Fills a pool from heads and duty: what another leader would read, and so decide by, in the same moment.</summary>
internal sealed class ReadPool(IDbContextFactory<Database> databases, Duties duties, StaffRoster roster, Shifts shifts, Strains strains, Aids aids, DispatchRules rules, SurgeRules surge)
{
    /// <param name="levels">Of the surge: who may take whom, who may be offered a date, and what has to be counted, hang on it.</param>
    /// <param name="isAside">Consultations that cannot be read now.</param>
    public async Task<Pool> At(DateTimeOffset now, SurgeLevels levels, Func<Guid, bool> isAside, CancellationToken ct)
    {
        var waiting = await Waiting(now, isAside, ct);
        var pool = new Pool(rules, await Lately(waiting, levels.Highest, now, ct));
        foreach (var clinician in waiting.Count == 0 ? [] : await OnDuty(now, levels, waiting.Any(w => w.Need == SettingUrgency.Physician), ct))
        {
            pool.On(clinician);
        }

        foreach (var person in waiting)
        {
            // Whose campaign is not at that level is in the line as somebody who has declined: counted, and not asked.
            pool.Arrive(person.WasOffered || levels.Of(person.Campaign) >= rules.Offers.Level ? person : person with { WasOffered = true });
        }

        return pool;
    }

    /// <summary>Who waits, and whose promise has to go to a clinician now so that it can be kept.</summary>
    private async Task<IReadOnlyList<Waiting>> Waiting(DateTimeOffset now, Func<Guid, bool> isAside, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var (waits, promised) = (Bucket.Waiting.Code(), Bucket.Promised.Code());
        var heads = await database.Set<Head>().AsNoTracking()
            .Where(h => (h.Bucket == waits || h.Bucket == promised) && h.PromptedTo == null)
            .OrderBy(h => h.Urgency).ThenBy(h => h.ArrivedAt).ThenBy(h => h.OpenedAt)
            .ToListAsync(ct);
        var anybody = heads.Exists(h => h.Bucket == waits);
        return [.. heads.Where(h => !isAside(h.Id) && (h.Bucket == waits || Promises.Joins(h.Promise == Promising.CallBack, h.PromisedBy ?? 0, anybody, surge.Promise, now.Ms()))).Select((h, order) => h.Asks(order))];
    }

    /// <summary>Calls of the last minutes, and from the level on at which it decides anything who was taken, from the heads, so that another leader decides by the same; what decides nothing is not read.</summary>
    private async Task<Flow> Lately(IReadOnlyList<Waiting> waiting, int level, DateTimeOffset now, CancellationToken ct)
    {
        var flow = new Flow(rules);
        if (level >= rules.Offers.Level && waiting.Count > 0)
        {
            await Begun(flow, now, ct);
        }

        if (!waiting.Any(w => w.IsCall))
        {
            return flow;
        }

        var since = now.Ms() - rules.Calls.WindowMs;
        await using var database = await databases.CreateDbContextAsync(ct);
        foreach (var head in await database.Set<Head>().AsNoTracking().Where(h => h.Channel != Rules.Dispatch.Waiting.Chat && h.ArrivedAt > since).ToListAsync(ct))
        {
            flow.Came(head.Asks(0), head.ArrivedAt ?? 0);
        }

        return flow;
    }

    private async Task Begun(Flow flow, DateTimeOffset now, CancellationToken ct)
    {
        var since = now.Ms() - rules.Offers.WindowMs;
        await using var database = await databases.CreateDbContextAsync(ct);
        foreach (var head in await database.Set<Head>().AsNoTracking().Where(h => h.FirstAssignedAt > since).OrderBy(h => h.FirstAssignedAt).ToListAsync(ct))
        {
            flow.Began(head.Asks(0), head.FirstAssignedAt ?? 0);
        }
    }

    /// <summary>A doctor has been called for somebody who waits.</summary>
    public async Task<bool> Called(CancellationToken ct)
    {
        var waits = Bucket.Waiting.Code();
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<Head>().AnyAsync(h => h.Bucket == waits && h.Need == SettingUrgency.Physician, ct);
    }

    /// <summary>Everybody on duty as the pool sees them.</summary>
    /// <param name="called">As <see cref="Called"/> has it, or somebody with a promise that is due: then physicians are told apart.</param>
    public async Task<IReadOnlyList<OnDuty>> OnDuty(DateTimeOffset now, SurgeLevels levels, bool called, CancellationToken ct)
    {
        var on = await duties.All(ct);
        var staff = await roster.Of(on.Select(d => d.Clinician), ct);
        await using var database = await databases.CreateDbContextAsync(ct);
        var (taken, lent) = (await SeatsTaken.Read(database, ct), await aids.At(now, ct));
        var ends = await shifts.Ends(on.ToDictionary(d => d.Clinician, d => d.Since), now, ct);
        var tired = await strains.Now(now, ct);
        return [.. on.Where(d => staff.ContainsKey(d.Clinician)).Select(Seen).OfType<OnDuty>()];

        OnDuty? Seen(DutyRow d, int order)
        {
            var who = staff[d.Clinician];
            var paused = d.State != "on" || now.Ms() - d.LastSignAt >= rules.UnreachableAfterMs;
            var seen = new OnDuty(
                d.Clinician, who.Name, order, who.Serves(called), who.Langs, who.Licence, who.Channels, d.Seats, taken.Open(d.Clinician), taken.InCall(d.Clinician), paused, d.LastAssignedAt, rules.Slowdown,
                Organisation: who.Organisation, Lent: taken.Lent(d, who.Organisation), Aid: lent.GetValueOrDefault(who.Organisation),
                EndsAt: ends.GetValueOrDefault(d.Clinician, long.MaxValue));
            return (who.Role == Role.HealthAdviser ? Promises.AsAdviser(seen, levels, surge.Advisers) : seen)?.Spare(tired.GetValueOrDefault(d.Clinician, Strain.None).Level, strains.Rule).NearEnd(rules, now.Ms());
        }
    }
}
