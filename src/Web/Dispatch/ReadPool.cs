using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>Fills a pool from heads and duty: what another leader would read, and so decide by, in the same moment.</summary>
internal sealed class ReadPool(IDbContextFactory<Database> databases, Duties duties, StaffRoster roster, Shifts shifts, Strains strains, Aids aids, LogOrder log, DispatchRules rules, SurgeRules surge)
{
    /// <param name="seen">As of this moment.</param>
    /// <param name="levels">Of the surge: who may take whom and who may be offered a date hang on it.</param>
    /// <param name="isAside">Consultations that cannot be read now.</param>
    public async Task<Pool> At(HeadsSeen seen, DateTimeOffset now, SurgeLevels levels, Func<Guid, bool> isAside, CancellationToken ct)
    {
        var waiting = await Waiting(seen, now, isAside, ct);
        var pool = new Pool(rules, seen.Flow(now));
        foreach (var clinician in waiting.Count == 0 ? [] : await OnDuty(SeatsTaken.Of(seen.Open), now, levels, waiting.Any(w => w.Need == SettingUrgency.Physician), ct))
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

    /// <summary>Who waits, and whose promise has to go to a clinician now so that it can be kept. Who came in the same millisecond stands as in the log, so for every leader in the same order.</summary>
    private async Task<IReadOnlyList<Waiting>> Waiting(HeadsSeen seen, DateTimeOffset now, Func<Guid, bool> isAside, CancellationToken ct)
    {
        var (waits, promised) = (Bucket.Waiting.Code(), Bucket.Promised.Code());
        var heads = seen.Open.Where(h => (h.Bucket == waits || h.Bucket == promised) && h.PromptedTo is null).ToList();
        heads.Sort(InTime);
        if (heads.Zip(heads.Skip(1)).Where(pair => InTime(pair.First, pair.Second) == 0).SelectMany(pair => new[] { pair.First.Id, pair.Second.Id }).Distinct().ToList() is { Count: > 0 } together)
        {
            var places = await log.Of(together, ct);
            heads.Sort((a, b) => InTime(a, b) is not 0 and var order ? order : places.GetValueOrDefault(a.Id).CompareTo(places.GetValueOrDefault(b.Id)));
        }

        var anybody = heads.Exists(h => h.Bucket == waits);
        return [.. heads.Where(h => !isAside(h.Id) && (h.Bucket == waits || Promises.Joins(h.Promise == Promising.CallBack, h.PromisedBy ?? 0, anybody, surge.Promise, now.Ms()))).Select((h, order) => h.Asks(order))];
    }

    private static int InTime(Head a, Head b) => (a.Urgency, a.ArrivedAt, a.OpenedAt).CompareTo((b.Urgency, b.ArrivedAt, b.OpenedAt));

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
        await using var database = await databases.CreateDbContextAsync(ct);
        return await OnDuty(await SeatsTaken.Read(database, ct), now, levels, called, ct);
    }

    private async Task<IReadOnlyList<OnDuty>> OnDuty(SeatsTaken taken, DateTimeOffset now, SurgeLevels levels, bool called, CancellationToken ct)
    {
        var on = await duties.All(ct);
        var staff = await roster.Of(on.Select(d => d.Clinician), ct);
        var lent = await aids.At(now, ct);
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
