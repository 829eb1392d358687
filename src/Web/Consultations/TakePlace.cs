using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>A place in the queue, raised by the rules of the policy: age, pregnancy, long-standing illness, others ill at home, asked again within days.</summary>
internal sealed class TakePlace(Admission admission, Patients patients, Outside outside, PhoneSold phones, IDbContextFactory<Database> databases, RecheckPolicy policy)
{
    public async Task<Decision<Consultation>> Join(Subject who, string id, DateTimeOffset now)
    {
        var campaign = await outside.CampaignOf(who, id, now);
        var repeated = await HasAskedBefore(who, id, now);
        var sold = campaign is not null && (await admission.Read(who, id, Resource.Queue, now, CancellationToken.None)).Is(out var asked, out _) ? await phones.Ask(who, campaign, asked, CancellationToken.None) : null;
        return await admission.Decide(who, id, Resource.Queue, Act.Create, now, c =>
            Outside.Stops(campaign, c) ? Refusal.OutsideRegion
            : c.JoinQueue(now).Then<ImmutableArray<Fact>>(joined => joined.IsEmpty || sold is null || !c.LacksProof() ? c.RaisedByRule(joined, policy, repeated)
                : sold.Says is PhoneSays.Elsewhere or PhoneSays.NoNumber ? Refusal.ProofNeeded
                : ImmutableArray.Create<Fact>(new ProofGiven(sold.Says == PhoneSays.Here ? Proving.ByPhone : Proving.PhoneUnknown)).AddRange(c.RaisedByRule(joined, policy, repeated))));
    }

    /// <summary>The same person, as far as the account says: oneself, or somebody of the same name. From heads alone.</summary>
    private async Task<bool> HasAskedBefore(Subject who, string id, DateTimeOffset now)
    {
        if (!ConsultationId.TryParse(id, out var consultation))
        {
            return false;
        }

        var since = now.AddHours(-policy.Repeat.WithinHours).Ms();
        await using var database = await databases.CreateDbContextAsync();
        var own = await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, Resource.Queue, Act.Read)).Where(h => h.OpenedAt >= since || h.Id == consultation.Value).Select(h => new { h.Id, h.Patient, h.OpenedAt }).ToListAsync();
        if (own.Count < 2 || own.FirstOrDefault(h => h.Id == consultation.Value) is not { Patient: { } patient } mine)
        {
            return false;
        }

        var known = await patients.Labels(who.Account, CancellationToken.None);
        return known.TryGetValue(patient, out var person) && own.Any(h => h.Id != mine.Id && h.OpenedAt <= mine.OpenedAt && h.Patient is { } other && known.TryGetValue(other, out var before)
            && before.Relation == person.Relation && (person.Relation == nameof(Relation.Self) || (person.Label is not null && person.Label == before.Label)));
    }
}
