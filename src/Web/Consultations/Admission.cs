using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>
/// The one way to a consultation: the policy table as a filter of the query, then, for staff, the access record, then the log.
/// Not there and not yours is the same answer.
/// </summary>
internal sealed class Admission(IDbContextFactory<Database> databases, ConsultationLog log, AccessLog access)
{
    /// <summary>Reads for somebody. Staff leave a record on disk before the first byte; if that fails, so does the read.</summary>
    public async Task<Decision<Consultation>> Read(Subject who, string id, Resource what, DateTimeOffset now, CancellationToken ct)
    {
        if (!ConsultationId.TryParse(id, out var consultation) || !await Admits(who, consultation, what, Act.Read, ct))
        {
            return Refusal.NotFound;
        }

        if (who.IsClinician)
        {
            await access.RecordAsync(who.Account, who.Role.ToString(), who.SignIn, consultation.Value, "care", now, ct);
        }

        var state = await log.Read(consultation, ct);
        return state.Version == 0 ? Refusal.NotFound : state;
    }

    /// <summary>Decides for somebody. The rules see the state; the policy has seen the head.</summary>
    public async Task<Decision<Consultation>> Decide(
        Subject who, string id, Resource what, Act act, DateTimeOffset now, Func<Consultation, Decision<ImmutableArray<Fact>>> decide, Beside? beside = null)
    {
        if (!ConsultationId.TryParse(id, out var consultation) || !await Admits(who, consultation, what, act, CancellationToken.None))
        {
            return Refusal.NotFound;
        }

        return await log.Decide(consultation, who.Actor, now, decide, beside);
    }

    /// <summary>A person's own consultations, newest change first.</summary>
    public async Task<IReadOnlyList<Consultation>> Own(Subject who, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var ids = await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, Resource.Summary, Act.List)).OrderByDescending(h => h.ChangedAt).Take(50).Select(h => h.Id).ToListAsync(ct);
        var own = new List<Consultation>();
        foreach (var id in ids)
        {
            own.Add(await log.Read(new ConsultationId(id), ct));
        }

        return own;
    }

    private async Task<bool> Admits(Subject who, ConsultationId id, Resource what, Act act, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, what, act)).AnyAsync(h => h.Id == id.Value, ct);
    }
}
