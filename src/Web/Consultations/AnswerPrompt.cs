using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>
/// Urgency 1 and calls: the clinician is asked, sees codes only (nothing that anybody said, so no access record is due), and takes the person or says
/// that it cannot be now. Without a word it goes on to the next.
/// </summary>
internal sealed class AnswerPrompt(IDbContextFactory<Database> databases, Admission admission, Duties duties, DispatchRules rules, Telemetry telemetry, TimeProvider clock)
{
    /// <summary>No prompt is open for so long.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/consultations/{id}/prompt", async (string id, PromptBody body, AnswerPrompt prompt, HttpContext http, CancellationToken ct) =>
                http.Json(await prompt.Answer(http.Subject(), id, body.Take, ct), c => new PromptAnswer(c.Version, c.AssignedTo == http.Subject().Account, c.Epoch)))
            .Allow(Resource.Prompt, Act.Transition);
    }

    /// <summary>Whom this clinician is asked to take, the most urgent first.</summary>
    public async Task<ImmutableArray<PromptView>> Of(Subject who, CancellationToken ct)
    {
        var asked = who.Account;
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, Resource.Prompt, Act.List)).Where(h => h.PromptedTo == asked)
            .OrderBy(h => h.Urgency).ThenBy(h => h.ArrivedAt).ToListAsync(ct);
        return [.. heads.Select(h => new PromptView(
            new ConsultationId(h.Id).ToString(), h.Urgency ?? (int)Rules.Triage.Urgency.Routine, h.Need, h.Lang, h.Region, h.Channel, (h.ArrivedAt ?? h.OpenedAt).Utc(), (h.PromptedUntil ?? 0).Utc()))];
    }

    public async Task<Decision<Consultation>> Answer(Subject who, string id, bool take, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!ConsultationId.TryParse(id, out var consultation))
        {
            return Refusal.NotFound;
        }

        var again = now.AddMilliseconds(rules.Prompts.AgainMs);
        var record = await Record(consultation.Value, who.Account, take, now, ct);
        var answered = await admission.Decide(who, id, Resource.Prompt, Act.Transition, now, c => take ? c.TakePrompt(who.Account) : c.PassPrompt(who.Account, Prompting.Declined, again), record is null ? null : new Beside(null, [record]));
        if (answered.Is(out _, out _))
        {
            telemetry.Assigned.Add(take ? 1 : 0);
            await duties.Answered(who.Account);
            await duties.Sign(who.Account, now);
        }

        return answered;
    }

    /// <summary>The decision as it was made, with the wait until now: replays and "why did this patient wait" read it as any other.</summary>
    private async Task<JournalRow?> Record(Guid consultation, Guid clinician, bool take, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        // The journal holds everybody, and is found by time: it was written shortly before the prompt's end.
        var until = await database.Set<Head>().Where(h => h.Id == consultation && h.PromptedTo == clinician).Select(h => h.PromptedUntil).FirstOrDefaultAsync(ct) ?? 0;
        var since = until - (long)Longest.TotalMilliseconds;
        var asked = await database.Set<JournalRow>().AsNoTracking()
            .Where(j => j.At > since && j.At <= until && j.Kind == "prompted" && j.Consultation == consultation && j.Clinician == clinician).OrderByDescending(j => j.Seq).FirstOrDefaultAsync(ct);
        if (asked is null || JsonNode.Parse(asked.Body) is not JsonObject body)
        {
            return null;
        }

        body["waited_ms"] = (body["waited_ms"]?.GetValue<long>() ?? 0) + now.Ms() - asked.At;
        return new JournalRow { Pool = asked.Pool, At = now.Ms(), Kind = take ? "assigned" : $"prompt_{Prompting.Declined}", Clinician = clinician, Consultation = consultation, Body = take ? body.ToJsonString() : "{}" };
    }
}

/// <param name="Take">False: cannot be now; the next is asked at once.</param>
internal sealed record PromptBody(bool Take);

/// <param name="Mine">The person is on this clinician's desk.</param>
internal sealed record PromptAnswer(long Version, bool Mine, int Epoch);

/// <summary>Somebody whom a clinician is asked to take. Codes only.</summary>
/// <param name="Until">Not taken by then, the next is asked.</param>
public sealed record PromptView(string Id, int Urgency, string Need, string Lang, string? Region, string Channel, DateTimeOffset ArrivedAt, DateTimeOffset Until);
