using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>The conversation, its photos and read marks, as pages and as a stream of fragments.</summary>
internal sealed class TalkPages(Admission admission, Around around, ConsultationLog log, Lexicon lexicon, StaffRoster roster, CodeFirst code, SignIns signIns, TimeProvider clock)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/talk", (string id, TalkPages pages, HttpContext http, CancellationToken ct) => pages.Talk(http, id, "", null, ct)).Allow(Resource.Messages, Act.Read);
        app.MapPost("/q/{id}/talk", (string id, TalkPages pages, HttpContext http, CancellationToken ct) => pages.Say(http, id, ct))
            .Allow(Resource.Messages, Act.Create)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(Picture.LargestBytes + (64 * 1024)));
        app.MapGet("/q/{id}/talk/stream", (string id, TalkPages pages, HttpContext http, CancellationToken ct) => TypedResults.ServerSentEvents(pages.Stream(http, id, ct))).Allow(Resource.Messages, Act.Read);
    }

    private async Task<IResult> Talk(HttpContext http, string id, string draft, Refusal? refused, CancellationToken ct)
    {
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        if (!(await admission.Read(who, id, Resource.Messages, now, ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        var t = Lang.Of(http.Request);
        var field = refused is Refusal.PhotoNotRecognised or Refusal.PhotoTooLarge or Refusal.PhotoTooManyPixels ? "photo" : "text";
        var model = new TalkModel(
            c, await around.LabelOf(who, c, t, ct), await Face(c, t, ct), draft, Guid.CreateVersion7(now), Intake.StoryLength, code.Asks(c), refused is { } no ? [http.Mistake(field, no)] : []);
        return http.Page<TalkPage>(model, await around.BrandOf(c, t, ct), refused is { } status ? RefusalWords.Status(status) : 200, around.SosOf(c));
    }

    private async Task<IResult> Say(HttpContext http, string id, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        var (who, now, text) = (http.Subject(), clock.GetUtcNow(), form["text"]);
        if (!form.Trusted || !Base32.TryRead(form["message"], out var message))
        {
            return await Talk(http, id, text, form.Trusted ? Refusal.MessageIdMissing : null, ct);
        }

        Refusal? refused = null;
        if (form.Files.Count > 0 && form.Files[0].Length > 0)
        {
            await using var stream = form.Files[0].OpenReadStream();
            var photo = await SendPhoto.ReadUpTo(stream, Picture.LargestBytes, ct);
            refused = (photo is null ? Refusal.PhotoTooLarge : await SendPhoto.Send(admission, code, who, id, message, photo, now)).IsRefused(out var no) ? no : null;
            message = Guid.CreateVersion7(now);
        }

        if (refused is null && (text.Length > 0 || form.Files.Count == 0 || form.Files[0].Length == 0))
        {
            refused = (await SendMessage.Send(admission, lexicon, code, who, id, message, text, now)).IsRefused(out var no) ? no : null;
        }

        if (refused is null && long.TryParse(form["read"], out var read))
        {
            // Whoever answers has read what stood above the answer; without script this is the only sign of it.
            await admission.Decide(who, id, Resource.SeenMarks, Act.Change, now, state => state.See(byClinician: false, read));
        }

        return refused is { } why ? await Talk(http, id, text, why, ct) : new SeeOther($"/q/{id}/talk#latest");
    }

    /// <summary>Each version as a fragment without a form; an unnamed item when the page around it has to be read again. Read marks come by this explicit opening of the stream.</summary>
    private async IAsyncEnumerable<SseItem<string>> Stream(HttpContext http, string id, [EnumeratorCancellation] CancellationToken ct)
    {
        var who = http.Subject();
        if (!(await admission.Read(who, id, Resource.Messages, clock.GetUtcNow(), ct)).Is(out var first, out _))
        {
            yield return new SseItem<string>("", "gone");
            yield break;
        }

        using var ear = log.Listen(first.Id);
        long shown = 0;
        var (doctor, over) = (first.AssignedTo, first.IsOver);
        do
        {
            if (!(await admission.Read(who, id, Resource.Messages, clock.GetUtcNow(), ct)).Is(out var c, out _))
            {
                yield return new SseItem<string>("", "gone");
                yield break;
            }

            if (c.AssignedTo != doctor || c.IsOver != over)
            {
                yield return new SseItem<string>("again");
                yield break;
            }

            if (c.Version > shown)
            {
                shown = c.Version;
                var html = await Pages.RenderAsync(http.RequestServices, typeof(Thread), new ThreadModel(c), http.Frame(await around.BrandOf(c, Lang.Of(http.Request), ct)));
                yield return new SseItem<string>(html, "part") { EventId = shown.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            }
            else
            {
                yield return new SseItem<string>("", "alive");
            }
        }
        while (await ear.StaysAsync(signIns, who, Heartbeat, ct));
    }

    private async Task<DoctorFace?> Face(Consultation c, Lang t, CancellationToken ct)
    {
        if (c.AssignedTo is not { } clinician)
        {
            return c.Advice is { } advice ? new DoctorFace(advice.ClinicianName, "", "") : null;
        }

        return (await roster.Of([clinician], ct)).GetValueOrDefault(clinician) is { } entry
            ? new DoctorFace(entry.Name, entry.Title, entry.RegistrationChecked ? t["执业注册由所在机构核对过", "Registration checked by the institution"] : "")
            : null;
    }
}
