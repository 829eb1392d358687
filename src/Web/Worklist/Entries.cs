using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;
using Entry = Yizhen.Rules.Worklist.Entry;

namespace Yizhen.Web.Worklist;

/// <summary>
/// The worklist's rows: made once by whoever is first, taken and finished by one person at a time. The words of whoever has seen to one are a fact
/// of the consultation, sealed as everything about health is.
/// </summary>
internal sealed partial class Entries(IDbContextFactory<Database> databases, ConsultationLog log, RecheckPolicy policy, ReportingPolicy reporting, LightConsultation light, SurgeRules surge)
{
    private const int Most = 200;
    private const string Staff = "staff";
    private const string Operators = "operator";

    /// <summary>Makes it, unless it has been made, or one of the same kind about the same person is still to be done.</summary>
    /// <param name="count">Which time this is, of this kind, in this consultation.</param>
    /// <param name="to">Urgency by which it is due; null: that of the consultation.</param>
    /// <param name="duty">Under which it is reported; null for what nobody has to report.</param>
    public async Task<bool> Make(EntryKind kind, Consultation about, long count, DateTimeOffset now, CancellationToken ct, Urgency? to = null, ReportDuty? duty = null)
    {
        if (about.Opening is not { } opening)
        {
            return false;
        }

        var urgency = to ?? about.Urgency ?? Urgency.Routine;
        var within = duty?.Within ?? policy.Worklist.DueMinutes.Of(urgency);
        var entry = Entry.Make(kind, urgency, now + within, duty is null ? null : now.AddMinutes(duty.RemindAfterMinutes));
        return await Add(Row(entry, IdOf(kind, about.Id, count), about.Id.Value, opening.Campaign, opening.Organisation, duty is null ? Staff : Reporter, now, duty?.Id), ct);
    }

    /// <summary>What is still to be done, the one that is due first at the top.</summary>
    public async Task<IReadOnlyList<EntryRow>> Open(Subject who, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await Visible(database, who, Act.List).Where(e => e.State != EntryRow.Done).OrderBy(e => e.DueAt).Take(Most).ToListAsync(ct);
    }

    public async Task<EntryRow?> Find(Subject who, string id, Act act, CancellationToken ct)
    {
        if (!Base32.TryRead(id, out var entry))
        {
            return null;
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        return await Visible(database, who, act).FirstOrDefaultAsync(e => e.Id == entry, ct);
    }

    public async Task<Decision<EntryRow>> Take(Subject who, string id)
    {
        if (await Find(who, id, Act.Transition, CancellationToken.None) is not { } row || !MayTake(who, row))
        {
            return Refusal.NotFound;
        }

        return Read(row).Take(who.Account).Is(out var taken, out var why) ? await Change(row, taken, null, null, null) ? row : Refusal.Conflict : why;
    }

    /// <summary>The fact first, which counts once by the entry's id; then the row.</summary>
    public async Task<Decision<EntryRow>> Finish(Subject who, string id, EntryCame came, string? note, DateTimeOffset now)
    {
        if (await Find(who, id, Act.Transition, CancellationToken.None) is not { } row)
        {
            return Refusal.NotFound;
        }

        if (!Read(row).Finish(who.Account).Is(out var done, out var why))
        {
            return why;
        }

        if (ReportEnds(who, row, came, note) is { } not)
        {
            return not;
        }

        if (!Entry.Takes(done.Kind, came))
        {
            return Refusal.Malformed;
        }

        var seenTo = await log.Decide(new ConsultationId(row.Consultation), who.Actor, now, c => c.SeeTo(row.Id, row.Kind, Code(came), note)
            .Then<ImmutableArray<Fact>>(seen => seen.IsEmpty || done.Kind != EntryKind.LeftUnhelped || c is not { Bucket: Bucket.Left, Due: not null } ? seen
                : c.AttemptContact(c.ContactAttempts + 1, came == EntryCame.Reached, light.Contact, now).Then<ImmutableArray<Fact>>(tried => seen.AddRange(tried))));
        return seenTo.IsRefused(out var no) && no != Refusal.ConsultationErased ? no
            : await Change(row, done, Code(came), who.Account, now) ? row
            : Refusal.Conflict;
    }

    /// <summary>Escalates what is overdue, where it is time: who had taken it has it no more, and its next time is set.</summary>
    /// <returns>How many; what another node has escalated already is not among them.</returns>
    public async Task<int> Escalate(DateTimeOffset now, CancellationToken ct)
    {
        var (ms, escalated) = (now.Ms(), 0);
        await using var database = await databases.CreateDbContextAsync(ct);
        var late = await database.Set<EntryRow>().AsNoTracking().Where(e => e.State != EntryRow.Done && e.EscalateAt <= ms && e.Escalated < (e.Role == Reporter ? reporting.Tellings : policy.Worklist.Escalations)).OrderBy(e => e.DueAt).Take(Most).ToListAsync(ct);
        foreach (var row in late)
        {
            var (again, most) = Rhythm(row);
            escalated += Read(row).Escalate(again, most, now).Is(out var next, out _) && await Change(row, next, null, null, null) ? 1 : 0;
        }

        return escalated;
    }

    public static Task Erase(Database database, IReadOnlyList<Guid> consultations, CancellationToken ct) =>
        database.Set<EntryRow>().Where(e => consultations.Contains(e.Consultation)).ExecuteDeleteAsync(ct);

    public static Entry Read(EntryRow row) =>
        new(Enum.GetValues<EntryKind>().First(k => Code(k) == row.Kind), (Urgency)row.Urgency, Enum.GetValues<EntryState>().First(s => Code(s) == row.State), row.Owner, row.DueAt.Utc(), row.EscalateAt.Utc(), row.Escalated);

    public static string Code<T>(T name)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString());

    /// <summary>The policy's rows, and what the role may take.</summary>
    private static IQueryable<EntryRow> Visible(Database database, Subject who, Act act)
    {
        var heads = database.Set<Head>().Where(Policy.Filter(who, Resource.Worklist, act));
        List<string> roles = [Staff, who.IsOperator ? Operators : "clinician", .. Policy.May(who.Role, Resource.Report, Act.Read) ? [Reporter] : Array.Empty<string>()];
        return database.Set<EntryRow>().AsNoTracking().Where(e => roles.Contains(e.Role) && heads.Any(h => h.Id == e.Consultation));
    }

    private static EntryRow Row(Entry entry, Guid id, Guid consultation, string campaign, Guid organisation, string role, DateTimeOffset now, string? duty = null) => new()
    {
        Id = id, Kind = Code(entry.Kind), Consultation = consultation, Campaign = campaign, Organisation = organisation, Urgency = (int)entry.Urgency, Role = role, Duty = duty,
        State = Code(entry.State), MadeAt = now.Ms(), DueAt = entry.Due.Ms(), EscalateAt = entry.EscalateAt.Ms(), Escalated = 0,
    };

    /// <summary>Once: whoever is first.</summary>
    private async Task<bool> Add(EntryRow row, CancellationToken ct)
    {
        // A second correction may be more urgent than the one that still lies there, and a second notice says something else: each is an entry of its own.
        var one = row.Kind != Code(EntryKind.Correction) && row.Kind != Code(EntryKind.Notice);
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.Set<EntryRow>().AsNoTracking().AnyAsync(e => e.Id == row.Id || (one && e.Consultation == row.Consultation && e.Kind == row.Kind && e.State != EntryRow.Done), ct))
        {
            return false;
        }

        database.Add(row);
        try
        {
            await database.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException) when (!ct.IsCancellationRequested)
        {
            database.ChangeTracker.Clear();
            if (await database.Set<EntryRow>().AsNoTracking().AnyAsync(e => e.Id == row.Id, ct))
            {
                // Another node was faster.
                return false;
            }

            throw;
        }
    }

    /// <summary>Compared and set: whoever read an older row changes nothing.</summary>
    private async Task<bool> Change(EntryRow from, Entry to, string? came, Guid? by, DateTimeOffset? at)
    {
        await using var database = await databases.CreateDbContextAsync();
        return await database.Set<EntryRow>().Where(e => e.Id == from.Id && e.State == from.State && e.Owner == from.Owner && e.Escalated == from.Escalated)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.State, Code(to.State)).SetProperty(e => e.Owner, to.Owner).SetProperty(e => e.EscalateAt, to.EscalateAt.Ms())
                .SetProperty(e => e.Escalated, to.Escalated).SetProperty(e => e.Came, came).SetProperty(e => e.DoneBy, by).SetProperty(e => e.DoneAt, at == null ? null : at.Value.Ms())) == 1;
    }
}
