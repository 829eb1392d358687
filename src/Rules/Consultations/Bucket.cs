using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>
/// The law of the ledger: each opened consultation stands in exactly one of these, at every instant.
/// The names are those of <c>yizhen ledger --json</c>.
/// </summary>
public enum Bucket
{
    BeingAsked,
    SelfCare,
    ToldToGo,
    Waiting,
    OnHold,
    Promised,
    InConsultation,
    Served,
    Referred,
    Left,
    Refused,
}

public static class Buckets
{
    /// <summary>The code that stands in headers, in heads and in the ledger.</summary>
    public static string Code(this Bucket bucket) => bucket switch
    {
        Bucket.BeingAsked => "being_asked",
        Bucket.SelfCare => "self_care",
        Bucket.ToldToGo => "told_to_go",
        Bucket.Waiting => "waiting",
        Bucket.OnHold => "on_hold",
        Bucket.Promised => "promised",
        Bucket.InConsultation => "in_consultation",
        Bucket.Served => "served",
        Bucket.Referred => "referred",
        Bucket.Left => "left",
        Bucket.Refused => "refused",
    };

    /// <exception cref="FormatException">The code is none of ours: an unknown fact stops the read.</exception>
    public static Bucket Read(string code)
    {
        foreach (var bucket in Enum.GetValues<Bucket>())
        {
            if (bucket.Code() == code)
            {
                return bucket;
            }
        }

        throw new FormatException($"No bucket is called '{code}'.");
    }

    /// <summary>A person in one of these still expects something of us.</summary>
    public static bool IsLive(this Bucket bucket) => bucket
        is Bucket.BeingAsked or Bucket.Waiting or Bucket.OnHold or Bucket.Promised or Bucket.InConsultation;

    /// <summary>Where the outcome alone puts a person. D3, D6 and D7 lead to a human, so they are still being asked until they are in the queue.</summary>
    public static Bucket Leads(this Disposition disposition) => disposition switch
    {
        Disposition.D0 or Disposition.D1 or Disposition.D2 => Bucket.ToldToGo,
        Disposition.D4 or Disposition.D5 => Bucket.SelfCare,
        Disposition.D3 or Disposition.D6 or Disposition.D7 => Bucket.BeingAsked,
    };

    /// <summary>Where a person is who closes without having been answered.</summary>
    public static Bucket ClosedByPatient(this Bucket bucket) => bucket switch
    {
        Bucket.ToldToGo or Bucket.SelfCare or Bucket.Referred => bucket,
        Bucket.BeingAsked or Bucket.Waiting or Bucket.OnHold or Bucket.Promised => Bucket.Left,
        Bucket.InConsultation or Bucket.Served or Bucket.Left or Bucket.Refused => Bucket.Served,
    };
}
