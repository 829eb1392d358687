using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>Fills a pool from heads and duty: what another leader would read, and so decide by, in the same moment.</summary>
internal sealed class ReadPool(IDbContextFactory<Database> databases, StaffRoster roster, Shifts shifts, Strains strains, Aids aids, DispatchRules rules, SurgeRules surge)
{
    /// <param name="seen">As of this moment.</param>
    /// <param name="duty">Brought up to date here, where somebody waits.</param>
    /// <param name="levels">Of the surge: who may take whom and who may be offered a date hang on it.</param>
    /// <param name="isAside">Consultations that cannot be read now.</param>
    public async Task<Pool> At(HeadsSeen seen, DutySeen duty, DateTimeOffset now, SurgeLevels levels, Func<Guid, bool> isAside, CancellationToken ct)
    {
        var waiting = Waiting(seen, now, isAside);
        var pool = new Pool(rules, seen.Flow(now));
        if (waiting.Count > 0)
        {
            await duty.Look(now, signs: false, ct);
            foreach (var clinician in await OnDuty(SeatsTaken.Of(seen.Open), duty, now, levels, waiting.Exists(w => w.Need == SettingUrgency.Physician), ct))
            {
                pool.On(clinician);
            }
        }

        foreach (var person in waiting)
        {
            // Whose campaign is not at that level is in the line as somebody who has declined: counted, and not asked.
            pool.Arrive(person.WasOffered || levels.Of(person.Campaign) >= rules.Offers.Level ? person : person with { WasOffered = true });
        }

        return pool;
    }

    /// <summary>Who waits, and whose promise has to go to a clinician now so that it can be kept.</summary>
    private List<Waiting> Waiting(HeadsSeen seen, DateTimeOffset now, Func<Guid, bool> isAside)
    {
        var waits = Bucket.Waiting.Code();
        var anybody = seen.Line.Any(h => h.Bucket == waits);
        return [.. seen.Line.Where(h => !isAside(h.Id) && (h.Bucket == waits || Promises.Joins(h.Promise == Promising.CallBack, h.PromisedBy ?? 0, anybody, surge.Promise, now.Ms()))).Select((h, order) => h.Asks(order))];
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
        var duty = new DutySeen(databases, roster, shifts, rules);
        await duty.Look(now, signs: true, ct);
        await using var database = await databases.CreateDbContextAsync(ct);
        return await OnDuty(await SeatsTaken.Read(database, ct), duty, now, levels, called, ct);
    }

    private async Task<IReadOnlyList<OnDuty>> OnDuty(SeatsTaken taken, DutySeen duty, DateTimeOffset now, SurgeLevels levels, bool called, CancellationToken ct)
    {
        var lent = await aids.At(now, ct);
        var tired = await strains.Now(now, ct);
        return [.. duty.Here.Select(Seen).OfType<OnDuty>()];

        OnDuty? Seen(DutyRow d, int order)
        {
            if (duty.Who(d.Clinician) is not { } who)
            {
                return null;
            }

            var paused = d.State != "on" || now.Ms() - d.LastSignAt >= rules.UnreachableAfterMs;
            var seen = new OnDuty(
                d.Clinician, who.Name, order, who.Serves(called), who.Langs, who.Licence, who.Channels, d.Seats, taken.Open(d.Clinician), taken.InCall(d.Clinician), paused, d.LastAssignedAt, rules.Slowdown,
                Organisation: who.Organisation, Lent: taken.Lent(d, who.Organisation), Aid: lent.GetValueOrDefault(who.Organisation), EndsAt: duty.EndsAt(d.Clinician));
            return (who.Role == Role.HealthAdviser ? Promises.AsAdviser(seen, levels, surge.Advisers) : seen)?.Spare(tired.GetValueOrDefault(d.Clinician, Strain.None).Level, strains.Rule).NearEnd(rules, now.Ms());
        }
    }
}
