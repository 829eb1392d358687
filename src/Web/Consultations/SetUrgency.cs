using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>The urgency of somebody in the queue or in consultation, set by a person with a reason. Through the worklist it is set there.</summary>
internal static class SetUrgency
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPut("/api/v1/consultations/{id}/urgency", async (string id, UrgencyBody body, Admission admission, HttpContext http, TimeProvider clock) =>
                http.Json(await Decide(admission, http.Subject(), id, body.Seen, body.To, body.Reason, clock.GetUtcNow()), Stored.Of))
            .Allow(Resource.Urgency, Act.Raise);

    /// <summary>Whoever may raise gets here; whether they may lower as well is another cell.</summary>
    public static Task<Decision<Consultation>> Decide(Admission admission, Subject who, string id, Urgency? seen, Urgency to, string? reason, DateTimeOffset now) =>
        admission.Decide(who, id, Resource.Urgency, Act.Raise, now, c => c.SetUrgency(seen, to, reason, Policy.UrgencyBy(who, Resource.Urgency)));
}

/// <param name="Seen">The urgency that was shown; needed for lowering.</param>
internal sealed record UrgencyBody(Urgency? Seen, [property: System.Text.Json.Serialization.JsonRequired] Urgency To, string? Reason);
