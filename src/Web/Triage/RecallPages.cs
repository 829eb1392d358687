using Yizhen.Rules;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Triage;

/// <summary>
/// The recall of a version, as a page and as JSON: whose advice another one changes, the confirmation, and what became of the corrections. Looking leaves
/// the record that every look into consultations leaves, and changes nothing.
/// </summary>
internal sealed class RecallPages(FindRecalled recall, SendCorrections send, Recalls recalls, ProtocolShelf shelf)
{
    private const string Api = "/api/v1/recalls";
    private const char At = '@';

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Recall, (string? version, string? with, int? told, RecallPages pages, HttpContext http, CancellationToken ct) => pages.Show(http, version, with, told, ct)).Allow(Resource.Recall, Act.List);
        app.MapPost(StaffPlaces.Recall, (RecallPages pages, HttpContext http) => pages.Confirm(http)).Allow(Resource.Recall, Act.Transition);

        app.MapGet(Api, async (SendCorrections send, HttpContext http, CancellationToken ct) => TypedResults.Ok(await send.Progress(Looking.For(http.Subject(), Act.List), ct))).Allow(Resource.Recall, Act.List);
        app.MapGet($"{Api}/{{protocol}}/{{version}}", async (string protocol, string version, string? with, FindRecalled recall, HttpContext http, CancellationToken ct) =>
                recall.Ask(protocol, version, with).Is(out var asked, out var why) ? TypedResults.Ok(RecallView.Of(await recall.Find(asked, Looking.For(http.Subject(), Act.List), ct))) : http.Problem(why))
            .Allow(Resource.Recall, Act.List);
        app.MapPost($"{Api}/{{protocol}}/{{version}}", async (string protocol, string version, RecallBody body, RecallPages pages, HttpContext http) =>
                (await pages.Send(http, protocol, version, body.With)).Is(out var sent, out var why) ? TypedResults.Ok(new RecallSentView(sent)) : http.Problem(why))
            .Allow(Resource.Recall, Act.Transition);
    }

    private async Task<IResult> Show(HttpContext http, string? version, string? with, int? told, CancellationToken ct)
    {
        var (t, who) = (Lang.Of(http.Request), http.Subject());
        var looking = Looking.For(who, Act.List);
        var (found, wrong) = ((RecallFound?)null, (Refusal?)null);
        if (!string.IsNullOrEmpty(version))
        {
            if (Ask(version, with).Is(out var asked, out var why))
            {
                found = await recall.Find(asked, looking, ct);
            }
            else
            {
                wrong = why;
            }
        }

        var model = new RecallModel(
            who.Name, StaffPlaces.Operator(t), [.. shelf.All.OrderBy(p => p.Id, StringComparer.Ordinal).ThenByDescending(p => p.From).Select(p => p.Pin)], version ?? "", with ?? "", found,
            await send.Progress(looking, ct), told, wrong is { } no ? [http.Mistake("version", no)] : [],
            [.. (await recalls.All(ct)).Where(r => r.Organisation is null || r.Organisation == who.Organisation).Reverse()]);
        return http.Page<RecallPage>(model, status: wrong is { } status ? RefusalWords.Status(status) : StatusCodes.Status200OK);
    }

    private async Task<IResult> Confirm(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || !Ask(form["version"], form["with"]).Is(out var asked, out _))
        {
            return http.Refuse(Refusal.Malformed);
        }

        var (sent, chosen) = (await Send(http, asked.Recalled.Id, asked.Recalled.Version, asked.By.Version), $"{asked.Recalled.Id}{At}{asked.Recalled.Version}");
        return sent.Is(out var count, out var why)
            ? new SeeOther($"{StaffPlaces.Recall}?version={Uri.EscapeDataString(chosen)}&with={Uri.EscapeDataString($"{asked.By.Id}{At}{asked.By.Version}")}&told={count}")
            : http.Refuse(why);
    }

    /// <summary>Looked at once more: it is sent to whoever it concerns now. It is not given up half way when somebody closes the page.</summary>
    private async Task<Decision<int>> Send(HttpContext http, string protocol, string version, string? with)
    {
        var looking = Looking.For(http.Subject(), Act.Transition);
        return recall.Ask(protocol, version, with).Is(out var asked, out var why)
            ? await send.Send(asked, looking, CancellationToken.None)
            : why;
    }

    /// <summary>As the form's lists write them: ID@VERSION.</summary>
    private Decision<RecallQuestion> Ask(string? version, string? with) =>
        version?.Split(At) is not [var id, var recalled] ? Refusal.NotFound
        : string.IsNullOrEmpty(with) ? recall.Ask(id, recalled, null)
        : with.Split(At) is [var other, var by] && other == id ? recall.Ask(id, recalled, by)
        : Refusal.NothingInItsPlace;
}
