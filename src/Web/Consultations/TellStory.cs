using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>Where the person is, and what is wrong in own words. Danger words raise at once.</summary>
internal static class TellStory
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPut("/api/v1/consultations/{id}/place", async (string id, PlaceBody body, Admission admission, HttpContext http, TimeProvider clock) =>
                http.Json(
                    await admission.Decide(http.Subject(), id, Resource.Intake, Act.Change, clock.GetUtcNow(), c => c.StatePlace(new PlaceStated(body.Region, body.Country))),
                    c => ConsultationView.Of(c, forClinician: false)))
            .Allow(Resource.Intake, Act.Change);

        app.MapPut("/api/v1/consultations/{id}/story", async (string id, StoryBody body, Admission admission, Lexicon lexicon, HttpContext http, TimeProvider clock) =>
                http.Json(
                    await admission.Decide(http.Subject(), id, Resource.Intake, Act.Change, clock.GetUtcNow(), c => c.TellStory(body.Text ?? "", body.Worry, lexicon.DangersIn(body.Text))),
                    c => ConsultationView.Of(c, forClinician: false)))
            .Allow(Resource.Intake, Act.Change);
    }

    /// <summary>What the lexicon finds, as the consultation's own facts.</summary>
    public static IReadOnlyList<DangerSpotted> DangersIn(this Lexicon lexicon, string? text) =>
        [.. lexicon.Dangers(text ?? "").Select(d => new DangerSpotted(d.Code, d.Crisis, d.Words))];
}
