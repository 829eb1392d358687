using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>Who is there in the hours to come: on duty now until their shift ends, and on the roster. What planner, board and forecast count on is the same.</summary>
internal sealed class WhoComes(ReadPool room, Duties duties, StaffRoster roster, Shifts shifts, RosterRules rules, DispatchRules dispatch)
{
    /// <param name="stay">For how long whoever is on duty without a shift is counted on.</param>
    public async Task<ImmutableArray<Presence>> Ahead(DateTimeOffset now, SurgeLevels levels, TimeSpan ahead, TimeSpan? stay, CancellationToken ct)
    {
        var on = (await duties.All(ct)).ToDictionary(d => d.Clinician, d => d.Since);
        var staff = await roster.Of(on.Keys, ct);
        var here = (await room.OnDuty(now, levels, await room.Called(ct), ct)).Where(d => !d.Paused && on.ContainsKey(d.Clinician) && staff.ContainsKey(d.Clinician)).Select(d => (d, staff[d.Clinician].Organisation, on[d.Clinician]));
        var since = on.Values.DefaultIfEmpty(now.Ms()).Min();
        return Roster.Ahead(here, await shifts.Between(since, (now + ahead).Ms(), ct), stay is { } time ? rules with { StayMs = (long)time.TotalMilliseconds } : rules, dispatch.Slowdown, now.Ms());
    }
}
