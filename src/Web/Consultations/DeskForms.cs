using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>The desk as a page: each form leads back to it, and what could not be taken stands in its field again.</summary>
internal sealed class DeskForms(Admission admission, Around around, Drafts drafts, Duties duties, ProtocolShelf shelf, Places places, Phrases phrases, DispatchRules rules, RecheckPolicy recheck, Bell bell, SignIns signIns, TimeProvider clock)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/staff", (HttpContext http) => new SeeOther(http.Subject() switch { { IsClinician: true } => "/staff/desk", { IsOperator: true } => StaffPlaces.Board, _ => "/staff/sign-in" }))
            .Allow(Resource.SignIn, Act.Read);

        app.MapGet("/staff/desk", async (string? c, DeskForms forms, HttpContext http, CancellationToken ct) =>
                http.Page<DeskPage>(await forms.Model(http, c, null, null, ct)))
            .Allow(Resource.Desk, Act.Read);

        app.MapGet("/staff/desk/stream", (string? c, DeskForms forms, HttpContext http, CancellationToken ct) => TypedResults.ServerSentEvents(forms.Stream(http, c, ct)))
            .Allow(Resource.Desk, Act.Read);

        app.MapPost("/staff/desk/{id}/reply", (string id, DeskForms forms, HttpContext http) => forms.Reply(http, id)).Allow(Resource.Replies, Act.Create);
        app.MapPost("/staff/desk/{id}/draft", (string id, DeskForms forms, HttpContext http) => forms.KeepDraft(http, id)).Allow(Resource.Drafts, Act.Create);
        app.MapPost("/staff/desk/{id}/advice", (string id, DeskForms forms, HttpContext http) => forms.Advise(http, id)).Allow(Resource.Advice, Act.Create);
        app.MapPost("/staff/desk/{id}/hand-over", (string id, DeskForms forms, HttpContext http) => forms.HandOver(http, id)).Allow(Resource.Assignment, Act.Transition);
    }

    private async Task<IResult> Reply(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var who = http.Subject();
        var text = form["text"];
        if (form["phrase"] is { Length: > 0 } key && phrases.All.FirstOrDefault(p => p.Key == key) is { } phrase)
        {
            // Without script a phrase button adds its sentence to the field and the page comes back.
            return (await admission.Read(who, id, Resource.Messages, clock.GetUtcNow(), http.RequestAborted)).Is(out var c, out var not)
                ? http.Page<DeskPage>(await Model(http, id, $"{text}\n{phrase.In(c.Opening?.Lang ?? "zh")}".Trim(), null, http.RequestAborted))
                : await Again(http, id, text, null, not);
        }

        if (form.Trusted && form.Has("keep"))
        {
            return await Kept(http, id, text);
        }

        var refused = !form.Trusted ? Refusal.Malformed
            : !Base32.TryRead(form["message"], out var message) ? Refusal.MessageIdMissing
            : (await ReplyToPatient.Send(admission, who, id, message, Epoch(form), text, clock.GetUtcNow())).IsRefused(out var why) ? why
            : (Refusal?)null;
        if (refused is { } no)
        {
            return await Again(http, id, text, null, no);
        }

        var now = clock.GetUtcNow();
        _ = ConsultationId.TryParse(id, out var consultation);
        await drafts.Keep(who, consultation, "", now);
        await admission.Decide(who, id, Resource.SeenMarks, Act.Change, now, c => c.See(byClinician: true, c.Version));
        return Results.Redirect($"/staff/desk?c={id}#latest");
    }

    private async Task<IResult> KeepDraft(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        return form.Trusted ? await Kept(http, id, form["text"]) : await Again(http, id, form["text"], null, Refusal.Malformed);
    }

    private async Task<IResult> Kept(HttpContext http, string id, string text)
    {
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        if (text.Length > Rules.Consultations.Intake.StoryLength)
        {
            return await Again(http, id, text, null, Refusal.TextTooLong);
        }

        if ((await admission.Read(who, id, Resource.Messages, now, http.RequestAborted)).IsRefused(out var why))
        {
            return await Again(http, id, text, null, why);
        }

        _ = ConsultationId.TryParse(id, out var consultation);
        await drafts.Keep(who, consultation, text, now);
        await duties.Sign(who.Account, now);
        return Results.Redirect($"/staff/desk?c={id}");
    }

    private async Task<IResult> Advise(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        if (form.Choice<Disposition>("disposition") is not { } disposition)
        {
            return await Again(http, id, null, null, Refusal.Malformed);
        }

        var body = new AdviceBody(Epoch(form), disposition, form["situation"], form["advice"], Close: true);
        var refused = !form.Trusted ? Refusal.Malformed
            : (await CloseConsultation.Advise(admission, http.Subject(), id, body, clock.GetUtcNow())).IsRefused(out var why) ? why
            : (Refusal?)null;
        return refused is { } no ? await Again(http, id, null, body, no) : Results.Redirect("/staff/desk");
    }

    private async Task<IResult> HandOver(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var refused = !form.Trusted ? Refusal.Malformed
            : (await CloseConsultation.HandOver(admission, http.Subject(), id, form["note"], clock.GetUtcNow())).IsRefused(out var why) ? why
            : (Refusal?)null;
        return refused is { } no ? await Again(http, id, null, null, no, form["note"]) : Results.Redirect("/staff/desk");
    }

    /// <summary>What was typed stands in its field again; where its consultation is gone it is shown by itself, and never stands in another person's field.</summary>
    private async Task<IResult> Again(HttpContext http, string id, string? text, AdviceBody? advice, Refusal why, string note = "")
    {
        var (zh, en) = RefusalWords.Words(why);
        var model = await Model(http, id, null, null, http.RequestAborted);
        model = model.Current?.Id.ToString() == id
            ? model with { Draft = text ?? model.Draft, Advice = advice, Note = note }
            : model with { Unsent = text ?? advice?.Advice ?? note };
        return http.Page<DeskPage>(model with { Mistakes = [new Mistake("t", Lang.Of(http.Request)[zh, en])] }, status: RefusalWords.Status(why));
    }

    private async Task<DeskModel> Model(HttpContext http, string? chosen, string? typed, AdviceBody? advice, CancellationToken ct)
    {
        var (who, now, t) = (http.Subject(), clock.GetUtcNow(), Lang.Of(http.Request));
        var (open, dark) = await admission.Assigned(who, now, ct);
        var current = open.FirstOrDefault(c => c.Id.ToString() == chosen) ?? open.FirstOrDefault();
        var kept = await drafts.Of(who, open, ct);
        var broken = new List<NotShown>();
        foreach (var head in dark)
        {
            broken.Add(await around.NotShown(head, ct));
        }

        var outcome = current?.Outcome;
        var lang = Lang.Named(current?.Opening?.Lang);
        // What led to a person (D3, D6, D7) says how to wait for one, which is no advice to leave with.
        var suggested = outcome is null or { Disposition: Disposition.D3 or Disposition.D6 or Disposition.D7 } ? "" : string.Join('\n', outcome.Advice.Select(a => lang[a]).Prepend(lang[outcome.Headline]));
        var questions = current is null ? [] : shelf.InForce(JudgeConsultation.Day(current), current.Place?.Region).SelectMany(p => p.Questions).DistinctBy(q => q.Code);
        return new DeskModel(
            who.Name,
            StaffPlaces.Clinician(t),
            await duties.Of(who.Account, ct) is { } duty ? new DeskDuty(duty.State, duty.Seats) : null,
            open,
            current,
            current?.Place is { } place ? place.Region is { } region ? places.Find(region)?.In(t.Code) ?? "" : t["境外", "Abroad"] : "",
            current is null ? [] : DeskWords.Intake(t, current, questions),
            phrases.All,
            [.. kept.Own.Keys],
            typed ?? (current is null ? "" : kept.Own.GetValueOrDefault(current.Id, "")),
            current?.Story?.Text ?? "",
            suggested,
            "",
            advice,
            Guid.CreateVersion7(now),
            [])
        {
            Broken = [.. broken],
            Raised = current is null ? [] : [.. current.RaisedFor.Select(recheck.Words).OfType<PolicyText>()],
            Left = current is null ? [] : [.. kept.Left[current.Id]],
            Slow = [.. open.Where(c => c.UnansweredSince is { } since && now - since >= TimeSpan.FromMilliseconds(rules.OfferHandOver(c.Urgency ?? Urgency.Routine))).Select(c => c.Id)],
        };
    }

    /// <summary>The list, and the conversation that is open, as fragments without forms. The account is asked for at each turn.</summary>
    private async IAsyncEnumerable<string> Stream(HttpContext http, string? chosen, [EnumeratorCancellation] CancellationToken ct)
    {
        var who = http.Subject();
        using var ear = bell.Listen(Bell.Desk(who.Account));
        do
        {
            await duties.Sign(who.Account, clock.GetUtcNow());
            var model = await Model(http, chosen, null, null, ct);
            var list = await Pages.RenderAsync(http.RequestServices, typeof(DeskList), model, http.Frame());
            var thread = model.Current is { } c ? await Pages.RenderAsync(http.RequestServices, typeof(DeskThread), new ThreadModel(c), http.Frame()) : "";
            yield return list + thread;
        }
        while (await ear.StaysAsync(signIns, who, LookAgain, ct));
    }

    private static int Epoch(SentForm form) => int.TryParse(form["epoch"], out var epoch) ? epoch : 0;
}
