using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Dispatch;

/// <summary>A clinician's own next shifts. "I cannot come" is one tap, and another takes it back; who is in a shift may stay longer.</summary>
internal sealed class OwnShifts(RosterShelf shelf, IDbContextFactory<Database> databases, DutyPolicy policy, TimeProvider clock)
{
    private readonly DutyPolicy policy = policy;

    private const string Api = "/api/v1/shifts";
    private const int Most = 40;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Shifts, async (OwnShifts own, HttpContext http, CancellationToken ct) =>
                http.Page<OwnShiftsPage>(new OwnShiftsModel(http.Subject().Name, StaffPlaces.Clinician(Lang.Of(http.Request), http.Subject().Role), await own.Look(http.Subject(), ct), own.policy.ShiftEnd.StayMinutes)))
            .Allow(Resource.Shift, Act.List);
        app.MapPost($"{StaffPlaces.Shifts}/{{id}}", (string id, OwnShifts own, HttpContext http) => own.Post(http, id)).Allow(Resource.Shift, Act.Transition);
        app.MapGet(Api, async (OwnShifts own, HttpContext http, CancellationToken ct) => Results.Json(await own.Look(http.Subject(), ct))).Allow(Resource.Shift, Act.List);
        app.MapPost($"{Api}/{{id}}", async (string id, OwnShiftBody body, OwnShifts own, HttpContext http) =>
                http.Json(await own.Say(http.Subject(), id, body.Says ?? ""), s => own.Of(s)))
            .Allow(Resource.Shift, Act.Transition);
    }

    private async Task<ImmutableArray<OwnShift>> Look(Subject who, CancellationToken ct)
    {
        var over = (clock.GetUtcNow() - RosterShelf.JustOver).Ms();
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<ShiftRow>().AsNoTracking().Where(s => s.Clinician == who.Account && s.WithdrawnAt == null && s.EndsAt > over).OrderBy(s => s.StartsAt).Take(Most).ToListAsync(ct);
        return [.. rows.Select(Of)];
    }

    private async Task<IResult> Post(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var said = form.Trusted ? await Say(http.Subject(), id, form["says"]) : Refusal.Malformed;
        return said.IsRefused(out var why) ? http.Refuse(why) : new SeeOther(form["says"] == "stay" ? "/staff/desk" : StaffPlaces.Shifts);
    }

    private async Task<Decision<ShiftRow>> Say(Subject who, string id, string says)
    {
        var now = clock.GetUtcNow();
        return says switch
        {
            "cannot_come" => await shelf.Change(id, who.Account, "shift_declined", who, now, row => row.DeclinedAt is null && (row.DeclinedAt = now.Ms()) > 0),
            "coming" => await shelf.Change(id, who.Account, "shift_accepted", who, now, row => row.DeclinedAt is not null && (row.DeclinedAt = null) is null),
            "stay" => await shelf.Change(id, who.Account, RosterShelf.Stayed, who, now, row =>
            {
                // Counted from now where the end has passed: half an hour is half an hour.
                row.EndsAt = Math.Max(row.EndsAt, now.Ms()) + (long)TimeSpan.FromMinutes(policy.ShiftEnd.StayMinutes).TotalMilliseconds;
                return true;
            }),
            _ => Refusal.Malformed,
        };
    }

    private OwnShift Of(ShiftRow row) => new(
        Base32.Write(row.Id), row.StartsAt.Utc(), row.EndsAt.Utc(),
        row.EndsAt <= clock.GetUtcNow().Ms() ? "over" : row.DeclinedAt is not null ? "cannot_come" : row.StartsAt <= clock.GetUtcNow().Ms() ? "now" : "to_come");
}
