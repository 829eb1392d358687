using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Information;

/// <summary>The operator writes, changes and withdraws what the information desk of a campaign shows; each version stays.</summary>
internal sealed class RunDesk(DeskTexts texts, CampaignDesk campaigns, TimeProvider clock)
{
    private const string Api = "/api/v1/campaigns/{slug}/desk";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/staff/campaigns/{slug}/desk", (string slug, RunDesk run, HttpContext http, CancellationToken ct) => run.Show(http, slug, null, null, ct)).Allow(Resource.Campaign, Act.Read);
        app.MapPost("/staff/campaigns/{slug}/desk", (string slug, RunDesk run, HttpContext http) => run.Write(http, slug)).Allow(Resource.Campaign, Act.Change);
        app.MapPost(Api, async (string slug, DeskTextBody body, RunDesk run, HttpContext http) =>
            http.Json(await run.Write(http.Subject(), slug, body.Key, body.Read()), t => t)).Allow(Resource.Campaign, Act.Change);
        app.MapDelete($"{Api}/{{key}}", async (string slug, string key, RunDesk run, HttpContext http) =>
            http.Json(await run.Withdraw(http.Subject(), slug, key), t => t)).Allow(Resource.Campaign, Act.Change);
    }

    private Task<Decision<ShownText>> Write(Subject who, string slug, string? key, DeskText text) => texts.Write(who, slug, key, text, clock.GetUtcNow());

    private Task<Decision<ShownText>> Withdraw(Subject who, string slug, string key) => texts.Withdraw(who, slug, key, clock.GetUtcNow());

    /// <param name="typed">What could not be taken, to stand in its fields again.</param>
    private async Task<IResult> Show(HttpContext http, string slug, (string Key, DeskText Text)? typed, Refusal? refused, CancellationToken ct)
    {
        if (await campaigns.Find(http.Subject(), slug, ct) is not { } campaign)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var t = Lang.Of(http.Request);
        var model = new RunDeskModel(
            http.Subject().Name, StaffPlaces.Operator(t), slug, CampaignWords.Say(campaign.Name, t), await texts.Of(slug, ct), typed?.Key, typed?.Text, refused is { } why ? [http.Mistake("title_zh", why)] : []);
        return http.Page<RunDeskPage>(model, status: refused is { } no ? RefusalWords.Status(no) : StatusCodes.Status200OK);
    }

    private async Task<IResult> Write(HttpContext http, string slug)
    {
        var form = await SentForm.ReadAsync(http);
        var (key, who) = (form["key"], http.Subject());
        var text = new DeskText(new(form["title_zh"], form["title_en"]), new(form["body_zh"], form["body_en"]));
        var done = !form.Trusted ? Refusal.Malformed
            : form.Has("withdraw") ? await Withdraw(who, slug, key)
            : await Write(who, slug, key.Length == 0 ? null : key, text);
        return !done.IsRefused(out var why) ? new SeeOther($"/staff/campaigns/{slug}/desk")
            : why == Refusal.NotFound ? http.Refuse(why)
            : await Show(http, slug, (key, text), why, http.RequestAborted);
    }
}

/// <param name="Key">"briefing", the id of an answer, or null for a new one.</param>
internal sealed record DeskTextBody(string? Key, BothWays? Title, BothWays? Body)
{
    public DeskText Read() => new(new(Title?.Zh ?? "", Title?.En ?? ""), new(Body?.Zh ?? "", Body?.En ?? ""));
}

/// <param name="Key">Whose fields hold <paramref name="Typed"/>; null where nothing was refused.</param>
public sealed record RunDeskModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, string Slug, string Name, DeskShelf Shelf, string? Key, DeskText? Typed, ImmutableArray<Mistake> Mistakes);
