using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// Start: one durable row at the door, without health data, and a device that may go on. Its id becomes the consultation's.
/// A closed campaign lets nobody new in; a person whose device is known keeps the account.
/// </summary>
internal sealed class StartConsultation(IDbContextFactory<Database> databases, CampaignShelf campaigns, Patients patients)
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/campaigns/{slug}/start", async (string slug, StartBody? body, StartConsultation start, SignIns signIns, ConsentText consent, HttpContext http, TimeProvider clock) =>
                http.Json(await start.At(slug, body?.Entrance, http.Subject(), Lang.Of(http.Request).Code, clock.GetUtcNow()), s => new StartedView(s.Consultation.ToString(), s.Token, consent.Stamp)))
            .Allow(Resource.Door, Act.Create);

    public async Task<Decision<StartedAt>> At(string slug, string? entrance, Subject who, string lang, DateTimeOffset now)
    {
        if (await campaigns.Find(slug) is not { } campaign)
        {
            return Refusal.NotFound;
        }

        if (!campaigns.TakesAt(campaign, now))
        {
            return Refusal.CampaignNotOpen;
        }

        var (account, token) = who.IsPatient ? (who.Account, null) : await Arrived(lang, now);
        var id = Guid.CreateVersion7(now);
        await using var database = await databases.CreateDbContextAsync();
        database.Add(new DoorRow { Id = id, Campaign = slug, Entrance = entrance is { Length: > 0 and <= 40 } && !entrance.Any(char.IsControl) ? entrance : "link", Account = account, StartedAt = now.Ms(), LastStepAt = now.Ms() });
        await database.SaveChangesAsync();
        return new StartedAt(new ConsultationId(id), token);
    }

    private async Task<(Guid Account, string? Token)> Arrived(string lang, DateTimeOffset now) => await patients.Arrive(lang, now);
}

/// <param name="Token">A new device's; null where the device was known.</param>
internal sealed record StartedAt(ConsultationId Consultation, string? Token);

internal sealed record StartBody(string? Entrance);

internal sealed record StartedView(string Consultation, string? Token, string ConsentVersion);
