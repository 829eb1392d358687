using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Campaigns;

/// <summary>The entrances of a campaign: the page, the same as JSON, and a poster of each.</summary>
internal sealed class RunEntrances(CampaignDesk desk, Entrances entrances, Settings settings, TimeProvider clock)
{
    private const string Here = "/staff/campaigns/{slug}/entrances";
    private const string Api = "/api/v1/campaigns/{slug}/entrances";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Here, (string slug, RunEntrances run, HttpContext http, CancellationToken ct) => run.Show(http, slug, EntranceDraft.Empty, [], StatusCodes.Status200OK, ct)).Allow(Resource.Campaign, Act.Read);
        app.MapPost(Here, (string slug, RunEntrances run, HttpContext http) => run.Make(http, slug)).Allow(Resource.Campaign, Act.Change);
        app.MapPost($"{Here}/{{code}}", (string slug, string code, RunEntrances run, HttpContext http) => run.Change(http, slug, code)).Allow(Resource.Campaign, Act.Change);
        app.MapGet($"{Here}/{{code}}/poster.svg", (string slug, string code, RunEntrances run, HttpContext http, CancellationToken ct) => run.Poster(http, slug, code, pdf: false, ct)).Allow(Resource.Campaign, Act.Export);
        app.MapGet($"{Here}/{{code}}/poster.pdf", (string slug, string code, RunEntrances run, HttpContext http, CancellationToken ct) => run.Poster(http, slug, code, pdf: true, ct)).Allow(Resource.Campaign, Act.Export);

        app.MapGet(Api, async (string slug, CampaignDesk desk, Entrances entrances, HttpContext http, TimeProvider clock, CancellationToken ct) =>
            await desk.Find(http.Subject(), slug, ct) is null ? http.Problem(Refusal.NotFound) : Results.Json(await entrances.Figures(slug, clock.GetUtcNow(), ct))).Allow(Resource.Campaign, Act.Read);
        app.MapPost(Api, async (string slug, EntranceBody body, Entrances entrances, HttpContext http, TimeProvider clock) =>
            http.Json(await entrances.Make(http.Subject(), slug, body.Read(), clock.GetUtcNow()), EntranceView.Of)).Allow(Resource.Campaign, Act.Change);
        app.MapPut($"{Api}/{{code}}", async (string slug, string code, EntranceBody body, Entrances entrances, HttpContext http, TimeProvider clock) =>
            http.Json(await entrances.Change(http.Subject(), slug, code, body.Read(), clock.GetUtcNow()), EntranceView.Of)).Allow(Resource.Campaign, Act.Change);
        app.MapPost($"{Api}/{{code}}/close", async (string slug, string code, Entrances entrances, HttpContext http, TimeProvider clock) =>
            http.Json(await entrances.Close(http.Subject(), slug, code, clock.GetUtcNow()), EntranceView.Of)).Allow(Resource.Campaign, Act.Change);
    }

    private async Task<IResult> Show(HttpContext http, string slug, EntranceDraft typed, ImmutableArray<Mistake> mistakes, int status, CancellationToken ct, EntranceDraft? changing = null)
    {
        var t = Lang.Of(http.Request);
        return await desk.Find(http.Subject(), slug, ct) is not { } campaign
            ? http.Page<RefusedPage>(new RefusedModel(Refusal.NotFound, null, null), status: StatusCodes.Status404NotFound)
            : http.Page<EntrancesPage>(
                new EntrancesModel(http.Subject().Name, StaffPlaces.Operator(t), campaign, Address(http), await entrances.Figures(slug, clock.GetUtcNow(), ct), typed, mistakes, entrances.Rehearsal) { Changing = changing, Made = Entrances.NewCode(clock.GetUtcNow()) }, status: status);
    }

    private async Task<IResult> Make(HttpContext http, string slug)
    {
        var form = await SentForm.ReadAsync(http);
        var typed = new EntranceDraft(form["code"], form["name"], form["kind"], form["per_hour"], form["origins"]);
        var made = form.Trusted ? await entrances.Make(http.Subject(), slug, typed.Code.Length > 0 ? typed : typed with { Code = form["made"] }, clock.GetUtcNow()) : Refusal.Malformed;
        return made.IsRefused(out var why) ? await Show(http, slug, typed, Mistakes(http, typed, why), RefusalWords.Status(why), http.RequestAborted) : new SeeOther($"/staff/campaigns/{slug}/entrances");
    }

    /// <summary>Another share, name or place to stand; or closed.</summary>
    private async Task<IResult> Change(HttpContext http, string slug, string code)
    {
        var form = await SentForm.ReadAsync(http);
        var typed = new EntranceDraft("", form["name"], form["kind"], form["per_hour"], form["origins"]);
        var changed = !form.Trusted ? Refusal.Malformed
            : form["step"] == "close" ? await entrances.Close(http.Subject(), slug, code, clock.GetUtcNow())
            : await entrances.Change(http.Subject(), slug, code, typed, clock.GetUtcNow());
        return changed.IsRefused(out var why) ? await Show(http, slug, EntranceDraft.Empty, Mistakes(http, typed, why, code), RefusalWords.Status(why), http.RequestAborted, typed with { Code = code }) : new SeeOther($"/staff/campaigns/{slug}/entrances");
    }

    private async Task<IResult> Poster(HttpContext http, string slug, string code, bool pdf, CancellationToken ct)
    {
        if (await desk.Find(http.Subject(), slug, ct) is not { } campaign || (code != EntranceDraft.Link && (await entrances.Find(code, ct) is not { Closed: false } entrance || entrance.Campaign != slug)))
        {
            return http.Refuse(Refusal.NotFound);
        }

        var svg = Campaigns.Poster.Draw(campaign, code == EntranceDraft.Link ? $"{Address(http)}/c/{slug}" : $"{Address(http)}/e/{code}", Lang.Of(http.Request));
        if (!pdf)
        {
            return Results.Text(svg, "image/svg+xml", Encoding.UTF8);
        }

        return await Paper.PdfAsync(svg, ct) is { } bytes ? Results.File(bytes, "application/pdf", $"{slug}-{code}.pdf") : http.Refuse(Refusal.PdfNotInstalled);
    }

    /// <summary>As setup was told people reach it; else as the operator does now.</summary>
    private string Address(HttpContext http) => settings.BaseUrl ?? $"{http.Request.Scheme}://{http.Request.Host}";

    /// <param name="changes">The entrance whose own fields they are; null: those of a new one.</param>
    private ImmutableArray<Mistake> Mistakes(HttpContext http, EntranceDraft typed, Refusal why, string? changes = null)
    {
        var t = Lang.Of(http.Request);
        var wrong = why == Refusal.Malformed ? typed.Wrong(entrances.Rehearsal) : [];
        return wrong.IsEmpty ? [http.Mistake("name", why)] : [.. wrong.Select(field => new Mistake(changes is null ? field : $"{field}-{changes}", Sentence(t, field)))];
    }

    private static string Sentence(Lang t, string field) => field switch
    {
        "code" => t["代码用小写字母和数字，最多 24 个", "The code takes small letters and digits, at most 24"],
        "name" => t["写上这个入口叫什么", "Say what this entrance is called"],
        "per_hour" => t["写一个 1 到 1000000 的数，不限就空着", "A number from 1 to 1,000,000, or leave it empty"],
        "origins" => t["写 https://主机 的样子，空格隔开；嵌入至少写一个", "Write https://host, with spaces between; an embed needs one"],
        _ => t["选列出来的一项", "Choose one of those listed"],
    };
}

internal sealed record EntranceBody(string? Code, string? Name, string? Kind, int? PerHour, string[]? Origins)
{
    public EntranceDraft Read() => new(Code ?? "", Name ?? "", Kind ?? EntranceDraft.Link, PerHour?.ToString(CultureInfo.InvariantCulture) ?? "", string.Join(' ', Origins ?? []));
}

internal sealed record EntranceView(string Code, int Version, string Campaign, string Name, string Kind, int? PerHour, ImmutableArray<string> Origins, bool Closed, string Link, string Embed)
{
    public static EntranceView Of(EntranceRow row) => new(
        row.Code, row.Version, row.Campaign, row.Name, row.Kind, row.PerHour, [.. row.Origins.Split(' ', StringSplitOptions.RemoveEmptyEntries)], row.Closed, $"/e/{row.Code}", $"/embed/{row.Code}");
}

/// <param name="Address">As people reach this deployment, without a slash at the end.</param>
public sealed record EntrancesModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, Campaign Campaign, string Address, ImmutableArray<EntranceFigures> Entrances, EntranceDraft Typed, ImmutableArray<Mistake> Mistakes, bool Rehearsal)
{
    /// <summary>A change that could not be taken; null: none.</summary>
    public EntranceDraft? Changing { get; init; }

    /// <summary>The code of one whose operator leaves it to us: pressed twice, the form makes one.</summary>
    public string Made { get; init; } = "";
}
