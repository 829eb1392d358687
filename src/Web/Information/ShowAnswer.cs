using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Information;

/// <summary>One answer, with its source and date, and whether it was enough. A no leads on to the intake, with what was typed.</summary>
internal sealed class ShowAnswer(Library library, CampaignShelf campaigns, Doorstep door, IDbContextFactory<Database> databases, PageSettings settings, TimeProvider clock)
{
    private const string Why = "answers of the commission are for everybody";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/c/{slug}/briefing/{key}", (string slug, string key, ShowAnswer show, HttpContext http, CancellationToken ct) => show.OfCampaign(http, slug, key, ct)).Anonymous(Why);
        app.MapGet("/q/{id}/desk/{key}", (string id, string key, ShowAnswer show, HttpContext http, CancellationToken ct) => show.AtDoor(http, id, key, ct)).Allow(Resource.Door, Act.Change);
        app.MapPost("/q/{id}/desk/{key}", (string id, string key, ShowAnswer show, HttpContext http) => show.Said(http, id, key)).Allow(Resource.Door, Act.Change);
    }

    private async Task<IResult> OfCampaign(HttpContext http, string slug, string key, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await campaigns.Find(slug, ct) is { State: not CampaignState.Draft } campaign && await Readable(campaign, key, ct) is { } entry
            ? Page(http, campaign, new AnswerModel(entry, entry.IsShown(library.Day(now), settings.Demo), settings.Demo, $"/c/{slug}/briefing", null, campaigns.TakesAt(campaign, now) ? $"/c/{slug}/start" : null, null))
            : http.Refuse(Refusal.NotFound);
    }

    private async Task<IResult> AtDoor(HttpContext http, string id, string key, CancellationToken ct) =>
        await Mine(http, id) is { } row && await campaigns.Find(row.Campaign, ct) is { } campaign && await Readable(campaign, key, ct) is { } entry
            ? Page(http, campaign, new AnswerModel(entry, entry.IsShown(library.Day(clock.GetUtcNow()), settings.Demo), settings.Demo, $"/q/{id}/desk", $"/q/{id}/consent", null, row.AnsweredAt is null ? $"/q/{id}/desk/{key}" : null))
            : http.Refuse(Refusal.NotFound);

    /// <summary>Yes is counted at the door; yes and no of the entry are counted without the person, for nobody has agreed to anything yet.</summary>
    private async Task<IResult> Said(HttpContext http, string id, string key)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || form["helped"] is not ("yes" or "no"))
        {
            return http.Refuse(Refusal.Malformed);
        }

        if (await Mine(http, id) is not { } row || await campaigns.Find(row.Campaign, CancellationToken.None) is not { } campaign || await library.Find(campaign.Organisation, key, CancellationToken.None) is null)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var (now, helped) = (clock.GetUtcNow(), form["helped"] == "yes");
        // Said once, it is counted once: whoever presses again has been answered already.
        if (row.AnsweredAt is null)
        {
            await using var database = await databases.CreateDbContextAsync();
            database.Add(new DeskAnswerRow { Organisation = campaign.Organisation, Key = key, Day = library.Day(now).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Lang = Lang.Of(http.Request).Code, Helped = helped });
            await database.SaveChangesAsync();
        }

        if (!helped)
        {
            return new SeeOther($"/q/{id}/consent");
        }

        await door.Answered(row.Id, http.Subject().Account, now);
        return new SeeOther($"/q/{id}/desk");
    }

    private async Task<Log.DoorRow?> Mine(HttpContext http, string id) => ConsultationId.TryParse(id, out var consultation) ? await door.Find(consultation.Value, http.Subject().Account) : null;

    /// <summary>What was withdrawn or is past its time keeps its address, and says so; what nobody has reviewed has none outside of demo and drill.</summary>
    private async Task<KeptEntry?> Readable(Campaign campaign, string key, CancellationToken ct) =>
        await library.Find(campaign.Organisation, key, ct) is { } entry && (settings.Demo || entry.ReviewedBy is not null || entry.Withdrawn is not null) ? entry : null;

    private static IResult Page(HttpContext http, Campaign campaign, AnswerModel model) => http.Page<AnswerPage>(model, CampaignWords.Brand(campaign, Lang.Of(http.Request)));
}

/// <param name="Holds">False: withdrawn, or past its time; then it is not read any more.</param>
/// <param name="Demo">Says that nobody has reviewed it, where that is so.</param>
/// <param name="Root">Back to the desk.</param>
/// <param name="GoOn">To the consent; null where nobody has pressed Start.</param>
/// <param name="Start">Where Start is posted, or null.</param>
/// <param name="Helped">Where yes or no is sent; null where it was, or where nobody has pressed Start.</param>
public sealed record AnswerModel(KeptEntry Kept, bool Holds, bool Demo, string Root, string? GoOn, string? Start, string? Helped);
