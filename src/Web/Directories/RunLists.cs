using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Directories;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Directories;

/// <summary>A list comes as a file, is looked at, and is taken or left; the newest is undone with one press.</summary>
internal sealed class RunLists(BringList bring, RunHospitals page, TimeProvider clock)
{
    private const string Here = StaffPlaces.Hospitals + "/lists";
    private const string Api = "/api/v1/directories";

    /// <summary>Bytes of a file. The shipped list of 6,700 lines has one million.</summary>
    private const int LargestFile = 8 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder app)
    {
        var size = new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LargestFile);
        app.MapPost(Here, (RunLists run, HttpContext http) => run.Brought(http)).Allow(Resource.Directory, Act.Create).WithMetadata(size);
        app.MapGet($"{Here}/{{id}}", (string id, RunLists run, HttpContext http, CancellationToken ct) => run.Look(http, id, ct)).Allow(Resource.Directory, Act.Read);
        app.MapPost($"{Here}/{{id}}", (string id, RunLists run, HttpContext http) => run.Decided(http, id)).Allow(Resource.Directory, Act.Transition);

        app.MapPost($"{Api}/{{directory}}/lists", (string directory, ListBody body, RunLists run, HttpContext http, CancellationToken ct) => run.Tell(http, directory, body, ct)).Allow(Resource.Directory, Act.Create).WithMetadata(size);
        app.MapPost($"{Api}/lists/{{id}}/taken", async (string id, RunLists run, HttpContext http) =>
            http.Json(await run.Take(http.Subject(), id), _ => new ListState(id, true))).Allow(Resource.Directory, Act.Transition);
        app.MapDelete($"{Api}/lists/{{id}}", async (string id, RunLists run, HttpContext http) =>
            http.Json(await run.Undo(http.Subject(), id), l => new ListState(id, l.UndoneAt is null))).Allow(Resource.Directory, Act.Transition);
    }

    private async Task<IResult> Brought(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var (t, who) = (Lang.Of(http.Request), http.Subject());
        var day = DateOnly.TryParseExact(form["published"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var published) ? published : (DateOnly?)null;
        if (!form.Trusted || form.Files.GetFile("file") is not { Length: > 0 } file || form["directory"] is not (Shelf.Hospitals or Shelf.Services) || (day is null && form["published"].Length > 0))
        {
            return await Again(http, [], new Mistake("file", t["选一个 CSV 文件；日期写成 2026-11-28 这样", "Choose a CSV file; write the date like 2026-11-28"]), StatusCodes.Status400BadRequest);
        }

        using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
        var text = (await reader.ReadToEndAsync(http.RequestAborted)).Replace("\0", "", StringComparison.Ordinal);
        var (list, faults) = await bring.Bring(
            new(form["directory"], Path.GetFileName(file.FileName), text, form["how"] == "add", new(form["publisher"] is { Length: > 0 } named ? named : null, day)), who, clock.GetUtcNow());
        return list.Is(out var stored, out var why) ? new SeeOther($"{Here}/{Base32.Write(stored.Id)}") : await Again(http, faults, http.Mistake("file", why), RefusalWords.Status(why));
    }

    private async Task<IResult> Again(HttpContext http, ImmutableArray<FaultyLine> faults, Mistake mistake, int status) =>
        http.Page<HospitalsPage>(await page.Model(http, null, null, faults, [mistake], http.RequestAborted) with { Typed = (http.Request.Form["publisher"], http.Request.Form["published"]) }, status: status);

    private async Task<IResult> Look(HttpContext http, string id, CancellationToken ct)
    {
        var who = http.Subject();
        if (!Base32.TryRead(id, out var list) || await bring.Find(list, who, ct) is not { } row)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var effect = await bring.Effect(row, ct);
        return http.Page<ListPage>(new ListModel(who.Name, StaffPlaces.Operator(Lang.Of(http.Request)), id, row.Directory == Shelf.Services, row.File, (int)row.Lines, row.Adds, effect.New, effect.Changed, effect.Same, effect.Gone, effect.Publishers, row.TakenAt is not null));
    }

    private async Task<IResult> Decided(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var refused = !form.Trusted ? Refusal.Malformed
            : form.Has("undo") ? (await Undo(http.Subject(), id)).IsRefused(out var not) ? not : (Refusal?)null
            : (await Take(http.Subject(), id)).IsRefused(out var why) ? why : null;
        return refused is { } no ? http.Refuse(no) : new SeeOther(StaffPlaces.Hospitals);
    }

    private async Task<IResult> Tell(HttpContext http, string directory, ListBody body, CancellationToken ct)
    {
        if (directory is not (Shelf.Hospitals or Shelf.Services))
        {
            return http.Problem(Refusal.NotFound);
        }

        var file = new BroughtFile(directory, body.File ?? "", body.Text ?? "", body.Adds, new(body.Publisher, body.Published));
        var (list, faults) = await bring.Bring(file, http.Subject(), clock.GetUtcNow());
        return list.Is(out var row, out var why)
            ? Results.Json(new ListView(Base32.Write(row.Id), (int)row.Lines, await bring.Effect(row, ct)))
            : http.Problem(why, ("faults", faults.Select(f => new FaultView(f.Line, f.Fault, f.What)).ToList()));
    }

    private async Task<Decision<bool>> Take(Subject who, string id) => Base32.TryRead(id, out var list) ? await bring.Take(list, who, clock.GetUtcNow()) : Refusal.NotFound;

    private async Task<Decision<ListRow>> Undo(Subject who, string id) =>
        Base32.TryRead(id, out var list) && await bring.Find(list, who, CancellationToken.None) is { } row ? await bring.Undo(row.Directory, list, who, clock.GetUtcNow()) : Refusal.NotFound;
}

/// <param name="Text">The file, as CSV.</param>
/// <param name="Adds">Beside what its publishers gave before, instead of in its place.</param>
/// <param name="Publisher">For lines that name none.</param>
internal sealed record ListBody(string? File, string? Text, bool Adds, string? Publisher, DateOnly? Published);

internal sealed record ListView(string Id, int Lines, ListEffect Effect);

internal sealed record FaultView(int Line, ListFault Fault, string What);

internal sealed record ListState(string Id, bool Stands);

/// <param name="Taken">It stands, or stood; else it was only brought.</param>
public sealed record ListModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, string Id, bool Services, string File, int Lines, bool Adds, int New, int Changed, int Same, int Gone, ImmutableArray<string> Publishers, bool Taken);
