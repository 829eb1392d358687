using System.Runtime.CompilerServices;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>The desk as a page: each form leads back to it, and what could not be taken stands in its field again.</summary>
internal sealed class DeskForms(DeskScene scene, AnswerPrompt prompts, DeskGuard guard, DecideFlag flags, Referrals referrals, Admission admission, Drafts drafts, Duties duties, Phrases phrases, Bell bell, SignIns signIns, TimeProvider clock)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/staff", (HttpContext http) => new SeeOther(http.Subject() switch { { IsClinician: true } => "/staff/desk", { IsOperator: true } => StaffPlaces.Board, _ => "/staff/sign-in" }))
            .Allow(Resource.SignIn, Act.Read);

        app.MapGet("/staff/desk", async (string? c, DeskScene scene, HttpContext http, CancellationToken ct) =>
                http.Page<DeskPage>(await scene.Model(http, c, null, null, ct)))
            .Allow(Resource.Desk, Act.Read);

        app.MapGet("/staff/desk/stream", (string? c, DeskForms forms, HttpContext http, CancellationToken ct) => TypedResults.ServerSentEvents(forms.Stream(http, c, ct)))
            .Allow(Resource.Desk, Act.Read);

        app.MapPost("/staff/desk/{id}/reply", (string id, DeskForms forms, HttpContext http) => forms.Reply(http, id)).Allow(Resource.Replies, Act.Create);
        app.MapPost("/staff/desk/{id}/draft", (string id, DeskForms forms, HttpContext http) => forms.KeepDraft(http, id)).Allow(Resource.Drafts, Act.Create);
        app.MapPost("/staff/desk/{id}/advice", (string id, DeskForms forms, HttpContext http) => forms.Advise(http, id)).Allow(Resource.Advice, Act.Create);
        app.MapPost("/staff/desk/{id}/flag", (string id, DeskForms forms, HttpContext http) => forms.DecideFlag(http, id)).Allow(Resource.Flag, Act.Create);
        app.MapPost("/staff/desk/{id}/urgency", (string id, DeskForms forms, HttpContext http) => forms.SetUrgency(http, id)).Allow(Resource.Urgency, Act.Raise);
        app.MapPost("/staff/desk/{id}/prompt", (string id, DeskForms forms, HttpContext http) => forms.Prompt(http, id)).Allow(Resource.Prompt, Act.Transition);
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
                ? http.Page<DeskPage>(await scene.Model(http, id, $"{text}\n{phrase.In(c.Opening?.Lang ?? "zh")}".Trim(), null, http.RequestAborted))
                : await Again(http, id, text, null, not);
        }

        if (form.Trusted && form.Has("keep"))
        {
            return await Kept(http, id, text);
        }

        var reading = guard.For(who, form);
        var now = clock.GetUtcNow();
        _ = ConsultationId.TryParse(id, out var consultation);
        var refused = !form.Trusted ? Refusal.Malformed
            : !Base32.TryRead(form["message"], out var message) ? Refusal.MessageIdMissing
            : (await ReplyToPatient.Send(admission, reading, who, id, message, Epoch(form), text, now)).IsRefused(out var why) ? why
            : (Refusal?)null;
        if (refused is { } no)
        {
            if (no is Refusal.ReplyWarned or Refusal.ReplyBlocked)
            {
                await drafts.Keep(who, consultation, text, now);
            }

            return await Again(http, id, text, null, no, reading);
        }

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

        var body = new AdviceBody(Epoch(form), disposition, form["situation"], form["advice"], Close: true, Hospital: form["hospital"], Note: form["refer_note"]);
        var reading = guard.For(http.Subject(), form);
        var refused = !form.Trusted ? Refusal.Malformed
            : !(await referrals.Chosen(http.Subject(), body.Hospital, http.RequestAborted)).Is(out var to, out var unknown) ? unknown
            : (await CloseConsultation.Advise(admission, reading, http.Subject(), id, body, to, clock.GetUtcNow())).IsRefused(out var why) ? why
            : (Refusal?)null;
        return refused is { } no ? await Again(http, id, null, body, no, reading) : Results.Redirect("/staff/desk");
    }

    private async Task<IResult> DecideFlag(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var refused = !form.Trusted || form.Choice<Flag>("flag") is not { } flag || form["decided"] is not ("confirm" or "refuse") ? Refusal.Malformed
            : (await flags.AtDesk(http.Subject(), id, new FlagBody(flag, form["decided"] == "confirm", form["reason"], Epoch(form)), clock.GetUtcNow())).IsRefused(out var why) ? why
            : (Refusal?)null;
        return refused is { } no ? await Again(http, id, null, null, no, flagNote: form["reason"], flag: form.Choice<Flag>("flag")) : Results.Redirect($"/staff/desk?c={id}#flags");
    }

    private async Task<IResult> HandOver(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var refused = !form.Trusted ? Refusal.Malformed
            : (await CloseConsultation.HandOver(admission, http.Subject(), id, form["note"], form.Has("danger"), clock.GetUtcNow())).IsRefused(out var why) ? why
            : (Refusal?)null;
        return refused is { } no ? await Again(http, id, null, null, no, note: form["note"]) : Results.Redirect("/staff/desk");
    }

    private async Task<IResult> Prompt(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var refused = !form.Trusted || form["take"] is not ("yes" or "no") ? Refusal.Malformed
            : (await prompts.Answer(http.Subject(), id, form["take"] == "yes", http.RequestAborted)).IsRefused(out var why) ? why
            : (Refusal?)null;
        // It was theirs a moment ago: what has become of it is said, and not that it never was.
        return refused is { } no ? await Again(http, id, null, null, no == Refusal.NotFound ? Refusal.PromptOver : no) : Results.Redirect(form["take"] == "yes" ? $"/staff/desk?c={id}#latest" : "/staff/desk");
    }

    private async Task<IResult> SetUrgency(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var refused = !form.Trusted || form.Choice<Urgency>("to") is not { } to ? Refusal.Malformed
            : (await Consultations.SetUrgency.Decide(admission, http.Subject(), id, form.Choice<Urgency>("seen"), to, form["reason"], clock.GetUtcNow())).IsRefused(out var why) ? why
            : (Refusal?)null;
        return refused is { } no ? await Again(http, id, null, null, no, reason: form["reason"]) : Results.Redirect($"/staff/desk?c={id}#urgency");
    }

    /// <summary>What was typed stands in its field again; where its consultation is gone it is shown by itself, and never stands in another person's field.</summary>
    private async Task<IResult> Again(HttpContext http, string id, string? text, AdviceBody? advice, Refusal why, GuardReading? reading = null, string note = "", string reason = "", string flagNote = "", Flag? flag = null)
    {
        var (zh, en) = RefusalWords.Words(why);
        var model = await scene.Model(http, id, null, null, http.RequestAborted);
        model = model.Current?.Id.ToString() == id
            ? model with { Draft = text ?? model.Draft, Advice = advice, Note = note, UrgencyReason = reason, FlagNote = flagNote, FlagNoted = flag, Guard = reading?.Shown(why) }
            : model with { Unsent = text ?? advice?.Advice ?? $"{note}{reason}{flagNote}" };
        // Where its form does not stand on the page (another role, a flag that has been decided), what was typed is shown by itself.
        model = flagNote.Length == 0 || (model.MayDecide && model.Flags.Any(f => f.Flag == flag)) ? model : model with { Unsent = flagNote };
        return http.Page<DeskPage>(model with { Mistakes = [new Mistake("t", Lang.Of(http.Request)[zh, en])] }, status: RefusalWords.Status(why));
    }

    /// <summary>The list, and the conversation that is open, as fragments without forms. The account is asked for at each turn.</summary>
    private async IAsyncEnumerable<string> Stream(HttpContext http, string? chosen, [EnumeratorCancellation] CancellationToken ct)
    {
        var who = http.Subject();
        using var ear = bell.Listen(Bell.Desk(who.Account));
        do
        {
            await duties.Sign(who.Account, clock.GetUtcNow());
            var model = await scene.Model(http, chosen, null, null, ct);
            var list = await Pages.RenderAsync(http.RequestServices, typeof(DeskList), model, http.Frame());
            var thread = model.Current is { } c ? await Pages.RenderAsync(http.RequestServices, typeof(DeskThread), new ThreadModel(c), http.Frame()) : "";
            yield return list + await Pages.RenderAsync(http.RequestServices, typeof(DeskTold), model, http.Frame()) + await Pages.RenderAsync(http.RequestServices, typeof(DeskAsked), model, http.Frame()) + thread;
        }
        while (await ear.StaysAsync(signIns, who, LookAgain, ct));
    }

    private static int Epoch(SentForm form) => int.TryParse(form["epoch"], out var epoch) ? epoch : 0;
}
