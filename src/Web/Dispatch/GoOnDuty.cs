using Yizhen.Rules;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>On duty with so many at once, a break, off duty. A break takes nobody new; what is open is finished or handed over.</summary>
internal static class GoOnDuty
{
    private const int MostSeats = 20;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/duty", async (DutyBody body, Duties duties, Registrations registrations, HttpContext http, TimeProvider clock) =>
                http.Json(await Change(duties, registrations, http.Subject(), body, clock.GetUtcNow()), d => new DutyView(d.State, d.Seats, d.Since.Utc())))
            .Allow(Resource.Duty, Act.Change);

        app.MapPost("/api/v1/duty/alive", async (Duties duties, HttpContext http, TimeProvider clock) =>
            {
                await duties.Sign(http.Subject().Account, clock.GetUtcNow());
                return TypedResults.NoContent();
            })
            .Allow(Resource.Duty, Act.Change);
    }

    public static async Task<Decision<DutyRow>> Change(Duties duties, Registrations registrations, Subject who, DutyBody body, DateTimeOffset now) =>
        body.State is not ("on" or "pausing" or "paused" or "off") ? Refusal.Malformed
        : body.Seats is < 1 or > MostSeats ? Refusal.SeatsOutOfRange
        : body.State == "on" && (await registrations.Allow(who, CancellationToken.None)).IsRefused(out var why) ? why
        : await duties.Change(who.Account, body.State, body.Seats, now);
}

internal sealed record DutyBody(string? State, int Seats);

internal sealed record DutyView(string State, int Seats, DateTimeOffset Since);
