using Yizhen.Web.Page;

namespace Yizhen.Web.Accounts;

/// <summary>An operator invites; the invited person joins with a password and a phone for the second factor.</summary>
internal static class JoinByInvitation
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/invitations", async (InvitationBody body, Staff staff, HttpContext http, TimeProvider clock) =>
            {
                var who = http.Subject();
                return body.Role is Role.Anonymous or Role.Patient || new[] { body.Skills, body.Langs, body.Licence }.Any(list => !InviteStaff.IsList(list))
                    ? http.Problem(Rules.Refusal.Malformed)
                    : TypedResults.Ok(new Invited(await staff.Invite(new Post(who.Organisation, body.Role, body.Skills ?? "general", body.Langs ?? "zh", body.Licence ?? "*"), who.Account, clock.GetUtcNow())));
            })
            .Allow(Resource.Invitation, Act.Create);

        app.MapPost("/api/v1/join/{token}", async (string token, Joining body, Staff staff, HttpContext http, TimeProvider clock) =>
                http.Json(await staff.Join(token, body, clock.GetUtcNow()), _ => new Joined(body.Login!.Trim().ToLowerInvariant())))
            .Allow(Resource.SignIn, Act.Create);
    }
}

internal sealed record InvitationBody(Role Role, string? Skills, string? Langs, string? Licence);

internal sealed record Invited(string Token);

internal sealed record Joined(string Login);

/// <summary>What an invitation fixes beforehand: role, organisation, and what the person may be given.</summary>
internal sealed record Post(Guid Organisation, Role Role, string Skills, string Langs, string Licence);

/// <summary>What a person adds when joining.</summary>
internal sealed record Joining(string? Login, string? Name, string? Title, string? Phone, string? Password, string? Registration = null);
