using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Campaigns;

/// <summary>What a campaign finds here at the moment of opening: protocols and policies with their signatures, and who would take its people, own and lent.</summary>
internal sealed class Readiness(
    ProtocolFiles protocols, SignedPolicies policies, Duties duties, StaffRoster roster, Shifts shifts, Aids aids, DispatchRules dispatch, IDbContextFactory<Database> databases, Deployment deployment)
{
    /// <summary>Whoever comes within it counts as there.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromHours(1);

    public async Task<CampaignReadiness> Of(Campaign campaign, DateTimeOffset now, CancellationToken ct) => new(
        deployment.IsRehearsal, Protocols(campaign.RulesDateOn(now, deployment.Zone)), policies.Pins, [CampaignTerms.Light], await Staff(campaign, now, ct), TimeZoneInfo.ConvertTime(now, deployment.Zone).DateTime, await Operators(campaign, ct));

    /// <summary>What serves today, and each other day on which that changes.</summary>
    public ImmutableArray<RulePack> Packs(DateOnly today) =>
        [.. protocols.All.Select(f => f.Protocol).OfType<Protocol>().SelectMany(p => new[] { p.From, p.To?.AddDays(1) ?? p.From }).Append(today).Distinct().Order()
            .Select(day => (Day: day, Found: Protocols(day)))
            .Select(p => new RulePack(p.Day, [.. p.Found.Where(f => f.IsSigned).Select(Name)], [.. p.Found.Where(f => !f.IsSigned).Select(Name)])).Where(p => !p.Protocols.IsEmpty)];

    public ImmutableArray<string> Policies => [.. policies.Pins.Select(p => p.Split('#')[0].Replace('@', ' '))];

    private static string Name(ProtocolFound found) => $"{found.Id} {found.Version}";

    private async Task<int> Operators(Campaign campaign, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<StaffRow>().CountAsync(s => s.Organisation == campaign.Organisation && s.Active && s.Role == nameof(Role.Operator), ct);
    }

    /// <summary>A draft of a later version beside a signed one stops nobody.</summary>
    private ImmutableArray<ProtocolFound> Protocols(DateOnly day) =>
        [.. protocols.All.Where(f => f.Protocol?.IsInForce(day) == true).GroupBy(f => f.Protocol?.Id ?? f.Name)
            .Select(g => g.OrderByDescending(f => f.Why is null).ThenByDescending(f => f.Protocol?.From).First())
            .Select(f => new ProtocolFound(f.Protocol?.Id ?? f.Name, f.Protocol?.Version ?? "", f.Why is null)).OrderBy(p => p.Id, StringComparer.Ordinal)];

    private async Task<ImmutableArray<StaffFound>> Staff(Campaign campaign, DateTimeOffset now, CancellationToken ct)
    {
        var on = (await duties.All(ct)).Where(d => d.Takes(dispatch, now)).ToList();
        var known = await roster.Of(on.Select(d => d.Clinician), ct);
        var here = on.Where(d => known.ContainsKey(d.Clinician)).Select(d => known[d.Clinician]).ToList();
        var coming = (await shifts.Between(now.Ms(), (now + Soon).Ms(), ct)).Where(s => s.Clinician is not { } named || !here.Exists(h => h.Id == named)).ToList();
        var terms = await aids.At(now, ct);
        await using var database = await databases.CreateDbContextAsync(ct);
        var houses = await database.Set<OrganisationRow>().AsNoTracking().OrderBy(o => o.CreatedAt).ThenBy(o => o.Id).ToListAsync(ct);
        return [.. houses.Where(h => Lends(h.Id)).Select(h =>
        {
            var (now, soon) = (here.Where(c => c.Organisation == h.Id).ToList(), coming.Where(c => c.Organisation == h.Id).ToList());
            return new StaffFound(
                new BothWays(h.NameZh, h.NameEn), h.Id == campaign.Organisation, now.Count, soon.Sum(s => s.People), terms.GetValueOrDefault(h.Id)?.Keep,
                [.. now.SelectMany(c => c.Skills).Concat(soon.SelectMany(s => s.Skills))], [.. now.SelectMany(c => c.Langs).Concat(soon.SelectMany(s => s.Langs)).Distinct()]);
        }).Where(s => s.Own || s.Now + s.Soon > 0)];

        bool Lends(Guid house) => house == campaign.Organisation || terms.GetValueOrDefault(house) is not { } aid || aid.Rules.Any(r => r.Campaign == AidRule.Any || r.Campaign == campaign.Slug);
    }
}
