using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>Why a person waits at this moment, and who stands before them, from who is on duty and from heads. Read at most every few seconds, because everybody who waits looks at it.</summary>
internal sealed class WhyNobodyYet(IDbContextFactory<Database> databases, Duties duties, StaffRoster roster, Shifts shifts, Strains strains, Surges surges, Aids aids, DispatchRules rules, SurgeRules surge)
{
    private const int ProvinceDigits = 2;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private (DateTimeOffset At, ImmutableArray<OnDuty> Staff)? known;

    public async Task<WaitReason> Of(Consultation c, DateTimeOffset now, CancellationToken ct)
    {
        var province = c.Place?.Region is { Length: >= ProvinceDigits } region ? region[..ProvinceDigits] : null;
        var who = new Waiting(c.Id.Value, c.Urgency ?? Urgency.Routine, (c.ArrivedAt ?? now).Ms(), 0, Need(c), c.Opening?.Lang ?? "", province, c.Opening?.Channel ?? "", c.OwnClinician, Organisation: c.Opening?.Organisation ?? Guid.Empty, Campaign: c.Opening?.Campaign ?? "");
        return WaitReasons.Of(who, await Staff(now, ct));
    }

    /// <summary>How many stand before this person of those who may get the same clinicians, and whether one of them is of a more urgent class.</summary>
    public async Task<(int People, bool MoreUrgent)> Before(Consultation c, DateTimeOffset now, CancellationToken ct)
    {
        var (waits, urgency, arrived, own) = (Bucket.Waiting.Code(), (int)(c.Urgency ?? Urgency.Routine), c.ArrivedAt?.Ms(), Need(c));
        var needs = (await Staff(now, ct)).Where(d => !d.Paused && d.Skills.Contains(own)).SelectMany(d => d.Skills).Append(own).Distinct().ToList();
        await using var database = await databases.CreateDbContextAsync(ct);
        var before = await database.Set<Head>().Where(h => h.Bucket == waits && h.Id != c.Id.Value && needs.Contains(h.Need) && (h.Urgency < urgency || (h.Urgency == urgency && h.ArrivedAt < arrived)))
            .GroupBy(h => h.Urgency < urgency).Select(g => new { MoreUrgent = g.Key, People = g.Count() }).ToListAsync(ct);
        return (before.Sum(g => g.People), before.Exists(g => g.MoreUrgent));
    }

    private static string Need(Consultation c) => c.DoctorCalled ? SettingUrgency.Physician : c.Need;

    private async Task<ImmutableArray<OnDuty>> Staff(DateTimeOffset now, CancellationToken ct)
    {
        if (known is { } read && now >= read.At && now - read.At < Fresh)
        {
            return read.Staff;
        }

        var (levels, on) = (await surges.Levels(ct), await duties.All(ct));
        var staff = await roster.Of(on.Select(d => d.Clinician), ct);
        var (tired, ends) = (await strains.Now(now, ct), await shifts.Ends(on.ToDictionary(d => d.Clinician, d => d.Since), now, ct));
        await using var database = await databases.CreateDbContextAsync(ct);
        var (taken, lent) = (await SeatsTaken.Read(database, ct), await aids.At(now, ct));
        ImmutableArray<OnDuty> seen = [.. on.Where(d => staff.ContainsKey(d.Clinician)).Select(See).OfType<OnDuty>()];
        known = (now, seen);
        return seen;

        OnDuty? See(DutyRow d, int order)
        {
            var who = staff[d.Clinician];
            var paused = d.State != "on" || now.Ms() - d.LastSignAt >= rules.UnreachableAfterMs;
            var one = new OnDuty(d.Clinician, "", order, who.Serves(physicianWanted: true), who.Langs, who.Licence, who.Channels, d.Seats, taken.Open(d.Clinician), taken.InCall(d.Clinician), paused, 0, rules.Slowdown,
                Organisation: who.Organisation, Lent: taken.Lent(d, who.Organisation), Aid: lent.GetValueOrDefault(who.Organisation),
                EndsAt: ends.GetValueOrDefault(d.Clinician, long.MaxValue));
            return (who.Role == Role.HealthAdviser ? Promises.AsAdviser(one, levels, surge.Advisers) : one)?.Spare(tired.GetValueOrDefault(d.Clinician, Strain.None).Level, strains.Rule).NearEnd(rules, now.Ms());
        }
    }
}
