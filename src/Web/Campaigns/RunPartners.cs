using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Campaigns;

/// <summary>Partners of a campaign, for its operators: keys are made and taken back, and what was told to webhooks is told again.</summary>
internal sealed class RunPartners(Partners partners, TimeProvider clock)
{
    private const string Here = "/staff/campaigns/{slug}/partners";
    private const string Api = "/api/v1/campaigns/{slug}/partners";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Here, (string slug, RunPartners run, HttpContext http, CancellationToken ct) => run.Show(http, slug, PartnerDraft.Empty, null, [], StatusCodes.Status200OK, ct)).Allow(Resource.PartnerKey, Act.List);
        app.MapPost(Here, (string slug, RunPartners run, HttpContext http) => run.Make(http, slug)).Allow(Resource.PartnerKey, Act.Create);
        app.MapPost($"{Here}/{{id}}/revoke", (string slug, string id, RunPartners run, HttpContext http) => run.Moved(http, slug, (who, now) => run.Revoked(who, slug, id, now))).Allow(Resource.PartnerKey, Act.Transition);
        app.MapPost($"{Here}/replay", (string slug, RunPartners run, HttpContext http) => run.Replay(http, slug)).Allow(Resource.PartnerKey, Act.Transition);

        app.MapGet(Api, async (string slug, Partners partners, HttpContext http, CancellationToken ct) =>
            await partners.Look(http.Subject(), slug, ct) is { } sheet ? Results.Json(new PartnerLists(sheet.Partners, sheet.Deliveries)) : http.Problem(Refusal.NotFound)).Allow(Resource.PartnerKey, Act.List);
        app.MapPost(Api, async (string slug, PartnerBody body, Partners partners, HttpContext http, TimeProvider clock) =>
            http.Json(await partners.Make(http.Subject(), slug, body.Read(), null, clock.GetUtcNow()), m => m)).Allow(Resource.PartnerKey, Act.Create);
        app.MapPost($"{Api}/{{id}}/revoke", async (string slug, string id, Partners partners, HttpContext http, TimeProvider clock) =>
            http.Json(await partners.Revoke(http.Subject(), slug, id, clock.GetUtcNow()), done => new Revoked(done))).Allow(Resource.PartnerKey, Act.Transition);
        app.MapPost($"{Api}/replay", async (string slug, ReplayBody? body, Partners partners, HttpContext http, TimeProvider clock) =>
            http.Json(await partners.Replay(http.Subject(), slug, body?.Id, clock.GetUtcNow()), n => new Replayed(n))).Allow(Resource.PartnerKey, Act.Transition);
    }

    private async Task<IResult> Show(HttpContext http, string slug, PartnerDraft typed, PartnerMade? made, ImmutableArray<Mistake> mistakes, int status, CancellationToken ct)
    {
        if (await partners.Look(http.Subject(), slug, ct) is not { } sheet)
        {
            return http.Page<RefusedPage>(new RefusedModel(Refusal.NotFound, null, null), status: StatusCodes.Status404NotFound);
        }

        http.Response.Headers.CacheControl = "no-store";
        return http.Page<PartnersPage>(new PartnersModel(http.Subject().Name, StaffPlaces.Operator(Lang.Of(http.Request)), sheet, typed, made, mistakes) { Press = Base32.Write(Guid.CreateVersion7(clock.GetUtcNow())) }, status: status);
    }

    /// <summary>Key and secret stand on this one answer, and nowhere else.</summary>
    private async Task<IResult> Make(HttpContext http, string slug)
    {
        var form = await SentForm.ReadAsync(http);
        var typed = new PartnerDraft(form["name"], form["entrance"], [.. form.All("scopes")], form["per_minute"], form["per_day"], form["url"]);
        var made = form.Trusted ? await partners.Make(http.Subject(), slug, typed, Base32.TryRead(form["press"], out var press) ? press : null, clock.GetUtcNow()) : Refusal.Malformed;
        return made.Is(out var key, out var why) ? await Show(http, slug, PartnerDraft.Empty, key, [], StatusCodes.Status200OK, http.RequestAborted)
            : await Show(http, slug, typed, null, await Mistakes(http, slug, typed, why), RefusalWords.Status(why), http.RequestAborted);
    }

    private async Task<IResult> Replay(HttpContext http, string slug)
    {
        var form = await SentForm.ReadAsync(http);
        var told = form.Trusted ? await partners.Replay(http.Subject(), slug, form["id"] is { Length: > 0 } id ? id : null, clock.GetUtcNow()) : Refusal.Malformed;
        return told.IsRefused(out var why) ? http.Refuse(why) : new SeeOther($"/staff/campaigns/{slug}/partners#told");
    }

    private async Task<IResult> Moved(HttpContext http, string slug, Func<Subject, DateTimeOffset, Task<Decision<bool>>> move)
    {
        var form = await SentForm.ReadAsync(http);
        var moved = form.Trusted ? await move(http.Subject(), clock.GetUtcNow()) : Refusal.Malformed;
        return moved.IsRefused(out var why) ? http.Refuse(why) : new SeeOther($"/staff/campaigns/{slug}/partners");
    }

    private Task<Decision<bool>> Revoked(Subject who, string slug, string id, DateTimeOffset now) => partners.Revoke(who, slug, id, now);

    private async Task<ImmutableArray<Mistake>> Mistakes(HttpContext http, string slug, PartnerDraft typed, Refusal why)
    {
        var t = Lang.Of(http.Request);
        var wrong = why == Refusal.Malformed ? await partners.Wrong(slug, typed, http.RequestAborted) : [];
        return wrong.IsEmpty ? [http.Mistake("name", why)] : [.. wrong.Select(field => new Mistake(field, field switch
        {
            "name" => t["写上是哪个合作方", "Say which partner it is"],
            "entrance" => t["选一个入口；没有就先加一个", "Choose an entrance; make one first where there is none"],
            "scopes" => t["至少选一项权限", "Choose at least one scope"],
            "url" => t["回调地址写 https:// 开头的完整网址", "The webhook is a whole address that begins with https://"],
            _ => t["写一个数，或空着", "A number, or leave it empty"],
        }))];
    }
}

/// <param name="Scopes">start, state, figures.</param>
internal sealed record PartnerBody(string? Name, string? Entrance, string[]? Scopes, int? PerMinute, int? PerDay, string? Url)
{
    public PartnerDraft Read() => new(
        Name ?? "", Entrance ?? "", [.. Scopes ?? []], PerMinute?.ToString(CultureInfo.InvariantCulture) ?? "", PerDay?.ToString(CultureInfo.InvariantCulture) ?? "", Url ?? "");
}

/// <param name="Id">Of a delivery; left out: all that were given up.</param>
internal sealed record ReplayBody(string? Id);

internal sealed record Replayed(int Deliveries);

internal sealed record Revoked(bool Done);

internal sealed record PartnerLists(ImmutableArray<PartnerView> Partners, ImmutableArray<DeliveryView> Deliveries);

/// <param name="Made">Key and secret, this once.</param>
public sealed record PartnersModel(string Me, ImmutableArray<(string Href, string Words)> Places, PartnerSheet Sheet, PartnerDraft Typed, PartnerMade? Made, ImmutableArray<Mistake> Mistakes)
{
    /// <summary>Of the form on this page: pressed twice, it makes one key.</summary>
    public string Press { get; init; } = "";
}
