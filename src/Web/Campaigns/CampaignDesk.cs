using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// What an operator decides about campaigns; both faces call it. Each decision is asked of the organisation's own campaigns only:
/// another's is not there.
/// </summary>
internal sealed class CampaignDesk(CampaignShelf shelf, Readiness readiness, Places places, Proofs proofs, IDbContextFactory<Database> databases, Deployment deployment)
{
    private static readonly string[] Live = [.. Enum.GetValues<Bucket>().Where(b => b.IsLive()).Select(b => b.Code())];

    public bool Rehearsal => deployment.IsRehearsal;

    public Task<Decision<Campaign>> Make(Subject who, CampaignDraft typed, DateTimeOffset now) =>
        typed.Coded(places).New(who.Organisation, Knows, Rehearsal).Is(out var campaign, out var why)
            ? shelf.Create(campaign, who.Actor, now)
            : Task.FromResult<Decision<Campaign>>(why);

    public Task<Decision<Campaign>> Change(Subject who, string slug, CampaignDraft typed, DateTimeOffset now) =>
        Own(who, slug, "changed", now, c => (typed with { Slug = slug }).Coded(places).Onto(c, Knows, Rehearsal));

    /// <summary>Opened; or asked for, where another operator is to confirm. Refused while a line of the check before opening is missing.</summary>
    /// <param name="seen">The request that is confirmed; null: none stood on the page.</param>
    public async Task<Decision<Campaign>> Open(Subject who, string slug, DateTimeOffset? seen, string? reason, DateTimeOffset now)
    {
        if (await Find(who, slug, CancellationToken.None) is not { } campaign)
        {
            return Refusal.NotFound;
        }

        var found = await readiness.Of(campaign, now, CancellationToken.None);
        var press = new OpeningPress(who.Actor, who.Name, now.Ms().Utc(), seen, reason ?? "");
        return await shelf.Change(slug, who.Actor, after => after.State == CampaignState.Open ? "opened" : "opening_asked", now, c => c.Organisation == who.Organisation ? c.Press(found, press) : Refusal.NotFound);
    }

    public Task<Decision<Campaign>> TakeBack(Subject who, string slug, DateTimeOffset now) => Own(who, slug, "opening_taken_back", now, c => c.Unasked());

    /// <summary>Nobody new for a while; whoever waits is promised an answer by that time, and the worklist keeps it.</summary>
    public Task<Decision<Campaign>> Pause(Subject who, string slug, DateTimeOffset answerBy, DateTimeOffset now) => Own(who, slug, "paused", now, c => c.HaltUntil(answerBy, now));

    /// <summary>The same words under another address, as a draft.</summary>
    public async Task<Decision<Campaign>> Copy(Subject who, string slug, string? to, DateTimeOffset now) =>
        await Find(who, slug, CancellationToken.None) is not { } campaign ? Refusal.NotFound
        : campaign.CopyTo(to).Is(out var copy, out var why) ? await shelf.Create(copy, who.Actor, now, "copied")
        : why;

    public async Task<OpeningSheet> Check(Campaign campaign, DateTimeOffset now, CancellationToken ct)
    {
        var found = await readiness.Of(campaign, now, ct);
        return new OpeningSheet(OpeningCheck.Of(campaign, found), found);
    }

    public ImmutableArray<RulePack> Packs(DateTimeOffset now) => readiness.Packs(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, deployment.Zone).DateTime));

    public ImmutableArray<string> Policies => readiness.Policies;

    /// <summary>Nobody new from now on. Nobody inside is dropped: dispatch does not ask whether the campaign is open.</summary>
    public Task<Decision<Campaign>> Close(Subject who, string slug, DateTimeOffset now) => Own(who, slug, "closed", now, c => c.Close());

    /// <summary>As a browser sends it, in the deployment's zone; null where it is none.</summary>
    public DateTimeOffset? ReadTime(string typed) =>
        DateTime.TryParseExact(typed, "yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var local)
            ? new DateTimeOffset(local, deployment.Zone.GetUtcOffset(local)) : null;

    public async Task<Campaign?> Find(Subject who, string slug, CancellationToken ct) =>
        await shelf.Find(slug, ct) is { } campaign && campaign.Organisation == who.Organisation ? campaign : null;

    public async Task<ImmutableArray<CampaignEntry>> All(Subject who, CancellationToken ct)
    {
        var inside = await Inside(ct);
        return [.. (await shelf.Of(who.Organisation, ct)).Select(c => new CampaignEntry(c, inside.GetValueOrDefault(c.Slug)))];
    }

    /// <summary>Live consultations of each campaign, from heads alone.</summary>
    public async Task<Dictionary<string, int>> Inside(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<Head>().AsNoTracking().Where(h => Live.Contains(h.Bucket)).GroupBy(h => h.Campaign).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
    }

    /// <summary>By what people were believed to live where it covers them; empty where it does not ask.</summary>
    public async Task<IReadOnlyDictionary<string, int>> Believed(Campaign campaign, CancellationToken ct) =>
        campaign.Terms.Proof == CoverProof.PhoneRegion ? await proofs.OfAsync(campaign.Slug, ct) : new Dictionary<string, int>();

    public ImmutableArray<string> Wrong(CampaignDraft typed) => typed.Coded(places).Wrong(Knows, Rehearsal);

    /// <summary>What an open campaign would lack with these words: codes of <see cref="Campaign.Missing"/>.</summary>
    public ImmutableArray<string> Lacking(Campaign campaign, CampaignDraft typed) =>
        typed.Coded(places).Onto(campaign with { State = CampaignState.Draft }, Knows, Rehearsal).Is(out var after, out _) ? after.Missing(Rehearsal) : [];

    public ImmutableArray<string> Names(Campaign campaign) => [.. campaign.Regions.Select(code => places.Find(code)?.Path ?? code)];

    /// <summary>Newest first; each with what is different from the one before it.</summary>
    public async Task<ImmutableArray<CampaignChange>> Changes(string slug, CancellationToken ct)
    {
        var rows = await shelf.Changes(slug, ct);
        var names = await People(rows, ct);
        return [.. rows.Select((row, at) => new CampaignChange(
            row.At.Utc(), names.GetValueOrDefault(row.Actor, row.Actor), row.Kind, at + 1 < rows.Count ? Different(rows[at + 1].Body, row.Body) : []))];
    }

    private Task<Decision<Campaign>> Own(Subject who, string slug, string kind, DateTimeOffset now, Func<Campaign, Decision<Campaign>> decide) =>
        shelf.Change(slug, who.Actor, kind, now, c => c.Organisation == who.Organisation ? decide(c) : Refusal.NotFound);

    private bool Knows(string region) => places.Find(region) is not null;

    private async Task<Dictionary<string, string>> People(IReadOnlyList<CampaignChangeRow> rows, CancellationToken ct)
    {
        var ids = rows.Select(r => r.Actor.Split(':')).Where(parts => parts.Length > 1).Select(parts => Guid.Parse(parts[1])).Distinct().ToList();
        await using var database = await databases.CreateDbContextAsync(ct);
        var staff = await database.Set<StaffRow>().AsNoTracking().Where(s => ids.Contains(s.Id)).Select(s => new { s.Id, s.Name }).ToListAsync(ct);
        return staff.ToDictionary(s => $"operator:{s.Id:N}", s => s.Name);
    }

    private static ImmutableArray<string> Different(string before, string after)
    {
        var old = Fields(before);
        return [.. Fields(after).Where(f => old.GetValueOrDefault(f.Key) != f.Value).Select(f => f.Key).Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, string> Fields(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.EnumerateObject().SelectMany(p => p is { Name: "terms", Value.ValueKind: JsonValueKind.Object } ? p.Value.EnumerateObject() : Enumerable.Repeat(p, 1))
            .ToDictionary(p => p.Name, p => p.Value.GetRawText());
    }
}

/// <summary>The check before opening, with what was found.</summary>
public sealed record OpeningSheet(ImmutableArray<CheckLine> Lines, CampaignReadiness Found)
{
    public ImmutableArray<string> Missing => [.. Lines.Where(l => l.State == CheckState.Missing).Select(l => l.Code)];
}
