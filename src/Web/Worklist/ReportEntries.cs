using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;
using Entry = Yizhen.Rules.Worklist.Entry;

namespace Yizhen.Web.Worklist;

/// <summary>What is different about reports: who sees them, how they end, and how often somebody is told.</summary>
internal sealed partial class Entries
{
    private const string Reporter = "reporter";

    public static Guid IdOf(EntryKind kind, ConsultationId about, long count) => FollowingId.Of(about.Value, Code(kind), count);

    /// <summary>It was made for a fact that was not stored after all: as long as nobody has taken it, it goes again.</summary>
    public async Task Unmake(Guid entry)
    {
        await using var database = await databases.CreateDbContextAsync();
        await database.Set<EntryRow>().Where(e => e.Id == entry && e.Owner == null && e.State != EntryRow.Done).ExecuteDeleteAsync();
    }

    /// <summary>Its end is a fact already: the row follows, whatever escalation has done to it in between. Of somebody else it is not taken away.</summary>
    public async Task<Decision<EntryRow>> Settle(Subject who, string id, DateTimeOffset now)
    {
        while (await Find(who, id, Act.Transition, CancellationToken.None) is { } row)
        {
            var (entry, done) = (Read(row), row.State == EntryRow.Done);
            if (done || !(entry.Owner is null ? entry.Take(who.Account) : entry).Then<Entry>(mine => mine.Finish(who.Account)).Is(out var finished, out _))
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

    /// <summary>What was left undecided waits for whoever may decide it.</summary>
    private static bool MayTake(Subject who, EntryRow row) => row is not { Role: Reporter, Duty: null } || Policy.May(who.Role, Resource.Report, Act.Create);

    /// <summary>A report ends with its receipt, an undecided flag with a physician's word; what proves needless a physician takes back, with a reason.</summary>
    private static Refusal? ReportEnds(Subject who, EntryRow row, EntryCame came, string? note)
    {
        var takesBack = row.Duty is not null && came == EntryCame.NotNeeded && who.Role == Role.Physician;
        return row.Role != Reporter ? null : !takesBack ? Refusal.ReceiptNeeded : string.IsNullOrWhiteSpace(note) ? Refusal.ReasonNeeded : null;
    }

    private (TimeSpan Again, int Most) Rhythm(EntryRow row) => reporting.Named(row.Duty) is { } duty
        ? (TimeSpan.FromMinutes(duty.TellAgainMinutes), reporting.Tellings)
        : row.Role == Reporter ? (TimeSpan.FromMinutes(reporting.Undecided.TellAgainMinutes), reporting.Tellings)
        : (TimeSpan.FromMinutes(policy.Worklist.EscalateAgainMinutes), policy.Worklist.Escalations);
}
