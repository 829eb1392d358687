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
internal sealed class Admission(IDbContextFactory<Database> databases, ConsultationLog log, AccessLog access, Unreadable unreadable)
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
    public async Task<Gathered> Own(Subject who, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, Resource.Summary, Act.List)).OrderByDescending(h => h.ChangedAt).Take(50).ToListAsync(ct);
        return await Gather(heads, async id => await log.Read(id, ct), now);
    }

    /// <summary>What a clinician has now, longest unanswered first.</summary>
    public async Task<Gathered> Assigned(Subject who, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, Resource.Messages, Act.Read)).ToListAsync(ct);
        return await Gather(
            heads.OrderBy(h => h.UnansweredSince ?? long.MaxValue).ThenBy(h => h.AssignedAt),
            async id => (await Read(who, id.ToString(), Resource.Messages, now, ct)).Is(out var state, out _) ? state : null,
            now);
    }

    /// <summary>Each by itself: one that cannot be read is named to the operator and takes nobody else's along.</summary>
    private async Task<Gathered> Gather(IEnumerable<Head> heads, Func<ConsultationId, Task<Consultation?>> read, DateTimeOffset now)
    {
        var (whole, broken) = (ImmutableArray.CreateBuilder<Consultation>(), ImmutableArray.CreateBuilder<Head>());
        foreach (var head in heads)
        {
            var id = new ConsultationId(head.Id);
            try
            {
                if (await read(id) is { } state)
                {
                    whole.Add(state);
                }
            }
            catch (Exception fault) when (Unreadable.Is(fault))
            {
                await unreadable.Tell(id, fault, now);
                broken.Add(head);
            }
        }

        return new Gathered(whole.ToImmutable(), broken.ToImmutable());
    }

    private async Task<bool> Admits(Subject who, ConsultationId id, Resource what, Act act, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, what, act)).AnyAsync(h => h.Id == id.Value, ct);
    }
}

/// <param name="Broken">Heads, which hold codes only, of those that cannot be read.</param>
internal sealed record Gathered(ImmutableArray<Consultation> Whole, ImmutableArray<Head> Broken);
