using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Yizhen.Rules;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Commands.Drill;

/// <summary>The drill as page and as JSON: choose a day, start it, watch its board, stop it. In demo and drill only; where people are real there is no such page.</summary>
internal sealed class RunDrill(DrillStage stage, Scenarios scenarios, Deployment deployment)
{
    private const string Api = "/api/v1/drill";
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Drill, (RunDrill run, HttpContext http, CancellationToken ct) => run.Show(http, null, [], ct)).Allow(Resource.Drill, Act.Read);
        app.MapPost(StaffPlaces.Drill, (RunDrill run, HttpContext http) => run.Begin(http)).Allow(Resource.Drill, Act.Change);
        app.MapPost($"{StaffPlaces.Drill}/level", (RunDrill run, HttpContext http) => run.Level(http)).Allow(Resource.Drill, Act.Change);
        app.MapPost($"{StaffPlaces.Drill}/stop", (RunDrill run, HttpContext http) => run.Stop(http)).Allow(Resource.Drill, Act.Change);
        app.MapGet($"{StaffPlaces.Drill}/stream", (RunDrill run, SignIns signIns, HttpContext http, CancellationToken ct) => TypedResults.ServerSentEvents(run.Follow(signIns, http, ct))).Allow(Resource.Drill, Act.Read);

        app.MapGet(Api, (RunDrill run, HttpContext http) => run.Here ? Results.Json(new DrillChoice(run.Days, run.Shown)) : http.Problem(Refusal.NotFound)).Allow(Resource.Drill, Act.Read);
        app.MapPost(Api, async (DrillBody body, RunDrill run, HttpContext http) => http.Json(await run.Begin(body.Read(run.Usual), http.Subject()), d => d)).Allow(Resource.Drill, Act.Change);
        app.MapPost($"{Api}/level", async (DrillLevelBody body, RunDrill run, HttpContext http) => http.Json(await run.Set(body.Level), d => d)).Allow(Resource.Drill, Act.Change);
        app.MapPost($"{Api}/stop", async (RunDrill run, HttpContext http) => run.Here ? Results.Json(await run.End()) : http.Problem(Refusal.NotFound)).Allow(Resource.Drill, Act.Change);
    }

    private bool Here => deployment.IsRehearsal;

    private DrillAsked Usual => scenarios.Usual;

    private ImmutableArray<ShippedDay> Days => scenarios.All;

    private DrillShown? Shown => stage.Shown;

    private Task<Decision<DrillShown>> Begin(DrillAsked asked, Subject who) => Here ? stage.Start(asked, who.Name) : Task.FromResult<Decision<DrillShown>>(Refusal.NotFound);

    private Task<Decision<DrillShown>> Set(int level) => Here ? stage.Set(level) : Task.FromResult<Decision<DrillShown>>(Refusal.NotFound);

    private async Task<DrillChoice> End()
    {
        await stage.Stop();
        return new DrillChoice(Days, null);
    }

    private async Task<IResult> Show(HttpContext http, DrillAsked? typed, ImmutableArray<Mistake> mistakes, CancellationToken ct, Refusal? refused = null)
    {
        if (!Here)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var model = new DrillModel(http.Subject().Name, StaffPlaces.Operator(Lang.Of(http.Request)), Days, typed ?? Usual, stage.Shown, await stage.Board(ct), mistakes);
        return http.Page<DrillPage>(model, status: refused is { } no ? RefusalWords.Status(no) : StatusCodes.Status200OK);
    }

    private async Task<IResult> Begin(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var usual = Here ? Usual : new DrillAsked("", 0, 1, 1, 0);
        // A bare press of the button is the usual drill.
        var asked = form["scenario"].Length == 0 ? usual : new DrillAsked(form["scenario"], Number(form["hour"]), Number(form["length"]), Number(form["speed"]), Number(form["level"]));
        var begun = form.Trusted ? await Begin(asked, http.Subject()) : Refusal.Malformed;
        return begun.IsRefused(out var why) ? await Show(http, asked, [http.Mistake("scenario", why)], http.RequestAborted, why) : new SeeOther(StaffPlaces.Drill);
    }

    private async Task<IResult> Level(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var set = form.Trusted ? await Set(Number(form["level"])) : Refusal.Malformed;
        return set.IsRefused(out var why) ? await Show(http, null, [http.Mistake("level", why)], http.RequestAborted, why) : new SeeOther(StaffPlaces.Drill);
    }

    private async Task<IResult> Stop(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        if (!Here || !form.Trusted)
        {
            return await Show(http, null, [], http.RequestAborted, Refusal.Malformed);
        }

        await stage.Stop();
        return new SeeOther(StaffPlaces.Drill);
    }

    /// <summary>Progress and board of the drill, without forms. Ends with the drill: the page then asks again.</summary>
    private async IAsyncEnumerable<string> Follow(SignIns signIns, HttpContext http, [EnumeratorCancellation] CancellationToken ct)
    {
        var who = http.Subject();
        while (Here && !ct.IsCancellationRequested && await signIns.IsLive(who, ct) && stage.Shown is { } shown)
        {
            yield return await Pages.RenderAsync(http.RequestServices, typeof(DrillParts), new DrillNow(shown, await stage.Board(ct)), http.Frame());
            await Task.Delay(LookAgain, ct);
        }
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

/// <param name="Scenario">Name of a day that comes with the product; what else is left out is as on the page's button.</param>
internal sealed record DrillBody(string? Scenario, int? Hour, int? Length, int? Speed, int? Level)
{
    public DrillAsked Read(DrillAsked usual) => new(Scenario ?? "", Hour ?? usual.Hour, Length ?? usual.Length, Speed ?? usual.Speed, Level ?? usual.Level);
}

internal sealed record DrillLevelBody([property: JsonRequired] int Level);

/// <param name="Drill">Null while there is none.</param>
internal sealed record DrillChoice(ImmutableArray<ShippedDay> Days, DrillShown? Drill);

/// <param name="Board">Of the drill's own instance; null before it serves.</param>
public sealed record DrillNow(DrillShown Drill, BoardPicture? Board);

public sealed record DrillModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, ImmutableArray<ShippedDay> Days, DrillAsked Asked, DrillShown? Drill, BoardPicture? Board, ImmutableArray<Mistake> Mistakes);
