using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

[assembly: Mapped<SurgeRow, SurgeMapping>]

namespace Yizhen.Web.Log;

/// <summary>A level of the surge ladder, set by a person. The newest row counts; none is changed.</summary>
internal sealed class SurgeRow
{
    public long Seq { get; init; }

    public required string Pool { get; init; }

    public required long At { get; init; }

    public required int Level { get; init; }

    public required Guid Account { get; init; }

    public required string Name { get; init; }

    /// <summary>Words of the operator about the service, not about anybody.</summary>
    public required string Reason { get; init; }

    /// <summary>What the system proposed at that moment.</summary>
    public required int Proposed { get; init; }
}

internal sealed class SurgeMapping : IEntityTypeConfiguration<SurgeRow>
{
    public void Configure(EntityTypeBuilder<SurgeRow> builder)
    {
        builder.HasKey(s => s.Seq);
        builder.InSnakeCase("surge");
    }
}

/// <summary>What the load is now, and what the system would set.</summary>
internal sealed record SurgeLook(SurgeLoad Load, SurgeProposal Proposal);

/// <summary>The pool's surge level. Set by people only; the system proposes.</summary>
internal sealed class Surges(IDbContextFactory<Database> databases, Duties duties, SurgeRules rules, DispatchRules dispatch, Bell bell)
{
    private const int Shown = 20;

    private readonly Remembered<int> level = new(async ct => (await Newer(databases, ct))?.Level ?? 0);
    private readonly Remembered<IReadOnlyList<LadderRow>> ladders = new(ct => Newest(databases, ct));

    /// <summary>The level that counts; null where none was ever set: 0.</summary>
    public Task<SurgeRow?> Now(CancellationToken ct) => Newer(databases, ct);

    /// <summary>The deployment's; another node's is known here within a second.</summary>
    public Task<int> Level(CancellationToken ct) => level.Now(ct);

    /// <summary>For each page at the door: what counts for this campaign's people.</summary>
    public async Task<int> Level(Campaign campaign, CancellationToken ct) => campaign.Terms.Ladder.At(await Level(ct));

    /// <summary>For each turn of dispatch, and whoever says why somebody waits: what counts for whose people.</summary>
    public async Task<SurgeLevels> Levels(CancellationToken ct) => (await LevelsAt(ct))(await Level(ct));

    /// <summary>The same, were the deployment at another level.</summary>
    public async Task<Func<int, SurgeLevels>> LevelsAt(CancellationToken ct)
    {
        var parts = (await ladders.Now(ct)).Select(l => (l.Campaign, Ladder: new CampaignLadder(l.LevelFrom, l.LevelTo, ""))).ToList();
        return everybody => new SurgeLevels(everybody, parts.ToImmutableSortedDictionary(p => p.Campaign, p => p.Ladder.At(everybody), StringComparer.Ordinal));
    }

    /// <summary>A campaign's part was set here: it counts from now on, and on other nodes within a second.</summary>
    public async Task LadderChanged() => ladders.Is(await Newest(databases, CancellationToken.None));

    /// <summary>Of each campaign that was ever set apart, the newest.</summary>
    public Task<IReadOnlyList<LadderRow>> Ladders(CancellationToken ct) => Newest(databases, ct);

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<SurgeRow>> Lately(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<SurgeRow>().AsNoTracking().Where(s => s.Pool == Duties.Pool).OrderByDescending(s => s.Seq).Take(Shown).ToListAsync(ct);
    }

    /// <param name="seen">The level that whoever sets it had before them.</param>
    public async Task<Decision<SurgeRow>> Set(Guid account, string name, int seen, int to, string? reason, DateTimeOffset now)
    {
        var stands = (await Now(CancellationToken.None))?.Level ?? 0;
        if (!Surge.Set(stands, seen, to, reason).Is(out var decided, out var why))
        {
            return why;
        }

        var proposed = (await Look(stands, now, CancellationToken.None)).Proposal.Level;
        var row = new SurgeRow { Pool = Duties.Pool, At = now.Ms(), Level = decided, Account = account, Name = name, Reason = reason?.Trim() ?? "", Proposed = proposed };
        await using var database = await databases.CreateDbContextAsync();
        database.Add(row);
        database.Add(new JournalRow { Pool = Duties.Pool, At = now.Ms(), Kind = "surge_level", Clinician = null, Consultation = null, Body = JsonSerializer.Serialize(new { level = decided, from = stands, proposed, by = account }) });
        await database.SaveChangesAsync();
        level.Is(decided);
        bell.Ring(Bell.Queue);
        return row;
    }

    /// <summary>Those who wait against those who are taken, and the seats.</summary>
    public async Task<SurgeLook> Look(int level, DateTimeOffset now, CancellationToken ct)
    {
        var (waits, since, seen) = (Bucket.Waiting.Code(), now.Ms() - rules.Propose.WindowMs, now.Ms() - dispatch.UnreachableAfterMs);
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking();
        var load = new SurgeLoad(
            await heads.CountAsync(h => h.Bucket == waits, ct), await heads.CountAsync(h => h.FirstAssignedAt > since, ct),
            (await duties.All(ct)).Where(d => d.State == "on" && d.LastSignAt > seen).Sum(d => d.Seats));
        return new SurgeLook(load, Surge.Propose(load, level, rules, dispatch));
    }

    /// <summary>How dated answers were kept since <paramref name="since"/>, from heads alone; who was erased is not among them.</summary>
    public async Task<PromisesKept> Kept(DateTimeOffset since, DateTimeOffset now, CancellationToken ct)
    {
        var (from, at) = (since.Ms(), now.Ms());
        List<string> live = [.. Enum.GetValues<Bucket>().Where(b => b.IsLive()).Select(b => b.Code())];
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking().Where(h => h.OfferedAt >= from);
        var promised = heads.Where(h => h.Promise != null);
        var owed = promised.Where(h => h.PromiseKeptAt == null && live.Contains(h.Bucket));
        return new PromisesKept(
            await heads.CountAsync(ct),
            await owed.CountAsync(h => h.PromisedBy > at, ct),
            await promised.CountAsync(h => h.PromiseKeptAt <= h.PromisedBy, ct),
            await promised.CountAsync(h => h.PromiseKeptAt > h.PromisedBy, ct),
            await owed.CountAsync(h => h.PromisedBy <= at, ct),
            await promised.CountAsync(h => h.PromiseKeptAt == null && !live.Contains(h.Bucket), ct));
    }

    private static async Task<IReadOnlyList<LadderRow>> Newest(IDbContextFactory<Database> databases, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = database.Set<LadderRow>().AsNoTracking();
        return await rows.Where(l => !rows.Any(later => later.Campaign == l.Campaign && later.Seq > l.Seq)).OrderBy(l => l.Campaign).ToListAsync(ct);
    }

    private static async Task<SurgeRow?> Newer(IDbContextFactory<Database> databases, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<SurgeRow>().AsNoTracking().Where(s => s.Pool == Duties.Pool).OrderByDescending(s => s.Seq).FirstOrDefaultAsync(ct);
    }
}
