using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>Takes a dated answer instead of waiting, or waits on; before and after, in one tap.</summary>
internal static class AnswerOffer
{
    private const string Wait = "wait";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/q/{id}/offer", async (string id, Admission admission, HttpContext http, TimeProvider clock) =>
            {
                var form = await SentForm.ReadAsync(http);
                var answered = form.Trusted ? await Decide(admission, http.Subject(), id, form["answer"], clock.GetUtcNow()) : Refusal.Malformed;
                return !answered.IsRefused(out var why) ? new SeeOther($"/q/{id}/waiting")
                    // Pressed too late, on a page that was left open: what happened is said where they stand.
                    : why == Refusal.OfferOver ? new SeeOther($"/q/{id}/waiting?offer=over") : http.Refuse(why);
            })
            .Allow(Resource.Queue, Act.Change);

        app.MapPost("/api/v1/consultations/{id}/offer", async (string id, OfferBody body, Admission admission, HttpContext http, TimeProvider clock) =>
                http.Json(await Decide(admission, http.Subject(), id, body.Answer, clock.GetUtcNow()), c => ConsultationView.Of(c, forClinician: false)))
            .Allow(Resource.Queue, Act.Change);
    }

    private static Task<Decision<Consultation>> Decide(Admission admission, Subject who, string id, string? answer, DateTimeOffset now) =>
        admission.Decide(who, id, Resource.Queue, Act.Change, now, c => answer == Wait ? c.WaitInLine(now) : c.TakeOffer(answer, now));
}

/// <param name="Answer">written_answer, call_back or wait.</param>
internal sealed record OfferBody(string? Answer);
