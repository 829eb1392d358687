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

/// <summary>
/// Puts a date on what the pool has decided to offer. Each offer counts as if it were taken, so that the tenth is not told the time of the first. Whom nobody may answer
/// in time, by the roster, is offered none, and looked at again in a while.
/// </summary>
internal sealed class MakeOffers(IDbContextFactory<Database> databases, WhoComes comes, Aids aids, SurgeRules surge, DispatchRules dispatch)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>With thousands on duty reading them all costs more than a whole turn, and in a surge each turn offers.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Guid, DateTimeOffset> none = [];
    private (DateTimeOffset At, ImmutableArray<Presence> There)? known;

    public async Task<IReadOnlyList<OfferToMake>> Of(Term term, ImmutableArray<Offer> offers, Flow flow, SurgeLevels levels, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var over in none.Where(n => n.Value <= now).Select(n => n.Key).ToList())
        {
            none.Remove(over);
        }

        var (at, until) = (now.Ms(), now.AddMilliseconds(surge.Promise.OpenMs));
        var (promised, waits) = (Bucket.Promised.Code(), Bucket.Waiting.Code());
        var ids = offers.Select(o => o.Consultation).Where(id => !none.ContainsKey(id)).ToList();
        if (ids.Count == 0)
        {
            return [];
        }

        var stillOpen = at - surge.Promise.OpenMs;
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking();
        var asked = await heads.Where(h => ids.Contains(h.Id)).ToDictionaryAsync(h => h.Id, ct);
        var open = await heads.CountAsync(h => h.Bucket == promised || (h.Bucket == waits && h.OfferedAt > stillOpen), ct);
        var taken = flow.BegunFrom(Urgency.Routine, at);
        var there = await There(levels, now, ct);
        var seats = there.Where(p => p.IsHere && p.From <= at).Sum(p => p.Like.Seats);
        var made = new List<OfferToMake>();
        foreach (var offer in offers.Where(o => asked.ContainsKey(o.Consultation)))
        {
            var who = asked[offer.Consultation].Asks(0);
            if (Promises.From(who, there, surge.Promise, dispatch, at) is not { } from)
            {
                none[offer.Consultation] = now + LookAgain;
                continue;
            }

            var (written, callBack) = Promises.By(who.Urgency, open + made.Count, seats, taken, surge.Promise, dispatch, at, from);
            var record = new JournalRow
            {
                Pool = term.Pool, At = at, Kind = "offered", Consultation = offer.Consultation, Body = JsonSerializer.Serialize(new { because = offer.Because, written_by = written, call_back_by = callBack }),
            };
            made.Add(new OfferToMake(offer.Consultation, c => c.OfferAnswer(written.Utc(), callBack.Utc(), until, offer.Because), record));
        }

        return made;
    }

    private async Task<ImmutableArray<Presence>> There(SurgeLevels levels, DateTimeOffset now, CancellationToken ct)
    {
        if (known is { } read && now >= read.At && now - read.At < Fresh)
        {
            return read.There;
        }

        var day = await aids.Day(now, ct);
        ImmutableArray<Presence> there = [.. (await comes.Ahead(now, levels, TimeSpan.FromMilliseconds(surge.Promise.MostMs), null, ct)).SelectMany(p => day.Over(p, now.Ms()))];
        known = (now, there);
        return there;
    }
}
