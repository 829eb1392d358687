using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Information;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Information;

/// <summary>A notice is written, looked at with the number of those it would reach, and only then sent; below it stands what became of those before.</summary>
internal sealed class RunNotices(SendNotice send, CountNotices count, CampaignDesk campaigns, NoticeRules rules, Messages messages, TimeProvider clock)
{
    private const string Here = StaffPlaces.Notices;
    private const string Api = "/api/v1/notices";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Here, (RunNotices run, HttpContext http, CancellationToken ct) => run.Show(http, null, ct)).Allow(Resource.Notice, Act.List);
        app.MapPost(Here, (RunNotices run, HttpContext http) => run.Sent(http)).Allow(Resource.Notice, Act.Create);
        app.MapPost($"{Here}/{{notice}}/stop", async (string notice, SendNotice send, HttpContext http) =>
            {
                var form = await SentForm.ReadAsync(http);
                var stopped = !form.Trusted ? Refusal.Malformed : Base32.TryRead(notice, out var id) ? await send.Stop(http.Subject(), id) : Refusal.NotFound;
                return stopped.IsRefused(out var why) ? http.Refuse(why) : new SeeOther(Here);
            })
            .Allow(Resource.Notice, Act.Transition);

        app.MapGet(Api, async (CountNotices count, HttpContext http, CancellationToken ct) => TypedResults.Ok(await count.All(http.Subject(), ct))).Allow(Resource.Notice, Act.List);
        app.MapPost($"{Api}/count", async (NoticeBodyOfAll body, SendNotice send, HttpContext http, CancellationToken ct) => http.Json(await send.Count(http.Subject(), body.Read(), ct), c => c)).Allow(Resource.Notice, Act.Create);
        app.MapPut($"{Api}/{{notice}}", async (string notice, NoticeBodyOfAll body, SendNotice send, HttpContext http) =>
                Base32.TryRead(notice, out var id) ? http.Json(await send.Send(http.Subject(), id, body.Counted ?? 0, body.Read()), n => new NoticeSent(Base32.Write(n.Id), n.Counted)) : http.Problem(Refusal.NotFound))
            .Allow(Resource.Notice, Act.Create);
        app.MapPost($"{Api}/{{notice}}/stop", async (string notice, SendNotice send, HttpContext http) =>
                Base32.TryRead(notice, out var id) ? http.Json(await send.Stop(http.Subject(), id), n => new NoticeSent(Base32.Write(n.Id), n.Counted)) : http.Problem(Refusal.NotFound))
            .Allow(Resource.Notice, Act.Transition);
    }

    private async Task<IResult> Show(HttpContext http, NoticeTyped? typed, CancellationToken ct)
    {
        var (t, who) = (Lang.Of(http.Request), http.Subject());
        var model = new NoticesModel(
            who.Name, who.IsOperator ? StaffPlaces.Operator(t) : StaffPlaces.Clinician(t, who.Role), who.IsOperator, [.. (await campaigns.All(who, ct)).Select(c => (c.Campaign.Slug, CampaignWords.Say(c.Campaign.Name, t)))],
            typed?.Notice ?? new Notice(new("", ""), "", new(null, true, null, [])), typed?.Id is { } id ? Base32.Write(id) : "", typed?.Count, await count.All(who, ct), rules.MessagesPerMinute, messages.CanSend,
            typed?.Refused is { } no ? [http.Mistake("text_zh", no)] : []);
        return http.Page<NoticesPage>(model, status: typed?.Refused is { } status ? RefusalWords.Status(status) : StatusCodes.Status200OK);
    }

    /// <summary>The first press shows the number and the words as people read them; only a second one, with that number in it, sends.</summary>
    private async Task<IResult> Sent(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var (who, notice) = (http.Subject(), Typed(form));
        if (!form.Trusted)
        {
            return await Show(http, new(notice, null, null, Refusal.Malformed), http.RequestAborted);
        }

        if (form.Has("send") && Base32.TryRead(form["id"], out var id) && int.TryParse(form["counted"], NumberStyles.None, CultureInfo.InvariantCulture, out var counted))
        {
            return (await send.Send(who, id, counted, notice)).IsRefused(out var not) ? await Show(http, new(notice, null, null, not), http.RequestAborted) : new SeeOther(Here);
        }

        return !(await send.Count(who, notice, http.RequestAborted)).Is(out var counts, out var why) ? await Show(http, new(notice, null, null, why), http.RequestAborted)
            : await Show(http, new(notice, form.Has("back") ? null : Guid.CreateVersion7(clock.GetUtcNow()), form.Has("back") ? null : counts, null), http.RequestAborted);
    }

    private static Notice Typed(SentForm form) => new(
        new(form["text_zh"], form["text_en"]), form["why"],
        new(form["campaign"] is { Length: > 0 } slug ? slug : null, form.Has("waiting"),
            DateOnly.TryParseExact(form["since"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
            [.. form.All("said").Select(s => Enum.TryParse<Disposition>(s, out var known) && Enum.IsDefined(known) ? (Disposition?)known : null).OfType<Disposition>().Distinct().Order()]));

    private sealed record NoticeTyped(Notice Notice, Guid? Id, NoticeCount? Count, Refusal? Refused);
}

/// <summary>As the API takes it.</summary>
/// <param name="Since">Whoever was advised on this day or later, and is through; null: none of them.</param>
/// <param name="Counted">What was counted before.</param>
internal sealed record NoticeBodyOfAll(BothWays? Text, string? Why, string? Campaign, bool? Waiting, DateOnly? Since, Disposition[]? Dispositions, int? Counted)
{
    public Notice Read() => new(new(Text?.Zh ?? "", Text?.En ?? ""), Why ?? "", new(Campaign is { Length: > 0 } slug ? slug : null, Waiting ?? false, Since, [.. (Dispositions ?? []).Distinct().Order()]));
}

/// <param name="Counted">What was seen before the sending; the list of notices says for how many it is written down so far.</param>
internal sealed record NoticeSent(string Notice, int Counted);

/// <param name="Sends">An operator; others read, for they tell people.</param>
/// <param name="Typed">What stands in the fields.</param>
/// <param name="Id">Of what is looked at; empty where nothing is.</param>
/// <param name="Count">Whom it would reach; null where nothing is looked at.</param>
public sealed record NoticesModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, bool Sends, ImmutableArray<(string Slug, string Name)> Campaigns, Notice Typed, string Id, NoticeCount? Count, ImmutableArray<NoticeProgress> Sent, int PerMinute, bool CanSend,
    ImmutableArray<Mistake> Mistakes);
