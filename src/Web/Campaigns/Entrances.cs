using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

[assembly: Mapped<EntranceRow, EntranceMapping>]

namespace Yizhen.Web.Campaigns;

/// <summary>A version of an entrance. The newest of a code counts.</summary>
internal sealed record EntranceRow
{
    public long Seq { get; init; }

    /// <summary>In the link; of one campaign for ever.</summary>
    public required string Code { get; init; }

    /// <summary>From 1.</summary>
    public required int Version { get; init; }

    public required string Campaign { get; init; }

    public required string Name { get; init; }

    /// <summary>link, poster, embed or partner.</summary>
    public required string Kind { get; init; }

    public required int? PerHour { get; init; }

    /// <summary>With spaces between.</summary>
    public required string Origins { get; init; }

    public required bool Closed { get; init; }

    public required long At { get; init; }

    public required string Actor { get; init; }
}

internal sealed class EntranceMapping : IEntityTypeConfiguration<EntranceRow>
{
    public void Configure(EntityTypeBuilder<EntranceRow> builder)
    {
        builder.HasKey(e => e.Seq);
        builder.InSnakeCase("entrance");
    }
}

/// <summary>The ways into a campaign: each with a link, a share of the hour and figures of its own. Asked of the organisation's own campaigns only.</summary>
internal sealed class Entrances(IDbContextFactory<Database> databases, CampaignDesk desk, Deployment deployment)
{
    private const int CodeLetters = 6;
    private static readonly string[] Live = [.. Enum.GetValues<Bucket>().Where(b => b.IsLive()).Select(b => b.Code())];

    public bool Rehearsal => deployment.IsRehearsal;

    /// <summary>Null where there is none. The link of one that was closed leads to the campaign itself.</summary>
    public async Task<EntranceRow?> Find(string? code, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await Newest(database).FirstOrDefaultAsync(e => e.Code == code, ct);
    }

    public async Task<IReadOnlyList<EntranceRow>> Of(string campaign, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await Newest(database).Where(e => e.Campaign == campaign).OrderBy(e => e.Code).ToListAsync(ct);
    }

    /// <summary>A code for one whose operator leaves it to us.</summary>
    public static string NewCode(DateTimeOffset now) => Base32.Write(Guid.CreateVersion7(now))[^CodeLetters..];

    /// <summary>Pressed twice it is made once: the same words under the same code are the same answer.</summary>
    public async Task<Decision<EntranceRow>> Make(Subject who, string slug, EntranceDraft typed, DateTimeOffset now)
    {
        if (await desk.Find(who, slug, CancellationToken.None) is null)
        {
            return Refusal.NotFound;
        }

        if (!typed.Wrong(Rehearsal).IsEmpty)
        {
            return Refusal.Malformed;
        }

        var row = Row(typed, typed.Code.Length > 0 ? typed.Code : NewCode(now), 1, slug, closed: false, who, now);
        await using var database = await databases.CreateDbContextAsync();
        if (await Find(row.Code, CancellationToken.None) is null && (!(await Keep(database, row)).IsRefused(out var why) || why != Refusal.Conflict))
        {
            return row;
        }

        return await Find(row.Code, CancellationToken.None) is { } first && first with { Seq = row.Seq, At = row.At, Actor = row.Actor } == row ? first : Refusal.Conflict;
    }

    public Task<Decision<EntranceRow>> Change(Subject who, string slug, string code, EntranceDraft typed, DateTimeOffset now) =>
        Next(who, slug, code, before => typed.Wrong(Rehearsal).IsEmpty ? Row(typed, code, before.Version + 1, slug, closed: false, who, now) : Refusal.Malformed);

    /// <summary>Whoever follows its link from now on comes in by the campaign itself; whoever is inside stays.</summary>
    public Task<Decision<EntranceRow>> Close(Subject who, string slug, string code, DateTimeOffset now) =>
        Next(who, slug, code, before => before with { Seq = 0, Version = before.Version + 1, Closed = true, At = now.Ms(), Actor = who.Actor });

    /// <summary>Of each entrance what came through it, recounted from the door's rows and the heads. The campaign's own link stands first.</summary>
    public async Task<ImmutableArray<EntranceFigures>> Figures(string campaign, DateTimeOffset now, CancellationToken ct)
    {
        var (from, to) = Hour(now);
        await using var database = await databases.CreateDbContextAsync(ct);
        var door = await database.Set<DoorRow>().AsNoTracking().Where(d => d.Campaign == campaign).GroupBy(d => d.Entrance).Select(g => new
        {
            g.Key, Arrived = g.Count(), Urgent = g.Count(d => d.LetIn == LetIn.Urgent), Promised = g.Count(d => d.TurnedBack == LetIn.Promised), TurnedBack = g.Count(d => d.TurnedBack != null && d.TurnedBack != LetIn.Promised),
        }).ToDictionaryAsync(g => g.Key, ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(h => h.Campaign == campaign).GroupBy(h => h.Entrance)
            .Select(g => new { g.Key, Opened = g.Count(), Inside = g.Count(h => Live.Contains(h.Bucket)), Answered = g.Count(h => h.FirstAssignedAt != null) }).ToDictionaryAsync(g => g.Key, ct);
        var hour = await Taken(database, campaign, from, to, ct);
        var known = await Of(campaign, ct);
        return [.. door.Keys.Concat(heads.Keys).Append(EntranceDraft.Link).Except(known.Select(e => e.Code)).Distinct().Order(StringComparer.Ordinal).Select(code => (Code: code, Row: (EntranceRow?)null))
            .Concat(known.Select(e => (e.Code, Row: (EntranceRow?)e))).Select(e => new EntranceFigures(
                e.Code, e.Row?.Name ?? "", e.Row?.Kind ?? EntranceDraft.Link, e.Row?.PerHour, e.Row?.Origins ?? "", e.Row?.Closed ?? false, hour.GetValueOrDefault(e.Code), door.GetValueOrDefault(e.Code)?.Arrived ?? 0,
                heads.GetValueOrDefault(e.Code)?.Opened ?? 0, heads.GetValueOrDefault(e.Code)?.Inside ?? 0, heads.GetValueOrDefault(e.Code)?.Answered ?? 0,
                door.GetValueOrDefault(e.Code)?.Urgent ?? 0, door.GetValueOrDefault(e.Code)?.Promised ?? 0, door.GetValueOrDefault(e.Code)?.TurnedBack ?? 0))];
    }

    public static (long From, long To) Hour(DateTimeOffset at)
    {
        var hour = (long)TimeSpan.FromHours(1).TotalMilliseconds;
        var from = at.Ms() - (at.Ms() % hour);
        return (from, from + hour);
    }

    /// <summary>Let in within these times, or promised a place in them; urgent people are not counted.</summary>
    public static Task<Dictionary<string, int>> Taken(Database database, string campaign, long from, long to, CancellationToken ct) =>
        database.Set<DoorRow>().AsNoTracking()
            .Where(d => d.Campaign == campaign && (d.TurnedBack == null || d.TurnedBack == LetIn.Promised) && d.LetIn != LetIn.Urgent
                && ((d.ComesAt == null && d.StartedAt >= from && d.StartedAt < to) || (d.ComesAt >= from && d.ComesAt < to)))
            .GroupBy(d => d.Entrance).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);

    private static IQueryable<EntranceRow> Newest(Database database)
    {
        var rows = database.Set<EntranceRow>().AsNoTracking();
        return rows.Where(e => !rows.Any(later => later.Code == e.Code && later.Version > e.Version));
    }

    private async Task<Decision<EntranceRow>> Next(Subject who, string slug, string code, Func<EntranceRow, Decision<EntranceRow>> decide)
    {
        await using var database = await databases.CreateDbContextAsync();
        return await desk.Find(who, slug, CancellationToken.None) is null || await Newest(database).FirstOrDefaultAsync(e => e.Code == code && e.Campaign == slug && !e.Closed) is not { } before ? Refusal.NotFound
            : decide(before).Is(out var after, out var why) ? await Keep(database, after)
            : why;
    }

    private async Task<Decision<EntranceRow>> Keep(Database database, EntranceRow row)
    {
        database.Add(row);
        try
        {
            await database.SaveChangesAsync();
            return row;
        }
        catch (DbUpdateException)
        {
            // Somebody else has set the same version meanwhile; anything else is not ours to swallow.
            await using var again = await databases.CreateDbContextAsync();
            return await again.Set<EntranceRow>().AnyAsync(e => e.Code == row.Code && e.Version == row.Version) ? Refusal.Conflict : throw new StorageException("An entrance could not be stored.");
        }
    }

    private static EntranceRow Row(EntranceDraft typed, string code, int version, string slug, bool closed, Subject who, DateTimeOffset now) => new()
    {
        Code = code, Version = version, Campaign = slug, Name = typed.Name.Trim(), Kind = typed.Kind, PerHour = typed.Share, Origins = string.Join(' ', typed.Places), Closed = closed, At = now.Ms(), Actor = who.Actor,
    };
}

/// <param name="PerHour">Its share; null: none.</param>
/// <param name="ThisHour">Let in or promised within this hour.</param>
/// <param name="Arrived">Pressed Start.</param>
/// <param name="Promised">Were told an hour to come and have not come yet.</param>
public sealed record EntranceFigures(
    string Code, string Name, string Kind, int? PerHour, string Origins, bool Closed, int ThisHour, int Arrived, int Opened, int Inside, int Answered, int Urgent, int Promised, int TurnedBack);
