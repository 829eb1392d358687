using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Worklist;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>
/// One report: law, recipient and time for whoever may see it; the sheet for whoever has taken it, after the access record is on disk; the receipt
/// as a fact. A person files it with the authority: nothing leaves by itself.
/// </summary>
internal sealed class ReportPages(
    Entries entries, SeeToEntries worklist, ReportSheets sheets, DecideFlag flags, ConsultationLog log, AccessLog access, ReportingPolicy policy, Places places, PageSettings settings, TimeProvider clock)
{
    private const string Purpose = "report";
    private const string LocalTime = "yyyy-MM-dd'T'HH:mm";
    private const string Api = "/api/v1/reports/{id}";
    private const string Page = $"{StaffPlaces.Reports}/{{id}}";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Page, (string id, ReportPages pages, HttpContext http, CancellationToken ct) => pages.Show(http, id, null, null, ct)).Allow(Resource.Report, Act.Read);
        app.MapPost($"{Page}/decide", (string id, ReportPages pages, HttpContext http) => pages.Decide(http, id)).Allow(Resource.Report, Act.Create);
        app.MapPost($"{Page}/acknowledge", (string id, ReportPages pages, HttpContext http) => pages.Acknowledge(http, id)).Allow(Resource.Report, Act.Transition);
        app.MapPost($"{Page}/withdraw", (string id, ReportPages pages, HttpContext http) => pages.Withdraw(http, id)).Allow(Resource.Report, Act.Create);
        app.MapPost($"{Page}/export", async (string id, ReportPages pages, HttpContext http, CancellationToken ct) =>
            {
                var form = await SentForm.ReadAsync(http);
                return form.Trusted && form.Choice<ExportAs>("as") is { } format ? await pages.Export(http, id, format, ct) : http.Refuse(Refusal.Malformed);
            })
            .Allow(Resource.Report, Act.Export);

        app.MapGet(Api, async (string id, ReportPages pages, HttpContext http, CancellationToken ct) => await pages.View(http, id, ct)).Allow(Resource.Report, Act.Read);
        app.MapPost($"{Api}/flags", async (string id, FlagBody body, DecideFlag flags, HttpContext http, TimeProvider clock) =>
                http.Json(await flags.Afterwards(http.Subject(), id, body, clock.GetUtcNow()), Stored.Of))
            .Allow(Resource.Report, Act.Create);
        app.MapPost($"{Api}/acknowledge", async (string id, ReceiptBody body, ReportPages pages, HttpContext http, CancellationToken ct) =>
                (await pages.Record(http.Subject(), id, body)).IsRefused(out var why) ? http.Problem(why) : await pages.View(http, id, ct))
            .Allow(Resource.Report, Act.Transition);
        app.MapPost($"{Api}/export", (string id, ExportBody body, ReportPages pages, HttpContext http, CancellationToken ct) => pages.Export(http, id, body.As, ct)).Allow(Resource.Report, Act.Export);
    }

    private async Task<IResult> Show(HttpContext http, string id, SentForm? typed, Refusal? refused, CancellationToken ct)
    {
        var (who, now, t) = (http.Subject(), clock.GetUtcNow(), Lang.Of(http.Request));
        if (await Find(who, id, Act.Read, ct) is not { } row)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var line = (await worklist.Lines(who, [row], ct))[0];
        var (sheet, waiting, receipt) = (ImmutableArray<SheetLine>.Empty, ImmutableArray<FlagAsked>.Empty, (ReportAcknowledged?)null);
        if (line.Mine)
        {
            await access.RecordAsync(who.Account, who.Role.ToString(), who.SignIn, row.Consultation, Purpose, now, ct);
            var c = await log.Read(new ConsultationId(row.Consultation), ct);
            waiting = line.Kind == EntryKind.FlagLeft ? [.. c.FlagsWaiting().Select(f => new FlagAsked(f, true, policy.On(f, c.RulesDay)))] : [];
            (sheet, receipt) = await sheets.Of(row, t, ct) is { } read ? (read.Lines, read.Decided?.Receipt) : (sheet, null);
        }

        var region = await sheets.RegionOf(row.Consultation, ct);
        var recipient = policy.RecipientOf(region);
        return http.Page<ReportPage>(
            new ReportModel(
                who.Name, SeeToEntries.Places(http), line, policy.Named(row.Duty), region is null ? "" : places.Find(region)?.In(t.Code) ?? "", recipient,
                recipient is not null && recipient.Within != region, recipient is not null ? policy.Check : region is null ? policy.Nowhere : policy.Find,
                Policy.May(who.Role, Resource.Report, Act.Create), sheet, sheets.Asked(t), waiting, receipt,
                TimeZoneInfo.ConvertTime(now, settings.Zone).ToString(LocalTime, CultureInfo.InvariantCulture),
                typed?.Names.Distinct().ToDictionary(n => n, n => typed[n]) ?? [], refused is { } no ? [http.Mistake("number", no)] : []),
            status: refused is { } status ? RefusalWords.Status(status) : StatusCodes.Status200OK);
    }

    private async Task<IResult> Decide(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || form.Choice<Flag>("flag") is not { } flag || form["decided"] is not ("confirm" or "refuse"))
        {
            return await Show(http, id, form, Refusal.Malformed, CancellationToken.None);
        }

        var decided = await flags.Afterwards(http.Subject(), id, new FlagBody(flag, form["decided"] == "confirm", form["reason"], null), clock.GetUtcNow());
        return decided.IsRefused(out var why) ? await Show(http, id, form, why, CancellationToken.None) : new SeeOther(StaffPlaces.Worklist);
    }

    private async Task<IResult> Acknowledge(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || !DateTime.TryParseExact(form["filed_at"], LocalTime, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || settings.Zone.IsInvalidTime(local))
        {
            return await Show(http, id, form, form.Trusted ? Refusal.ReceiptIncomplete : Refusal.Malformed, CancellationToken.None);
        }

        var filed = new DateTimeOffset(local, settings.Zone.GetUtcOffset(local));
        var recorded = await Record(http.Subject(), id, new ReceiptBody(form["recipient"], form["taken_by"], form["number"], filed));
        return recorded.IsRefused(out var why) ? await Show(http, id, form, why, CancellationToken.None) : new SeeOther($"{StaffPlaces.Reports}/{id}");
    }

    private async Task<IResult> Withdraw(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var done = !form.Trusted ? Refusal.Malformed : await entries.Finish(http.Subject(), id, EntryCame.NotNeeded, form["note"], clock.GetUtcNow());
        return done.IsRefused(out var why) ? await Show(http, id, form, why, CancellationToken.None) : new SeeOther(StaffPlaces.Worklist);
    }

    /// <summary>The fact first, which counts once; then the row.</summary>
    private async Task<Decision<EntryRow>> Record(Subject who, string id, ReceiptBody body)
    {
        var now = clock.GetUtcNow();
        if (await Find(who, id, Act.Transition, CancellationToken.None) is not { Duty: not null } row)
        {
            return Refusal.NotFound;
        }

        if (row.State != EntryRow.Done && row.Owner is { } owner && owner != who.Account)
        {
            return Refusal.Conflict;
        }

        var flag = Entries.Read(row).Kind == EntryKind.Report ? Flag.Report : Flag.Contact;
        var receipt = new ReportAcknowledged(row.Id, flag, body.Recipient ?? "", body.TakenBy, body.Number ?? "", body.FiledAt, who.Name);
        var stored = await log.Decide(new ConsultationId(row.Consultation), who.Actor, now, c => c.Acknowledge(receipt, now));
        return stored.IsRefused(out var why) ? why : await entries.Settle(who, id, now);
    }

    /// <summary>Each export leaves a record of its own on disk before the first byte is read.</summary>
    private async Task<IResult> Export(HttpContext http, string id, ExportAs format, CancellationToken ct)
    {
        var (who, now, t) = (http.Subject(), clock.GetUtcNow(), Lang.Of(http.Request));
        if (await Find(who, id, Act.Export, ct) is not { Duty: not null } row)
        {
            return http.Refuse(Refusal.NotFound);
        }

        if (row.Owner != who.Account)
        {
            return http.Refuse(Refusal.Conflict);
        }

        await access.RecordExportAsync(who.Account, who.Role.ToString(), who.SignIn, row.Consultation, $"report/{Base32.Write(row.Id)}/{format}", now, ct);
        if (await sheets.Of(row, t, ct) is not { Decided: { } decided } sheet)
        {
            return http.Refuse(Refusal.NotFound);
        }

        http.Response.Headers.CacheControl = "no-store";
        var name = $"report-{new ConsultationId(row.Consultation).ToString()[^6..]}";
        var fields = sheet.Lines.ToDictionary(l => JsonNamingPolicy.SnakeCaseLower.ConvertName(l.Key.ToString()), l => l.Value);
        return format switch
        {
            ExportAs.Csv => Results.File(Encoding.UTF8.GetBytes(sheets.Csv(t, sheet.Lines)), "text/csv; charset=utf-8", $"{name}.csv"),
            ExportAs.Json => Results.File(JsonSerializer.SerializeToUtf8Bytes(new SheetView(id, policy.Stamp, row.Duty, fields), Faces.Json), "application/json", $"{name}.json"),
            ExportAs.Print => http.Page<ReportPrint>(new ReportPrintModel(who.Name, SeeToEntries.Places(http), DeskWords.Of(t, decided.Flag), id, sheet.Lines, sheets.Asked(t))),
        };
    }

    private async Task<IResult> View(HttpContext http, string id, CancellationToken ct)
    {
        var (who, t) = (http.Subject(), Lang.Of(http.Request));
        if (await Find(who, id, Act.Read, ct) is not { } row)
        {
            return http.Problem(Refusal.NotFound);
        }

        var (line, duty, region) = ((await worklist.Lines(who, [row], ct))[0], policy.Named(row.Duty), await sheets.RegionOf(row.Consultation, ct));
        var recipient = policy.RecipientOf(region);
        var find = recipient is not null ? policy.Check : region is null ? policy.Nowhere : policy.Find;
        return TypedResults.Ok(new ReportView(
            id, row.Kind, new ConsultationId(row.Consultation).ToString(), row.State, line.Mine, line.Due, line.Overdue, line.Escalated, duty?.Id, duty is null ? null : t[duty.Basis.Zh, duty.Basis.En],
            duty?.Articles ?? [], region, recipient is not null, recipient is null ? null : t[recipient.Name.Zh, recipient.Name.En], recipient?.Address, recipient?.Phone, t[find.Zh, find.En]));
    }

    /// <summary>Reports and undecided flags alone: the rest of the worklist has its own page.</summary>
    private async Task<EntryRow?> Find(Subject who, string id, Act act, CancellationToken ct) =>
        Policy.May(who.Role, Resource.Report, act) && await entries.Find(who, id, Act.Read, ct) is { } row && (row.Duty is not null || Entries.Read(row).Kind == EntryKind.FlagLeft) ? row : null;
}
