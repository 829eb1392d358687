using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
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
        app.MapPut("/api/v1/consultations/{id}/place", async (string id, PlaceBody body, Admission admission, Places places, Countries countries, HttpContext http, TimeProvider clock) =>
                http.Json(
                    !IsKnown(body, places, countries)
                        ? Refusal.Malformed
                        : await admission.Decide(http.Subject(), id, Resource.Intake, Act.Change, clock.GetUtcNow(), c => c.StatePlace(new PlaceStated(body.Region, body.Country))),
                    c => ConsultationView.Of(c, forClinician: false)))
            .Allow(Resource.Intake, Act.Change);

        app.MapPut("/api/v1/consultations/{id}/story", async (string id, StoryBody body, Admission admission, Lexicon lexicon, HttpContext http, TimeProvider clock) =>
            {
                var now = clock.GetUtcNow();
                return http.Json(
                    await admission.Decide(http.Subject(), id, Resource.Intake, Act.Change, now, c => c.TellStory(body.Text ?? "", body.Worry, lexicon.DangersIn(body.Text), now)),
                    c => ConsultationView.Of(c, forClinician: false));
            })
            .Allow(Resource.Intake, Act.Change);
    }

    /// <summary>A region of ours or a country of ours, and not both.</summary>
    private static bool IsKnown(PlaceBody place, Places places, Countries countries) =>
        place.Region is { } region ? place.Country is null && places.Find(region) is not null : place.Country is { } country && countries.Find(country) is not null;

    /// <summary>What the lexicon finds, as the consultation's own facts.</summary>
    public static IReadOnlyList<DangerSpotted> DangersIn(this Lexicon lexicon, string? text) =>
        [.. lexicon.Dangers(text ?? "").Select(d => new DangerSpotted(d.Code, d.Crisis, d.Words))];
}
