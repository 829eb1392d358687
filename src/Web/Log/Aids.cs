using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

[assembly: Mapped<AidRuleRow, AidRuleMapping>]

namespace Yizhen.Web.Log;

/// <summary>A version of a rule by which an organisation lends its clinicians. The newest of a rule counts; none is changed.</summary>
internal sealed record AidRuleRow
{
    public long Seq { get; init; }

    public required Guid Rule { get; init; }

    /// <summary>From 1.</summary>
    public required int Version { get; init; }

    public required Guid Lender { get; init; }

    public required long At { get; init; }

    public required Guid Account { get; init; }

    public required string Name { get; init; }

    /// <summary>Words of the operator about the service, not about anybody.</summary>
    public required string Reason { get; init; }

    public required string Campaign { get; init; }

    /// <summary>Percent.</summary>
    public required int Keep { get; init; }

    /// <summary>With commas between them; so <see cref="Areas"/>.</summary>
    public required string Needs { get; init; }

    public required string Areas { get; init; }

    /// <summary>HH:mm-HH:mm in the deployment's zone.</summary>
    public required string Hours { get; init; }

    public required bool Ended { get; init; }

    public AidRule Read()
    {
        var hours = Hours.Split('-');
        return new AidRule(Campaign, Keep, List(Needs), List(Areas), Clock(hours[0]), Clock(hours[1]));
    }

    public AidRuleRow Next(AidRule rule, bool ended) => this with
    {
        Seq = 0, Version = Version + 1, Ended = ended, Campaign = rule.Campaign, Keep = rule.Keep, Needs = string.Join(',', rule.Needs), Areas = string.Join(',', rule.Areas),
        Hours = string.Create(CultureInfo.InvariantCulture, $"{rule.From:HH\\:mm}-{rule.To:HH\\:mm}"),
    };

    private static ImmutableArray<string> List(string commas) => [.. commas.Split(',', StringSplitOptions.RemoveEmptyEntries)];

    private static TimeOnly Clock(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);
}

internal sealed class AidRuleMapping : IEntityTypeConfiguration<AidRuleRow>
{
    public void Configure(EntityTypeBuilder<AidRuleRow> builder)
    {
        builder.HasKey(r => r.Seq);
        builder.InSnakeCase("aid_rule");
    }
}

/// <summary>Who sets a rule.</summary>
internal sealed record AidBy(Guid Organisation, Guid Account, string Name);

/// <summary>What the organisations of this deployment lend each other. Each sets its own rules, and nobody another's.</summary>
internal sealed class Aids(IDbContextFactory<Database> databases, Deployment deployment, Bell bell)
{
    private const int Newest = 50;

    private readonly Remembered<IReadOnlyList<AidRuleRow>> standing = new(ct => Stand(databases, ct));

    /// <summary>Of each organisation that has set a rule, what it lends at this moment; a rule set on another node is known here within a second.</summary>
    public async Task<IReadOnlyDictionary<Guid, AidTerms>> At(DateTimeOffset now, CancellationToken ct)
    {
        var time = TimeOnly.FromTimeSpan(TimeZoneInfo.ConvertTime(now, deployment.Zone).TimeOfDay);
        return (await standing.Now(ct)).GroupBy(r => r.Lender)
            .Select(g => (Lender: g.Key, Terms: AidTerms.At([.. g.Select(r => r.Read())], time)))
            .Where(t => t.Terms is not null).ToDictionary(t => t.Lender, t => t.Terms ?? throw new InvalidOperationException());
    }

    /// <summary>What each will lend in the hours to come, by the rules that stand now.</summary>
    public async Task<DayAid> Day(DateTimeOffset begins, CancellationToken ct) => new(
        (await standing.Now(ct)).GroupBy(r => r.Lender).ToImmutableDictionary(g => g.Key, g => g.Select(r => r.Read()).ToImmutableArray()),
        (int)TimeZoneInfo.ConvertTime(begins, deployment.Zone).TimeOfDay.TotalSeconds);

    /// <summary>The rules that stand, in the order in which they were first set.</summary>
    public Task<IReadOnlyList<AidRuleRow>> Standing(CancellationToken ct) => Stand(databases, ct);

    /// <summary>What was set, newest first.</summary>
    public async Task<IReadOnlyList<AidRuleRow>> Lately(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<AidRuleRow>().AsNoTracking().OrderByDescending(r => r.Seq).Take(Newest).ToListAsync(ct);
    }

    /// <param name="rule">Null: a new one.</param>
    /// <param name="decide">The rule as it is to stand, from the newest version's number; 0 where there is none.</param>
    public async Task<Decision<AidRuleRow>> Set(AidBy by, Guid? rule, string? reason, Func<int, Decision<AidRule>> decide, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var before = rule is { } id ? await Newer(database, by, id) : First(by, now);
        if (before is not { Ended: false })
        {
            return Refusal.NotFound;
        }

        return decide(before.Version).Is(out var decided, out var why) ? await Keep(database, before.Next(decided, ended: false), by, reason, now) : why;
    }

    /// <summary>Whoever ends their last rule lends freely again: the page says so.</summary>
    public async Task<Decision<AidRuleRow>> End(AidBy by, Guid rule, int seen, string? reason, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        return await Newer(database, by, rule) is not { Ended: false } before ? Refusal.NotFound
            : AidDraft.Reasoned(reason) is { } why ? why
            : seen != before.Version ? Refusal.Conflict
            : await Keep(database, before.Next(before.Read(), ended: true), by, reason, now);
    }

    private static Task<AidRuleRow?> Newer(Database database, AidBy by, Guid rule) =>
        database.Set<AidRuleRow>().AsNoTracking().Where(r => r.Rule == rule && r.Lender == by.Organisation).OrderByDescending(r => r.Version).FirstOrDefaultAsync();

    private static AidRuleRow First(AidBy by, DateTimeOffset now) => new()
    {
        Rule = Guid.CreateVersion7(now), Version = 0, Lender = by.Organisation, At = 0, Account = by.Account, Name = "", Reason = "", Campaign = "", Keep = 0, Needs = "", Areas = "", Hours = "", Ended = false,
    };

    private async Task<Decision<AidRuleRow>> Keep(Database database, AidRuleRow next, AidBy by, string? reason, DateTimeOffset now)
    {
        var row = next with { At = now.Ms(), Account = by.Account, Name = by.Name, Reason = reason?.Trim() ?? "" };
        database.Add(row);
        database.Add(new JournalRow
        {
            Pool = Duties.Pool, At = now.Ms(), Kind = row.Ended ? "aid_ended" : "aid_rule", Clinician = null, Consultation = null,
            Body = JsonSerializer.Serialize(new { rule = row.Rule, version = row.Version, lender = row.Lender, campaign = row.Campaign, keep = row.Keep, needs = row.Needs, areas = row.Areas, hours = row.Hours, by = row.Account }),
        });
        try
        {
            await database.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            // Somebody else has set the same version of it meanwhile; anything else is not ours to swallow.
            await using var again = await databases.CreateDbContextAsync();
            if (await again.Set<AidRuleRow>().AnyAsync(r => r.Rule == row.Rule && r.Version == row.Version))
            {
                return Refusal.Conflict;
            }

            throw;
        }

        standing.Is(await Standing(CancellationToken.None));
        bell.Ring(Bell.Queue);
        return row;
    }

    private static async Task<IReadOnlyList<AidRuleRow>> Stand(IDbContextFactory<Database> databases, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rules = database.Set<AidRuleRow>().AsNoTracking();
        return await rules.Where(r => !r.Ended && !rules.Any(later => later.Rule == r.Rule && later.Version > r.Version)).OrderBy(r => r.Rule).ToListAsync(ct);
    }
}
