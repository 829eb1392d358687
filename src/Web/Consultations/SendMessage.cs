using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>A line of the patient. The message id comes from the device: sending it again doubles nothing.</summary>
internal static class SendMessage
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPut("/api/v1/consultations/{id}/messages/{message:guid}", async (string id, Guid message, MessageBody body, Admission admission, Lexicon lexicon, CodeFirst code, HttpContext http, TimeProvider clock) =>
                http.Json(await Send(admission, lexicon, code, http.Subject(), id, message, body.Text, clock.GetUtcNow()), Stored.Of))
            .Allow(Resource.Messages, Act.Create);

    /// <summary>Words of danger go through before any code: whoever cannot breathe is not asked for six digits.</summary>
    public static Task<Decision<Consultation>> Send(Admission admission, Lexicon lexicon, CodeFirst code, Subject who, string id, Guid message, string? text, DateTimeOffset now)
    {
        var dangers = lexicon.DangersIn(text);
        return admission.Decide(who, id, Resource.Messages, Act.Create, now, c =>
            dangers.Count == 0 && code.Stops(c, message) ? Refusal.CodeNeededFirst : c.Receive(message, text ?? "", dangers, now));
    }
}

/// <summary>The acknowledgement: it is on disk, at this version.</summary>
internal sealed record Stored(string Id, long Version, string Bucket)
{
    public static Stored Of(Consultation c) => new(c.Id.ToString(), c.Version, c.Bucket.Code());
}
