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
internal sealed class StartConsultation(Doorstep door, CampaignShelf campaigns, Entrances entrances, LetIn letIn, Patients patients)
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/campaigns/{slug}/start", async (string slug, StartBody? body, StartConsultation start, SignIns signIns, ConsentText consent, HttpContext http, TimeProvider clock) =>
                http.Json(await start.At(slug, new StartAsk(body?.Entrance, body?.Code, body?.Urgent ?? false), http.Subject(), Lang.Of(http.Request).Code, clock.GetUtcNow()), s => new StartedView(s.Consultation.ToString(), s.Token, consent.Stamp, s.ComesAt)))
            .Allow(Resource.Door, Act.Create);

    public async Task<Decision<StartedAt>> At(string slug, StartAsk ask, Subject who, string lang, DateTimeOffset now)
    {
        if (await campaigns.Find(slug) is not { State: not CampaignState.Draft } campaign)
        {
            return Refusal.NotFound;
        }

        if (await letIn.AsPromisedAsync(slug, who.Account, ask.Urgent, now) is { } promised)
        {
            return new StartedAt(new ConsultationId(promised.Id), null, promised.ComesAt);
        }

        var ways = await entrances.Of(slug, CancellationToken.None);
        // What a link says that is nobody's entrance counts as the campaign's own link, once entrances tell apart where people come from.
        var entrance = ways.Count == 0 ? ask.Entrance : ways.FirstOrDefault(e => e.Code == ask.Entrance && !e.Closed)?.Code ?? EntranceDraft.Link;
        if (!campaigns.TakesAt(campaign, now))
        {
            await door.TurnBack(slug, entrance, who.Account, await Why(campaign, now), now);
            return Refusal.CampaignNotOpen;
        }

        // Whoever says that it cannot wait is asked for no word.
        if (!ask.Urgent && !campaign.Terms.Believes(ask.Code))
        {
            return Refusal.CampaignCodeWrong;
        }

        if (campaign.Terms.PerHour is not null || ask.Day is not null || ways.Any(e => e is { Closed: false, PerHour: not null }))
        {
            if (await letIn.AskAsync(campaign, ways, entrance ?? EntranceDraft.Link, who.IsPatient ? who.Account : Guid.Empty, ask, lang, now) is { } asked)
            {
                return new StartedAt(new ConsultationId(asked.Id), asked.Token, asked.ComesAt);
            }

            await door.TurnBack(slug, entrance, who.Account, LetIn.Elsewhere, now);
            return Refusal.EntranceFull;
        }

        var (account, token) = who.IsPatient ? (who.Account, null) : await Arrived(lang, now);
        return new StartedAt(new ConsultationId(await door.Arrive(slug, entrance, account, now)), token);
    }

    /// <summary>Why nobody is taken, and the first thing that the page offers instead, as codes.</summary>
    private async Task<string> Why(Campaign campaign, DateTimeOffset now)
    {
        var instead = (await campaigns.TakingNow(now, CancellationToken.None)).Count > 0 ? "campaigns" : campaign.Hotline.Length > 0 ? "hotline" : "danger";
        return $"{(campaigns.HasEnded(campaign, now) ? "campaign_closed" : campaign.State == CampaignState.Paused ? "campaign_paused" : "outside_hours")}:{instead}";
    }

    private async Task<(Guid Account, string? Token)> Arrived(string lang, DateTimeOffset now) => await patients.Arrive(lang, now);
}

/// <param name="Token">A new device's; null where the device was known.</param>
/// <param name="ComesAt">The entrance is full: the same device is let in from then on by pressing Start again. Null: now.</param>
internal sealed record StartedAt(ConsultationId Consultation, string? Token, DateTimeOffset? ComesAt = null);

/// <param name="Entrance">Code of the entrance; null or unknown: the campaign's own link.</param>
/// <param name="Code">The word of the organisation, where the campaign asks for one.</param>
/// <param name="Urgent">Says that a danger sign is there, or that it cannot wait: let in at once.</param>
internal sealed record StartAsk(string? Entrance, string? Code = null, bool Urgent = false)
{
    /// <summary>Of the partner who asks for somebody; null: none.</summary>
    public DayLimit? Day { get; init; }
}

/// <param name="Most">People of one entrance whom a partner may start in a day.</param>
/// <param name="Since">Beginning of the day.</param>
internal sealed record DayLimit(int Most, long Since);

internal sealed record StartBody(string? Entrance, string? Code = null, bool? Urgent = null);

internal sealed record StartedView(string Consultation, string? Token, string ConsentVersion, DateTimeOffset? ComesAt);
