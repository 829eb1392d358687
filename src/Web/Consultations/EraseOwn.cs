using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>A person asks to be forgotten: every consultation of the account, its people, its number, its devices.</summary>
internal static class EraseOwn
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/api/v1/me", async (Erasure erasure, HttpContext http, TimeProvider clock) =>
            {
                var who = http.Subject();
                return TypedResults.Ok(new ErasedView(await erasure.EraseAsync(who.Account, who.Patients, who.Actor, clock.GetUtcNow(), CancellationToken.None)));
            })
            .Allow(Resource.OwnData, Act.Erase);
}

/// <param name="Consultations">How many were erased. Backups run out after thirty days; only then is it complete.</param>
internal sealed record ErasedView(int Consultations);
