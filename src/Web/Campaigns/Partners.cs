using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>Partners of a campaign: their keys and webhooks, made and taken back by the campaign's own operators.</summary>
internal sealed class Partners(IDbContextFactory<Database> databases, CampaignDesk desk, Entrances entrances, PartnerRules rules, Vault vault, Deployment deployment)
{
    private const int Newest = 100;

    /// <summary>A press that was repeated by a slow network comes within it.</summary>
    private static readonly TimeSpan ShownAgain = TimeSpan.FromMinutes(2);

    public bool Rehearsal => deployment.IsRehearsal;

    /// <summary>Key and secret are in no answer but this one.</summary>
    /// <param name="press">Of the form: pressed twice it is the same key, shown again for a few minutes to whoever made it. Null: each time another one.</param>
    public async Task<Decision<PartnerMade>> Make(Subject who, string slug, PartnerDraft typed, Guid? press, DateTimeOffset now)
    {
        if (await desk.Find(who, slug, CancellationToken.None) is null)
        {
            return Refusal.NotFound;
        }

        var wrong = await Wrong(slug, typed, CancellationToken.None);
        if (!wrong.IsEmpty)
        {
            return Refusal.Malformed;
        }

        var id = press ?? Guid.CreateVersion7(now);
        var (key, secret) = (PartnerKeys.Of(vault, id), typed.Url.Length == 0 ? null : PartnerKeys.SecretOf(vault, id));
        if (await Made(who, id, key, now) is { } before)
        {
            return before ? new PartnerMade(Base32.Write(id), key, secret) : Refusal.Conflict;
        }

        await using var database = await databases.CreateDbContextAsync();
        database.Add(new PartnerKeyRow
        {
            Id = id, Organisation = who.Organisation, Campaign = slug, Entrance = typed.Entrance, Name = typed.Name.Trim(), Digest = Tokens.Digest(key), Scopes = string.Join(' ', typed.Scopes.Distinct()),
            PerMinute = typed.Minute(rules) ?? rules.PerMinute, PerDay = typed.Day, At = now.Ms(), Actor = who.Actor,
        });
        if (secret is not null)
        {
            var hook = Guid.CreateVersion7(now);
            database.Add(new WebhookRow
            {
                Id = hook, Partner = id, Campaign = slug, Entrance = typed.Entrance, Url = typed.Url, Secret = vault.Wrap(System.Text.Encoding.ASCII.GetBytes(secret), hook), SeenUntil = now.Ms(), At = now.Ms(),
            });
        }

        try
        {
            await database.SaveChangesAsync();
        }
        catch (DbUpdateException) when (press is not null)
        {
            // Pressed twice at once: whoever was first has made it. Anything else is not ours to swallow.
            if (await Made(who, id, key, now) is not { } first)
            {
                throw;
            }

            return first ? new PartnerMade(Base32.Write(id), key, secret) : Refusal.Conflict;
        }

        return new PartnerMade(Base32.Write(id), key, secret);
    }

    /// <summary>Null where no key was made by this press; false where it is not to be shown: by somebody else, or long ago.</summary>
    private async Task<bool?> Made(Subject who, Guid id, string key, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        return await database.Set<PartnerKeyRow>().AsNoTracking().FirstOrDefaultAsync(k => k.Id == id) is not { } row ? null
            : row.Actor == who.Actor && row.Digest.AsSpan().SequenceEqual(Tokens.Digest(key)) && row.RevokedAt is null && now - row.At.Utc() < ShownAgain;
    }

    public async Task<ImmutableArray<string>> Wrong(string slug, PartnerDraft typed, CancellationToken ct) =>
        typed.Wrong(rules, [.. (await entrances.Of(slug, ct)).Where(e => !e.Closed).Select(e => e.Code)], Rehearsal);

    /// <summary>Refused from the next call on, and nobody is told any more. Twice is once.</summary>
    public async Task<Decision<bool>> Revoke(Subject who, string slug, string id, DateTimeOffset now)
    {
        var (at, by) = (now.Ms(), who.Actor);
        await using var database = await databases.CreateDbContextAsync();
        if (!Base32.TryRead(id, out var key) || !await Own(database, who, slug).AnyAsync(k => k.Id == key))
        {
            return Refusal.NotFound;
        }

        await Own(database, who, slug).Where(k => k.Id == key && k.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, at).SetProperty(k => k.RevokedBy, by));
        return true;
    }

    public async Task<PartnerSheet?> Look(Subject who, string slug, CancellationToken ct)
    {
        if (await desk.Find(who, slug, ct) is not { } campaign)
        {
            return null;
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        var keys = await Own(database, who, slug).OrderByDescending(k => k.At).ToListAsync(ct);
        var ids = keys.Select(k => k.Id).ToList();
        var hooks = await database.Set<WebhookRow>().AsNoTracking().Where(h => ids.Contains(h.Partner)).ToListAsync(ct);
        var told = hooks.Select(h => h.Id).ToList();
        var deliveries = await database.Set<DeliveryRow>().AsNoTracking().Where(d => told.Contains(d.Webhook)).OrderByDescending(d => d.At).ThenByDescending(d => d.Id).Take(Newest).ToListAsync(ct);
        return new PartnerSheet(
            campaign, [.. (await entrances.Of(slug, ct)).Where(e => !e.Closed).Select(e => e.Code)],
            [.. keys.Select(k => new PartnerView(Base32.Write(k.Id), k.Name, k.Entrance, [.. k.Scopes.Split(' ')], k.PerMinute, k.PerDay, hooks.Find(h => h.Partner == k.Id)?.Url, k.At.Utc(), k.RevokedAt?.Utc()))],
            [.. deliveries.Select(d => new DeliveryView(
                Base32.Write(d.Id), keys.Find(k => k.Id == hooks.Find(h => h.Id == d.Webhook)?.Partner)?.Name ?? "", new ConsultationId(d.Consultation).ToString(), d.State, d.At.Utc(), d.Attempts, d.SentAt?.Utc(), d.NextAt?.Utc(), d.Failed))]);
    }

    /// <summary>Told once more, under the same id: the receiver knows it again. Null: all that were given up.</summary>
    /// <returns>How many.</returns>
    public async Task<Decision<int>> Replay(Subject who, string slug, string? id, DateTimeOffset now)
    {
        var at = now.Ms();
        await using var database = await databases.CreateDbContextAsync();
        var own = Own(database, who, slug);
        var mine = database.Set<DeliveryRow>().Where(d => database.Set<WebhookRow>().Any(h => h.Id == d.Webhook && own.Any(k => k.Id == h.Partner)));
        Guid one = default;
        if (id is not null && (!Base32.TryRead(id, out one) || !await mine.AnyAsync(d => d.Id == one)))
        {
            return Refusal.NotFound;
        }

        return await (id is null ? mine.Where(d => d.SentAt == null && d.NextAt == null) : mine.Where(d => d.Id == one))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.NextAt, at).SetProperty(d => d.SentAt, (long?)null).SetProperty(d => d.ClaimedUntil, (long?)null).SetProperty(d => d.Attempts, 0));
    }

    public static Task Erase(Database database, IReadOnlyList<Guid> consultations, CancellationToken ct) =>
        database.Set<DeliveryRow>().Where(d => consultations.Contains(d.Consultation)).ExecuteDeleteAsync(ct);

    private static IQueryable<PartnerKeyRow> Own(Database database, Subject who, string slug) =>
        database.Set<PartnerKeyRow>().AsNoTracking().Where(k => k.Campaign == slug && k.Organisation == who.Organisation);
}

/// <param name="Key">For the header Authorization: Bearer.</param>
/// <param name="WebhookSecret">Null where there is no webhook.</param>
public sealed record PartnerMade(string Id, string Key, string? WebhookSecret);

public sealed record PartnerView(string Id, string Name, string Entrance, ImmutableArray<string> Scopes, int PerMinute, int? PerDay, string? Url, DateTimeOffset At, DateTimeOffset? RevokedAt);

/// <param name="NextAt">Null: it was taken, or nothing more is tried by itself.</param>
public sealed record DeliveryView(string Id, string Partner, string Consultation, string State, DateTimeOffset At, int Attempts, DateTimeOffset? SentAt, DateTimeOffset? NextAt, string? Failed);

public sealed record PartnerSheet(Campaign Campaign, ImmutableArray<string> Entrances, ImmutableArray<PartnerView> Partners, ImmutableArray<DeliveryView> Deliveries);
