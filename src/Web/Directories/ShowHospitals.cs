using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Directories;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;

namespace Yizhen.Web.Directories;

/// <summary>Hospitals near a district, and other free services, beside a campaign and without sign-in.</summary>
internal sealed class ShowHospitals(NearHere near, Elsewhere elsewhere, CampaignShelf campaigns, Places places, DirectoryRules rules, TimeProvider clock)
{
    private const string Why = "where to go must be found without a name";
    private const int MostPlaces = 12;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/c/{slug}/clinics", (string slug, string? at, string? place, ShowHospitals show, HttpContext http, CancellationToken ct) => show.Clinics(http, slug, at, place, ct)).Anonymous(Why);
        app.MapGet("/c/{slug}/elsewhere", (string slug, ShowHospitals show, HttpContext http, CancellationToken ct) => show.Others(http, slug, ct)).Anonymous(Why);
        app.MapGet("/api/v1/campaigns/{slug}/clinics", (string slug, string? at, string? sought, ShowHospitals show, HttpContext http, CancellationToken ct) => show.Tell(http, slug, at, sought, ct)).Anonymous(Why);
        app.MapGet("/api/v1/campaigns/{slug}/elsewhere", (string slug, ShowHospitals show, HttpContext http, CancellationToken ct) => show.TellOthers(http, slug, ct)).Anonymous(Why);
    }

    private async Task<IResult> Clinics(HttpContext http, string slug, string? at, string? typed, CancellationToken ct)
    {
        if (await Public(slug, ct) is not { } campaign)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var t = Lang.Of(http.Request);
        var searched = string.IsNullOrWhiteSpace(typed) ? [] : places.Search(typed, MostPlaces);
        var where = places.Find(at) ?? (searched is [var only] ? only : null);
        var sought = http.Request.Query.ContainsKey("all") ? Sought.InPerson : Sought.FeverClinic;
        var found = where is null ? [] : await near.Of(where.Code, sought, campaigns.RulesDate(campaign, clock.GetUtcNow()), rules.Listed, ct);
        var model = new ClinicsModel(
            $"/c/{slug}", typed ?? "", [.. searched.Select(p => (p.Code, p.In(t.Code)))],
            where is null ? null : new HospitalsNear(found, where.In(t.Code), null, sought, rules.HealthLine), where?.Code,
            where is null ? null : Sketch.Of(where.Code, [.. found.Select(f => f.Near)], places));
        return http.Page<ClinicsPage>(model, CampaignWords.Brand(campaign, t));
    }

    private async Task<IResult> Others(HttpContext http, string slug, CancellationToken ct)
    {
        if (await Public(slug, ct) is not { } campaign)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var t = Lang.Of(http.Request);
        return http.Page<ElsewherePage>(await elsewhere.Of(campaign, null, t, ct), CampaignWords.Brand(campaign, t));
    }

    private async Task<IResult> TellOthers(HttpContext http, string slug, CancellationToken ct) =>
        await Public(slug, ct) is { } campaign ? Results.Json(await elsewhere.Of(campaign, null, Lang.Of(http.Request), ct)) : http.Problem(Refusal.NotFound);

    private async Task<IResult> Tell(HttpContext http, string slug, string? at, string? sought, CancellationToken ct)
    {
        if (await Public(slug, ct) is not { } campaign || places.Find(at) is not { } where)
        {
            return http.Problem(Refusal.NotFound);
        }

        var found = await near.Of(where.Code, sought == "in_person" ? Sought.InPerson : Sought.FeverClinic, campaigns.RulesDate(campaign, clock.GetUtcNow()), rules.Listed, ct);
        return Results.Json(found.Select(f => new HospitalView(
            Yizhen.Rules.Consultations.Base32.Write(f.Near.Hospital.Key), f.Near.Hospital.Name, f.Near.Hospital.Kind, f.Near.Hospital.District, f.Near.Hospital.Address, f.Near.Hospital.Phones, f.Near.Hospital.Hours,
            f.Near.Near, f.Near.Km is { } km ? Math.Round(km, 1) : null, f.Near.Hospital.OwnDistrictFrom, f.Near.Hospital.OwnDistrictUntil, f.Near.Bound, f.Near.Said, f.Near.SaidLongAgo,
            f.Near.Hospital.Publisher, f.Near.Hospital.Published, f.OldList)));
    }

    /// <summary>A draft is nobody's but its operators'.</summary>
    private async Task<Campaign?> Public(string slug, CancellationToken ct) =>
        await campaigns.Find(slug, ct) is { State: not CampaignState.Draft } campaign ? campaign : null;
}

/// <param name="Here">The campaign's address.</param>
/// <param name="Found">Code and words of the places that were searched for.</param>
/// <param name="Near">Null before a place was chosen.</param>
/// <param name="Map">Null where there is nothing to tell apart.</param>
public sealed record ClinicsModel(string Here, string Typed, ImmutableArray<(string Code, string Words)> Found, HospitalsNear? Near, string? At, Sketch? Map);

/// <param name="Km">Between the centres of the districts: it ranks, and is no way to go.</param>
/// <param name="Bound">Takes only its own district, and this is another.</param>
internal sealed record HospitalView(
    string Key, string Name, HospitalKind Kind, string District, string Address, ImmutableArray<string> Phones, string Hours, Near Near, double? Km, DateOnly? OwnDistrictFrom, DateOnly? OwnDistrictUntil, bool Bound,
    HospitalStatement? Said, bool SaidLongAgo, string Publisher, DateOnly? Published, bool OldList);
