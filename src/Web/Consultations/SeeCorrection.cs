using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>The person says that a correction has been read. Opening the page says nothing: reading never writes.</summary>
internal static class SeeCorrection
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/q/{id}/correction", async (string id, Admission admission, HttpContext http, TimeProvider clock) =>
            {
                var form = await SentForm.ReadAsync(http);
                if (form.Trusted && int.TryParse(form["count"], out var count))
                {
                    await admission.Decide(http.Subject(), id, Resource.SeenMarks, Act.Change, clock.GetUtcNow(), c => c.SeeCorrection(count));
                }

                return new SeeOther($"/q/{id}/outcome");
            })
            .Allow(Resource.SeenMarks, Act.Change);

        app.MapPost("/api/v1/consultations/{id}/correction", async (string id, CorrectionBody body, Admission admission, HttpContext http, TimeProvider clock) =>
                http.Json(await admission.Decide(http.Subject(), id, Resource.SeenMarks, Act.Change, clock.GetUtcNow(), c => c.SeeCorrection(body.Count)), Stored.Of))
            .Allow(Resource.SeenMarks, Act.Change);
    }
}

/// <param name="Count">Of the correction that was read.</param>
internal sealed record CorrectionBody([property: System.Text.Json.Serialization.JsonRequired] int Count);
