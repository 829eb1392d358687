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
/// Who is not in a region that the campaign covers, or has a phone number from elsewhere where it goes by that: asked about danger first, kept where it is urgent, believed where
/// own word counts too, and otherwise turned back with a reason and the places to go instead.
/// </summary>
internal sealed class Outside(Admission admission, CampaignShelf campaigns, Elsewhere elsewhere, Around around, PhoneSold phones, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/outside", (string id, Outside outside, HttpContext http, CancellationToken ct) => outside.Show(http, id, ct)).Allow(Resource.Intake, Act.Read);
        app.MapPost("/q/{id}/outside", (string id, Outside outside, HttpContext http) => outside.Said(http, id)).Allow(Resource.Intake, Act.Change);
        app.MapGet("/api/v1/consultations/{id}/outside", (string id, Outside outside, HttpContext http, CancellationToken ct) => outside.Tell(http, id, ct)).Allow(Resource.Intake, Act.Read);
        app.MapPost("/api/v1/consultations/{id}/outside", async (string id, OutsideBody? body, Outside outside, HttpContext http) =>
            http.Json(body?.OwnWord == true ? await outside.Believe(http.Subject(), id) : await outside.TurnBack(http.Subject(), id, http.RequestAborted), Stored.Of)).Allow(Resource.Intake, Act.Change);
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

        if (c.Opening is not { } opening || await campaigns.Find(opening.Campaign, ct) is not { } campaign)
        {
            return new SeeOther(Addresses.Now(c));
        }

        var stops = Stops(campaign, c);
        var sold = c.IsTurnedBack() || stops ? null : await phones.Lacks(http.Subject(), campaign, c, ct);
        if (!c.IsTurnedBack() && !stops && sold is null)
        {
            return new SeeOther(Addresses.Now(c));
        }

        var t = Lang.Of(http.Request);
        var model = new OutsideModel(
            c, around.WhereOf(c, t), CampaignWords.Say(campaign.Covers, t), c.IsTurnedBack(), CampaignWords.Danger(t), await elsewhere.Of(campaign, c.Place?.Region, t, ct))
        {
            ByPhone = sold is not null || (c.IsTurnedBack() && campaign.Terms.Proof == CoverProof.PhoneRegion), Sold = phones.Named(sold?.Region, t), OwnWord = sold is not null && campaign.Terms.OwnWordToo,
        };
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

        if (form["step"] == Proving.OwnWord)
        {
            return (await Believe(http.Subject(), id)).Is(out var believed, out var not) ? new SeeOther(believed.Id.To("contact")) : http.Refuse(not);
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
            ? Results.Json(new OutsideView(Stops(campaign, c), c.IsTurnedBack(), await phones.Lacks(http.Subject(), campaign, c, ct) is not null, campaign.Terms.OwnWordToo, await elsewhere.Of(campaign, c.Place?.Region, Lang.Of(http.Request), ct)))
            : http.Problem(Refusal.NotFound);
    }

    /// <summary>They say that they live there: believed, and counted, where the campaign lets that count.</summary>
    private async Task<Decision<Consultation>> Believe(Subject who, string id) =>
        await CampaignOf(who, id, clock.GetUtcNow()) is { Terms: { Proof: CoverProof.PhoneRegion, OwnWordToo: true } }
            ? await admission.Decide(who, id, Resource.Intake, Act.Change, clock.GetUtcNow(), c => c.Prove(Proving.OwnWord))
            : Refusal.NotFound;

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

        var lacks = await phones.Lacks(who, campaign, c, ct) is not null;
        var others = await elsewhere.Of(campaign, c.Place?.Region, Lang.Zh, ct);
        var instead = !others.Campaigns.IsEmpty ? "campaigns" : !others.Services.IsEmpty ? "services" : "health_line";
        return await admission.Decide(who, id, Resource.Intake, Act.Change, now, current =>
            current.IsTurnedBack() || Stops(campaign, current) || (lacks && current.LacksProof()) ? current.TurnBack(instead) : Refusal.Conflict);
    }
}

/// <param name="Stops">Not covered and not urgent: no place is given here.</param>
/// <param name="TurnedBack">It has been said so, and counted.</param>
/// <param name="LacksProof">The campaign goes by where a phone number was sold, and this one was sold elsewhere, or there is none.</param>
/// <param name="OwnWordCounts">Then own word is enough: <c>own_word</c>.</param>
internal sealed record OutsideView(bool Stops, bool TurnedBack, bool LacksProof, bool OwnWordCounts, ElsewhereModel Elsewhere);

/// <param name="OwnWord">They live there, whatever their number says.</param>
internal sealed record OutsideBody(bool? OwnWord = null);

/// <param name="Covers">Whom the campaign is for, in its own words.</param>
/// <param name="Turned">Said, and counted; else danger is asked about first.</param>
public sealed record OutsideModel(Consultation Consultation, string Where, string Covers, bool Turned, ImmutableArray<string> Danger, ElsewhereModel Elsewhere)
{
    /// <summary>It is about where the phone number was sold, and not about where the person is.</summary>
    public bool ByPhone { get; init; }

    /// <summary>Where; empty where no number was given.</summary>
    public string Sold { get; init; } = "";

    /// <summary>Own word counts too.</summary>
    public bool OwnWord { get; init; }
}
