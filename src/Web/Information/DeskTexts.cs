using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Information;
using Yizhen.Web.Storage;

[assembly: Mapped<DeskTextRow, DeskTextMapping>]

namespace Yizhen.Web.Information;

/// <summary>A version of an answer or of the briefing. None is changed: the newest of a key counts.</summary>
internal sealed class DeskTextRow
{
    public long Seq { get; init; }

    public required string Campaign { get; init; }

    /// <summary>"briefing", or an id.</summary>
    public required string Key { get; init; }

    public required long At { get; init; }

    public required string Actor { get; init; }

    public required string TitleZh { get; init; }

    public required string TitleEn { get; init; }

    public required string BodyZh { get; init; }

    public required string BodyEn { get; init; }

    /// <summary>From here on it is not shown.</summary>
    public required bool Withdrawn { get; init; }
}

internal sealed class DeskTextMapping : IEntityTypeConfiguration<DeskTextRow>
{
    public void Configure(EntityTypeBuilder<DeskTextRow> builder)
    {
        builder.HasKey(d => d.Seq);
        builder.InSnakeCase("desk_text");
    }
}

/// <param name="At">When this version was written.</param>
public sealed record ShownText(string Key, BothWays Title, BothWays Body, DateTimeOffset At);

/// <summary>What the information desk of a campaign shows now.</summary>
/// <param name="Briefing">Null where none was written.</param>
public sealed record DeskShelf(ShownText? Briefing, ImmutableArray<ShownText> Answers);

/// <summary>The texts of the information desk, campaign by campaign, written by its operators.</summary>
internal sealed class DeskTexts(IDbContextFactory<Database> databases, CampaignDesk campaigns)
{
    public async Task<DeskShelf> Of(string campaign, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<DeskTextRow>().AsNoTracking().Where(d => d.Campaign == campaign).OrderBy(d => d.Seq).ToListAsync(ct);
        var texts = rows.GroupBy(d => d.Key).Select(g => g.Last()).Where(d => !d.Withdrawn)
            .Select(d => new ShownText(d.Key, new BothWays(d.TitleZh, d.TitleEn), new BothWays(d.BodyZh, d.BodyEn), d.At.Utc())).ToList();
        return new DeskShelf(texts.Find(t => t.Key == DeskText.Briefing), [.. texts.Where(t => t.Key != DeskText.Briefing)]);
    }

    /// <param name="key">Null: a new answer.</param>
    public async Task<Decision<ShownText>> Write(Subject who, string campaign, string? key, DeskText text, DateTimeOffset now)
    {
        if (await campaigns.Find(who, campaign, CancellationToken.None) is null)
        {
            return Refusal.NotFound;
        }

        var shelf = await Of(campaign, CancellationToken.None);
        if (key is not (null or DeskText.Briefing) && shelf.Answers.All(a => a.Key != key))
        {
            return Refusal.NotFound;
        }

        if (!text.Check(key == DeskText.Briefing, shelf.Answers.Count(a => a.Key != key)).Is(out var whole, out var why))
        {
            return why;
        }

        var written = new ShownText(key ?? Base32.Write(Guid.CreateVersion7(now)), whole.Title, whole.Body, now);
        await Add(who, campaign, written, withdrawn: false, now);
        return written;
    }

    public async Task<Decision<ShownText>> Withdraw(Subject who, string campaign, string key, DateTimeOffset now)
    {
        if (await campaigns.Find(who, campaign, CancellationToken.None) is null)
        {
            return Refusal.NotFound;
        }

        var shelf = await Of(campaign, CancellationToken.None);
        if (shelf.Answers.Append(shelf.Briefing).FirstOrDefault(t => t?.Key == key) is not { } shown)
        {
            return Refusal.NotFound;
        }

        await Add(who, campaign, shown, withdrawn: true, now);
        return shown;
    }

    private async Task Add(Subject who, string campaign, ShownText text, bool withdrawn, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        database.Add(new DeskTextRow
        {
            Campaign = campaign, Key = text.Key, At = now.Ms(), Actor = who.Actor, TitleZh = text.Title.Zh, TitleEn = text.Title.En, BodyZh = text.Body.Zh, BodyEn = text.Body.En, Withdrawn = withdrawn,
        });
        await database.SaveChangesAsync();
    }
}
