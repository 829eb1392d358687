using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;

namespace Yizhen.Web.Consultations;

/// <summary>
/// A line of the clinician. If the consultation has gone to somebody else in between, the text is kept as a draft for that one
/// and the writer is told; nothing reaches the patient from two sides.
/// </summary>
internal static class ReplyToPatient
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPut("/api/v1/consultations/{id}/replies/{message:guid}", async (string id, Guid message, ReplyBody body, Admission admission, DeskGuard guard, HttpContext http, TimeProvider clock) =>
            {
                var reading = guard.For(http.Subject(), body.Confirmed);
                return reading.Answer(http, await Send(admission, reading, http.Subject(), id, message, body.Epoch, body.Text, clock.GetUtcNow()));
            })
            .Allow(Resource.Replies, Act.Create);

    public static async Task<Decision<Consultation>> Send(Admission admission, GuardReading reading, Subject who, string id, Guid message, int epoch, string? text, DateTimeOffset now)
    {
        var sent = await admission.Decide(who, id, Resource.Replies, Act.Create, now, c => reading.Check(c.Reply(who.Account, epoch, message, text ?? ""), message, text ?? ""));
        if (!sent.IsRefused(out var why))
        {
            return sent;
        }

        // Stored before, and only the answer was lost: the same answer, whoever has the consultation by now.
        var before = await admission.Decide(who, id, Resource.Drafts, Act.Create, now, c => c.HasReply(who.Account, message, text ?? "") ? ImmutableArray<Fact>.Empty : why);
        return before.Is(out _, out _) ? before : await Leave(admission, who, id, epoch, text, why, now);
    }

    /// <summary>Words that came too late are kept for whoever has the consultation next: a reply, or the advice of a sheet.</summary>
    public static async Task<Refusal> Leave(Admission admission, Subject who, string id, int epoch, string? text, Refusal why, DateTimeOffset now)
    {
        if (why is not (Refusal.NoLongerYours or Refusal.NotFound or Refusal.NotInConsultation) || string.IsNullOrWhiteSpace(text))
        {
            return why;
        }

        // Not theirs any more, or never theirs: the log knows which, and only a former clinician is told more than "not found".
        var left = await admission.Decide(who, id, Resource.Drafts, Act.Create, now, c => c.LeaveDraft(who.Account, epoch, text));
        return left.Is(out _, out _) ? Refusal.NoLongerYours : why;
    }
}
