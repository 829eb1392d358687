using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Directories;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Directories;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>The hospitals that a doctor at the desk can refer to, and the note that the patient carries there.</summary>
internal sealed class Referrals(Admission admission, Around around, NearHere near, Shelf shelf, Recalls recalls, TimeProvider clock)
{
    /// <summary>A list to choose from, not to search in.</summary>
    private const int Offered = 12;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/q/{id}/referral", (string id, Referrals referrals, HttpContext http, CancellationToken ct) => referrals.Note(http, id, ct)).Allow(Resource.Advice, Act.Read);

    /// <summary>Empty where this reader refers nobody, or the place is not known.</summary>
    public async Task<ImmutableArray<HospitalNear>> For(Subject who, Consultation? c, CancellationToken ct) =>
        c?.Place?.Region is { } region && Policy.May(who.Role, Resource.Referral, Act.Create)
            ? await near.Of(region, c.Outcome?.Disposition == Disposition.D1 ? Sought.FeverClinic : Sought.InPerson, c.RulesDay, Offered, ct)
            : [];

    /// <summary>The hospital that was chosen; null where none was.</summary>
    public async Task<Decision<ReferredTo?>> Chosen(Subject who, string? key, CancellationToken ct) =>
        string.IsNullOrEmpty(key) ? (ReferredTo?)null
        : !Policy.May(who.Role, Resource.Referral, Act.Create) ? Refusal.NotFound
        : !Base32.TryRead(key, out var hospital) || await shelf.FindAsync(hospital, ct) is not { } h ? Refusal.HospitalUnknown
        : new ReferredTo(h.Key, h.Name, h.Address, h.Phone, h.Hours, h.Publisher, h.Published);

    private async Task<IResult> Note(HttpContext http, string id, CancellationToken ct)
    {
        var who = http.Subject();
        if (!(await admission.Read(who, id, Resource.Advice, clock.GetUtcNow(), ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        if (c is not { Advice: { } advice, Referral: { To: not null } referral })
        {
            return new SeeOther(Addresses.Now(c));
        }

        var t = Lang.Of(http.Request);
        var questions = (await recalls.Rules(ct)).Asked(c);
        var at = c.Lines.Where(l => l.Text == "referred").Select(l => l.At).LastOrDefault(c.ChangedAt);
        var brand = await around.BrandOf(c, t, ct);
        return http.Page<ReferralPage>(
            new ReferralModel(c, referral, advice, at, await around.LabelOf(who, c, t, ct), around.WhereOf(c, t), DeskWords.Who(t, c), DeskWords.Intake(t, c, questions), brand.Name), brand, sos: around.SosOf(c));
    }
}

/// <param name="Patient">Sex and age.</param>
/// <param name="Intake">Question, answer, and whether it is still open.</param>
public sealed record ReferralModel(
    Consultation Consultation, Referred Referral, AdviceWritten Advice, DateTimeOffset At, string Label, string Where, string Patient, ImmutableArray<(string Question, string Answer, bool Open)> Intake, string RunBy);
