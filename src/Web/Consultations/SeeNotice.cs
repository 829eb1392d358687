using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>A person reads the notices that reached them, and says that they have. Opening the page says nothing: reading never writes.</summary>
internal sealed class SeeNotice(Admission admission, Around around, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/notice", (string id, SeeNotice see, HttpContext http, CancellationToken ct) => see.Show(http, id, ct)).Allow(Resource.Summary, Act.Read);
        app.MapPost("/q/{id}/notice", async (string id, Admission admission, HttpContext http, TimeProvider clock) =>
            {
                var form = await SentForm.ReadAsync(http);
                if (form.Trusted && Base32.TryRead(form["notice"], out var notice))
                {
                    await admission.Decide(http.Subject(), id, Resource.SeenMarks, Act.Change, clock.GetUtcNow(), c => c.SeeNotice(notice));
                }

                return new SeeOther($"/q/{id}/notice");
            })
            .Allow(Resource.SeenMarks, Act.Change);
        app.MapPost("/api/v1/consultations/{id}/notice", async (string id, NoticeBody body, Admission admission, HttpContext http, TimeProvider clock) =>
                Base32.TryRead(body.Notice ?? "", out var notice)
                    ? http.Json(await admission.Decide(http.Subject(), id, Resource.SeenMarks, Act.Change, clock.GetUtcNow(), c => c.SeeNotice(notice)), Stored.Of)
                    : http.Problem(Refusal.NotFound))
            .Allow(Resource.SeenMarks, Act.Change);
    }

    private async Task<IResult> Show(HttpContext http, string id, CancellationToken ct)
    {
        var (who, t) = (http.Subject(), Lang.Of(http.Request));
        return (await admission.Read(who, id, Resource.Summary, clock.GetUtcNow(), ct)).Is(out var c, out var why)
            ? http.Page<NoticePage>(new NoticeModel(c, await around.LabelOf(who, c, t, ct)), await around.BrandOf(c, t, ct), sos: around.SosOf(c))
            : http.Refuse(why);
    }
}

/// <param name="Label">What the person who is ill is called.</param>
public sealed record NoticeModel(Consultation Consultation, string Label);

/// <param name="Notice">That was read.</param>
internal sealed record NoticeBody(string? Notice);
