using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Worklist;

/// <summary>The worklist as pages and as JSON: who is overdue, taking one, the number with an access record, and what came of it.</summary>
internal sealed class SeeToEntries(
    Entries entries, ConsultationLog log, Patients patients, Codes codes, AccessLog access, StaffRoster roster, IDbContextFactory<Database> databases, TimeProvider clock)
{
    private const string Purpose = "worklist";
    private const string Api = "/api/v1/worklist";
    private const int NumberLetters = 6;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Worklist, (SeeToEntries see, HttpContext http, CancellationToken ct) => see.List(http, ct)).Allow(Resource.Worklist, Act.List);
        app.MapGet($"{StaffPlaces.Worklist}/{{id}}", (string id, SeeToEntries see, HttpContext http, CancellationToken ct) => see.Show(http, id, new(), ct)).Allow(Resource.Worklist, Act.Read);
        app.MapPost($"{StaffPlaces.Worklist}/{{id}}/take", (string id, SeeToEntries see, HttpContext http) => see.Take(http, id)).Allow(Resource.Worklist, Act.Transition);
        app.MapPost($"{StaffPlaces.Worklist}/{{id}}/done", (string id, SeeToEntries see, HttpContext http) => see.Finish(http, id)).Allow(Resource.Worklist, Act.Transition);

        app.MapPost($"{StaffPlaces.Worklist}/{{id}}/urgency", (string id, SeeToEntries see, HttpContext http) => see.SetUrgency(http, id)).Allow(Resource.Worklist, Act.Raise);
        // Where those stood who had left before anybody had helped them.
        app.MapGet("/staff/left", () => new SeeOther(StaffPlaces.Worklist)).Allow(Resource.Worklist, Act.List);
        app.MapGet("/staff/left/{id}", (string id) => new SeeOther(StaffPlaces.Worklist)).Allow(Resource.Worklist, Act.List);

        app.MapGet(Api, async (SeeToEntries see, Entries entries, HttpContext http, CancellationToken ct) =>
                TypedResults.Ok(await see.Lines(http.Subject(), await entries.Open(http.Subject(), ct), ct)))
            .Allow(Resource.Worklist, Act.List);
        app.MapPost($"{Api}/{{id}}/take", async (string id, SeeToEntries see, Entries entries, HttpContext http, CancellationToken ct) =>
                await see.Answer(http, await entries.Take(http.Subject(), id), id, ct))
            .Allow(Resource.Worklist, Act.Transition);
        app.MapPost($"{Api}/{{id}}/done", async (string id, CameBody body, SeeToEntries see, Entries entries, HttpContext http, TimeProvider clock, CancellationToken ct) =>
                await see.Answer(http, await entries.Finish(http.Subject(), id, body.Came, body.Note, clock.GetUtcNow()), id, ct))
            .Allow(Resource.Worklist, Act.Transition);
        app.MapPost($"{Api}/{{id}}/urgency", async (string id, EntryUrgencyBody body, SeeToEntries see, HttpContext http) =>
                http.Json(await see.Decide(http.Subject(), id, body.Seen, body.To, body.Reason), c => new { c.Version, Urgency = (int?)c.Urgency }))
            .Allow(Resource.Worklist, Act.Raise);
    }

    private async Task<IResult> Answer(HttpContext http, Decision<EntryRow> changed, string id, CancellationToken ct)
    {
        if (changed.IsRefused(out var why))
        {
            return http.Problem(why);
        }

        return await entries.Find(http.Subject(), id, Act.Read, ct) is { } row ? TypedResults.Ok((await Lines(http.Subject(), [row], ct))[0]) : http.Problem(Refusal.NotFound);
    }

    private async Task<IResult> List(HttpContext http, CancellationToken ct)
    {
        var who = http.Subject();
        return http.Page<WorklistPage>(new WorklistModel(who.Name, Places(http), await Lines(who, await entries.Open(who, ct), ct)));
    }

    /// <summary>Whoever has taken it reads the number, after the access record is on disk.</summary>
    private async Task<IResult> Show(HttpContext http, string id, Typed typed, CancellationToken ct)
    {
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        if (await entries.Find(who, id, Act.Read, ct) is not { State: not EntryRow.Done } row)
        {
            return http.Refuse(Refusal.NotFound);
        }

        if (row.Duty is not null || Entries.Read(row).Kind == EntryKind.FlagLeft)
        {
            return new SeeOther($"{StaffPlaces.Reports}/{id}");
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        var head = await database.Set<Head>().AsNoTracking().FirstAsync(h => h.Id == row.Consultation, ct);
        (string? Phone, bool Verified) number = (null, false);
        if (row.Owner == who.Account && head.Patient is { } patient)
        {
            await access.RecordAsync(who.Account, who.Role.ToString(), who.SignIn, row.Consultation, Purpose, now, ct);
            number = await Number(patient, ct);
        }

        var placed = row.Owner == who.Account && Buckets.Read(head.Bucket).HasUrgency();
        return http.Page<EntryPage>(
            new EntryModel(who.Name, Places(http), (await Lines(who, [row], ct))[0], number.Phone, number.Verified, head.Lang == "en", typed.Note, typed.Refused is { } no ? [http.Mistake("note", no)] : [])
            {
                Now = placed ? (Urgency)(head.Urgency ?? (int)Urgency.Routine) : null,
                MayLower = Policy.May(who.Role, Resource.Worklist, Act.Lower),
                Reason = typed.Reason,
            },
            status: typed.Refused is { } status ? RefusalWords.Status(status) : StatusCodes.Status200OK);
    }

    private async Task<IResult> Take(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var taken = form.Trusted ? await entries.Take(http.Subject(), id) : Refusal.Malformed;
        return taken.IsRefused(out var why) ? http.Refuse(why) : new SeeOther($"{StaffPlaces.Worklist}/{id}");
    }

    private async Task<IResult> Finish(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || form.Choice<EntryCame>("came") is not { } came)
        {
            return await Show(http, id, new(form["note"], Refused: Refusal.Malformed), CancellationToken.None);
        }

        var done = await entries.Finish(http.Subject(), id, came, form["note"], clock.GetUtcNow());
        return !done.IsRefused(out var why) ? new SeeOther(StaffPlaces.Worklist)
            : why == Refusal.TextTooLong ? await Show(http, id, new(form["note"], Refused: why), CancellationToken.None)
            : http.Refuse(why);
    }

    private async Task<IResult> SetUrgency(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var set = !form.Trusted || form.Choice<Urgency>("to") is not { } to ? Refusal.Malformed
            : await Decide(http.Subject(), id, form.Choice<Urgency>("seen"), to, form["reason"]);
        return !set.IsRefused(out var why) ? new SeeOther($"{StaffPlaces.Worklist}/{id}")
            : why == Refusal.NotFound ? http.Refuse(why)
            : await Show(http, id, new(Reason: form["reason"], Refused: why), CancellationToken.None);
    }

    /// <summary>Whoever has taken the entry sets the urgency of whom it is about, as far as the table lets them.</summary>
    private async Task<Decision<Consultation>> Decide(Subject who, string id, Urgency? seen, Urgency to, string? reason) =>
        await entries.Find(who, id, Act.Raise, CancellationToken.None) is not { State: EntryRow.Taken } row || row.Owner != who.Account ? Refusal.NotFound
            : await log.Decide(new ConsultationId(row.Consultation), who.Actor, clock.GetUtcNow(), c => c.SetUrgency(seen, to, reason, Policy.UrgencyBy(who, Resource.Worklist)));

    /// <summary>The verified number, else the one that the newest code went to.</summary>
    internal async Task<(string? Phone, bool Verified)> Number(Guid patient, CancellationToken ct)
    {
        if (await patients.Reach(patient, ct) is { } reach)
        {
            return (reach.Number, true);
        }

        return await patients.AccountOf(patient, ct) is { } account && await codes.LastNumber("patient", account, await patients.Key(account), ct) is { } number
            ? (number.E164, false)
            : (null, false);
    }

    internal async Task<ImmutableArray<EntryLine>> Lines(Subject who, IReadOnlyList<EntryRow> rows, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        var urgencies = await UrgencyNow.Of(database, rows, ct);
        var names = await roster.Of(rows.Select(r => r.Owner).OfType<Guid>().Distinct(), ct);
        return [.. rows.Select(row =>
        {
            var entry = Entries.Read(row);
            return new EntryLine(
                Base32.Write(row.Id), entry.Kind, new ConsultationId(row.Consultation).ToString()[^NumberLetters..], urgencies.GetValueOrDefault(row.Consultation, entry.Urgency), entry.State,
                row.Owner is { } owner ? names.GetValueOrDefault(owner)?.Name ?? "" : null, row.Owner == who.Account, row.MadeAt.Utc(), entry.Due, entry.IsOverdue(now), row.Escalated);
        })];
    }

    internal static ImmutableArray<(string Href, string Words)> Places(HttpContext http) =>
        http.Subject().IsOperator ? StaffPlaces.Operator(Lang.Of(http.Request)) : StaffPlaces.Clinician(Lang.Of(http.Request), http.Subject().Role);
}

/// <summary>What was typed, and why it could not be taken.</summary>
internal sealed record Typed(string Note = "", string Reason = "", Refusal? Refused = null);

internal sealed record EntryUrgencyBody(Urgency? Seen, [property: System.Text.Json.Serialization.JsonRequired] Urgency To, string? Reason);

internal sealed record CameBody([property: System.Text.Json.Serialization.JsonRequired] EntryCame Came, string? Note);
