using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Directories;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Directories;

/// <summary>The directory as the operator sees it: hospitals by name or place, what each has said, and its link.</summary>
internal sealed class RunHospitals(Shelf shelf, HospitalLinks links, Places places, DirectoryRules rules, TimeProvider clock)
{
    private const int MostShown = 30;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Hospitals, async (string? q, RunHospitals run, HttpContext http, CancellationToken ct) =>
            http.Page<HospitalsPage>(await run.Model(http, q, null, [], [], ct))).Allow(Resource.Directory, Act.List);
        app.MapPost($"{StaffPlaces.Hospitals}/{{key}}/link", (string key, RunHospitals run, HttpContext http) => run.Link(http, key)).Allow(Resource.Directory, Act.Change);
        app.MapPost("/api/v1/hospitals/{key}/link", async (string key, RunHospitals run, HttpContext http) =>
            http.Json(await run.Make(http.Subject(), key), token => new LinkMade(token))).Allow(Resource.Directory, Act.Change);
        app.MapDelete("/api/v1/hospitals/{key}/link", async (string key, RunHospitals run, HttpContext http) =>
            http.Json(await run.Revoke(http.Subject(), key), _ => new LinkMade(null))).Allow(Resource.Directory, Act.Change);
    }

    /// <param name="link">The one that was just made, with its hospital; shown once.</param>
    public async Task<HospitalsModel> Model(HttpContext http, string? search, (string Name, string Link)? link, ImmutableArray<FaultyLine> faults, ImmutableArray<Mistake> mistakes, CancellationToken ct)
    {
        var (t, day) = (Lang.Of(http.Request), DateOnly.FromDateTime(clock.GetUtcNow().DateTime));
        var all = await shelf.HospitalsAsync(ct);
        var typed = search?.Trim() ?? "";
        var meant = typed.Length == 0 ? null : places.Resolve(typed, 1).Place;
        var found = all.Where(h => typed.Length == 0 || h.Name.Contains(typed, StringComparison.OrdinalIgnoreCase) || (meant is not null && Places.Holds(meant.Code, h.District))).Take(MostShown).ToList();
        var keys = found.Select(h => h.Key).ToList();
        var (said, linked) = (await shelf.StatementsAsync(keys, ct), await links.WithLink(keys, ct));
        return new HospitalsModel(
            http.Subject().Name, StaffPlaces.Operator(t), typed, all.Length, (await shelf.ServicesAsync(ct)).Length,
            [.. found.Select(h => new HospitalRun(Base32.Write(h.Key), h, places.Find(h.District)?.In(t.Code) ?? "", h.IsOldOn(day, rules.ListOldDays), said.GetValueOrDefault(h.Key), linked.Contains(h.Key)))],
            [.. (await shelf.ListsAsync(Shelf.Hospitals, ct)).Select(Told)], [.. (await shelf.ListsAsync(Shelf.Services, ct)).Select(Told)], link, faults, rules.MostFaults, mistakes);
    }

    private static ListTaken Told(ListRow l) => new(Base32.Write(l.Id), l.File, l.Name, (int)l.Lines, l.Adds, Storage.Moments.Utc(l.TakenAt ?? l.At), l.UndoneAt is { } at ? Storage.Moments.Utc(at) : null);

    private async Task<IResult> Link(HttpContext http, string key)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted)
        {
            return http.Refuse(Refusal.Malformed);
        }

        if (form.Has("revoke"))
        {
            return (await Revoke(http.Subject(), key)).IsRefused(out var why) ? http.Refuse(why) : new SeeOther($"{StaffPlaces.Hospitals}?q={Uri.EscapeDataString(form["q"])}");
        }

        if (!(await Make(http.Subject(), key)).Is(out var token, out var no))
        {
            return http.Refuse(no);
        }

        // The link stands in the answer to the form, never in an address that is logged.
        _ = Base32.TryRead(key, out var hospital);
        var name = (await shelf.FindAsync(hospital, http.RequestAborted))?.Name ?? "";
        return http.Page<HospitalsPage>(await Model(http, form["q"], (name, $"{http.Request.Scheme}://{http.Request.Host}/h/{token}"), [], [], http.RequestAborted));
    }

    private async Task<Decision<string>> Make(Subject who, string key) => Base32.TryRead(key, out var hospital) ? await links.Make(hospital, who, clock.GetUtcNow()) : Refusal.NotFound;

    private async Task<Decision<bool>> Revoke(Subject who, string key) => Base32.TryRead(key, out var hospital) ? await links.Revoke(hospital, who, clock.GetUtcNow()) : Refusal.NotFound;
}

/// <param name="Token">Null where it was revoked.</param>
internal sealed record LinkMade(string? Token);

public sealed record HospitalRun(string Key, Hospital Hospital, string Place, bool OldList, HospitalStatement? Said, bool Linked);

public sealed record ListTaken(string Id, string File, string By, int Lines, bool Adds, DateTimeOffset At, DateTimeOffset? Undone);

/// <param name="Link">Name of the hospital and the link that was just made.</param>
/// <param name="Faults">Of the file that was brought just now.</param>
/// <param name="MostFaults">Shown at once.</param>
public sealed record HospitalsModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, string Search, int Hospitals, int Services, ImmutableArray<HospitalRun> Found,
    ImmutableArray<ListTaken> HospitalLists, ImmutableArray<ListTaken> ServiceLists, (string Name, string Link)? Link, ImmutableArray<FaultyLine> Faults, int MostFaults, ImmutableArray<Mistake> Mistakes)
{
    /// <summary>Publisher and day as they were typed.</summary>
    public (string? Publisher, string? Published) Typed { get; init; }
}
