using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>What stands around a patient's page: the campaign's name, what the person is called, and where they are.</summary>
internal sealed class Around(Doorstep door, CampaignShelf campaigns, Patients patients, Places places, Countries countries)
{
    private const int NumberLetters = 6;

    /// <summary>A step at the door: the campaign where this device has pressed Start; null where it is not theirs.</summary>
    public async Task<Campaign?> AtDoor(Subject who, string id, DateTimeOffset now, CancellationToken ct) =>
        ConsultationId.TryParse(id, out var consultation) && await door.Step(consultation.Value, who.Account, now) is { } row ? await campaigns.Find(row.Campaign, ct) : null;

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
        : place.Region is { } region ? places.Find(region)?.In(t.Code) ?? ""
        : countries.Find(place.Country)?.In(t.Code) ?? t["境外", "abroad"];

    /// <summary>The ambulance where the person is: 120 in mainland China, else the country's own.</summary>
    public string SosOf(Consultation c) => countries.Ambulance(c.Place?.Region, c.Place?.Country);
}
