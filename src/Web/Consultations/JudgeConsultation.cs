using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>The structured questions, their answers, and the outcome by the rules in force for the consultation.</summary>
internal static class JudgeConsultation
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/consultations/{id}/questions", async (string id, Admission admission, Recalls recalls, HttpContext http, TimeProvider clock, CancellationToken ct) =>
            {
                var rules = await recalls.Rules(ct);
                return http.Json(await admission.Read(http.Subject(), id, Resource.Intake, clock.GetUtcNow(), ct), rules.StillToAsk);
            })
            .Allow(Resource.Intake, Act.Read);

        app.MapPut("/api/v1/consultations/{id}/answers", async (string id, AnswersBody body, Admission admission, Recalls recalls, Guardians guardians, HttpContext http, TimeProvider clock) =>
            {
                var rules = await recalls.Rules(CancellationToken.None);
                return http.Json(await Answer(admission, rules, guardians, http.Subject(), id, body.Answers ?? ImmutableDictionary<string, string>.Empty, body.Guardian, clock.GetUtcNow()), rules.StillToAsk);
            })
            .Allow(Resource.Intake, Act.Change);

        app.MapPost("/api/v1/consultations/{id}/triage", async (string id, Admission admission, Recalls recalls, HttpContext http, TimeProvider clock) =>
                http.Json(await Judge(admission, await recalls.Rules(CancellationToken.None), http.Subject(), id, clock.GetUtcNow()), c => ConsultationView.Of(c, forClinician: false)))
            .Allow(Resource.Intake, Act.Change);
    }

    /// <summary>Answers are read by the protocol's own inputs, and signs and conditions that no question offers by the list of codes: an unknown code or an implausible number is refused and nothing of the form is stored.</summary>
    /// <param name="agreed">Version of the text that stood above the guardian's tick; null without a tick.</param>
    public static Task<Decision<Consultation>> Answer(
        Admission admission, RulesInForce rules, Guardians guardians, Subject who, string id, ImmutableDictionary<string, string> stated, string? agreed, DateTimeOffset now) =>
        admission.Decide(who, id, Resource.Intake, Act.Change, now, c =>
            ToldCodes.All.Where(codes => stated.ContainsKey(codes.Input)).Aggregate(
                    rules.ReadAnswers(c, stated.RemoveRange(ToldCodes.All.Select(codes => codes.Input))),
                    (read, codes) => read.Then(known => codes.Read(stated[codes.Input]).Then<ImmutableDictionary<string, string>>(told => known.SetItem(codes.Input, told))))
                .Then(read => c.Answer(read, guardians.BelowYears, guardians.Under(agreed))));

    public static Task<Decision<Consultation>> Judge(Admission admission, RulesInForce rules, Subject who, string id, DateTimeOffset now) =>
        admission.Decide(who, id, Resource.Intake, Act.Change, now, c =>
            c.Place is null ? Refusal.PlaceMissing : c.Judge(rules.Judge(c), again: false, now));

    /// <summary>
    /// Where the person goes after a form has been stored. With nothing left to ask it is this form that judges, so that opening a page never writes.
    /// </summary>
    public static async Task<Decision<string>> Onward(Admission admission, RulesInForce rules, Subject who, Consultation c, DateTimeOffset now) =>
        c is { Outcome: null, Place: not null, Story: not null } && rules.StillToAsk(c).Count == 0
            ? (await Judge(admission, rules, who, c.Id.ToString(), now)).Then<string>(judged => judged.Id.To("outcome"))
            // Danger words have given a place already; the questions go on until a doctor asks.
            : c is { Outcome: null, Story: not null, Bucket: Bucket.Waiting or Bucket.OnHold } ? c.Id.To("questions")
            : Addresses.Now(c);
}
