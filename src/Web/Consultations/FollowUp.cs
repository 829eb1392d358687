using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Consultations;

/// <param name="Said">What was pressed on the way here; null before.</param>
public sealed record FollowUpModel(Consultation Consultation, string Label, Feeling? Said);

/// <summary>A day after the advice: better, same, worse, turned away. The two last are a place in the queue; who was turned away also goes to the worklist.</summary>
internal sealed class FollowUp(Admission admission, Around around, Recalls recalls, Entries entries, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/follow-up", (string id, string? said, FollowUp followUp, HttpContext http, CancellationToken ct) => followUp.Show(http, id, said, ct)).Allow(Resource.Queue, Act.Read);
        app.MapPost("/q/{id}/follow-up", (string id, FollowUp followUp, HttpContext http) => followUp.Say(http, id)).Allow(Resource.Queue, Act.Change);
        app.MapPost("/api/v1/consultations/{id}/follow-up", async (string id, FollowUpBody body, FollowUp followUp, HttpContext http, TimeProvider clock) =>
                http.Json(await followUp.Decide(http.Subject(), id, body.Answer, clock.GetUtcNow()), Stored.Of))
            .Allow(Resource.Queue, Act.Change);
    }

    private async Task<IResult> Show(HttpContext http, string id, string? said, CancellationToken ct)
    {
        var who = http.Subject();
        if (!(await admission.Read(who, id, Resource.Queue, clock.GetUtcNow(), ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        if (c.FollowUpsAsked == 0 || c.Bucket is not (Bucket.SelfCare or Bucket.ToldToGo or Bucket.Referred or Bucket.Served))
        {
            return new SeeOther(Addresses.Now(c));
        }

        var t = Lang.Of(http.Request);
        Feeling? answered = said switch { "better" => Feeling.Better, "same" => Feeling.Same, _ => null };
        return http.Page<FollowUpPage>(new FollowUpModel(c, await around.LabelOf(who, c, t, ct), answered), await around.BrandOf(c, t, ct), sos: around.SosOf(c));
    }

    private async Task<IResult> Say(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || form.Choice<FollowUpAnswer>("how") is not { } answer)
        {
            return new SeeOther($"/q/{id}/follow-up");
        }

        var said = await Decide(http.Subject(), id, answer, clock.GetUtcNow());
        return !said.Is(out var after, out var why) ? http.Refuse(why)
            : answer is FollowUpAnswer.Better or FollowUpAnswer.Same ? new SeeOther(after.Id.To($"follow-up?said={answer.ToString().ToLowerInvariant()}"))
            : after.Urgency == Urgency.Emergency ? new SeeOther("/danger")
            : new SeeOther(after.Bucket == Bucket.Waiting ? after.Id.To(answer == FollowUpAnswer.Worse ? "waiting?felt=worse" : "waiting") : Addresses.Now(after));
    }

    private async Task<Decision<Consultation>> Decide(Subject who, string id, FollowUpAnswer answer, DateTimeOffset now)
    {
        var rules = await recalls.Rules(CancellationToken.None);
        var said = await admission.Decide(who, id, Resource.Queue, Act.Change, now, c => c.FollowedUp(answer, answer == FollowUpAnswer.Worse && c.Place is not null ? rules.Judge(c) : null, now));
        if (answer == FollowUpAnswer.TurnedAway && said.Is(out var after, out _))
        {
            // Pressed again after a crash, it is made then: its id follows from how often somebody was turned away.
            await entries.Make(EntryKind.TurnedAway, after, after.Lines.Count(l => l.Text == "sent_away"), now, CancellationToken.None);
        }

        return said;
    }
}

internal sealed record FollowUpBody([property: System.Text.Json.Serialization.JsonRequired] FollowUpAnswer Answer);
