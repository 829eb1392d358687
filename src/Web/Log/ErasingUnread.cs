using System.Collections.Concurrent;
using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

internal sealed partial class ConsultationLog
{
    /// <summary>
    /// Erases one whose facts cannot be opened, from what stands in its headers and its head: forgetting needs no reading. Its chain goes on, its keys and
    /// payloads are destroyed as anybody's.
    /// </summary>
    /// <exception cref="FormatException">Not even its headers can be read.</exception>
    public async Task<bool> EraseUnread(Head head, string actor, DateTimeOffset now)
    {
        var id = new ConsultationId(head.Id);
        folded.Remove(id);
        var rows = await facts.OfAsync(head.Id, CancellationToken.None);
        var state = Payloads.Fold(head.Id, rows, []) with { OpenedAt = rows[0].At.Utc() };
        var erased = new Erased(head.Campaign, head.Entrance, head.Region is { Length: 6 } region ? region[..2] : "", "", head.Lang, "");
        ImmutableArray<Fact> news = state.IsErased ? [] : state.Bucket.IsLive() ? [new Left("erased", null), erased] : [erased];
        if (news.IsEmpty)
        {
            return false;
        }

        // The keys stay where they are until the transaction that destroys them: what is written now carries no payload.
        var sealing = new ConcurrentDictionary<string, byte[]> { [FactRow.RetentionCode(RetentionClass.Process)] = Vault.NewKey() };
        var (entry, _) = Prepare(new Known(state, rows[^1].Hash, sealing), news, actor, now, new Beside());
        var stored = await lanes.WriteAsync(entry) == Fate.Stored;
        if (stored)
        {
            bell.Ring(Bell.Consultation(head.Id));
            bell.Ring(Bell.Queue);
            if (head.AssignedTo is { } clinician)
            {
                bell.Ring(Bell.Desk(clinician));
            }
        }

        return stored;
    }
}
