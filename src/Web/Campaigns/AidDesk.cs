using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>What is lent and by which rules, and what came of it. Both faces call it; an operator changes the rules of their own organisation only.</summary>
internal sealed class AidDesk(Aids aids, CampaignShelf shelf, Places places, IDbContextFactory<Database> databases, IEngine engine, Deployment deployment)
{
    /// <summary>Days that a ledger shows where nobody says which.</summary>
    private const int Week = 7;
    private const int MostDays = 92;
    private static readonly char[] Between = [',', '，', '、', '；', ';'];

    /// <summary>Nobody was helped before; days further back are none that a clock can hold.</summary>
    private static readonly DateOnly Earliest = new(2000, 1, 1);

    public async Task<AidPicture> Look(Subject who, DateTimeOffset now, CancellationToken ct)
    {
        var (houses, terms) = (await Houses(ct), await aids.At(now, ct));
        var campaigns = await shelf.All(ct);
        return new AidPicture(
            now, who.Organisation,
            [.. houses.Values.OrderBy(h => h.Id).Select(h => new AidHouse(h.Id, h.Name, terms.GetValueOrDefault(h.Id)?.Keep))],
            [.. campaigns.Select(c => new AidCampaign(c.Slug, c.Name, c.Organisation))],
            [.. (await aids.Standing(ct)).Select(View)],
            [.. (await aids.Lately(ct)).Select(View)]);
    }

    public async Task<Decision<AidRuleRow>> Set(Subject who, Guid? rule, int seen, AidDraft typed, DateTimeOffset now)
    {
        (var campaigns, typed) = (await Others(who, CancellationToken.None), Coded(typed));
        return await aids.Set(By(who), rule, typed.Reason, version => typed.Set(version, seen, campaigns, PoolWords.Skills, IsArea), now);
    }

    public Task<Decision<AidRuleRow>> End(Subject who, Guid rule, int seen, string? reason, DateTimeOffset now) => aids.End(By(who), rule, seen, reason, now);

    public async Task<ImmutableArray<string>> Wrong(Subject who, AidDraft typed, CancellationToken ct) => Coded(typed).Wrong(await Others(who, ct), PoolWords.Skills, IsArea);

    /// <summary>Recounted from the log and the pool's journal, never kept.</summary>
    /// <param name="from">First day in the deployment's zone; null: the last week.</param>
    /// <param name="to">Last day; null: today.</param>
    public async Task<AidSheet> Ledger(DateOnly? from, DateOnly? to, DateTimeOffset now, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, deployment.Zone).DateTime);
        var last = to is { } end && end < today && end >= Earliest ? end : today;
        var first = from is { } begin && begin <= last ? begin : last.AddDays(1 - Week);
        first = first < last.AddDays(1 - MostDays) ? last.AddDays(1 - MostDays) : first;
        List<LedgerDay> days = [.. Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(n => new LedgerDay(first.AddDays(n), Begins(first.AddDays(n))))];
        var spells = await HelpGiven.SinceAsync(engine, days[0].From, now.Ms(), ct);
        var ledger = AidLedger.Of(spells, days, Math.Min(now.Ms(), Begins(last.AddDays(1))));
        return new AidSheet(now, first, last, [.. (await Houses(ct)).Values], ledger.Lines, ledger.Balances, ledger.Holds);
    }

    /// <summary>Provinces by name, for whoever knows no codes by heart. What is none stays as it was typed, so that the form can say so.</summary>
    private AidDraft Coded(AidDraft typed) => typed with
    {
        Areas = string.Join(' ', typed.Areas.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => PoolWords.ProvinceCode(places, part) ?? string.Join(' ', part.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => PoolWords.ProvinceCode(places, word) ?? word)))),
    };

    private bool IsArea(string code) => places.Provinces.Any(p => p.Province == code);

    private static AidBy By(Subject who) => new(who.Organisation, who.Account, who.Name);

    private long Begins(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, deployment.Zone.GetUtcOffset(midnight)).Ms();
    }

    private async Task<IReadOnlyCollection<string>> Others(Subject who, CancellationToken ct) =>
        [.. (await shelf.All(ct)).Where(c => c.Organisation != who.Organisation).Select(c => c.Slug)];

    private async Task<Dictionary<Guid, AidHouse>> Houses(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<OrganisationRow>().AsNoTracking().OrderBy(o => o.CreatedAt).ThenBy(o => o.Id).ToListAsync(ct);
        return rows.ToDictionary(o => o.Id, o => new AidHouse(o.Id, new BothWays(o.NameZh, o.NameEn), null));
    }

    public static AidRuleView View(AidRuleRow row) => new(row.Rule, row.Version, row.Lender, row.At.Utc(), row.Name, row.Reason, row.Ended, row.Read());
}

/// <param name="Keeps">Percent of its seats that stay for its own people now; null: no rule stands, its clinicians are there for everybody.</param>
public sealed record AidHouse(Guid Id, BothWays Name, int? Keeps);

public sealed record AidCampaign(string Slug, BothWays Name, Guid Organisation);

/// <summary>A version of a rule.</summary>
public sealed record AidRuleView(Guid Rule, int Version, Guid Lender, DateTimeOffset At, string By, string Reason, bool Ended, AidRule Lends);

/// <param name="Mine">The organisation of whoever asks.</param>
/// <param name="Rules">Those that stand.</param>
/// <param name="Changes">Newest first.</param>
public sealed record AidPicture(DateTimeOffset At, Guid Mine, ImmutableArray<AidHouse> Houses, ImmutableArray<AidCampaign> Campaigns, ImmutableArray<AidRuleView> Rules, ImmutableArray<AidRuleView> Changes);

/// <param name="Lines">With the work of each organisation for its own people.</param>
/// <param name="Holds">All balances together are zero.</param>
public sealed record AidSheet(DateTimeOffset At, DateOnly From, DateOnly To, ImmutableArray<AidHouse> Houses, ImmutableArray<AidLine> Lines, ImmutableArray<AidBalance> Balances, bool Holds);
