using Yizhen.Web.Page;

namespace Yizhen.Web.Accounts;

/// <summary>Password, then the code by message. The JSON face; the pages post to the same decisions.</summary>
internal static class SignInStaff
{
    public static readonly TimeSpan CookieAge = TimeSpan.FromHours(12);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/staff/sign-in", async (SignInBody body, StaffDoor door, SignIns signIns, HttpContext http, TimeProvider clock) =>
                http.Json(await door.SignIn(body.Login, body.Password, signIns.NetworkOf(http), Lang.Of(http.Request).Code, clock.GetUtcNow()), token => new SignedIn(token, SecondFactorNeeded: true)))
            .Allow(Resource.SignIn, Act.Create);

        app.MapPost("/api/v1/staff/second-factor", async (SecondFactorBody body, StaffDoor door, HttpContext http, TimeProvider clock) =>
                http.Json(await door.SecondFactor(body.Token ?? "", body.Code, clock.GetUtcNow()), _ => new SignedIn(body.Token!, SecondFactorNeeded: false)))
            .Allow(Resource.SignIn, Act.Create);
    }
}

internal sealed record SignInBody(string? Login, string? Password);

internal sealed record SecondFactorBody(string? Token, string? Code);

internal sealed record SignedIn(string Token, bool SecondFactorNeeded);
