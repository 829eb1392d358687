using Yizhen.Rules;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;

namespace Yizhen.Web.Dispatch;

/// <summary>The desk's duty bar.</summary>
internal static class DutyForm
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/staff/duty", async (Duties duties, Registrations registrations, HttpContext http, TimeProvider clock) =>
            {
                var form = await SentForm.ReadAsync(http);
                var body = new DutyBody(form["state"], int.TryParse(form["seats"], out var seats) ? seats : 0);
                var changed = form.Trusted ? await GoOnDuty.Change(duties, registrations, http.Subject(), body, clock.GetUtcNow()) : Refusal.Malformed;
                return changed.IsRefused(out var why) ? http.Refuse(why) : Results.Redirect("/staff/desk");
            })
            .Allow(Resource.Duty, Act.Change);
}
