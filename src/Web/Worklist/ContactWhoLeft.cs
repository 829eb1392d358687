using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Worklist;

/// <summary>
/// Whoever has left before anybody helped is contacted by a person. The list is made from heads alone; the number is read only for whoever is about to
/// ring, with an access record; no word about anybody's health is shown. What came of it is a fact.
/// </summary>
internal sealed class ContactWhoLeft(IDbContextFactory<Database> databases, ConsultationLog log, AccessLog access, Patients patients, Codes codes, LightConsultation policy, TimeProvider clock)
{
    private const string Purpose = "contact";
    private const int NumberLetters = 6;
    private const int Most = 200;

    private static readonly string Left = Bucket.Left.Code();

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Departed, (ContactWhoLeft contact, HttpContext http, CancellationToken ct) => contact.List(http, ct)).Allow(Resource.Departed, Act.List);
        app.MapGet($"{StaffPlaces.Departed}/{{id}}", (string id, ContactWhoLeft contact, HttpContext http, CancellationToken ct) => contact.Show(http, id, ct)).Allow(Resource.Departed, Act.Read);
        app.MapPost($"{StaffPlaces.Departed}/{{id}}/attempt", (string id, ContactWhoLeft contact, HttpContext http) => contact.Attempt(http, id)).Allow(Resource.Departed, Act.Transition);
    }

    private async Task<IResult> List(HttpContext http, CancellationToken ct)
    {
        var who = http.Subject();
        await using var database = await databases.CreateDbContextAsync(ct);
        var due = await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, Resource.Departed, Act.List)).Where(h => h.Bucket == Left && h.DueAt != null)
            .OrderBy(h => h.DueAt).Take(Most).ToListAsync(ct);
        return http.Page<DepartedListPage>(new DepartedListModel(who.Name, StaffPlaces.Operator(Lang.Of(http.Request)), [.. due.Select(Line)]));
    }

    private async Task<IResult> Show(HttpContext http, string id, CancellationToken ct)
    {
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        if (await Find(who, id, Act.Read, ct) is not { DueAt: not null, Patient: { } patient } head)
        {
            return http.Refuse(Refusal.NotFound);
        }

        await access.RecordAsync(who.Account, who.Role.ToString(), who.SignIn, head.Id, Purpose, now, ct);
        var state = await log.Read(new ConsultationId(head.Id), ct);
        var (phone, verified) = await Number(patient, ct);
        return http.Page<DepartedPage>(new DepartedModel(who.Name, StaffPlaces.Operator(Lang.Of(http.Request)), Line(head), phone, verified, head.Lang == "en", state.ContactAttempts + 1));
    }

    private async Task<IResult> Attempt(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        if (await Find(who, id, Act.Transition, CancellationToken.None) is not { } head)
        {
            return http.Refuse(Refusal.NotFound);
        }

        if (!form.Trusted || !int.TryParse(form["attempt"], out var attempt) || form["came"] is not ("reached" or "not_reached"))
        {
            return http.Refuse(Refusal.Malformed);
        }

        var tried = await log.Decide(new ConsultationId(head.Id), who.Actor, now, c => c.AttemptContact(attempt, form["came"] == "reached", policy.Contact, now));
        return tried.IsRefused(out var why) ? http.Refuse(why) : new SeeOther(StaffPlaces.Departed);
    }

    /// <summary>Only who has left, and only of the own organisation: another's is not there.</summary>
    private async Task<Head?> Find(Subject who, string id, Act act, CancellationToken ct)
    {
        if (!ConsultationId.TryParse(id, out var consultation))
        {
            return null;
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, Resource.Departed, act)).FirstOrDefaultAsync(h => h.Id == consultation.Value && h.Bucket == Left, ct);
    }

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

    private static DepartedLine Line(Head head) => new(
        new ConsultationId(head.Id),
        new ConsultationId(head.Id).ToString()[^NumberLetters..],
        (Urgency)(head.Urgency ?? (int)Urgency.Routine),
        head.ChangedAt.Utc(),
        (head.DueAt ?? head.ChangedAt).Utc());
}
