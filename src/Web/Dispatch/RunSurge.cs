using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Dispatch;

/// <summary>The surge ladder as page and as JSON: the level that stands, what the system would set, what has changed since, and setting another.</summary>
internal sealed class RunSurge(Surges surges, IDbContextFactory<Database> databases, SurgeRules rules, TimeProvider clock)
{
    private const string Api = "/api/v1/surge";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Surge, (RunSurge run, HttpContext http, CancellationToken ct) => run.Show(http, null, "", null, ct)).Allow(Resource.Surge, Act.Read);
        app.MapPost(StaffPlaces.Surge, (RunSurge run, HttpContext http) => run.Set(http)).Allow(Resource.Surge, Act.Change);
        app.MapGet(Api, async (RunSurge run, CancellationToken ct) => Results.Json(await run.Look(ct))).Allow(Resource.Surge, Act.Read);
        app.MapPost(Api, (SurgeBody body, RunSurge run, HttpContext http) => run.Set(http, body)).Allow(Resource.Surge, Act.Change);
    }

    private async Task<SurgePicture> Look(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var lately = await surges.Lately(ct);
        var set = lately.Count > 0 ? lately[0] : null;
        var look = await surges.Look(set?.Level ?? 0, now, ct);
        return new SurgePicture(
            now, set?.Level ?? 0, set?.At.Utc(), set?.Name, set?.Reason, look.Proposal, look.Load,
            set is null ? null : await Since(set.At, now, ct),
            await surges.Kept(now.AddDays(-1), now, ct),
            [.. lately.Select(s => new SurgeStep(s.At.Utc(), s.Level, s.Name, s.Reason, s.Proposed))])
        {
            Campaigns = [.. (await surges.Ladders(ct)).Select(l => (Row: l, Ladder: new CampaignLadder(l.LevelFrom, l.LevelTo, l.Reason))).Where(l => !l.Ladder.IsWhole)
                .Select(l => new CampaignStand(l.Row.Campaign, l.Ladder.At(set?.Level ?? 0), l.Ladder.From, l.Ladder.To, l.Ladder.Because))],
        };
    }

    private async Task<Effect> Since(long setAt, DateTimeOffset now, CancellationToken ct)
    {
        var from = setAt - rules.Effect.SpanMs;
        await using var database = await databases.CreateDbContextAsync(ct);
        var waits = await database.Set<Head>().AsNoTracking().Where(h => h.FirstAssignedAt >= from && h.ArrivedAt != null && h.Promise == null).Select(h => new { h.Urgency, h.ArrivedAt, h.FirstAssignedAt }).ToListAsync(ct);
        return Effect.Of(waits.Select(w => new Waited((Urgency)(w.Urgency ?? (int)Urgency.Routine), w.ArrivedAt ?? 0, w.FirstAssignedAt ?? 0)), setAt, now.Ms(), rules.Effect);
    }

    private async Task<IResult> Show(HttpContext http, int? chosen, string reason, Refusal? refused, CancellationToken ct)
    {
        var model = new SurgeModel(
            http.Subject().Name, StaffPlaces.Operator(Lang.Of(http.Request)), await Look(ct), chosen, reason, refused is { } why ? [http.Mistake("reason", why)] : []);
        return http.Page<SurgePage>(model, status: refused is { } no ? RefusalWords.Status(no) : StatusCodes.Status200OK);
    }

    private async Task<IResult> Set(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        int? to = Number(form["level"]);
        var who = http.Subject();
        var set = !form.Trusted || to is null || Number(form["seen"]) is not { } seen ? Refusal.Malformed
            : await surges.Set(who.Account, who.Name, seen, to.Value, form["reason"], clock.GetUtcNow());
        return set.IsRefused(out var why) ? await Show(http, to, form["reason"], why, http.RequestAborted) : new SeeOther(StaffPlaces.Surge);
    }

    private async Task<IResult> Set(HttpContext http, SurgeBody body)
    {
        var who = http.Subject();
        return http.Json(
            await surges.Set(who.Account, who.Name, body.Seen, body.Level, body.Reason, clock.GetUtcNow()),
            s => new SurgeStep(s.At.Utc(), s.Level, s.Name, s.Reason, s.Proposed));
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <param name="Seen">The level that whoever sets another had before them.</param>
internal sealed record SurgeBody([property: JsonRequired] int Seen, [property: JsonRequired] int Level, string? Reason);

/// <summary>One setting of a level.</summary>
/// <param name="Proposed">What the system proposed then.</param>
public sealed record SurgeStep(DateTimeOffset At, int Level, string By, string Reason, int Proposed);

/// <param name="Since">Null where no level was ever set.</param>
/// <param name="Effect">Waits before and since; null where no level was ever set.</param>
public sealed record SurgePicture(
    DateTimeOffset At, int Level, DateTimeOffset? Since, string? By, string? Reason, SurgeProposal Proposal, SurgeLoad Load, Effect? Effect, PromisesKept Promises, ImmutableArray<SurgeStep> Steps)
{
    /// <summary>Those that may not go as high, or begin higher.</summary>
    public ImmutableArray<CampaignStand> Campaigns { get; init; } = [];
}

/// <param name="Level">That counts for its people now.</param>
public sealed record CampaignStand(string Campaign, int Level, int From, int To, string Because);

/// <param name="Chosen">What was chosen and could not be taken.</param>
public sealed record SurgeModel(string Me, ImmutableArray<(string Href, string Words)> Places, SurgePicture Picture, int? Chosen, string Reason, ImmutableArray<Mistake> Mistakes);
