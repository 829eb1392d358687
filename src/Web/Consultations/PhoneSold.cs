using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>
/// Where a person's number was first sold, for campaigns that go by it. The number that a code was sent to counts before the code comes back: the place is not held up by a
/// message, and nobody of urgency 3 to 5 meets a doctor without the code (CN-ID-02). What is kept is how somebody was believed, never the region.
/// </summary>
internal sealed class PhoneSold(Patients patients, GiveContact contact, Lazy<PhoneRegions> table, Places places)
{
    /// <summary>What their number says; null where nobody asks, it says enough, or the person is let through without.</summary>
    public async Task<PhoneProof?> Lacks(Subject who, Campaign campaign, Consultation c, CancellationToken ct) =>
        (c.Contact.Phone || c.Contact.RecoveryCode) && await Ask(who, campaign, c, ct) is { Says: PhoneSays.Elsewhere or PhoneSays.NoNumber } lacks ? lacks : null;

    /// <summary>Null where the campaign does not go by it, or this person is not asked.</summary>
    public async Task<PhoneProof?> Ask(Subject who, Campaign campaign, Consultation c, CancellationToken ct)
    {
        if (campaign.Terms.Proof != CoverProof.PhoneRegion || !c.LacksProof())
        {
            return null;
        }

        var number = await patients.Number(who.Account, ct) ?? (c.Contact.Phone ? (await contact.LastNumber(who, ct))?.E164 : null);
        return PhoneProof.Of(campaign, number, table.Value);
    }

    public string Named(string? region, Lang t) => places.Find(region)?.In(t.Code) ?? "";
}
