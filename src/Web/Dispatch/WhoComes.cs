using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>Who is there in the hours to come: on duty now until their shift ends, and on the roster. What planner, board and forecast count on is the same.</summary>
internal sealed class WhoComes(IDbContextFactory<Database> databases, StaffOnDuty staff, Duties duties, RosterRules rules, DispatchRules dispatch)
{
    /// <param name="stay">For how long whoever is on duty without a shift is counted on.</param>
    public async Task<ImmutableArray<Presence>> Ahead(DateTimeOffset now, SurgeLevels levels, TimeSpan ahead, TimeSpan? stay, CancellationToken ct)
    {
        var on = (await duties.All(ct)).ToDictionary(d => d.Clinician, d => d.Since);
        var here = (await staff.Now(now, levels, await Called(ct), ct)).Where(d => !d.Paused && on.ContainsKey(d.Clinician)).Select(d => (d, d.Organisation, on[d.Clinician]));
        var since = on.Values.DefaultIfEmpty(now.Ms()).Min();
        return Roster.Ahead(here, await staff.ToCome(since, (now + ahead).Ms(), levels, ct), stay is { } time ? rules with { StayMs = (long)time.TotalMilliseconds } : rules, dispatch.Slowdown, now.Ms());
    }

    /// <summary>A doctor has been called for somebody who waits.</summary>
    private async Task<bool> Called(CancellationToken ct)
    {
        var waits = Bucket.Waiting.Code();
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<Head>().AnyAsync(h => h.Bucket == waits && h.Need == SettingUrgency.Physician, ct);
    }
}
