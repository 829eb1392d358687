using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Dispatch;

/// <summary>The roster: who is to come when. One line by a form, many as a sheet that is shown before it is added; all of it or nothing.</summary>
internal sealed class RunRoster(RosterShelf shelf, IDbContextFactory<Database> databases, StaffRoster roster, Duties duties, RosterRules rules, TimeProvider clock)
{
    private const string Api = "/api/v1/roster";
    private const int LongestSheet = 500_000;
    private const int MostMistakes = 12;
    private const int MostShown = 1000;
    private const string Blank = "";

    private static readonly ImmutableArray<string> Fields = [.. RosterText.Columns.Select(c => c.Name)];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Roster, (string? added, RunRoster run, HttpContext http, CancellationToken ct) =>
                run.Show(http, [], Blank, [], null, int.TryParse(added, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0, ct))
            .Allow(Resource.Roster, Act.List);
        app.MapPost(StaffPlaces.Roster, (RunRoster run, HttpContext http) => run.AddOne(http)).Allow(Resource.Roster, Act.Create);
        app.MapPost($"{StaffPlaces.Roster}/sheet", (RunRoster run, HttpContext http) => run.AddSheet(http)).Allow(Resource.Roster, Act.Create);
        app.MapPost($"{StaffPlaces.Roster}/{{id}}/withdraw", (string id, RunRoster run, HttpContext http) => run.Withdraw(http, id)).Allow(Resource.Roster, Act.Transition);
        app.MapGet($"{StaffPlaces.Roster}/roster.csv", async (RunRoster run, CancellationToken ct) => TypedResults.File(Encoding.UTF8.GetBytes(await run.Sheet(ct)), Csv.Type, "roster.csv")).Allow(Resource.Roster, Act.Export);
        app.MapGet(Api, async (RunRoster run, CancellationToken ct) => Results.Json(await run.Look(ct))).Allow(Resource.Roster, Act.List);
        app.MapPost(Api, (RosterBody body, RunRoster run, HttpContext http) => run.Add(http, body)).Allow(Resource.Roster, Act.Create);
        app.MapPost($"{Api}/{{id}}/withdraw", async (string id, RunRoster run, HttpContext http) => http.Json(await run.Withdraw(http.Subject(), id), s => new OwnShift(id, s.StartsAt.Utc(), s.EndsAt.Utc(), "withdrawn"))).Allow(Resource.Roster, Act.Transition);
    }

    private async Task<IResult> AddOne(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var typed = Fields.ToDictionary(f => f, f => string.Join('|', form.All(f).Where(v => v.Length > 0)), StringComparer.Ordinal);
        // Read as a sheet of one line: the same rules, and the same sentences for what cannot be taken.
        var (lines, wrong) = await Read(Csv.Of([Fields, Fields.Select(f => typed[f].Trim())]), form.Trusted, http.RequestAborted);
        if (!wrong.IsEmpty)
        {
            return await Show(http, typed, Blank, [.. wrong.Select(w => new Mistake(w.Field, Words(Lang.Of(http.Request), w, one: true)))], null, 0, http.RequestAborted);
        }

        return await Added(http, lines);
    }

    private async Task<IResult> AddSheet(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var text = form.Files["file"] is { Length: > 0 and <= LongestSheet } file ? await Text(file, http.RequestAborted) : form["sheet"];
        var (lines, wrong) = await Read(text, form.Trusted, http.RequestAborted);
        if (!wrong.IsEmpty || lines.IsEmpty)
        {
            var t = Lang.Of(http.Request);
            var told = wrong.Take(MostMistakes).Select(w => new Mistake("sheet", Words(t, w, one: false))).ToList();
            told.AddRange(wrong.Length > MostMistakes ? [new Mistake("sheet", t[$"还有 {wrong.Length - MostMistakes} 处", $"and {wrong.Length - MostMistakes} more"])] : wrong.IsEmpty ? [new Mistake("sheet", t["表里没有一行班", "The sheet holds no shift"])] : []);
            return await Show(http, [], text, [.. told], null, 0, http.RequestAborted);
        }

        return form["step"] == "add" ? await Added(http, lines) : await Show(http, [], text, [], new RosterPreview(text, await Shown(lines, http.RequestAborted)), 0, http.RequestAborted);
    }

    private async Task<IResult> Added(HttpContext http, ImmutableArray<RosterLine> lines) =>
        (await shelf.Add(lines, http.Subject(), clock.GetUtcNow())).Is(out var added, out var why) ? new SeeOther($"{StaffPlaces.Roster}?added={added}") : http.Refuse(why);

    private async Task<IResult> Add(HttpContext http, RosterBody body)
    {
        var (lines, wrong) = await Read(body.Csv ?? "", trusted: true, http.RequestAborted);
        if (!wrong.IsEmpty)
        {
            return http.Problem(Refusal.RosterWrong, ("lines", wrong.Select(w => RosterFault.Of(Lang.Of(http.Request), w)).ToList()));
        }

        var shown = await Shown(lines, http.RequestAborted);
        return body.DryRun ? Results.Json(new RosterAnswer(0, shown)) : http.Json(await shelf.Add(lines, http.Subject(), clock.GetUtcNow()), added => new RosterAnswer(added, shown));
    }

    private async Task<IResult> Withdraw(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var gone = form.Trusted ? await Withdraw(http.Subject(), id) : Refusal.Malformed;
        return gone.IsRefused(out var why) ? http.Refuse(why) : new SeeOther(StaffPlaces.Roster);
    }

    private Task<Decision<ShiftRow>> Withdraw(Subject who, string id)
    {
        var now = clock.GetUtcNow();
        return shelf.Change(id, null, "shift_withdrawn", who, now, row => (row.WithdrawnAt = now.Ms()) > 0);
    }

    private async Task<(ImmutableArray<RosterLine> Lines, ImmutableArray<LineMistake> Wrong)> Read(string text, bool trusted, CancellationToken ct)
    {
        if (!trusted || text.Length > LongestSheet)
        {
            return ([], [new LineMistake(1, "", trusted ? "too_many" : "old_page", "")]);
        }

        var read = new RosterText();
        var lines = read.Read(text, await shelf.Known(clock.GetUtcNow(), ct));
        return (lines, [.. read.Mistakes]);
    }

    private async Task<IResult> Show(HttpContext http, Dictionary<string, string> typed, string sheet, ImmutableArray<Mistake> wrong, RosterPreview? preview, int added, CancellationToken ct)
    {
        var t = Lang.Of(http.Request);
        await using var database = await databases.CreateDbContextAsync(ct);
        var staff = await database.Set<StaffRow>().AsNoTracking().Where(s => s.Active && s.Role != nameof(Role.Operator)).OrderBy(s => s.Name).Select(s => new { s.Login, s.Name, s.Title }).ToListAsync(ct);
        var houses = await database.Set<OrganisationRow>().AsNoTracking().OrderBy(o => o.CreatedAt).ToListAsync(ct);
        var shifts = await Look(ct);
        return http.Page<RosterPage>(
            new RosterModel(
                http.Subject().Name, StaffPlaces.Operator(t), shifts, [.. staff.Select(s => (s.Login, $"{s.Name} {s.Title}".Trim()))], [.. houses.Select(h => t[h.NameZh, h.NameEn])],
                typed, sheet, wrong, preview, added, shifts.Where(s => s.State == "here").Sum(s => s.People)),
            status: wrong.IsEmpty ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    /// <summary>Every shift that is not over, the first first, with whether somebody is there for it.</summary>
    private async Task<ImmutableArray<RosterShift>> Look(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<ShiftRow>().AsNoTracking().Where(s => s.WithdrawnAt == null && s.EndsAt > now.Ms()).OrderBy(s => s.StartsAt).ThenBy(s => s.Id).Take(MostShown).ToListAsync(ct);
        var houses = await database.Set<OrganisationRow>().AsNoTracking().ToDictionaryAsync(o => o.Id, o => o.NameZh, ct);
        var on = (await duties.All(ct)).Select(d => d.Clinician).ToHashSet();
        var staff = await roster.Of(rows.Select(r => r.Clinician).OfType<Guid>().Distinct(), ct);
        return [.. rows.Where(r => r.Clinician is not { } named || staff.ContainsKey(named)).Select(r =>
        {
            var who = r.Clinician is { } named ? staff[named] : null;
            var state = r.DeclinedAt is not null ? "cannot_come"
                : r.StartsAt > now.Ms() || who is null ? "to_come"
                : on.Contains(who.Id) ? "here"
                : now.Ms() - r.StartsAt > rules.LateMs ? "late" : "to_come";
            return new RosterShift(Base32.Write(r.Id), who?.Name, houses.GetValueOrDefault(r.Organisation, ""), r.People, who?.Skills ?? List(r.Skills), who?.Langs ?? List(r.Langs), who?.Licence ?? List(r.Licence), who?.Channels ?? List(r.Channels), r.Seats, r.StartsAt.Utc(), r.EndsAt.Utc(), state);
        })];
    }

    private async Task<ImmutableArray<RosterShift>> Shown(ImmutableArray<RosterLine> lines, CancellationToken ct)
    {
        var staff = await roster.Of(lines.Select(l => l.Shift.Clinician).OfType<Guid>().Distinct(), ct);
        return [.. lines.Select(l => (l.Name, l.Shift, Who: l.Shift.Clinician is { } named ? staff.GetValueOrDefault(named) : null))
            .Select(l => new RosterShift("", l.Who?.Name, l.Who is null ? l.Name : "", l.Shift.People, l.Who?.Skills ?? l.Shift.Skills, l.Who?.Langs ?? l.Shift.Langs, l.Who?.Licence ?? l.Shift.Licence, l.Who?.Channels ?? l.Shift.Channels, l.Shift.Seats, l.Shift.From.Utc(), l.Shift.To.Utc(), "to_come"))];
    }

    private static string Words(Lang t, LineMistake wrong, bool one) =>
        wrong.What == "old_page" ? RefusalWords.Words(Refusal.Malformed) is var (zh, en) ? t[zh, en] : ""
        : DayFolder.Words(t, wrong) is var words && one ? words[(words.IndexOf(t["：", ": "], StringComparison.Ordinal) + t["：", ": "].Length)..] : words;

    private static ImmutableArray<string> List(string commas) => [.. commas.Split(',', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>As it can be read again: the sheet of what stands on the roster.</summary>
    private async Task<string> Sheet(CancellationToken ct)
    {
        string Time(DateTimeOffset at, string form) => TimeZoneInfo.ConvertTime(at, shelf.Zone).ToString(form, CultureInfo.InvariantCulture);
        var shifts = (await Look(ct)).Where(s => s.State != "cannot_come");
        return Csv.Of(shifts.Select(s => (IEnumerable<string>)[
            s.Who ?? "", s.Who is null ? s.Organisation : "", s.Who is null ? $"{s.People}" : "", Time(s.From, "yyyy-MM-dd"), Time(s.From, "HH:mm"), Time(s.To, "HH:mm"),
            s.Who is null ? string.Join('|', s.Skills) : "", s.Who is null ? string.Join('|', s.Langs) : "", s.Who is null ? string.Join('|', s.Licence) : "", s.Who is null ? string.Join('|', s.Channels) : "", $"{s.Seats}"]).Prepend(Fields));
    }

    /// <summary>Spreadsheets in China write GB 18030 where nobody tells them otherwise.</summary>
    private static async Task<string> Text(IFormFile file, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, ct);
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.ToArray());
        }
        catch (DecoderFallbackException)
        {
            text = (CodePagesEncodingProvider.Instance.GetEncoding("GB18030") ?? Encoding.UTF8).GetString(bytes.ToArray());
        }

        return text.Replace("\0", "", StringComparison.Ordinal);
    }
}
