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
        var waits = Bucket.Waiting.Code();
        var line = seen.Line.Where(h => !isAside(h.Id) && (h.Bucket == waits || Joins(h, anybodyWaits: false))).Select((h, order) => (Head: h, Who: h.InPool(order, rules, now))).ToList();
        var pool = new Pool(rules, seen.Flow(now));
        if (line.Count > 0)
        {
            await duty.Look(now, signs: false, ct);
            foreach (var clinician in await staff.Of(duty, SeatsTaken.Of(seen.Open), now, levels, line.Exists(w => w.Who.Need == SettingUrgency.Physician), ct))
            {
                pool.On(clinician);
            }
        }

        foreach (var (_, person) in line.Where(w => !w.Who.IsDated))
        {
            // Whose campaign is not at that level is in the line as somebody who has declined: counted, and not asked.
            pool.Arrive(person.WasOffered || levels.Of(person.Campaign) >= rules.Offers.Level ? person : person with { WasOffered = true });
        }

        var anybody = pool.AnybodyWaits;
        foreach (var (head, person) in line.Where(w => w.Who.IsDated && Joins(w.Head, anybody)))
        {
            pool.Arrive(person with { IsEarly = !Joins(head, anybodyWaits: true) });
        }

        return pool;

        bool Joins(Head head, bool anybodyWaits) => Promises.Joins(head.Promise == Promising.CallBack, head.PromisedBy ?? 0, anybodyWaits, surge.Promise, now.Ms());
    }
}
