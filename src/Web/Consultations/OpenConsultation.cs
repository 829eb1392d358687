using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>The consent opens the consultation whose door row this device has pressed Start for.</summary>
internal sealed class OpenConsultation(Doorstep door, ConsultationLog log, Patients patients, CampaignShelf campaigns, ConsentText consent, LightConsultation policy, SignedPolicies signed)
{
    /// <summary>In characters, as the form says.</summary>
    private const int LongestLabel = 40;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/consultations/{id}/opening", async (string id, OpeningBody body, OpenConsultation open, HttpContext http, TimeProvider clock) =>
                http.Json(await open.Open(http.Subject(), id, body, clock.GetUtcNow()), c => ConsultationView.Of(c, forClinician: false)))
            .Allow(Resource.Door, Act.Change);

    public async Task<Decision<Consultation>> Open(Subject who, string id, OpeningBody body, DateTimeOffset now)
    {
        if (!ConsultationId.TryParse(id, out var consultation))
        {
            return Refusal.NotFound;
        }

        var opened = await Decide(who, consultation, body, now);
        if (opened.IsRefused(out _))
        {
            // Asked again for what is missing: still at the door, and not gone.
            await door.Step(consultation.Value, who.Account, now);
        }

        return opened;
    }

    private async Task<Decision<Consultation>> Decide(Subject who, ConsultationId consultation, OpeningBody body, DateTimeOffset now)
    {
        if (await door.Find(consultation.Value, who.Account) is not { } arrived || await campaigns.Find(arrived.Campaign) is not { } campaign)
        {
            return Refusal.NotFound;
        }

        if (body.Consent is null)
        {
            return Refusal.ConsentMissing;
        }

        // Ticks under another version of the text are no consent to this one (CN-CON-01). Sent again because the answer was lost, it is the same opening.
        var known = (await log.Read(consultation, CancellationToken.None)).Opening;
        if (known?.Consent != body.Consent && consent.Objection(body.Consent.TextVersion) is { } other)
        {
            return other;
        }

        if (body.Label?.Length > LongestLabel)
        {
            return Refusal.TextTooLong;
        }

        // The person who is ill stands there already, where it was opened before.
        var patient = known?.Patient ?? await patients.Add(who.Account, body.Relation.ToString(), body.Label, now);
        var opened = new Opened(
            campaign.Slug,
            arrived.Entrance,
            campaign.Organisation,
            body.Lang == "en" ? "en" : "zh",
            ServiceMode.LightConsultation,
            patient,
            body.Relation,
            body.Consent,
            campaigns.RulesDate(campaign, now),
            "chat",
            policy.Stamp,
            signed.Pins);
        return await log.Decide(consultation, who.Actor, now, c => c.Open(opened));
    }
}
