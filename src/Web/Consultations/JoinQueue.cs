using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>A place in the queue, better/same/worse while waiting, coming back from hold, and leaving.</summary>
internal static class JoinQueue
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/consultations/{id}/queue", async (string id, TakePlace place, HttpContext http, TimeProvider clock) =>
                http.Json(await place.Join(http.Subject(), id, clock.GetUtcNow()), Stored.Of))
            .Allow(Resource.Queue, Act.Create);

        app.MapPost("/api/v1/consultations/{id}/feeling", async (string id, FeelingBody body, Admission admission, Recalls recalls, HttpContext http, TimeProvider clock) =>
            {
                var rules = await recalls.Rules(CancellationToken.None);
                return http.Json(await admission.Decide(http.Subject(), id, Resource.Queue, Act.Change, clock.GetUtcNow(), c => c.Feel(body.Feeling, body.Feeling == Feeling.Worse ? rules.Judge(c) : null)), Stored.Of);
            })
            .Allow(Resource.Queue, Act.Change);

        app.MapPost("/api/v1/consultations/{id}/return", async (string id, Admission admission, HttpContext http, TimeProvider clock) =>
                http.Json(await admission.Decide(http.Subject(), id, Resource.Queue, Act.Change, clock.GetUtcNow(), c => c.ComeBack()), Stored.Of))
            .Allow(Resource.Queue, Act.Change);
    }
}
