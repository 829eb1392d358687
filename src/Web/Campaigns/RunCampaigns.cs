using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Campaigns;

/// <summary>The operator's pages and JSON faces for campaigns: list, make, change, open, close, dated changes.</summary>
internal sealed class RunCampaigns(CampaignDesk desk, TimeProvider clock)
{
    private const string Here = "/staff/campaigns";
    private const string Api = "/api/v1/campaigns";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Here, async (RunCampaigns run, HttpContext http, CancellationToken ct) => http.Page<CampaignListPage>(await run.List(http, ct))).Allow(Resource.Campaign, Act.List);
        app.MapGet($"{Here}/new", (RunCampaigns run, HttpContext http) => http.Page<CampaignFormPage>(run.Blank(http, CampaignDraft.Empty, []))).Allow(Resource.Campaign, Act.Create);
        app.MapPost(Here, (RunCampaigns run, HttpContext http) => run.Make(http)).Allow(Resource.Campaign, Act.Create);
        app.MapGet($"{Here}/{{slug}}", (string slug, RunCampaigns run, HttpContext http, CancellationToken ct) => run.Show(http, slug, null, null, ct)).Allow(Resource.Campaign, Act.Read);
        app.MapPost($"{Here}/{{slug}}", (string slug, RunCampaigns run, HttpContext http) => run.Change(http, slug)).Allow(Resource.Campaign, Act.Change);
        app.MapPost($"{Here}/{{slug}}/open", (string slug, RunCampaigns run, HttpContext http) => run.Open(http, slug)).Allow(Resource.Campaign, Act.Transition);
        app.MapPost($"{Here}/{{slug}}/pause", (string slug, RunCampaigns run, HttpContext http) => run.Pause(http, slug)).Allow(Resource.Campaign, Act.Transition);
        app.MapPost($"{Here}/{{slug}}/copy", (string slug, RunCampaigns run, HttpContext http) => run.Copy(http, slug)).Allow(Resource.Campaign, Act.Create);
        app.MapPost($"{Here}/{{slug}}/close", (string slug, RunCampaigns run, HttpContext http) => run.Move(http, slug, run.CloseIt)).Allow(Resource.Campaign, Act.Transition);

        app.MapGet(Api, async (CampaignDesk desk, HttpContext http, CancellationToken ct) => Results.Json((await desk.All(http.Subject(), ct)).Select(c => new PlanView(c.Campaign, c.Inside)))).Allow(Resource.Campaign, Act.List);
        app.MapPost(Api, async (CampaignBody body, CampaignDesk desk, HttpContext http, TimeProvider clock) =>
            http.Json(await desk.Make(http.Subject(), body.Read(body.Slug ?? ""), clock.GetUtcNow()), c => c)).Allow(Resource.Campaign, Act.Create);
        app.MapPut($"{Api}/{{slug}}", async (string slug, CampaignBody body, CampaignDesk desk, HttpContext http, TimeProvider clock) =>
            http.Json(await desk.Change(http.Subject(), slug, body.Read(slug), clock.GetUtcNow()), c => c)).Allow(Resource.Campaign, Act.Change);
        app.MapGet($"{Api}/{{slug}}/check", async (string slug, CampaignDesk desk, HttpContext http, TimeProvider clock, CancellationToken ct) =>
            await desk.Find(http.Subject(), slug, ct) is { } campaign ? Results.Json(await desk.Check(campaign, clock.GetUtcNow(), ct)) : http.Problem(Refusal.NotFound)).Allow(Resource.Campaign, Act.Read);
        app.MapPost($"{Api}/{{slug}}/open", (string slug, OpenBody? body, RunCampaigns run, HttpContext http) => run.OpenByCall(http, slug, body)).Allow(Resource.Campaign, Act.Transition);
        app.MapPost($"{Api}/{{slug}}/pause", async (string slug, PauseBody body, CampaignDesk desk, HttpContext http, TimeProvider clock) =>
            http.Json(await desk.Pause(http.Subject(), slug, body.AnswerBy, clock.GetUtcNow()), c => c)).Allow(Resource.Campaign, Act.Transition);
        app.MapPost($"{Api}/{{slug}}/copy", async (string slug, CopyBody body, CampaignDesk desk, HttpContext http, TimeProvider clock) =>
            http.Json(await desk.Copy(http.Subject(), slug, body.Slug, clock.GetUtcNow()), c => c)).Allow(Resource.Campaign, Act.Create);
        app.MapPost($"{Api}/{{slug}}/close", async (string slug, CampaignDesk desk, HttpContext http, TimeProvider clock) =>
            http.Json(await desk.Close(http.Subject(), slug, clock.GetUtcNow()), c => c)).Allow(Resource.Campaign, Act.Transition);
        app.MapGet($"{Api}/{{slug}}/changes", async (string slug, CampaignDesk desk, HttpContext http, CancellationToken ct) =>
            await desk.Find(http.Subject(), slug, ct) is null ? http.Problem(Refusal.NotFound) : Results.Json(await desk.Changes(slug, ct))).Allow(Resource.Campaign, Act.Read);
    }

    private async Task<CampaignListModel> List(HttpContext http, CancellationToken ct) =>
        new(http.Subject().Name, StaffPlaces.Operator(Lang.Of(http.Request)), await desk.All(http.Subject(), ct));

    private CampaignFormModel Blank(HttpContext http, CampaignDraft typed, ImmutableArray<Mistake> mistakes) =>
        new(http.Subject().Name, StaffPlaces.Operator(Lang.Of(http.Request)), null, typed, null, [], desk.Rehearsal, 0, [], mistakes) { Packs = desk.Packs(clock.GetUtcNow()), Policies = desk.Policies };

    private async Task<IResult> Make(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var typed = CampaignForm.Read(form, form["slug"]);
        var made = form.Trusted ? await desk.Make(http.Subject(), typed, clock.GetUtcNow()) : Refusal.Malformed;
        return made.Is(out var campaign, out var why)
            ? new SeeOther($"{Here}/{campaign.Slug}")
            : http.Page<CampaignFormPage>(Blank(http, typed, Mistakes(http, typed, why)), status: RefusalWords.Status(why));
    }

    private async Task<IResult> Change(HttpContext http, string slug)
    {
        var form = await SentForm.ReadAsync(http);
        var typed = CampaignForm.Read(form, slug);
        var changed = form.Trusted ? await desk.Change(http.Subject(), slug, typed, clock.GetUtcNow()) : Refusal.Malformed;
        return changed.IsRefused(out var why) ? await Show(http, slug, typed, why, http.RequestAborted) : new SeeOther($"{Here}/{slug}");
    }

    private async Task<IResult> Move(HttpContext http, string slug, Func<Subject, string, Task<Decision<Campaign>>> move)
    {
        var form = await SentForm.ReadAsync(http);
        var moved = form.Trusted ? await move(http.Subject(), slug) : Refusal.Malformed;
        return moved.IsRefused(out var why) ? await Show(http, slug, null, why, http.RequestAborted) : new SeeOther($"{Here}/{slug}");
    }

    /// <summary>The request or the opening, by what stood on the page; or the request is taken back.</summary>
    private async Task<IResult> Open(HttpContext http, string slug)
    {
        var form = await SentForm.ReadAsync(http);
        DateTimeOffset? seen = long.TryParse(form["seen"], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.Ms() ? at.Utc() : null;
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        var moved = !form.Trusted ? Refusal.Malformed : form["step"] == "take_back" ? await desk.TakeBack(who, slug, now) : await desk.Open(who, slug, seen, form["reason"], now);
        return !moved.IsRefused(out var why) ? new SeeOther($"{Here}/{slug}#check")
            : await Show(http, slug, null, why, http.RequestAborted, why is Refusal.ReasonNeeded or Refusal.TextTooLong or Refusal.SecondPersonNeeded or Refusal.Conflict ? http.Mistake("reason", why) : null, ("reason", form["reason"]));
    }

    private Task<Decision<Campaign>> CloseIt(Subject who, string slug) => desk.Close(who, slug, clock.GetUtcNow());

    /// <summary>A "no" of the check brings the list of what is missing.</summary>
    private async Task<IResult> OpenByCall(HttpContext http, string slug, OpenBody? body)
    {
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        var opened = body?.TakeBack == true ? await desk.TakeBack(who, slug, now) : await desk.Open(who, slug, body?.Confirms, body?.Reason, now);
        return opened.Is(out var campaign, out var why) ? Results.Json(campaign)
            : why is Refusal.CampaignTextMissing or Refusal.CampaignNotReady && await desk.Find(http.Subject(), slug, http.RequestAborted) is { } closed
                ? http.Problem(why, ("missing", (await desk.Check(closed, clock.GetUtcNow(), http.RequestAborted)).Missing))
            : http.Problem(why);
    }

    /// <summary>The time is typed in the deployment's zone.</summary>
    private async Task<IResult> Pause(HttpContext http, string slug)
    {
        var form = await SentForm.ReadAsync(http);
        var paused = form.Trusted && desk.ReadTime(form["answer_by"]) is { } by ? await desk.Pause(http.Subject(), slug, by, clock.GetUtcNow()) : Refusal.Malformed;
        return !paused.IsRefused(out var why) ? new SeeOther($"{Here}/{slug}")
            : await Show(http, slug, null, why, http.RequestAborted, new Mistake("answer_by", Lang.Of(http.Request)["写一个还没到的时间", "Write a time that is still to come"]), ("answer_by", form["answer_by"]));
    }

    private async Task<IResult> Copy(HttpContext http, string slug)
    {
        var form = await SentForm.ReadAsync(http);
        var copied = form.Trusted ? await desk.Copy(http.Subject(), slug, form["copy_to"], clock.GetUtcNow()) : Refusal.Malformed;
        return copied.Is(out var copy, out var why) ? new SeeOther($"{Here}/{copy.Slug}")
            : await Show(http, slug, null, why, http.RequestAborted, why == Refusal.CampaignExists ? http.Mistake("copy_to", why) : new Mistake("copy_to", FieldWords.Mistake(Lang.Of(http.Request), "slug")), ("copy_to", form["copy_to"]));
    }

    /// <param name="typed">What could not be taken, to stand in the fields again.</param>
    private async Task<IResult> Show(HttpContext http, string slug, CampaignDraft? typed, Refusal? why, CancellationToken ct, Mistake? one = null, (string Field, string Value) moved = default)
    {
        if (await desk.Find(http.Subject(), slug, ct) is not { } campaign)
        {
            return http.Page<RefusedPage>(new RefusedModel(Refusal.NotFound, null, null), status: StatusCodes.Status404NotFound);
        }

        var shown = typed ?? CampaignDraft.Of(campaign);
        var model = new CampaignFormModel(
            http.Subject().Name, StaffPlaces.Operator(Lang.Of(http.Request)), campaign, shown, await desk.Check(campaign, clock.GetUtcNow(), ct), desk.Names(campaign), desk.Rehearsal,
            (await desk.Inside(ct)).GetValueOrDefault(slug), await desk.Changes(slug, ct), one is { } mistake ? [mistake] : why is { } no ? Mistakes(http, shown, no, campaign) : [], moved) { Actor = http.Subject().Actor, Packs = desk.Packs(clock.GetUtcNow()), Policies = desk.Policies, Believed = await desk.Believed(campaign, ct) };
        return http.Page<CampaignFormPage>(model, status: why is { } refused ? RefusalWords.Status(refused) : StatusCodes.Status200OK);
    }

    private ImmutableArray<Mistake> Mistakes(HttpContext http, CampaignDraft typed, Refusal why, Campaign? open = null)
    {
        var t = Lang.Of(http.Request);
        var (zh, en) = RefusalWords.Words(why);
        var wrong = desk.Wrong(typed);
        if (wrong.IsEmpty && why == Refusal.CampaignTextMissing && open is not null && desk.Lacking(open, typed) is { IsEmpty: false } lacking)
        {
            return [.. lacking.Select(code => new Mistake(FieldWords.Empty(typed, code), FieldWords.Lacking(t, code)))];
        }

        return wrong.IsEmpty ? [new Mistake(why == Refusal.CampaignExists ? "slug" : "name_zh", t[zh, en])] : [.. wrong.Select(field => new Mistake(field, FieldWords.Mistake(t, field)))];
    }
}

internal sealed record PlanView(Campaign Campaign, int Inside);
