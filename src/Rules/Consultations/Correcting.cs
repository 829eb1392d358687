using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>Another version of a protocol advises something else than what the person was told.</summary>
/// <param name="Count">1, 2 and so on in this consultation.</param>
/// <param name="SaidAt">When the person was told what is taken back.</param>
public sealed record AdviceCorrected(int Count, ProtocolPin Recalled, ProtocolPin Replacement, Outcome Said, DateTimeOffset SaidAt, Outcome Says) : Fact;

public sealed record CorrectionSeen(int Count) : Fact;

/// <summary>A recall: what triage said is taken back in the open, and what it says now stands in its place.</summary>
public static class Correcting
{
    /// <summary>
    /// Corrects what was judged in version <paramref name="judged"/> of this consultation. Where something newer stands there, this was decided before,
    /// or the person has been judged anew: then nothing changes. It goes to everybody, also where the consultation is over.
    /// </summary>
    public static Decision<ImmutableArray<Fact>> Correct(this Consultation c, long judged, ProtocolPin recalled, ProtocolPin replacement, Outcome says)
    {
        ArgumentNullException.ThrowIfNull(c);
        return c.IsErased ? Refusal.ConsultationErased
            : c.Version == 0 ? Refusal.NotFound
            : c.Outcome is not { } said || c.JudgedAt is not { } at || c.JudgedIn != judged ? Facts.None
            : Facts.These(new AdviceCorrected(c.Corrections + 1, recalled, replacement, said, at, says));
    }

    /// <summary>The person says that it has been read. Said twice, it is said once.</summary>
    public static Decision<ImmutableArray<Fact>> SeeCorrection(this Consultation c, int count)
    {
        ArgumentNullException.ThrowIfNull(c);
        return c.IsErased ? Refusal.ConsultationErased
            : count < 1 || count > c.Corrections ? Refusal.NotFound
            : count <= c.CorrectionsSeen ? Facts.None
            : Facts.These(new CorrectionSeen(count));
    }

    /// <summary>
    /// The urgency may rise and not fall, as with every later judgement. A correction gives nobody a place and takes none away; whoever was only advised
    /// stands where the new advice puts them.
    /// </summary>
    internal static Consultation Corrected(this Consultation next, AdviceCorrected fact, DateTimeOffset at)
    {
        var to = fact.Says.Disposition.Leads();
        return next with
        {
            Outcome = fact.Says,
            JudgedAt = at,
            JudgedIn = next.Version,
            Correction = fact,
            Corrections = fact.Count,
            Replaced = next.Replaced.Add((fact.Recalled, fact.Replacement)),
            Urgency = next.Urgency is { } known && known < fact.Says.Urgency ? known : fact.Says.Urgency,
            Need = fact.Says.Need,
            Bucket = next.Bucket is Bucket.BeingAsked or Bucket.SelfCare or Bucket.ToldToGo && to is Bucket.SelfCare or Bucket.ToldToGo ? to : next.Bucket,
            Lines = next.Lines.Add(new(next.Version, at, LineBy.System, null, null, "corrected", null)),
        };
    }
}
