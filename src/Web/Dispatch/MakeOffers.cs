using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>An offer on its way to the log.</summary>
internal sealed record OfferToMake(Guid Consultation, Func<Consultation, Decision<ImmutableArray<Fact>>> Decide, JournalRow Record);

/// <summary>Puts a date on what the pool has decided to offer. Each offer counts as if it were taken, so that the tenth is not told the time of the first.</summary>
internal sealed class MakeOffers(IDbContextFactory<Database> databases, Duties duties, SurgeRules surge, DispatchRules dispatch)
{
    public async Task<IReadOnlyList<OfferToMake>> Of(Term term, ImmutableArray<Offer> offers, Flow flow, DateTimeOffset now, CancellationToken ct)
    {
        var (at, until) = (now.Ms(), now.AddMilliseconds(surge.Promise.OpenMs));
        var (promised, waits) = (Bucket.Promised.Code(), Bucket.Waiting.Code());
        var ids = offers.Select(o => o.Consultation).ToList();
        var stillOpen = at - surge.Promise.OpenMs;
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking();
        var urgencies = await heads.Where(h => ids.Contains(h.Id)).ToDictionaryAsync(h => h.Id, h => (Urgency)(h.Urgency ?? (int)Urgency.Routine), ct);
        var open = await heads.CountAsync(h => h.Bucket == promised || (h.Bucket == waits && h.OfferedAt > stillOpen), ct);
        var taken = flow.BegunFrom(Urgency.Routine, at);
        var seats = (await duties.All(ct)).Where(d => d.State == "on").Sum(d => d.Seats);
        return [.. offers.Where(o => urgencies.ContainsKey(o.Consultation)).Select((offer, before) =>
        {
            var (written, callBack) = Promises.By(urgencies[offer.Consultation], open + before, seats, taken, surge.Promise, dispatch, at);
            var record = new JournalRow
            {
                Pool = term.Pool, At = at, Kind = "offered", Consultation = offer.Consultation, Body = JsonSerializer.Serialize(new { because = offer.Because, written_by = written, call_back_by = callBack }),
            };
            return new OfferToMake(offer.Consultation, c => c.OfferAnswer(written.Utc(), callBack.Utc(), until, offer.Because), record);
        })];
    }
}
