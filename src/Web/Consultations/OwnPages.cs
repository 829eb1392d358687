using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>What is one's own: the sheet, the list, ending, worry, coming back, and being forgotten.</summary>
internal sealed class OwnPages(Admission admission, Around around, Patients patients, Erasure erasure, StaffRoster roster, RetentionPolicy retention, LightConsultation policy, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/advice", (string id, OwnPages pages, HttpContext http, CancellationToken ct) => pages.Advice(http, id, ct)).Allow(Resource.Advice, Act.Read);
        app.MapGet("/q/{id}/close", (string id, OwnPages pages, HttpContext http, CancellationToken ct) => pages.AskClose(http, id, ct)).Allow(Resource.Closing, Act.Transition);
        app.MapPost("/q/{id}/close", (string id, OwnPages pages, HttpContext http) => pages.Close(http, id)).Allow(Resource.Closing, Act.Transition);
        app.MapPost("/q/{id}/worry", (string id, OwnPages pages, HttpContext http) => pages.Worry(http, id)).Allow(Resource.Worry, Act.Change);
        app.MapGet("/q/{id}/erase", (string id, OwnPages pages, HttpContext http, CancellationToken ct) => pages.AskErase(http, id, false, ct)).Allow(Resource.OwnData, Act.Erase);
        app.MapPost("/q/{id}/erase", (string id, OwnPages pages, HttpContext http, CancellationToken ct) => pages.Erase(http, id, ct)).Allow(Resource.OwnData, Act.Erase);
        app.MapGet("/mine", (OwnPages pages, HttpContext http, CancellationToken ct) => pages.Mine(http, null, ct)).Allow(Resource.Public, Act.Read);
        app.MapPost("/mine/recover", (OwnPages pages, HttpContext http, CancellationToken ct) => pages.Recover(http, ct)).Allow(Resource.Contact, Act.Transition);
    }

    private async Task<IResult> Advice(HttpContext http, string id, CancellationToken ct)
    {
        var who = http.Subject();
        if (!(await admission.Read(who, id, Resource.Advice, clock.GetUtcNow(), ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        if (c.Advice is not { } advice)
        {
            return new SeeOther(Addresses.Now(c));
        }

        var t = Lang.Of(http.Request);
        var brand = await around.BrandOf(c, t, ct);
        var writtenAt = c.Lines.Where(l => l.Text == "advice").Select(l => l.At).LastOrDefault(c.ChangedAt);
        var source = string.Join(t["；", "; "], c.Outcome?.Sources.Select(s => t[s.Title]) ?? []);
        // Not everybody who advises is a physician: the sheet names the title.
        var title = (await roster.Of([advice.Clinician], ct)).GetValueOrDefault(advice.Clinician)?.Title;
        var by = string.IsNullOrEmpty(title) ? advice.ClinicianName : $"{advice.ClinicianName}{t["，", ", "]}{title}";
        var model = new AdviceModel(c, advice.Sheet, writtenAt, await around.LabelOf(who, c, t, ct), around.WhereOf(c, t), by, brand.Name, source);
        return http.Page<AdvicePage>(model, brand, sos: around.SosOf(c));
    }

    private async Task<IResult> AskClose(HttpContext http, string id, CancellationToken ct)
    {
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        if (!(await admission.Read(who, id, Resource.Messages, now, ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        var t = Lang.Of(http.Request);
        var label = await around.LabelOf(who, c, t, ct);
        var call = c.IsUnhelped() && c.Contact.Phone ? http.Frame().Moment(c.ContactDue(policy.Contact, now)) : null;
        var model = new ConfirmModel(
            t["结束问诊", "End the consultation"], t[$"结束这次问诊：{label}", $"End this consultation: {label}"],
            t["结束后不再排队，不能再发消息，记录一直能看。情况变了，随时重新问。", "You leave the queue and can send no more messages; you can always read it. If things change, ask again."]
                + (call is null ? "" : t[$"您还没有等到医生，{call} 前会有人打您的电话，问问您怎么样。", $" No doctor has helped you yet, so somebody will call you by {call} to ask how you are."]),
            c.Id.To("close"), t["结束", "End it"], t["不结束", "Go on"], Addresses.Now(c));
        return http.Page<ConfirmPage>(model, await around.BrandOf(c, t, ct), sos: around.SosOf(c));
    }

    private async Task<IResult> Close(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        var closed = form.Trusted
            ? await CloseConsultation.ByPatient(admission, policy, http.Subject(), id, clock.GetUtcNow())
            : Refusal.Malformed;
        return closed.IsRefused(out var why) && why != Refusal.ConsultationClosed ? http.Refuse(why) : new SeeOther("/mine");
    }

    private async Task<IResult> Worry(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        if (form.Trusted && int.TryParse(form["worry"], out var worry))
        {
            await admission.Decide(http.Subject(), id, Resource.Worry, Act.Change, clock.GetUtcNow(), c => c.StateWorry(worry));
        }

        return new SeeOther($"/q/{id}/talk#latest");
    }

    private async Task<IResult> AskErase(HttpContext http, string id, bool unsure, CancellationToken ct)
    {
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        if (!(await admission.Read(who, id, Resource.Messages, now, ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        var t = Lang.Of(http.Request);
        var model = new EraseModel(
            c.Id, t["您的全部问诊和联系方式", "all your consultations and how to reach you"], c.Bucket.IsLive(), null, retention.ErasureComplete(now),
            unsure ? [new Mistake("sure", t["请先勾上，表示您知道删了找不回来", "Tick it first, to say that you know it cannot be brought back"])] : []);
        return http.Page<ErasePage>(model, await around.BrandOf(c, t, ct), unsure ? 400 : 200, around.SosOf(c));
    }

    private async Task<IResult> Erase(HttpContext http, string id, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || form["sure"] != "yes")
        {
            return await AskErase(http, id, form.Trusted, ct);
        }

        var (who, now) = (http.Subject(), clock.GetUtcNow());
        await erasure.EraseAsync(who.Account, who.Patients, who.Actor, now, CancellationToken.None);
        http.Response.Cookies.Delete(SignIns.DeviceCookie);
        return http.Page<ErasedPage>(new ErasedModel(retention.ErasureComplete(now), null));
    }

    private async Task<IResult> Mine(HttpContext http, Refusal? refused, CancellationToken ct)
    {
        var (who, t) = (http.Subject(), Lang.Of(http.Request));
        var (items, broken) = (new List<MineItem>(), new List<NotShown>());
        if (who.IsPatient)
        {
            var own = await admission.Own(who, clock.GetUtcNow(), ct);
            foreach (var head in own.Broken)
            {
                broken.Add(await around.NotShown(head, ct));
            }

            foreach (var c in own.Whole)
            {
                var about = c.Story is { } story ? story.Text.Length > 30 ? story.Text[..30] + "…" : story.Text : "";
                items.Add(new MineItem(c, await around.LabelOf(who, c, t, ct), about, c.Lines.Any(l => l.By == LineBy.Clinician && l.Version > c.SeenByPatient) && !c.IsOver));
            }
        }

        return http.Page<MinePage>(new MineModel([.. items], [.. broken], "/", refused is { } why ? [http.Mistake("recovery", why)] : []), status: refused is { } status ? RefusalWords.Status(status) : 200);
    }

    private async Task<IResult> Recover(HttpContext http, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        var back = form.Trusted ? await ReturnByCode.Come(patients, form["recovery"], clock.GetUtcNow()) : Refusal.RecoveryCodeWrong;
        if (!back.Is(out var token, out var why))
        {
            return await Mine(http, why, ct);
        }

        http.Response.Cookies.Append(SignIns.DeviceCookie, token, SignIns.Cookie(http, ReturnByCode.CookieAge));
        return new SeeOther("/mine");
    }
}
