using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

public sealed record StaffLine(string Id, string Name, string Title, string Role, string Login, bool Active, bool Me, Registered? Registered);

/// <summary>For professions with a register.</summary>
/// <param name="At">When the number was looked up; null while nobody has.</param>
public sealed record Registered(string Number, DateTimeOffset? At);

/// <param name="Wrong">What to look at again, in words.</param>
public sealed record PeopleModel(string Me, ImmutableArray<(string Href, string Words)> Places, ImmutableArray<StaffLine> People, string? Wrong = null);

/// <summary>
/// Everybody of the operator's organisation, to be suspended and let in again. Who is suspended is out at the next request and from streams within
/// seconds; whoever they were talking with is given to somebody else, as after a lost connection.
/// </summary>
internal sealed class RunStaff(IDbContextFactory<Database> databases, Registrations registrations, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.People, (RunStaff run, HttpContext http, CancellationToken ct) => run.Show(http, ct)).Allow(Resource.Staff, Act.List);
        app.MapPost(StaffPlaces.People, (RunStaff run, HttpContext http) => run.Change(http)).Allow(Resource.Staff, Act.Change);
    }

    /// <param name="why">Why a number was not recorded; what was typed for <paramref name="typedFor"/> stands in its field again.</param>
    private async Task<IResult> Show(HttpContext http, CancellationToken ct, Refusal? why = null, string typedFor = "", string typed = "")
    {
        var (who, t) = (http.Subject(), Lang.Of(http.Request));
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<StaffRow>().AsNoTracking().Where(s => s.Organisation == who.Organisation).OrderBy(s => s.Login).ToListAsync(ct);
        return http.Page<PeoplePage>(new PeopleModel(
            who.Name,
            StaffPlaces.Operator(t),
            [.. rows.Select(s => new StaffLine(s.Id.ToString("N"), s.Name, s.Title, InviteStaff.Word(t, Enum.Parse<Role>(s.Role)), s.Login, s.Active, s.Id == who.Account,
                Registrations.Needed(Enum.Parse<Role>(s.Role)) ? new Registered(s.Id.ToString("N") == typedFor ? typed : s.Registration ?? "", s.RegistrationCheckedAt?.Utc()) : null))],
            why is { } no ? t[RefusalWords.Words(no).Zh, RefusalWords.Words(no).En] : null), status: why is { } refused ? RefusalWords.Status(refused) : StatusCodes.Status200OK);
    }

    private async Task<IResult> Change(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var who = http.Subject();
        if (!form.Trusted)
        {
            return new SeeOther(StaffPlaces.People);
        }

        if (form["state"] == "checked")
        {
            var checkedNow = Guid.TryParse(form["id"], out var found) ? await registrations.Check(who, found, form["registration"].Trim(), clock.GetUtcNow()) : Refusal.NotFound;
            return checkedNow.IsRefused(out var why) ? await Show(http, CancellationToken.None, why, form["id"], form["registration"]) : new SeeOther(StaffPlaces.People);
        }

        var active = form["state"] == "active";
        if (!Guid.TryParse(form["id"], out var id) || id == who.Account || form["state"] is not ("active" or "suspended"))
        {
            return await Show(http, CancellationToken.None, Refusal.Malformed, form["id"], form["registration"]);
        }

        await using var database = await databases.CreateDbContextAsync();
        var changed = await database.Set<StaffRow>().Where(s => s.Id == id && s.Organisation == who.Organisation).ExecuteUpdateAsync(set => set.SetProperty(s => s.Active, active));
        if (changed == 0)
        {
            return http.Refuse(Refusal.NotFound);
        }

        if (!active)
        {
            var now = clock.GetUtcNow().Ms();
            await database.Set<StaffSignInRow>().Where(s => s.Staff == id && s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now));
        }

        return new SeeOther(StaffPlaces.People);
    }
}
