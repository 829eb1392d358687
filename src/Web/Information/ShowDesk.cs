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
/// The information desk, which stands between Start and the consent while the surge level says so, and at any time as a page of the campaign: danger signs,
/// the briefing, a search, common questions, and one tap to a person.
/// </summary>
internal sealed class ShowDesk(DeskTexts texts, Library library, CampaignShelf campaigns, Doorstep door, Surges surges, SurgeRules rules, PageSettings settings, TimeProvider clock)
{
    private const string Why = "whoever looks for help first reads what the commission has answered already";

    /// <summary>Where answers stand. Beside words of danger there is no such place, and the page opens at its top.</summary>
    private const string Found = "#found";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/desk", (string id, ShowDesk desk, HttpContext http, CancellationToken ct) => desk.AtDoor(http, id, ct)).Allow(Resource.Door, Act.Change);
        app.MapPost("/q/{id}/desk", (string id, ShowDesk desk, HttpContext http) => desk.Sent(http, id)).Allow(Resource.Door, Act.Change);
        app.MapGet("/c/{slug}/briefing", (string slug, ShowDesk desk, HttpContext http, CancellationToken ct) => desk.OfCampaign(http, slug, ct)).Anonymous(Why);
        app.MapPost("/c/{slug}/briefing", (string slug, HttpContext http) => Ask(http, $"/c/{slug}/briefing")).Anonymous(Why);
        app.MapGet("/api/v1/campaigns/{slug}/desk", async (string slug, ShowDesk desk, HttpContext http, CancellationToken ct) =>
            await desk.Public(slug, ct) is not { } campaign ? http.Problem(Refusal.NotFound) : Results.Json(new DeskFace(await desk.Level(campaign, ct), await desk.Shelf(slug, ct)))).Anonymous(Why);
    }

    /// <summary>The consent follows at once where there is nothing to read.</summary>
    private async Task<IResult> AtDoor(HttpContext http, string id, CancellationToken ct)
    {
        if (!ConsultationId.TryParse(id, out var consultation) || await door.Find(consultation.Value, http.Subject().Account) is not { } row || await campaigns.Find(row.Campaign, ct) is not { } campaign)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var (level, shelf) = (await surges.Level(campaign, ct), await texts.Of(campaign.Slug, ct));
        var shown = await library.Shown(campaign.Organisation, clock.GetUtcNow(), ct);
        var briefing = level >= rules.BriefingLevel ? shelf.Briefing : null;
        var empty = briefing is null && shelf.Answers.IsEmpty && shown.Entries.IsEmpty;
        return row.AnsweredAt is null && (level < rules.DeskLevel || empty)
            ? new SeeOther($"/q/{id}/consent")
            : Page(http, campaign, shown, new DeskTextModel($"/q/{id}/desk", $"/q/{id}/consent", null, shelf.Answers.IsEmpty && shown.Entries.IsEmpty ? null : $"/q/{id}/desk", campaign.Slug, row.AnsweredAt is not null, briefing, shelf.Answers));
    }

    private async Task<IResult> OfCampaign(HttpContext http, string slug, CancellationToken ct)
    {
        if (await Public(slug, ct) is not { } campaign)
        {
            return http.Page<RefusedPage>(new RefusedModel(Refusal.NotFound, null, null), status: StatusCodes.Status404NotFound);
        }

        var (shelf, now) = (await texts.Of(slug, ct), clock.GetUtcNow());
        return Page(http, campaign, await library.Shown(campaign.Organisation, now, ct), new DeskTextModel($"/c/{slug}/briefing", null, campaigns.TakesAt(campaign, now) ? $"/c/{slug}/start" : null, null, slug, false, shelf.Briefing, shelf.Answers));
    }

    /// <summary>What was asked comes from the person's own browser; it is in no address and in no row.</summary>
    private IResult Page(HttpContext http, Campaign campaign, LibraryShown shown, DeskTextModel model)
    {
        var (t, asked) = (Lang.Of(http.Request), shown.Entries.IsEmpty ? "" : CarriedWords.Of(http));
        var found = asked.Length == 0 ? null : shown.Index.Value.Ask(asked);
        var entries = found is null || found.RedFlags.Length > 0 ? [] : found.Answers.Select(a => shown.Find(a.Entry)).OfType<KeptEntry>();
        return http.Page<DeskTextPage>(
            model with
            {
                Danger = CampaignWords.Danger(t), Searchable = !shown.Entries.IsEmpty, Asked = asked, Silent = found is { Silent: true }, Found = [.. entries], Typical = [.. shown.Typical],
                RedFlags = [.. (found?.RedFlags ?? []).Select(d => new DangerSpotted(d.Code, d.Crisis, d.Words))], Demo = settings.Demo,
            },
            CampaignWords.Brand(campaign, t));
    }

    /// <summary>A question is looked for. Or what was read is enough: counted at the door, and nobody asks for anything.</summary>
    private async Task<IResult> Sent(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || !ConsultationId.TryParse(id, out var consultation))
        {
            return http.Refuse(form.Trusted ? Refusal.NotFound : Refusal.Malformed);
        }

        var (account, now) = (http.Subject().Account, clock.GetUtcNow());
        if (form.Has("asked"))
        {
            CarriedWords.Keep(http, form["asked"]);
        }

        var mine = form.Has("asked") ? await door.Step(consultation.Value, account, now) is not null : await door.Answered(consultation.Value, account, now);
        return mine ? new SeeOther($"/q/{id}/desk{(form.Has("asked") ? Found : "")}") : http.Refuse(Refusal.NotFound);
    }

    private static async Task<IResult> Ask(HttpContext http, string to)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted)
        {
            return http.Refuse(Refusal.Malformed);
        }

        CarriedWords.Keep(http, form["asked"]);
        return new SeeOther($"{to}{Found}");
    }

    private Task<int> Level(Campaign campaign, CancellationToken ct) => surges.Level(campaign, ct);

    private Task<DeskShelf> Shelf(string slug, CancellationToken ct) => texts.Of(slug, ct);

    /// <summary>A draft is nobody's but its operators'.</summary>
    private async Task<Campaign?> Public(string slug, CancellationToken ct) =>
        await campaigns.Find(slug, ct) is { State: not CampaignState.Draft } campaign ? campaign : null;
}

/// <param name="Level">Of the surge ladder.</param>
internal sealed record DeskFace(int Level, DeskShelf Desk);

/// <param name="Root">Where a question is sent; the pages of entries stand below it.</param>
/// <param name="GoOn">To the consent; null where nobody has pressed Start.</param>
/// <param name="Start">Where Start is posted; null where it was, or where nobody is taken at this hour.</param>
/// <param name="Enough">Where it is said that nothing more is needed.</param>
/// <param name="Answered">It was said.</param>
/// <param name="Briefing">Null where none was written, or none is due.</param>
/// <param name="Answers">The campaign's own, beside the library.</param>
public sealed record DeskTextModel(string Root, string? GoOn, string? Start, string? Enough, string Campaign, bool Answered, ShownText? Briefing, ImmutableArray<ShownText> Answers)
{
    public ImmutableArray<string> Danger { get; init; } = [];

    /// <summary>There is a library.</summary>
    public bool Searchable { get; init; }

    /// <summary>In their own words; empty where nothing was asked.</summary>
    public string Asked { get; init; } = "";

    /// <summary>The library covers nothing of it.</summary>
    public bool Silent { get; init; }

    public ImmutableArray<KeptEntry> Found { get; init; } = [];

    public ImmutableArray<KeptEntry> Typical { get; init; } = [];

    /// <summary>Words of danger in what was asked: they come before any answer.</summary>
    public ImmutableArray<DangerSpotted> RedFlags { get; init; } = [];

    public bool Demo { get; init; }
}
