using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Dispatch;

/// <summary>
/// Why somebody waited, for the operator, by the number that boards and desks show. Made from heads and from the pool's journal alone: ids and codes,
/// no word of anybody is opened, and so no access record is due.
/// </summary>
internal sealed class WhyWaitedPages(IDbContextFactory<Database> databases, StaffOnDuty staff, Surges surges, DispatchRules rules, TimeProvider clock)
{
    private const int NumberLetters = 6;
    private const int MostDecisions = 50_000;
    private const string Here = $"{StaffPlaces.Surge}/why";

    /// <summary>Further back nobody is looked for by number.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(2);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Here, async (string? n, WhyWaitedPages pages, HttpContext http, CancellationToken ct) =>
                http.Page<WhyWaitedPage>(new WhyWaitedModel(http.Subject().Name, StaffPlaces.Operator(Lang.Of(http.Request)), n ?? "", n is null ? null : await pages.Find(n, ct))))
            .Allow(Resource.Surge, Act.Read);
        app.MapGet("/api/v1/waited/{number}", async (string number, WhyWaitedPages pages, HttpContext http, CancellationToken ct) =>
                await pages.Find(number, ct) is { } found ? Results.Json(found) : http.Problem(Refusal.NotFound))
            .Allow(Resource.Surge, Act.Read);
    }

    private async Task<WaitedFor?> Find(string number, CancellationToken ct)
    {
        var (now, sought) = (clock.GetUtcNow(), number.Trim().ToLowerInvariant());
        if (sought.Length != NumberLetters)
        {
            return null;
        }

        var since = (now - LooksBack).Ms();
        await using var database = await databases.CreateDbContextAsync(ct);
        var ids = await database.Set<Head>().AsNoTracking().Where(h => h.OpenedAt >= since && h.ArrivedAt != null).OrderByDescending(h => h.OpenedAt).Select(h => h.Id).ToListAsync(ct);
        var id = ids.Find(i => new ConsultationId(i).ToString().EndsWith(sought, StringComparison.Ordinal));
        return id == Guid.Empty ? null : await Explain(database, await database.Set<Head>().AsNoTracking().FirstAsync(h => h.Id == id, ct), sought, now, ct);
    }

    private static async Task<PromptsOf> Prompts(Database database, Head head, long until, CancellationToken ct)
    {
        var kinds = await database.Set<JournalRow>().AsNoTracking()
            .Where(j => j.Consultation == head.Id && j.At <= until && j.Kind.StartsWith("prompt")).GroupBy(j => j.Kind).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return new PromptsOf(kinds.GetValueOrDefault("prompted"), kinds.GetValueOrDefault("prompt_lapsed"), kinds.GetValueOrDefault("prompt_declined"), kinds.GetValueOrDefault("prompt_away"), head.PromptedUntil?.Utc());
    }

    private async Task<WaitedFor> Explain(Database database, Head head, string number, DateTimeOffset now, CancellationToken ct)
    {
        var who = head.Asks(0);
        var until = head.FirstAssignedAt ?? now.Ms();
        var lines = await database.Set<JournalRow>().AsNoTracking()
            .Where(j => j.Kind == "assigned" && j.At >= who.ArrivedAt && j.At <= until).OrderBy(j => j.Seq).Take(MostDecisions).ToListAsync(ct);
        var decisions = lines.Select(l => (l.At, Made: JsonSerializer.Deserialize<Assignment>(l.Body, DispatchLoop.JournalBody))).Where(d => d.Made is not null).Select(d => (d.At, Made: d.Made ?? throw new JsonException())).ToList();
        var own = head.FirstAssignedAt is null ? null : decisions.Where(d => d.Made.Consultation == head.Id).Select(d => d.Made).LastOrDefault();
        var (eligible, excluded) = own is not null ? (own.Eligible, own.Excluded) : WaitReasons.Count(who, await staff.Now(now, await surges.Levels(ct), who.Need == SettingUrgency.Physician, ct));
        return new WaitedFor(
            number, who.Urgency, who.Need, who.Lang, who.Area, who.Channel, head.Bucket, who.ArrivedAt.Utc(), head.FirstAssignedAt?.Utc(), TimeSpan.FromMilliseconds(until - who.ArrivedAt),
            WhyWaited.Of(who, decisions.Select(d => new Decided(d.At, d.Made.Consultation, d.Made.Why, d.Made.Rank, d.Made.WaitedMs)), rules),
            decisions.Count(d => d.Made.PassedOver.Contains(head.Id)),
            own?.Why, own?.Index, eligible, excluded, await Prompts(database, head, until, ct), head.OfferedAt?.Utc(), head.Promise, head.PromisedBy?.Utc(), head.PromiseKeptAt?.Utc());
    }
}

/// <summary>Codes and counts about one wait.</summary>
/// <param name="PassedOver">So often somebody behind them was taken because nobody free could take this person.</param>
/// <param name="Chosen">Code of the rule by which they were taken; null while they wait.</param>
/// <param name="Index">Why that clinician and no other of those who could; null for the own clinician.</param>
/// <param name="Eligible">Who could take them: when they were taken, or now.</param>
/// <param name="Excluded">And what kept the others.</param>
/// <param name="Prompts">How often a clinician was asked to take them.</param>
public sealed record WaitedFor(
    string Number, Urgency Urgency, string Need, string Lang, string? Province, string Channel, string Bucket, DateTimeOffset ArrivedAt, DateTimeOffset? TakenAt, TimeSpan Waited, WhyWaited Before,
    int PassedOver, string? Chosen, ChoiceIndex? Index, int Eligible, Exclusions Excluded, PromptsOf Prompts, DateTimeOffset? OfferedAt, string? Promise, DateTimeOffset? PromisedBy, DateTimeOffset? PromiseKeptAt);

/// <summary>Clinicians who were asked, and what came of it.</summary>
/// <param name="Lapsed">Not answered in time.</param>
/// <param name="Away">Went off duty or on a break meanwhile.</param>
/// <param name="Until">Somebody is asked now, until then; null: nobody.</param>
public sealed record PromptsOf(int Asked, int Lapsed, int Declined, int Away, DateTimeOffset? Until);

public sealed record WhyWaitedModel(string Me, ImmutableArray<(string Href, string Words)> Places, string Sought, WaitedFor? Found);
