using Yizhen.Rules.Consultations;

namespace Yizhen.Web.Consultations;

/// <summary>Where the pages of one consultation stand; the same in both languages.</summary>
internal static class Addresses
{
    public static string To(this ConsultationId id, string page) => $"/q/{id}/{page}";

    /// <summary>The page on which this consultation stands now, for whoever comes back.</summary>
    public static string Now(Consultation c) => c.Id.To(Step(c));

    private static string Step(Consultation c) => c.Bucket switch
    {
        Bucket.Refused when c.IsTurnedBack() => "outside",
        Bucket.Waiting or Bucket.OnHold or Bucket.Promised => "waiting",
        Bucket.InConsultation or Bucket.Served or Bucket.Referred or Bucket.Left or Bucket.Refused => "talk#latest",
        Bucket.SelfCare or Bucket.ToldToGo => "outcome",
        Bucket.BeingAsked => c.Opening is null ? "consent"
            : c.Place is null ? "where"
            : c.Story is null ? "story"
            : c.Outcome is null ? "questions"
            : "outcome",
    };
}
