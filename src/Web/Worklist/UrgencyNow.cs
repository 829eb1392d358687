using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Worklist;

internal static class UrgencyNow
{
    /// <summary>How urgent the people are now, by consultation: an entry's row keeps what was so when it was made.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Urgency>> Of(Database database, IEnumerable<EntryRow> rows, CancellationToken ct)
    {
        var about = rows.Select(r => r.Consultation).ToList();
        return await database.Set<Head>().AsNoTracking().Where(h => about.Contains(h.Id) && h.Urgency != null).ToDictionaryAsync(h => h.Id, h => (Urgency)(h.Urgency ?? 0), ct);
    }
}
