using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>The campaigns of this deployment. Every change leaves a dated record.</summary>
internal sealed class CampaignShelf(IDbContextFactory<Database> databases, Surges surges, Deployment deployment)
{
    private static readonly JsonSerializerOptions Strict = new(Faces.Json) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public async Task<Campaign?> Find(string slug, CancellationToken ct = default)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<CampaignRow>().AsNoTracking().FirstOrDefaultAsync(c => c.Slug == slug, ct) is { } row ? Read(row) : null;
    }

    public async Task<IReadOnlyList<Campaign>> All(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return [.. (await database.Set<CampaignRow>().AsNoTracking().OrderByDescending(c => c.CreatedAt).ToListAsync(ct)).Select(Read)];
    }

    /// <summary>Those of one organisation, newest first: an operator sees no other.</summary>
    public async Task<IReadOnlyList<Campaign>> Of(Guid organisation, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return [.. (await database.Set<CampaignRow>().AsNoTracking().Where(c => c.Organisation == organisation).OrderByDescending(c => c.CreatedAt).ToListAsync(ct)).Select(Read)];
    }

    /// <param name="kind">created or copied.</param>
    public async Task<Decision<Campaign>> Create(Campaign campaign, string actor, DateTimeOffset now, string kind = "created")
    {
        await using var database = await databases.CreateDbContextAsync();
        if (await database.Set<CampaignRow>().AnyAsync(c => c.Slug == campaign.Slug))
        {
            return Refusal.CampaignExists;
        }

        var row = new CampaignRow
        {
            Slug = campaign.Slug, Organisation = campaign.Organisation, NameZh = "", NameEn = "", OwnerZh = "", OwnerEn = "", PurposeZh = "", PurposeEn = "",
            CoversZh = "", CoversEn = "", Regions = "", Hours = "", Hotline = "", Numbers = "", State = "", CreatedAt = now.Ms(),
        };
        Write(row, campaign);
        database.Add(row);
        database.Add(Change(campaign, actor, kind, now));
        AddLadder(database, CampaignLadder.Whole, campaign, actor, now);
        await database.SaveChangesAsync();
        return campaign;
    }

    /// <param name="kind">changed, opened, paused or closed.</param>
    public Task<Decision<Campaign>> Change(string slug, string actor, string kind, DateTimeOffset now, Func<Campaign, Decision<Campaign>> decide) => Change(slug, actor, _ => kind, now, decide);

    /// <summary>Behind the campaign's row, so that what is decided is decided on what stands; and without a record where nothing has changed.</summary>
    /// <param name="kind">By what it has become.</param>
    public async Task<Decision<Campaign>> Change(string slug, string actor, Func<Campaign, string> kind, DateTimeOffset now, Func<Campaign, Decision<Campaign>> decide)
    {
        await using var database = await databases.CreateDbContextAsync();
        using var turn = await deployment.Engine.WriterAsync(CancellationToken.None);
        await using var alone = await database.Database.BeginTransactionAsync();
        await database.Database.ExecuteSqlAsync($"update campaign set state = state where slug = {slug}");
        if (await database.Set<CampaignRow>().FirstOrDefaultAsync(c => c.Slug == slug) is not { } row)
        {
            return Refusal.NotFound;
        }

        var before = Read(row);
        var decision = decide(before);
        if (!decision.Is(out var after, out var why) || ReferenceEquals(before, after))
        {
            return decision;
        }

        Write(row, after);
        database.Add(Change(after, actor, kind(after), now));
        AddLadder(database, before.Terms.Ladder, after, actor, now);
        if (after.Terms.Pause is { } pause && pause.At == now)
        {
            database.Add(new PauseRow { Campaign = slug, At = now.Ms(), AnswerBy = pause.AnswerBy.Ms(), Actor = actor });
        }

        await database.SaveChangesAsync();
        await alone.CommitAsync();
        await (after.Terms.Ladder == before.Terms.Ladder ? Task.CompletedTask : surges.LadderChanged());
        return after;
    }

    public async Task<IReadOnlyList<CampaignChangeRow>> Changes(string slug, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<CampaignChangeRow>().AsNoTracking().Where(c => c.Campaign == slug).OrderByDescending(c => c.Seq).ToListAsync(ct);
    }

    public DateOnly RulesDate(Campaign campaign, DateTimeOffset now) => campaign.RulesDateOn(now, deployment.Zone);

    /// <summary>Whether somebody new may start now. Whoever is inside is served to the end, at any hour.</summary>
    public bool TakesAt(Campaign campaign, DateTimeOffset now) => campaign.TakesAt(now, deployment.Zone);

    public bool HasEnded(Campaign campaign, DateTimeOffset now) => campaign.HasEnded(now, deployment.Zone);

    /// <summary>Those where somebody new may start now, newest first.</summary>
    public async Task<IReadOnlyList<Campaign>> TakingNow(DateTimeOffset now, CancellationToken ct) => [.. (await All(ct)).Where(c => TakesAt(c, now))];

    /// <summary>Dispatch decides by it, so it stands in its journal too.</summary>
    private static void AddLadder(Database database, CampaignLadder before, Campaign campaign, string actor, DateTimeOffset now)
    {
        var ladder = campaign.Terms.Ladder;
        if (ladder != before)
        {
            database.Add(new LadderRow { Campaign = campaign.Slug, At = now.Ms(), LevelFrom = ladder.From, LevelTo = ladder.To, Reason = ladder.Because, Actor = actor });
            database.Add(new JournalRow { Pool = Duties.Pool, At = now.Ms(), Kind = "surge_ladder", Clinician = null, Consultation = null, Body = JsonSerializer.Serialize(new { campaign = campaign.Slug, from = ladder.From, to = ladder.To, by = actor }) });
        }
    }

    private static CampaignChangeRow Change(Campaign campaign, string actor, string kind, DateTimeOffset now) =>
        new() { Campaign = campaign.Slug, At = now.Ms(), Actor = actor, Kind = kind, Body = JsonSerializer.Serialize(campaign, Faces.Json) };

    private static Campaign Read(CampaignRow row) => new(
        row.Slug,
        row.Organisation,
        new BothWays(row.NameZh, row.NameEn),
        new BothWays(row.OwnerZh, row.OwnerEn),
        new BothWays(row.PurposeZh, row.PurposeEn),
        new BothWays(row.CoversZh, row.CoversEn),
        [.. row.Regions.Split(',', StringSplitOptions.RemoveEmptyEntries)],
        Hours.Read(row.Hours).Value,
        row.Hotline,
        [.. row.Numbers.Split('\n', StringSplitOptions.RemoveEmptyEntries)],
        row.RulesDate is { } day ? DateOnly.Parse(day, CultureInfo.InvariantCulture) : null,
        Enum.Parse<CampaignState>(row.State))
    {
        Terms = JsonSerializer.Deserialize<CampaignTerms>(row.Terms, Strict) ?? CampaignTerms.Plain,
    };

    private static void Write(CampaignRow row, Campaign campaign)
    {
        row.Organisation = campaign.Organisation;
        (row.NameZh, row.NameEn) = (campaign.Name.Zh, campaign.Name.En);
        (row.OwnerZh, row.OwnerEn) = (campaign.Owner.Zh, campaign.Owner.En);
        (row.PurposeZh, row.PurposeEn) = (campaign.Purpose.Zh, campaign.Purpose.En);
        (row.CoversZh, row.CoversEn) = (campaign.Covers.Zh, campaign.Covers.En);
        row.Regions = string.Join(',', campaign.Regions);
        row.Hours = campaign.Hours.ToString();
        row.Hotline = campaign.Hotline;
        row.Numbers = string.Join('\n', campaign.Numbers);
        row.RulesDate = campaign.RulesDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        row.State = campaign.State.ToString();
        row.Terms = JsonSerializer.Serialize(campaign.Terms, Strict);
    }
}
