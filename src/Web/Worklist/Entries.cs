using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
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
internal sealed class Entries(IDbContextFactory<Database> databases, ConsultationLog log, RecheckPolicy policy, ReportingPolicy reporting)
{
    private const string Reporter = "reporter"; // Who may see reports.
    private const int Most = 200;

    /// <summary>Makes it, unless it has been made, or one of the same kind about the same person is still to be done.</summary>
    /// <param name="count">Which time this is, of this kind, in this consultation.</param>
    /// <param name="duty">Under which it is reported; null for what nobody has to report.</param>
    public async Task<bool> Make(EntryKind kind, Consultation about, long count, DateTimeOffset now, CancellationToken ct, ReportDuty? duty = null)
    {
        if (about.Opening is not { } opening)
        {
            return false;
        }

        var (code, consultation) = (Code(kind), about.Id.Value);
        var id = IdOf(kind, about.Id, count);
        var urgency = about.Urgency ?? Urgency.Routine;
        var within = duty?.Within ?? (kind == EntryKind.FlagLeft ? TimeSpan.FromMinutes(reporting.UndecidedMinutes) : policy.Worklist.DueMinutes.Of(urgency));
        var entry = Entry.Make(kind, urgency, within, now, duty is null ? null : TimeSpan.FromMinutes(duty.RemindAfterMinutes));
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.Set<EntryRow>().AsNoTracking().AnyAsync(e => e.Id == id || (e.Consultation == consultation && e.Kind == code && e.State != EntryRow.Done), ct))
        {
            return false;
        }

        database.Add(new EntryRow
        {
            Id = id, Kind = code, Consultation = consultation, Campaign = opening.Campaign, Organisation = opening.Organisation, Urgency = (int)urgency,
            Role = duty is null && kind != EntryKind.FlagLeft ? "staff" : Reporter, Duty = duty?.Id,
            State = Code(entry.State), MadeAt = now.Ms(), DueAt = entry.Due.Ms(), EscalateAt = entry.EscalateAt.Ms(), Escalated = 0,
        });
        try
        {
            await database.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException) when (!ct.IsCancellationRequested)
        {
            database.ChangeTracker.Clear();
            if (await database.Set<EntryRow>().AsNoTracking().AnyAsync(e => e.Id == id, ct))
            {
                // Another node was faster.
                return false;
            }

            throw;
        }
    }

    public static Guid IdOf(EntryKind kind, ConsultationId about, long count) => FollowingId.Of(about.Value, Code(kind), count);

    /// <summary>It was made for a fact that was not stored after all: as long as nobody has taken it, it goes again.</summary>
    public async Task Unmake(Guid entry)
    {
        await using var database = await databases.CreateDbContextAsync();
        await database.Set<EntryRow>().Where(e => e.Id == entry && e.Owner == null && e.State != EntryRow.Done).ExecuteDeleteAsync();
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
        // What was left undecided waits for whoever may decide it.
        if (await Find(who, id, Act.Transition, CancellationToken.None) is not { } row || (row is { Role: Reporter, Duty: null } && !Policy.May(who.Role, Resource.Report, Act.Create)))
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

        // A report ends with its receipt, an undecided flag with a physician's word; what proves needless a physician takes back, with a reason.
        var takesBack = row.Duty is not null && came == EntryCame.NotNeeded && who.Role == Role.Physician;
        if (row.Role == Reporter && (!takesBack || string.IsNullOrWhiteSpace(note)))
        {
            return takesBack ? Refusal.ReasonNeeded : Refusal.ReceiptNeeded;
        }

        var seenTo = await log.Decide(new ConsultationId(row.Consultation), who.Actor, now, c => c.SeeTo(row.Id, row.Kind, Code(came), note));
        return seenTo.IsRefused(out var no) && no != Refusal.ConsultationErased ? no
            : await Change(row, done, Code(came), who.Account, now) ? row
            : Refusal.Conflict;
    }

    /// <summary>Its end is a fact already: the row follows, whatever escalation has done to it in between. Of somebody else it is not taken away.</summary>
    public async Task<Decision<EntryRow>> Settle(Subject who, string id, DateTimeOffset now)
    {
        while (await Find(who, id, Act.Transition, CancellationToken.None) is { } row)
        {
            var (entry, done) = (Read(row), row.State == EntryRow.Done);
            if (done || !(entry.Owner is null ? entry.Take(who.Account) : entry).Then<Entry>(mine => mine.Finish(who.Account)).Is(out var finished, out var why))
            {
                return done ? row : Refusal.Conflict;
            }

            if (await Change(row, finished, Code(EntryCame.SeenTo), who.Account, now))
            {
                return row;
            }
        }

        return Refusal.NotFound;
    }

    /// <summary>Everything that it is time to tell of, with its next time set. What another node has told already is not among it.</summary>
    public async Task<IReadOnlyList<(EntryRow Row, int Times)>> Escalate(DateTimeOffset now, CancellationToken ct)
    {
        var ms = now.Ms();
        await using var database = await databases.CreateDbContextAsync(ct);
        var late = await database.Set<EntryRow>().AsNoTracking().Where(e => e.State != EntryRow.Done && e.EscalateAt <= ms && e.Escalated < (e.Duty == null ? policy.Worklist.Escalations : reporting.Tellings)).OrderBy(e => e.DueAt).Take(Most).ToListAsync(ct);
        var told = new List<(EntryRow, int)>();
        foreach (var row in late)
        {
            var (again, most) = reporting.Named(row.Duty) is { } duty ? (duty.TellAgainMinutes, reporting.Tellings) : (policy.Worklist.EscalateAgainMinutes, policy.Worklist.Escalations);
            if (Read(row).Escalate(TimeSpan.FromMinutes(again), most, now).Is(out var next, out _) && await Change(row, next, null, null, null))
            {
                told.Add((row, next.Escalated));
            }
        }

        return told;
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
        List<string> roles = ["staff", who.IsOperator ? "operator" : "clinician", .. Policy.May(who.Role, Resource.Report, Act.Read) ? [Reporter] : Array.Empty<string>()];
        return database.Set<EntryRow>().AsNoTracking().Where(e => roles.Contains(e.Role) && heads.Any(h => h.Id == e.Consultation));
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
