using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>What stands around a patient's page: the campaign's name, what the person is called, and where they are.</summary>
internal sealed class Around(IDbContextFactory<Database> databases, CampaignShelf campaigns, Patients patients, Places places, Countries countries)
{
    private const int NumberLetters = 6;

    /// <summary>The campaign whose door this device has pressed Start at; null where it is not theirs.</summary>
    public async Task<Campaign?> AtDoor(Subject who, string id, CancellationToken ct)
    {
        if (!ConsultationId.TryParse(id, out var consultation))
        {
            return null;
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        var door = await database.Set<DoorRow>().FirstOrDefaultAsync(d => d.Id == consultation.Value && d.Account == who.Account, ct);
        return door is null ? null : await campaigns.Find(door.Campaign, ct);
    }

    public async Task<Brand> BrandOf(Consultation c, Lang t, CancellationToken ct) =>
        await campaigns.Find(c.Opening?.Campaign ?? c.ErasedAs?.Campaign ?? "", ct) is { } campaign ? CampaignWords.Brand(campaign, t) : Brand.Plain;

    /// <summary>Whom to call about one that cannot be read: its head still says the campaign.</summary>
    public async Task<NotShown> NotShown(Head head, CancellationToken ct) =>
        new(new ConsultationId(head.Id).ToString()[^NumberLetters..], (await campaigns.Find(head.Campaign, ct))?.Hotline);

    public async Task<string> LabelOf(Subject who, Consultation c, Lang t, CancellationToken ct)
    {
        var labels = await patients.Labels(who.Account, ct);
        var label = c.Opening is { } opening && labels.TryGetValue(opening.Patient, out var known) ? known.Label : null;
        return Labels.For(t, label, c.Opening?.Relation ?? Relation.Self);
    }

    public string WhereOf(Consultation c, Lang t) => c.Place is not { } place ? ""
        : place.Region is { } region ? places.Find(region)?.Path ?? ""
        : countries.Find(place.Country)?.In(t.Code) ?? t["境外", "abroad"];

    /// <summary>The ambulance where the person is: 120 in mainland China, else the country's own.</summary>
    public string SosOf(Consultation c)
    {
        var call = countries.Emergency(c.Place?.Region, c.Place?.Country);
        return call.Numbers.IsDefaultOrEmpty ? "120" : call.Numbers[0];
    }
}
