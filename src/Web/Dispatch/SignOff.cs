using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Dispatch;

/// <summary>
/// Signing out. It ends the duty at once, and whoever is open goes to another clinician at once, in the place that they have, as after a lost connection
/// but without waiting for the silence. Whoever has people open is asked first.
/// </summary>
internal sealed class SignOff(IDbContextFactory<Database> databases, SignIns signIns, Duties duties, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/staff/sign-out", (SignOff off, HttpContext http) => off.Post(http)).Allow(Resource.SignIn, Act.Transition);
        app.MapPost("/api/v1/staff/sign-out", async (SignOffBody? body, SignOff off, HttpContext http) =>
                await off.End(http.Subject(), body?.Sure == true) is { } open and > 0 ? http.Problem(Refusal.PeopleOpen, ("open", open)) : Results.NoContent())
            .Allow(Resource.SignIn, Act.Transition);
    }

    private async Task<IResult> Post(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted)
        {
            return new SeeOther("/staff/sign-in");
        }

        var who = http.Subject();
        if (await End(who, form["sure"] == "yes") is var open and > 0)
        {
            return http.Page<SignOffPage>(new SignOffModel(who.Name, StaffPlaces.Clinician(Lang.Of(http.Request), who.Role), open), status: StatusCodes.Status409Conflict);
        }

        http.Response.Cookies.Delete(SignIns.StaffCookie);
        return new SeeOther("/staff/sign-in");
    }

    /// <returns>How many are open, where they are and nobody has said that they are to be handed back; then nothing has changed. Otherwise 0.</returns>
    private async Task<int> End(Subject who, bool sure)
    {
        var now = clock.GetUtcNow();
        if (who.IsClinician && await duties.Of(who.Account, CancellationToken.None) is { State: not "off" } duty)
        {
            await using var database = await databases.CreateDbContextAsync();
            var open = await database.Set<Head>().CountAsync(h => h.AssignedTo == who.Account);
            if (open > 0 && !sure)
            {
                return open;
            }

            // The duty first: if what follows fails, the people are with somebody else all the same.
            await duties.Change(who.Account, "off", duty.Seats, now);
        }

        await signIns.End(who, now);
        return 0;
    }
}

/// <param name="Sure">Whoever is open is to go to another clinician.</param>
internal sealed record SignOffBody(bool Sure = false);

public sealed record SignOffModel(string Me, ImmutableArray<(string Href, string Words)> Places, int Open);
