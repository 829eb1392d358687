using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>
/// Everybody on duty as dispatch sees them: what their account lets them take, whom they have open, what their organisation lends, how tired they are and when
/// their shift ends. One view for the pool, the board and whoever says why somebody waits, so that nobody is told anything else than what is decided by.
/// </summary>
internal sealed class StaffOnDuty(IDbContextFactory<Database> databases, StaffRoster roster, Shifts shifts, Strains strains, Aids aids, DispatchRules rules, SurgeRules surge)
{
    /// <summary>Read anew.</summary>
    /// <param name="called">A doctor has been called for somebody who waits: then physicians are told apart.</param>
    public async Task<IReadOnlyList<OnDuty>> Now(DateTimeOffset now, SurgeLevels levels, bool called, CancellationToken ct)
    {
        var duty = new DutySeen(databases, roster, shifts, rules);
        await duty.Look(now, signs: true, ct);
        await using var database = await databases.CreateDbContextAsync(ct);
        return await Of(duty, await SeatsTaken.Read(database, ct), now, levels, called, ct);
    }

    /// <summary>From a view that is kept from turn to turn.</summary>
    public async Task<IReadOnlyList<OnDuty>> Of(DutySeen duty, SeatsTaken taken, DateTimeOffset now, SurgeLevels levels, bool called, CancellationToken ct)
    {
        var (lent, tired) = (await aids.At(now, ct), await strains.Now(now, ct));
        return [.. duty.Here.Select(Seen).OfType<OnDuty>()];

        OnDuty? Seen(DutyRow d, int order) => duty.Who(d.Clinician) is not { } who || Able(d, who, levels, called) is not { } able ? null : (able with
        {
            Name = who.Name, Order = order, Taken = taken.Open(d.Clinician), InCall = taken.InCall(d.Clinician), Paused = !d.Takes(rules, now),
            Lent = taken.Lent(d, who.Organisation), Aid = lent.GetValueOrDefault(who.Organisation), EndsAt = duty.EndsAt(d.Clinician),
        }).Spare(tired.GetValueOrDefault(d.Clinician, Strain.None).Level, strains.Rule).NearEnd(rules, now.Ms());
    }

    /// <summary>Who is to come or should be here, by the roster, and whom the surge ladder lets take anybody.</summary>
    public async Task<ImmutableArray<Rostered>> ToCome(long from, long to, SurgeLevels levels, CancellationToken ct) =>
        [.. (await shifts.Between(from, to, ct)).Select(s => s.IsAdviser ? Promises.AsAdviser(s, levels, surge.Advisers) : s).OfType<Rostered>()];

    /// <summary>What their account and the surge ladder let them take, with nobody open; null: nothing.</summary>
    /// <param name="called">As in <see cref="Now"/>.</param>
    public OnDuty? Able(DutyRow duty, RosterEntry who, SurgeLevels levels, bool called)
    {
        var able = new OnDuty(duty.Clinician, "", 0, who.Serves(called), who.Langs, who.Licence, who.Channels, duty.Seats, 0, false, false, duty.LastAssignedAt, rules.Slowdown, Organisation: who.Organisation);
        return who.Role == Role.HealthAdviser ? Promises.AsAdviser(able, levels, surge.Advisers) : able;
    }
}
