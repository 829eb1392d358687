using Yizhen.Rules;
using Yizhen.Web.Page;

namespace Yizhen.Web.Accounts;

/// <summary>Back to one's place on any device, by the printed code.</summary>
internal static class ReturnByCode
{
    public static readonly TimeSpan CookieAge = TimeSpan.FromDays(400);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/return", async (ReturnBody body, Patients patients, HttpContext http, TimeProvider clock) =>
                http.Json(await Come(patients, body.RecoveryCode, clock.GetUtcNow()), token => new Returned(token)))
            .Allow(Resource.Contact, Act.Transition);

    public static async Task<Decision<string>> Come(Patients patients, string? code, DateTimeOffset now) =>
        await patients.ComeBack(code ?? "", now) is { } token ? token : Refusal.RecoveryCodeWrong;
}

internal sealed record ReturnBody(string? RecoveryCode);

internal sealed record Returned(string Token);
