using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Yizhen.Rules;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Campaigns;

/// <summary>Mutual aid as pages, as JSON and as a table for a spreadsheet: what each organisation lends, and the ledger of help given and received.</summary>
internal sealed class RunAid(AidDesk desk, AddOrganisation add, TimeProvider clock)
{
    private const string Api = "/api/v1/aid";
    private const string Sheet = $"{StaffPlaces.Aid}/ledger";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Aid, (RunAid run, HttpContext http, CancellationToken ct) => run.Show(http, null, AidDraft.Empty, [], ct)).Allow(Resource.Aid, Act.Read);
        app.MapPost(StaffPlaces.Aid, (RunAid run, HttpContext http) => run.Set(http)).Allow(Resource.Aid, Act.Change);
        app.MapPost($"{StaffPlaces.Aid}/end", (RunAid run, HttpContext http) => run.End(http)).Allow(Resource.Aid, Act.Change);
        app.MapGet(Sheet, async (string? from, string? to, AidDesk desk, TimeProvider clock, HttpContext http, CancellationToken ct) =>
                http.Page<AidLedgerPage>(new AidLedgerModel(http.Subject().Name, StaffPlaces.Operator(Lang.Of(http.Request)), await desk.Ledger(Day(from), Day(to), clock.GetUtcNow(), ct))))
            .Allow(Resource.Aid, Act.Read);
        app.MapGet($"{Sheet}.csv", async (string? from, string? to, AidDesk desk, TimeProvider clock, HttpContext http, CancellationToken ct) =>
                File(Lang.Of(http.Request), await desk.Ledger(Day(from), Day(to), clock.GetUtcNow(), ct)))
            .Allow(Resource.Aid, Act.Read);

        app.MapGet(Api, async (AidDesk desk, TimeProvider clock, HttpContext http, CancellationToken ct) => Results.Json(await desk.Look(http.Subject(), clock.GetUtcNow(), ct))).Allow(Resource.Aid, Act.Read);
        app.MapPost(Api, async (AidBody body, AidDesk desk, TimeProvider clock, HttpContext http) =>
            http.Json(await desk.Set(http.Subject(), body.Rule, body.Seen, body.Read(), clock.GetUtcNow()), AidDesk.View)).Allow(Resource.Aid, Act.Change);
        app.MapPost($"{Api}/end", async (AidEndBody body, AidDesk desk, TimeProvider clock, HttpContext http) =>
            http.Json(await desk.End(http.Subject(), body.Rule, body.Seen, body.Reason, clock.GetUtcNow()), AidDesk.View)).Allow(Resource.Aid, Act.Change);
        app.MapGet($"{Api}/ledger", async (string? from, string? to, AidDesk desk, TimeProvider clock, CancellationToken ct) => Results.Json(await desk.Ledger(Day(from), Day(to), clock.GetUtcNow(), ct))).Allow(Resource.Aid, Act.Read);
    }

    private async Task<IResult> Set(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var typed = new AidDraft(form["campaign"], form["keep"], [.. form.All("need")], form["areas"], form["from"], form["to"], form["reason"]);
        var rule = Guid.TryParse(form["rule"], out var id) ? id : (Guid?)null;
        var set = !form.Trusted || !int.TryParse(form["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? Refusal.Malformed
            : await desk.Set(http.Subject(), rule, seen, typed, clock.GetUtcNow());
        return set.IsRefused(out var why) ? await Again(http, rule, typed, why) : new SeeOther(StaffPlaces.Aid);
    }

    private async Task<IResult> End(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var ended = !form.Trusted || !Guid.TryParse(form["rule"], out var rule) || !int.TryParse(form["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? Refusal.Malformed
            : await desk.End(http.Subject(), rule, seen, form["reason"], clock.GetUtcNow());
        return ended.IsRefused(out var why) ? await Show(http, null, AidDraft.Empty, [http.Mistake("end", why)], http.RequestAborted, why) : new SeeOther(StaffPlaces.Aid);
    }

    private async Task<IResult> Again(HttpContext http, Guid? rule, AidDraft typed, Refusal why)
    {
        var (t, wrong) = (Lang.Of(http.Request), await desk.Wrong(http.Subject(), typed, http.RequestAborted));
        return await Show(http, rule, typed, wrong.IsEmpty ? [http.Mistake("campaign", why)] : [.. wrong.Select(f => f == "reason" ? http.Mistake(f, why == Refusal.Malformed ? Refusal.ReasonNeeded : why) : new Mistake(f, AidWords.Mistake(t, f)))], http.RequestAborted, why);
    }

    /// <param name="changing">The rule whose form is open; null: the form of a new one.</param>
    /// <param name="link">For the first operator of an organisation that was just taken in.</param>
    public async Task<IResult> Show(HttpContext http, Guid? changing, AidDraft typed, ImmutableArray<Mistake> mistakes, CancellationToken ct, Refusal? refused = null, string? link = null, (string Zh, string En, string Province) house = default)
    {
        var who = http.Subject();
        var picture = await desk.Look(who, clock.GetUtcNow(), ct);
        var sought = changing ?? (Guid.TryParse(http.Request.Query["rule"], out var asked) ? asked : null);
        var open = picture.Rules.FirstOrDefault(r => r.Rule == sought && r.Lender == who.Organisation);
        var model = new AidModel(who.Name, StaffPlaces.Operator(Lang.Of(http.Request)), picture, open, open is not null && changing is null ? Written(Lang.Of(http.Request), open.Lends) : typed, mistakes, await add.May(who, ct), link) { Asked = house };
        return http.Page<AidPage>(model, status: refused is { } no ? RefusalWords.Status(no) : StatusCodes.Status200OK);
    }

    /// <summary>The form of a rule, its provinces by name.</summary>
    private static AidDraft Written(Lang t, AidRule rule) => AidDraft.Of(rule) with { Areas = string.Join(t["、", ", "], rule.Areas.Select(a => PoolWords.Province(t, a))) };

    /// <summary>One row for each pair and day, as a file that a spreadsheet opens.</summary>
    private static FileContentHttpResult File(Lang t, AidSheet sheet)
    {
        string Name(Guid house) => sheet.Houses.FirstOrDefault(h => h.Id == house)?.Name.In(t.IsEnglish ? "en" : "zh") ?? "";
        ImmutableArray<string> heads = [t["日期", "day"], t["出人的单位", "lender"], t["受援的单位", "receiver"], t["问诊（次）", "consultations"], t["医生分钟", "doctor-minutes"], t["支援", "help"]];
        var lines = sheet.Lines.Select(l => (IEnumerable<string>)[
            l.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Name(l.Lender), Name(l.Receiver), l.Consultations.ToString(CultureInfo.InvariantCulture),
            l.Minutes.ToString("0.0", CultureInfo.InvariantCulture), l.IsHelp ? t["是", "yes"] : t["本单位", "own"]]);
        return TypedResults.File(Encoding.UTF8.GetBytes(Csv.Of(lines.Prepend(heads))), Csv.Type, $"aid-{sheet.From:yyyyMMdd}-{sheet.To:yyyyMMdd}.csv");
    }

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

/// <param name="Rule">Null: a new one.</param>
/// <param name="Seen">The version that whoever changes it had before them; 0 for a new one.</param>
/// <param name="Hours">08:00-20:00; the same time twice, or nothing: the whole day.</param>
internal sealed record AidBody([property: JsonRequired] int Seen, [property: JsonRequired] int Keep, Guid? Rule, string? Campaign, string[]? Needs, string[]? Areas, string? Hours, string? Reason)
{
    public AidDraft Read()
    {
        var hours = (Hours ?? "00:00-00:00").Split('-');
        return new AidDraft(
            Campaign ?? AidRule.Any, Keep.ToString(CultureInfo.InvariantCulture), [.. (Needs ?? []).Select(n => n ?? "")], string.Join(' ', Areas ?? []), hours[0].Trim(), hours[^1].Trim(), Reason ?? "");
    }
}

internal sealed record AidEndBody([property: JsonRequired] Guid Rule, [property: JsonRequired] int Seen, string? Reason);

/// <param name="MayAdd">Of the organisation that set the deployment up: takes others in.</param>
/// <param name="Changing">The own rule whose form is open; null: the form makes a new one.</param>
public sealed record AidModel(string Me, ImmutableArray<(string Href, string Words)> Places, AidPicture Picture, AidRuleView? Changing, AidDraft Typed, ImmutableArray<Mistake> Mistakes, bool MayAdd, string? Link)
{
    /// <summary>Names and province of an organisation as they were typed.</summary>
    public (string? Zh, string? En, string? Province) Asked { get; init; }
}

public sealed record AidLedgerModel(string Me, ImmutableArray<(string Href, string Words)> Places, AidSheet Sheet);
