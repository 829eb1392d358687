namespace Yizhen.Rules.Dispatch;

/// <summary>A decision of the pool, as the journal has kept it.</summary>
/// <param name="WaitedMs">Of whoever was taken.</param>
public sealed record Decided(long At, Guid Consultation, string Why, int Rank, long WaitedMs);

/// <summary>Who was taken while one person waited, each counted once, by the reason that put them first.</summary>
/// <param name="MoreUrgent">Of a more urgent class.</param>
/// <param name="CameBefore">Of the same class, and came first, or in the same millisecond.</param>
/// <param name="OwnClinician">Taken by the clinician whom they had before.</param>
/// <param name="Others">By clinicians who could not take this person.</param>
public sealed record WhyWaited(int MoreUrgent, int CameBefore, int OwnClinician, int Others)
{
    /// <param name="who">The person who waited.</param>
    /// <param name="decided">What was decided from their arrival on, in the order of the journal; what comes after their own turn, in the same moment too, is not looked at.</param>
    public static WhyWaited Of(Waiting who, IEnumerable<Decided> decided, DispatchRules rules)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(decided);
        var (urgent, before, own, others) = (0, 0, 0, 0);
        foreach (var taken in decided.TakeWhile(d => d.Consultation != who.Consultation).Where(d => d.At >= who.ArrivedAt))
        {
            var rank = Pool.Rank(who, rules, taken.At);
            _ = taken.Rank < rank ? urgent++
                : taken.Why == "own_clinician" ? own++
                : taken.Rank == rank && taken.At - taken.WaitedMs <= who.ArrivedAt ? before++
                : others++;
        }

        return new WhyWaited(urgent, before, own, others);
    }
}

public enum WaitReason
{
    /// <summary>A clinician who may take this person has a free seat: the turn is near.</summary>
    Near,

    /// <summary>Those who could are all busy.</summary>
    AllBusy,

    /// <summary>Those of another organisation who are free are kept for its own people; all others who could are busy.</summary>
    KeptBack,

    /// <summary>On duty are only clinicians of other skills, languages or provinces.</summary>
    NobodyFits,

    NobodyOnDuty,

    /// <summary>Those who could are on a break, are to rest, or end their shift before they could finish.</summary>
    Resting,

    /// <summary>A clinician is asked at this moment, and takes them or passes within seconds.</summary>
    Asked,
}

public static class WaitReasons
{
    /// <summary>Why this person waits at this moment, by what is so: one sentence for them.</summary>
    public static WaitReason Of(Waiting who, IReadOnlyCollection<OnDuty> staff)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(staff);
        var fitting = staff.Where(c => !c.Paused && MayTake(c, who)).ToList();
        var free = fitting.FindAll(c => HasSeat(c, who));
        return staff.All(c => c.Paused) ? WaitReason.NobodyOnDuty
            : fitting.Count == 0 ? staff.Any(c => Fit.Of(who, c) is Filter.None or Filter.ShiftEnds or Filter.Tired) ? WaitReason.Resting : WaitReason.NobodyFits
            : free.Count == 0 ? WaitReason.AllBusy
            : Reserves.Of(staff) is var reserves && free.Exists(c => reserves.Let(c, who)) ? WaitReason.Near
            : WaitReason.KeptBack;
    }

    private static bool HasSeat(OnDuty clinician, Waiting who) => !clinician.InCall && (who.IsCall ? clinician.Taken == 0 : clinician.Taken < clinician.Seats);

    /// <summary>The hard filters, which time never relaxes.</summary>
    public static bool MayTake(OnDuty clinician, Waiting who)
    {
        ArgumentNullException.ThrowIfNull(clinician);
        ArgumentNullException.ThrowIfNull(who);
        return Fit.Of(who, clinician) == Filter.None;
    }

    /// <summary>Of all on duty: who could take this person, and what keeps the others.</summary>
    public static (int Eligible, Exclusions Excluded) Count(Waiting who, IReadOnlyCollection<OnDuty> staff)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentNullException.ThrowIfNull(staff);
        var by = staff.Select(c => (Who: c, Misfit: Fit.Of(who, c))).ToList();
        var fitting = by.Where(c => c.Misfit == Filter.None).Select(c => c.Who).ToList();
        var (free, reserves) = (fitting.FindAll(c => !c.Paused && HasSeat(c, who)), Reserves.Of(staff));
        var asked = who.PassedBy.IsDefaultOrEmpty ? 0 : free.Count(c => reserves.Let(c, who) && who.PassedBy.Any(p => p.Clinician == c.Clinician));
        var eligible = free.Count(c => reserves.Let(c, who)) - asked;
        var paused = fitting.Count(c => c.Paused);
        var tired = fitting.Count(c => !c.Paused && c.Because == Spared.Tired && !HasSeat(c, who));
        return (eligible, new Exclusions(
            Of(Filter.Skill), Of(Filter.Language), Of(Filter.Channel), Of(Filter.Licence), fitting.Count - free.Count - paused - tired, paused, 0,
            Of(Filter.ShiftEnds), Of(Filter.Tired) + tired, Of(Filter.Lending), free.Count - eligible - asked, asked));

        int Of(Filter filter) => by.Count(c => c.Misfit == filter);
    }
}
