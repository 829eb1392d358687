using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Directories;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Directories;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>What was read from the story, confirmed by the person; then the protocol's questions, a page at a time; then the outcome.</summary>
internal sealed class QuestionPages(Admission admission, Around around, Outside outside, NearHere near, Recalls recalls, Guardians guardians, Lexicon lexicon, Messages messages, Deployment deployment, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/read-back", (string id, QuestionPages pages, HttpContext http, CancellationToken ct) => pages.ReadBack(http, id, ct)).Allow(Resource.Intake, Act.Read);
        app.MapPost("/q/{id}/read-back", (string id, QuestionPages pages, HttpContext http) => pages.Confirm(http, id)).Allow(Resource.Intake, Act.Change);
        app.MapGet("/q/{id}/questions", (string id, QuestionPages pages, HttpContext http, CancellationToken ct) => pages.Ask(http, id, null, [], ct)).Allow(Resource.Intake, Act.Read);
        app.MapPost("/q/{id}/questions", (string id, QuestionPages pages, HttpContext http, CancellationToken ct) => pages.Answered(http, id, ct)).Allow(Resource.Intake, Act.Change);
        app.MapGet("/q/{id}/outcome", (string id, QuestionPages pages, HttpContext http, CancellationToken ct) => pages.Outcome(http, id, ct)).Allow(Resource.Intake, Act.Read);
        app.MapPost("/q/{id}/outcome", (string id, QuestionPages pages, HttpContext http) => pages.Judge(http, id)).Allow(Resource.Intake, Act.Change);
    }

    private async Task<IResult> ReadBack(HttpContext http, string id, CancellationToken ct)
    {
        if (!(await admission.Read(http.Subject(), id, Resource.Intake, clock.GetUtcNow(), ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        var t = Lang.Of(http.Request);
        var questions = (await recalls.Rules(ct)).Asked(c);
        var readings = lexicon.Read(c.Story?.Text ?? "", c.RulesDay);
        var along = readings.Where(r => r.Value == "yes").SelectMany(r => lexicon.SaidAlong(r.Code)).ToHashSet(StringComparer.Ordinal);
        var lines = readings.Where(r => r.Value != "yes" || !along.Contains(r.Code)).Select(r => AskWords.Line(t, questions, r)).OfType<ReadBackLine>().ToImmutableArray();
        if (lines.IsEmpty)
        {
            return new SeeOther(c.Id.To("questions"));
        }

        var missing = string.Join(t["；", "; "], questions.Where(q => q.Code is "exposure" or "comorbidities" or "spo2").Select(q => t[q.Ask]));
        var model = new ReadBackModel(c.Id, lines, [.. AskWords.Whole(readings, questions)], missing, CanTellMore: c.Outcome is null, c.Dangers, []);
        return http.Page<ReadBackPage>(model, await around.BrandOf(c, t, ct), sos: around.SosOf(c));
    }

    /// <summary>
    /// Only what answers a question whole is stored; the rest is ticked beforehand on the question's own page.
    /// What the person wants to change is left open, so that it is asked.
    /// </summary>
    private async Task<IResult> Confirm(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var stated = form.Names.Where(n => n.StartsWith("a.", StringComparison.Ordinal)).ToImmutableDictionary(n => n[2..], n => form[n]).Remove(form["change"]);
        if (form["change"] == "temperature_c")
        {
            stated = stated.Remove("measured");
        }

        // What it says along was not shown, and is not kept without it.
        var changed = lexicon.SaidAlong(form["change"]).Append(form["change"]).ToHashSet(StringComparer.Ordinal);
        foreach (var codes in ToldCodes.All.Where(codes => stated.ContainsKey(codes.Input)))
        {
            var meant = string.Join(Condition.Separator, stated[codes.Input].Split(Condition.Separator).Where(code => !changed.Contains(codes.Reading + code)));
            stated = meant.Length > 0 ? stated.SetItem(codes.Input, meant) : stated.Remove(codes.Input);
        }

        if (!form.Trusted)
        {
            return new SeeOther($"/q/{id}/questions");
        }

        var (who, now) = (http.Subject(), clock.GetUtcNow());
        var answered = await JudgeConsultation.Answer(admission, await recalls.Rules(CancellationToken.None), guardians, who, id, stated, null, now);
        return answered.Is(out var c, out var why) ? await Onward(http, who, c, now)
            : why is Refusal.AnswerImplausible or Refusal.Malformed or Refusal.GuardianConsentMissing ? new SeeOther($"/q/{id}/questions")
            : http.Refuse(why);
    }

    private async Task<IResult> Onward(HttpContext http, Subject who, Consultation c, DateTimeOffset now) =>
        (await JudgeConsultation.Onward(admission, await recalls.Rules(CancellationToken.None), who, c, now)).Is(out var address, out var why) ? new SeeOther(address) : http.Refuse(why);

    private async Task<IResult> Ask(HttpContext http, string id, SentForm? form, ImmutableArray<Mistake> mistakes, CancellationToken ct)
    {
        if (!(await admission.Read(http.Subject(), id, Resource.Intake, clock.GetUtcNow(), ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        if (c.Outcome is not null || c.Place is null || c.Story is null || c.Bucket == Bucket.InConsultation)
        {
            // Danger words may have brought a doctor already, who asks the rest.
            return new SeeOther(c.Outcome is null ? Addresses.Now(c) : c.Id.To("outcome"));
        }

        var t = Lang.Of(http.Request);
        var open = (await recalls.Rules(ct)).StillToAsk(c);
        if (open.Count == 0)
        {
            return http.Page<AnsweredPage>(new AnsweredModel(c.Id, c.Dangers), await around.BrandOf(c, t, ct), sos: around.SosOf(c));
        }

        var said = lexicon.Read(c.Story.Text, c.RulesDay);
        var page = open.Where(q => q.Page == open[0].Page).ToList();
        var asks = page.Select(q => AskWords.Of(t, q, form, said)).ToImmutableArray();
        var model = new QuestionsModel(c.Id, asks, c.Answers.Count + 1, c.Answers.Count + open.Count, c.Id.To("story"), c.Dangers, mistakes)
        {
            Guardian = mistakes.Any(m => m.Field == "guardian") ? (guardians.Tick, guardians.Stamp) : null,
        };
        return http.Page<QuestionsPage>(model, await around.BrandOf(c, t, ct), mistakes.IsEmpty ? 200 : 400, around.SosOf(c));
    }

    private async Task<IResult> Answered(HttpContext http, string id, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted)
        {
            return await Ask(http, id, form, [], ct);
        }

        var (who, now) = (http.Subject(), clock.GetUtcNow());
        if (!(await admission.Read(who, id, Resource.Intake, now, ct)).Is(out var c, out var refused))
        {
            return http.Refuse(refused);
        }

        var t = Lang.Of(http.Request);
        var rules = await recalls.Rules(CancellationToken.None);
        var questions = rules.Asked(c).ToDictionary(q => q.Code, StringComparer.Ordinal);
        var stated = ImmutableDictionary.CreateBuilder<string, string>();
        var mistakes = ImmutableArray.CreateBuilder<Mistake>();
        foreach (var code in form.All("asked").Where(questions.ContainsKey).Distinct())
        {
            var question = questions[code];
            var text = question.Kind switch
            {
                QuestionKind.Codes => string.Join(Condition.Separator, form.All($"a.{code}")),
                QuestionKind.Number when form[$"a.{code}"] == "number" || form[$"n.{code}"].Length > 0 => form[$"n.{code}"],
                QuestionKind.Choice or QuestionKind.Number => form[$"a.{code}"],
            };
            if (AnswerText.Read(question, text).Is(out var value, out var why))
            {
                stated[code] = value;
            }
            else
            {
                mistakes.Add(question.Kind == QuestionKind.Number && text.Length > 0
                    ? new Mistake($"n-{code}", AskWords.Looks(t, question, text))
                    : new Mistake($"a-{code}", AskWords.Choose(t, question)));
            }
        }

        if (mistakes.Count > 0)
        {
            return await Ask(http, id, form, mistakes.ToImmutable(), ct);
        }

        var answered = await JudgeConsultation.Answer(admission, rules, guardians, who, id, stated.ToImmutable(), form["guardian"], now);
        return answered.Is(out var after, out var no) ? await Onward(http, who, after, now)
            : no == Refusal.GuardianConsentMissing ? await Ask(http, id, form, [http.Mistake("guardian", no)], ct)
            : http.Refuse(no);
    }

    private async Task<IResult> Judge(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var judged = form.Trusted ? await JudgeConsultation.Judge(admission, await recalls.Rules(CancellationToken.None), http.Subject(), id, clock.GetUtcNow()) : Refusal.Malformed;
        return judged.IsRefused(out var why) ? http.Refuse(why) : new SeeOther($"/q/{id}/outcome");
    }

    private async Task<IResult> Outcome(HttpContext http, string id, CancellationToken ct)
    {
        var who = http.Subject();
        if (!(await admission.Read(who, id, Resource.Intake, clock.GetUtcNow(), ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        if (c.Outcome is not { } outcome)
        {
            return new SeeOther(Addresses.Now(c));
        }

        var t = Lang.Of(http.Request);
        var signed = deployment.IsRehearsal
            ? t["演示机构签名，还没有临床医生审定", "Signed by the demo authority; not yet reviewed by a clinician"]
            : t["办这次义诊的机构签名负责；谁审定过，写在规则里", "Signed by the organisation that answers for this service; who has reviewed it stands with the rules"];
        var model = new OutcomeModel(c, outcome, await around.LabelOf(who, c, t, ct), around.WhereOf(c, t), await Hospitals(c, outcome, t, ct), CanChange: false, signed, ["12356"]) { CanText = messages.CanSend, Outside = await outside.Stops(c, ct) };
        return http.Page<OutcomePage>(model, await around.BrandOf(c, t, ct), sos: around.SosOf(c));
    }

    /// <summary>Where to go, for whoever is sent somewhere today. In an emergency the ambulance knows.</summary>
    private async Task<HospitalsNear?> Hospitals(Consultation c, Outcome outcome, Lang t, CancellationToken ct) =>
        outcome.Disposition is Disposition.D1 or Disposition.D2 && c is { Place.Region: { } region, Opening: { } opening }
            ? await near.Outcome(region, outcome.Disposition == Disposition.D1 ? Sought.FeverClinic : Sought.InPerson, c.RulesDay, opening.Campaign, t, ct)
            : null;
}
