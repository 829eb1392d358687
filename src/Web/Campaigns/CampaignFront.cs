using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;

namespace Yizhen.Web.Campaigns;

/// <summary>What everybody may see of a campaign, and the door: Start. What only the door needs comes with its request: reading it would hold up the first page.</summary>
internal sealed class CampaignFront(CampaignShelf shelf, Waits waits, Surges surges, SurgeRules rules, Places places, TimeProvider clock)
{
    private const string Why = "whoever looks for help first sees who runs it and how long the wait is";

    /// <summary>In the address of whoever has pressed Start and was not taken.</summary>
    private const string Back = "back";

    /// <summary>In the address of Start: the entrance; and of the page after it: the hour that was promised in seconds, or that none was left.</summary>
    private const string Entrance = "e";
    private const string Comes = "comes";
    private const string Full = "full";

    /// <summary>A device keeps its place for a year.</summary>
    private static readonly TimeSpan DeviceAge = TimeSpan.FromDays(365);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", (CampaignFront front, HttpContext http, CancellationToken ct) => front.Home(http, ct)).Anonymous(Why);
        app.MapGet("/c/{slug}", (string slug, CampaignFront front, HttpContext http, CancellationToken ct) => front.Show(http, slug, StatusCodes.Status200OK, ct)).Anonymous(Why);
        app.MapGet("/e/{code}", (string code, CampaignFront front, Entrances entrances, HttpContext http, CancellationToken ct) => front.By(http, code, entrances, ct)).Anonymous(Why);
        app.MapPost("/c/{slug}/start", (string slug, CampaignFront front, StartConsultation start, HttpContext http) => front.Start(http, slug, start)).Allow(Resource.Door, Accounts.Act.Create);
        app.MapGet("/api/v1/campaigns/{slug}", (string slug, CampaignFront front, HttpContext http, CancellationToken ct) => front.Tell(http, slug, ct)).Anonymous(Why);
    }

    private async Task<IResult> Home(HttpContext http, CancellationToken ct)
    {
        var (t, now) = (Lang.Of(http.Request), clock.GetUtcNow());
        var open = (await shelf.All(ct)).Where(c => c.State == CampaignState.Open && !shelf.HasEnded(c, now)).Select(c => Entry(c, t, shelf.TakesAt(c, now) ? null : CampaignWords.Hours(c.Hours, t)));
        return http.Page<HomePage>(new HomeModel([.. open]));
    }

    public async Task<IResult> Show(HttpContext http, string slug, int status, CancellationToken ct, Refusal? why = null, string? word = null)
    {
        if (await Public(slug, ct) is not { } campaign)
        {
            return http.Page<RefusedPage>(new RefusedModel(Refusal.NotFound, null, null), status: StatusCodes.Status404NotFound);
        }

        var (t, now) = (Lang.Of(http.Request), clock.GetUtcNow());
        var wait = await waits.Now(slug, now, ct);
        var open = shelf.TakesAt(campaign, now);
        var model = new CampaignModel(
            CampaignWords.Say(campaign.Purpose, t),
            t["免费的健康咨询，只给建议。说说哪里不舒服，系统先看轻重，急的先接，再由医生回复您。", "Free health advice, and advice only. Say what is wrong; the urgent are answered first; then a doctor writes to you."],
            $"/c/{slug}/start{(http.Request.RouteValues["code"] is string code ? $"?{Entrance}={Uri.EscapeDataString(code)}" : http.Request.Query[Entrance] is [{ Length: > 0 } again] ? $"?{Entrance}={Uri.EscapeDataString(again)}" : "")}",
            open,
            open ? null : CampaignWords.Instead(campaign, t),
            wait.Range?.FromMinutes,
            wait.Range?.ToMinutes,
            wait.Waiting,
            wait.OnDuty,
            wait.MeasuredAt,
            CampaignWords.Danger(t),
            CampaignWords.Say(campaign.Owner, t),
            CampaignWords.Say(campaign.Covers, t),
            CampaignWords.Hours(campaign.Hours, t));
        model = model with
        {
            Numbers = [.. campaign.Numbers, .. campaign.Terms.RegionNumbers.Select(n => $"{places.Find(n.Region)?.Path ?? n.Region} {n.Line}")],
            ComesAt = open && !http.Request.Query.ContainsKey(Comes) ? null : await PromisedTo(http, slug, now, ct),
            IsFull = http.Request.Query.ContainsKey(Full),
            Partners = CampaignWords.Say(campaign.Terms.Partners, t), Filing = campaign.Terms.Filing, AsksCode = campaign.Terms.Proof == CoverProof.Code,
            Word = word, Mistakes = why is Refusal.CampaignCodeWrong ? [http.Mistake("code", Refusal.CampaignCodeWrong)] : [], BriefingFirst = await surges.Level(campaign, ct) >= rules.BriefingLevel,
        };
        return http.Page<CampaignPage>(open ? model : model with
        {
            HasEnded = shelf.HasEnded(campaign, now),
            IsPaused = campaign.State == CampaignState.Paused,
            TurnedBack = http.Request.Query.ContainsKey(Back),
            Others = [.. (await shelf.TakingNow(now, ct)).Select(c => Entry(c, t, null))],
        }, CampaignWords.Brand(campaign, t), status);
    }

    /// <summary>The hour that this device was promised. Asked for where the page cannot do without: it was sent here by its promise, or nobody else is taken.</summary>
    private static async Task<DateTimeOffset?> PromisedTo(HttpContext http, string slug, DateTimeOffset now, CancellationToken ct) =>
        http.Request.Cookies.ContainsKey(SignIns.DeviceCookie) && await http.RequestServices.GetRequiredService<SignIns>().Ask(http) is { IsPatient: true } who
            ? await http.RequestServices.GetRequiredService<LetIn>().PromisedAsync(slug, who.Account, now, ct)
            : null;

    /// <summary>By an entrance's own link. One that was closed leads to its campaign; one that is nobody's, to where there is somebody.</summary>
    private async Task<IResult> By(HttpContext http, string code, Entrances entrances, CancellationToken ct) =>
        await entrances.Find(code, ct) is not { } entrance ? new SeeOther("/")
        : entrance.Closed ? new SeeOther($"/c/{entrance.Campaign}{http.Request.QueryString}")
        : await Show(http, entrance.Campaign, StatusCodes.Status200OK, ct);

    /// <summary>The page that Start was pressed on.</summary>
    private static string Door(HttpContext http, string slug) => http.Request.Query[Entrance] is [{ Length: > 0 } code] ? $"/e/{Uri.EscapeDataString(code)}" : $"/c/{slug}";

    private static HomeEntry Entry(Campaign c, Lang t, string? hours) => new($"/c/{c.Slug}", CampaignWords.Say(c.Name, t), CampaignWords.Say(c.Purpose, t), CampaignWords.Say(c.Covers, t), hours);

    private async Task<IResult> Start(HttpContext http, string slug, StartConsultation start)
    {
        // Nothing is typed here and nobody is known yet, so the page spares the token and its cookie; a foreign page may still not press for anybody.
        if (http.Request.Headers["Sec-Fetch-Site"] == "cross-site")
        {
            return await Show(http, slug, StatusCodes.Status400BadRequest, http.RequestAborted);
        }

        var form = http.Request.HasFormContentType ? await SentForm.ReadAsync(http) : null;
        var started = await start.At(slug, new StartAsk(http.Request.Query[Entrance] is [{ Length: > 0 } code] ? code : EntranceDraft.Link, form?["code"], form?["urgent"] == "yes"), http.Subject(), Lang.Of(http.Request).Code, clock.GetUtcNow());
        if (!started.Is(out var at, out var why))
        {
            // On to a page that may be read again without coming a second time.
            if (why == Refusal.CampaignNotOpen)
            {
                return new SeeOther($"{Door(http, slug)}?{Back}");
            }

            return why == Refusal.EntranceFull ? new SeeOther($"{Door(http, slug)}?{Full}=on") : await Show(http, slug, RefusalWords.Status(why), http.RequestAborted, why, form?["code"]);
        }

        if (at.Token is { } token)
        {
            http.Response.Cookies.Append(SignIns.DeviceCookie, token, SignIns.Cookie(http, DeviceAge));
        }

        if (at.ComesAt is { } comes)
        {
            return new SeeOther($"{Door(http, slug)}?{Comes}={comes.ToUnixTimeSeconds()}");
        }

        // From that level on the information desk stands in between; it sends on at once where it has nothing to say.
        return new SeeOther($"/q/{at.Consultation}/{(await Public(slug, CancellationToken.None) is { } taken && await surges.Level(taken, CancellationToken.None) >= rules.DeskLevel ? "desk" : "consent")}");
    }

    private async Task<IResult> Tell(HttpContext http, string slug, CancellationToken ct)
    {
        if (await Public(slug, ct) is not { } campaign)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var now = clock.GetUtcNow();
        var wait = await waits.Now(slug, now, ct);
        return Results.Json(new FrontView(
            campaign.Slug, campaign.Name, campaign.Owner, campaign.Purpose, campaign.Covers, campaign.Regions, campaign.Hours.ToString(), campaign.Hotline, campaign.Numbers,
            campaign.RulesDate, shelf.TakesAt(campaign, now), wait.Range?.FromMinutes, wait.Range?.ToMinutes, wait.Waiting, wait.OnDuty, wait.MeasuredAt));
    }

    /// <summary>A draft is nobody's but its operators'.</summary>
    private async Task<Campaign?> Public(string slug, CancellationToken ct) =>
        await shelf.Find(slug, ct) is { State: not CampaignState.Draft } campaign ? campaign : null;
}

/// <param name="Open">Whether Start is taken now: open, and within its hours.</param>
/// <param name="WaitFrom">Minutes; null while too few waits were measured.</param>
internal sealed record FrontView(
    string Slug, BothWays Name, BothWays Owner, BothWays Purpose, BothWays Covers, ImmutableArray<string> Regions, string Hours, string Hotline, ImmutableArray<string> Numbers,
    DateOnly? RulesDate, bool Open, int? WaitFrom, int? WaitTo, int Waiting, int OnDuty, DateTimeOffset MeasuredAt);
