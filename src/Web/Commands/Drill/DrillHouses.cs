using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands.Drill;

/// <summary>The organisations of a day in which they lend each other clinicians, each with a campaign of its own. The drill has the clock of the day: rules hold in their hours.</summary>
internal static class DrillHouses
{
    private const string Drill = "演练 · drill";

    /// <param name="from">Second of the day at which the drill begins.</param>
    public static PlannedDay Lending(PlannedDay day, int from)
    {
        if (day.Aid.Rules.IsEmpty)
        {
            return day;
        }

        var address = day.People.Where(p => p.Campaign.Length > 0).GroupBy(p => p.Campaign, StringComparer.Ordinal).ToDictionary(g => g.Key, g => Address(g.First().Organisation), StringComparer.Ordinal);
        var rules = day.Aid.Rules.ToImmutableDictionary(house => house.Key, house => house.Value.Select(r => r with { Campaign = address.GetValueOrDefault(r.Campaign, r.Campaign) }).ToImmutableArray());
        return day with { Aid = new DayAid(rules, from), People = [.. day.People.Select(p => p with { Campaign = p.Organisation == Guid.Empty ? "" : Address(p.Organisation) })] };
    }

    public static async Task Seed(IServiceProvider services, PlannedDay day, DateTimeOffset now)
    {
        if (day.Aid.Rules.IsEmpty)
        {
            return;
        }

        var (shelf, aids) = (services.GetRequiredService<CampaignShelf>(), services.GetRequiredService<Aids>());
        var like = (await shelf.All(CancellationToken.None)).First(c => c.Slug == DemoCampaign.Slug);
        List<Guid> houses = [.. day.Shifts.Select(s => s.Organisation).Concat(day.People.Select(p => p.Organisation)).Concat(day.Aid.Rules.Keys).Where(h => h != Guid.Empty).Distinct().Order()];
        await using var database = await services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        // After those of the demo, the first of which is everybody's who names no other.
        database.AddRange(houses.Select((h, n) => new OrganisationRow { Id = h, NameZh = $"演练机构 {Number(h)}", NameEn = $"Drill organisation {Number(h)}", Province = "42", CreatedAt = now.AddMinutes(1).Ms() + n }));
        await database.SaveChangesAsync();
        foreach (var house in houses)
        {
            await shelf.Create(like with { Slug = Address(house), Organisation = house }, "system", now);
            await shelf.Change(Address(house), "system", "opened", now, c => c.Open(rehearsal: true));
        }

        foreach (var (house, rule) in day.Aid.Rules.OrderBy(r => r.Key).SelectMany(r => r.Value.Select(rule => (r.Key, rule))))
        {
            await aids.Set(new AidBy(house, Guid.Empty, Drill), null, Drill, _ => rule, now);
        }
    }

    private static string Address(Guid house) => $"drill-{Number(house)}";

    /// <summary>Organisations of a folder are numbered in the order in which they are named.</summary>
    private static string Number(Guid house) => BitConverter.ToInt32(house.ToByteArray()).ToString(CultureInfo.InvariantCulture);
}
