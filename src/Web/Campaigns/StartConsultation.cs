using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;

using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// Start: one durable row at the door, without health data, and a device that may go on. Its id becomes the consultation's.
/// A closed campaign lets nobody new in, and counts who came; a person whose device is known keeps the account.
/// </summary>
internal sealed class StartConsultation(Doorstep door, CampaignShelf campaigns, Patients patients)
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/campaigns/{slug}/start", async (string slug, StartBody? body, StartConsultation start, SignIns signIns, ConsentText consent, HttpContext http, TimeProvider clock) =>
                http.Json(await start.At(slug, body?.Entrance, http.Subject(), Lang.Of(http.Request).Code, clock.GetUtcNow()), s => new StartedView(s.Consultation.ToString(), s.Token, consent.Stamp)))
            .Allow(Resource.Door, Act.Create);

    public async Task<Decision<StartedAt>> At(string slug, string? entrance, Subject who, string lang, DateTimeOffset now)
    {
        if (await campaigns.Find(slug) is not { State: not CampaignState.Draft } campaign)
        {
            return Refusal.NotFound;
        }

        if (!campaigns.TakesAt(campaign, now))
        {
            await door.TurnBack(slug, entrance, who.Account, await Why(campaign, now), now);
            return Refusal.CampaignNotOpen;
        }

        var (account, token) = who.IsPatient ? (who.Account, null) : await Arrived(lang, now);
        return new StartedAt(new ConsultationId(await door.Arrive(slug, entrance, account, now)), token);
    }

    /// <summary>Why nobody is taken, and the first thing that the page offers instead, as codes.</summary>
    private async Task<string> Why(Campaign campaign, DateTimeOffset now)
    {
        var instead = (await campaigns.TakingNow(now, CancellationToken.None)).Count > 0 ? "campaigns" : campaign.Hotline.Length > 0 ? "hotline" : "danger";
        return $"{(campaign.State == CampaignState.Closed ? "campaign_closed" : "outside_hours")}:{instead}";
    }

    private async Task<(Guid Account, string? Token)> Arrived(string lang, DateTimeOffset now) => await patients.Arrive(lang, now);
}

/// <param name="Token">A new device's; null where the device was known.</param>
internal sealed record StartedAt(ConsultationId Consultation, string? Token);

internal sealed record StartBody(string? Entrance);

internal sealed record StartedView(string Consultation, string? Token, string ConsentVersion);
