using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Directories;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>
/// Who is not in a region that the campaign covers: asked about danger first, kept where it is urgent, and otherwise turned back with a reason and the places to go instead.
/// </summary>
internal sealed class Outside(Admission admission, CampaignShelf campaigns, Elsewhere elsewhere, Around around, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/outside", (string id, Outside outside, HttpContext http, CancellationToken ct) => outside.Show(http, id, ct)).Allow(Resource.Intake, Act.Read);
        app.MapPost("/q/{id}/outside", (string id, Outside outside, HttpContext http) => outside.Said(http, id)).Allow(Resource.Intake, Act.Change);
        app.MapGet("/api/v1/consultations/{id}/outside", (string id, Outside outside, HttpContext http, CancellationToken ct) => outside.Tell(http, id, ct)).Allow(Resource.Intake, Act.Read);
        app.MapPost("/api/v1/consultations/{id}/outside", async (string id, Outside outside, HttpContext http) =>
            http.Json(await outside.TurnBack(http.Subject(), id, http.RequestAborted), Stored.Of)).Allow(Resource.Intake, Act.Change);
    }

    /// <summary>Not covered, and nothing says that it is urgent.</summary>
    public static bool Stops(Campaign? campaign, Consultation c) => campaign is not null && c.Place is { } place && !campaign.Includes(place.Region) && !c.IsKept();

    public async Task<bool> Stops(Consultation c, CancellationToken ct) => c.Opening is { } opening && Stops(await campaigns.Find(opening.Campaign, ct), c);

    /// <summary>Whose campaign this consultation belongs to; null where it is not theirs.</summary>
    public async Task<Campaign?> CampaignOf(Subject who, string id, DateTimeOffset now) =>
        (await admission.Read(who, id, Resource.Queue, now, CancellationToken.None)).Is(out var c, out _) && c.Opening is { } opening ? await campaigns.Find(opening.Campaign) : null;

    private async Task<IResult> Show(HttpContext http, string id, CancellationToken ct)
    {
        if (!(await admission.Read(http.Subject(), id, Resource.Intake, clock.GetUtcNow(), ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        if (c.Opening is not { } opening || await campaigns.Find(opening.Campaign, ct) is not { } campaign || (!c.IsTurnedBack() && !Stops(campaign, c)))
        {
            return new SeeOther(Addresses.Now(c));
        }

        var t = Lang.Of(http.Request);
        var model = new OutsideModel(
            c, around.WhereOf(c, t), CampaignWords.Say(campaign.Covers, t), c.IsTurnedBack(), CampaignWords.Danger(t), await elsewhere.Of(campaign, c.Place?.Region, t, ct));
        return http.Page<OutsidePage>(model, CampaignWords.Brand(campaign, t), sos: around.SosOf(c));
    }

    /// <summary>No danger sign: turned back. Whoever is not sure goes on, and triage says.</summary>
    private async Task<IResult> Said(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted)
        {
            return http.Refuse(Refusal.Malformed);
        }

        var turned = await TurnBack(http.Subject(), id, http.RequestAborted);
        return !turned.Is(out var c, out var why) && why != Refusal.Conflict ? http.Refuse(why) : new SeeOther(c is null ? $"/q/{id}" : c.Id.To("outside"));
    }

    private async Task<IResult> Tell(HttpContext http, string id, CancellationToken ct)
    {
        if (!(await admission.Read(http.Subject(), id, Resource.Intake, clock.GetUtcNow(), ct)).Is(out var c, out var why))
        {
            return http.Problem(why);
        }

        return c.Opening is { } opening && await campaigns.Find(opening.Campaign, ct) is { } campaign
            ? Results.Json(new OutsideView(Stops(campaign, c), c.IsTurnedBack(), await elsewhere.Of(campaign, c.Place?.Region, Lang.Of(http.Request), ct)))
            : http.Problem(Refusal.NotFound);
    }

    private async Task<Decision<Consultation>> TurnBack(Subject who, string id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!(await admission.Read(who, id, Resource.Intake, now, ct)).Is(out var c, out var why))
        {
            return why;
        }

        if (c.Opening is not { } opening || await campaigns.Find(opening.Campaign, ct) is not { } campaign)
        {
            return Refusal.NotFound;
        }

        var others = await elsewhere.Of(campaign, c.Place?.Region, Lang.Zh, ct);
        var instead = !others.Campaigns.IsEmpty ? "campaigns" : !others.Services.IsEmpty ? "services" : "health_line";
        return await admission.Decide(who, id, Resource.Intake, Act.Change, now, current =>
            current.IsTurnedBack() || Stops(campaign, current) ? current.TurnBack(instead) : Refusal.Conflict);
    }
}

/// <param name="Stops">Not covered and not urgent: no place is given here.</param>
/// <param name="TurnedBack">It has been said so, and counted.</param>
internal sealed record OutsideView(bool Stops, bool TurnedBack, ElsewhereModel Elsewhere);

/// <param name="Covers">Whom the campaign is for, in its own words.</param>
/// <param name="Turned">Said, and counted; else danger is asked about first.</param>
public sealed record OutsideModel(Consultation Consultation, string Where, string Covers, bool Turned, ImmutableArray<string> Danger, ElsewhereModel Elsewhere);
