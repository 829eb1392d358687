using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Triage;

/// <summary>Who looks through the log, and as far as they may.</summary>
/// <param name="Actor">As it stands in headers.</param>
/// <param name="Organisation">Whose consultations they reach; null for those of the whole deployment.</param>
internal sealed record Looking(Guid Account, string Role, string Actor, Guid? Organisation, Expression<Func<Head, bool>> Reach)
{
    /// <summary>Whoever holds the deployment's key at its machine.</summary>
    public static Looking AtTheMachine { get; } = new(Guid.Empty, "command", "system", null, head => true);

    public static Looking For(Subject who, Act act) => new(who.Account, who.Role.ToString(), who.Actor, who.Organisation, Policy.Filter(who, Resource.Recall, act));

    /// <summary>Whom of these this reader may read, with the one record of the whole run on disk before.</summary>
    /// <param name="selection">In codes.</param>
    public async Task<IReadOnlySet<Guid>> Admit(IReadOnlySet<Guid> ever, Database database, AccessLog access, string purpose, string selection, DateTimeOffset now, CancellationToken ct)
    {
        var mine = (await database.Set<Head>().AsNoTracking().Where(Reach).Select(h => h.Id).ToListAsync(ct)).Where(ever.Contains).ToHashSet();
        await access.RecordJobAsync(Account, Role, purpose, selection, mine.Count, now, ct);
        return mine;
    }
}
