using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>Fills a pool from heads and duty: what another leader would read, and so decide by, in the same moment.</summary>
internal sealed class ReadPool(StaffOnDuty staff, DispatchRules rules, SurgeRules surge)
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
            foreach (var clinician in await staff.Of(duty, SeatsTaken.Of(seen.Open), now, levels, waiting.Exists(w => w.Need == SettingUrgency.Physician), ct))
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
        return
        [
            .. seen.Line.Where(h => !isAside(h.Id) && (h.Bucket == waits || Promises.Joins(h.Promise == Promising.CallBack, h.PromisedBy ?? 0, anybody, surge.Promise, now.Ms())))
                .Select((h, order) => h.InPool(order, rules)),
        ];
    }
}
