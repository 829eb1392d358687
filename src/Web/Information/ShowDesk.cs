using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Information;

/// <summary>
/// The information desk, which stands between Start and the consent while the surge level says so: danger signs, the briefing, answers to common questions,
/// and one tap to go on. And the briefing as a page of its own, for posters and links.
/// </summary>
internal sealed class ShowDesk(DeskTexts texts, CampaignShelf campaigns, Doorstep door, Surges surges, SurgeRules rules, TimeProvider clock)
{
    private const string Why = "whoever looks for help first reads what the commission has answered already";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/desk", (string id, ShowDesk desk, HttpContext http, CancellationToken ct) => desk.AtDoor(http, id, ct)).Allow(Resource.Door, Act.Change);
        app.MapPost("/q/{id}/desk", (string id, ShowDesk desk, HttpContext http) => desk.Answered(http, id)).Allow(Resource.Door, Act.Change);
        app.MapGet("/c/{slug}/briefing", (string slug, ShowDesk desk, HttpContext http, CancellationToken ct) => desk.Briefing(http, slug, ct)).Anonymous(Why);
        app.MapGet("/api/v1/campaigns/{slug}/desk", async (string slug, ShowDesk desk, HttpContext http, CancellationToken ct) =>
            await desk.Public(slug, ct) is null ? http.Problem(Refusal.NotFound) : Results.Json(new DeskFace(await desk.Level(ct), await desk.Shelf(slug, ct)))).Anonymous(Why);
    }

    /// <summary>The consent follows at once where there is nothing to read.</summary>
    private async Task<IResult> AtDoor(HttpContext http, string id, CancellationToken ct)
    {
        if (!ConsultationId.TryParse(id, out var consultation) || await door.Find(consultation.Value, http.Subject().Account) is not { } row || await campaigns.Find(row.Campaign, ct) is not { } campaign)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var (level, shelf, t) = (await surges.Level(ct), await texts.Of(campaign.Slug, ct), Lang.Of(http.Request));
        var briefing = level >= rules.BriefingLevel ? shelf.Briefing : null;
        return level < rules.DeskLevel || (briefing is null && shelf.Answers.IsEmpty && row.AnsweredAt is null)
            ? new SeeOther($"/q/{id}/consent")
            : http.Page<DeskTextPage>(new DeskTextModel($"/q/{id}/consent", null, $"/q/{id}/desk", campaign.Slug, row.AnsweredAt is not null, briefing, shelf.Answers, CampaignWords.Danger(t)), CampaignWords.Brand(campaign, t));
    }

    /// <summary>What was read is enough: counted at the door, and nobody asks for anything.</summary>
    private async Task<IResult> Answered(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var now = clock.GetUtcNow();
        return form.Trusted && ConsultationId.TryParse(id, out var consultation) && await door.Answered(consultation.Value, http.Subject().Account, now)
            ? new SeeOther($"/q/{id}/desk")
            : http.Refuse(form.Trusted ? Refusal.NotFound : Refusal.Malformed);
    }

    private async Task<IResult> Briefing(HttpContext http, string slug, CancellationToken ct)
    {
        if (await Public(slug, ct) is not { } campaign)
        {
            return http.Page<RefusedPage>(new RefusedModel(Refusal.NotFound, null, null), status: StatusCodes.Status404NotFound);
        }

        var (shelf, t) = (await texts.Of(slug, ct), Lang.Of(http.Request));
        return http.Page<DeskTextPage>(
            new DeskTextModel(null, campaigns.TakesAt(campaign, clock.GetUtcNow()) ? $"/c/{slug}/start" : null, null, slug, false, shelf.Briefing, shelf.Answers, CampaignWords.Danger(t)), CampaignWords.Brand(campaign, t));
    }

    private Task<int> Level(CancellationToken ct) => surges.Level(ct);

    private Task<DeskShelf> Shelf(string slug, CancellationToken ct) => texts.Of(slug, ct);

    /// <summary>A draft is nobody's but its operators'.</summary>
    private async Task<Campaign?> Public(string slug, CancellationToken ct) =>
        await campaigns.Find(slug, ct) is { State: not CampaignState.Draft } campaign ? campaign : null;
}

/// <param name="Level">Of the surge ladder.</param>
internal sealed record DeskFace(int Level, DeskShelf Desk);

/// <param name="GoOn">To the consent; null where nobody has pressed Start.</param>
/// <param name="Start">Where Start is posted; null where it was, or where nobody is taken at this hour.</param>
/// <param name="Enough">Where it is said that nothing more is needed.</param>
/// <param name="Answered">It was said.</param>
public sealed record DeskTextModel(
    string? GoOn, string? Start, string? Enough, string Campaign, bool Answered, ShownText? Briefing, ImmutableArray<ShownText> Answers, ImmutableArray<string> Danger);
