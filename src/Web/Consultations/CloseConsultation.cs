using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>The sheet and the end, in one step; the hand-over with a note; the patient's own way out and the worry question.</summary>
internal static class CloseConsultation
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/consultations/{id}/advice", async (string id, AdviceBody body, Admission admission, DeskGuard guard, Referrals referrals, HttpContext http, TimeProvider clock) =>
            {
                var reading = guard.For(http.Subject(), body.Confirmed);
                return (await referrals.Chosen(http.Subject(), body.Hospital, http.RequestAborted)).Is(out var to, out var why)
                    ? reading.Answer(http, await Advise(admission, reading, http.Subject(), id, body, to, clock.GetUtcNow()))
                    : http.Problem(why);
            })
            .Allow(Resource.Advice, Act.Create);

        app.MapPost("/api/v1/consultations/{id}/hand-over", async (string id, HandOverBody body, Admission admission, HttpContext http, TimeProvider clock) =>
                http.Json(await HandOver(admission, http.Subject(), id, body.Note, body.Danger, clock.GetUtcNow()), Stored.Of))
            .Allow(Resource.Assignment, Act.Transition);

        app.MapPost("/api/v1/consultations/{id}/close", async (string id, Admission admission, LightConsultation policy, HttpContext http, TimeProvider clock) =>
                http.Json(await ByPatient(admission, policy, http.Subject(), id, clock.GetUtcNow()), Stored.Of))
            .Allow(Resource.Closing, Act.Transition);

        app.MapPut("/api/v1/consultations/{id}/worry", async (string id, WorryBody body, Admission admission, HttpContext http, TimeProvider clock) =>
                http.Json(await admission.Decide(http.Subject(), id, Resource.Worry, Act.Change, clock.GetUtcNow(), c => c.StateWorry(body.Worry)), Stored.Of))
            .Allow(Resource.Worry, Act.Change);
    }

    /// <param name="to">Where the person is sent, which also ends it; null: nowhere.</param>
    public static async Task<Decision<Consultation>> Advise(Admission admission, GuardReading reading, Subject who, string id, AdviceBody body, ReferredTo? to, DateTimeOffset now)
    {
        var advised = await admission.Decide(who, id, Resource.Advice, Act.Create, now, c =>
        {
            if (c.Outcome is not { } outcome)
            {
                return Refusal.NotTriagedYet;
            }

            var sheet = new AdviceSheet(body.Disposition, body.Situation ?? "", body.Advice ?? "", outcome.Watch, outcome.CallNow, outcome.DecidedBy, outcome.Row);
            var written = reading.Check(c.WriteAdvice(who.Account, body.Epoch, sheet), null, DeskGuard.Words(body, c.Story?.Text ?? ""));
            return !body.Close && to is null
                ? written
                : written.Then<ImmutableArray<Fact>>(facts => (to is null
                    ? c.After(facts, now).Close(who.Account, body.Epoch)
                    : c.After(facts, now).Refer(who.Account, body.Epoch, to, body.Note ?? "")).Then<ImmutableArray<Fact>>(end => facts.AddRange(end)));
        });
        if (!advised.IsRefused(out var why))
        {
            return advised;
        }

        // It had ended the consultation already, and only the answer was lost: the same answer.
        var before = await admission.Decide(who, id, Resource.Drafts, Act.Create, now, c => c.EndedWith(who.Account, body.Situation ?? "", body.Advice ?? "") ? ImmutableArray<Fact>.Empty : why);
        return !before.IsRefused(out _) ? before : await ReplyToPatient.Leave(admission, who, id, body.Epoch, body.Advice, why, now);
    }

    public static Task<Decision<Consultation>> ByPatient(Admission admission, LightConsultation policy, Subject who, string id, DateTimeOffset now) =>
        admission.Decide(who, id, Resource.Closing, Act.Transition, now, c => c.CloseByPatient("by_patient", policy.Contact, now));

    /// <param name="danger">Urgency 1 and a doctor at once, in the same step.</param>
    public static Task<Decision<Consultation>> HandOver(Admission admission, Subject who, string id, string? note, bool danger, DateTimeOffset now) =>
        admission.Decide(who, id, Resource.Assignment, Act.Transition, now, c => string.IsNullOrWhiteSpace(note)
            ? Refusal.ReasonNeeded
            : danger ? c.CallDoctor(note, Policy.UrgencyBy(who, Resource.Urgency), now)
            : c.HandOver(who.Account, "hand_over", note));
}
